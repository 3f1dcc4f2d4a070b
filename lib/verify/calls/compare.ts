import type { Way } from '../run/client';
import { describeOutcome, type Outcome } from '../run/outcome';
import type { Trace } from '../trace';
import type { Expectation } from './expected';

/** curl reports one refusal in different places, as packets happen to arrive. */
const ONE_CLASS = ['curl 16', 'curl 52', 'curl 55', 'curl 56'];

/** What is wrong with a prediction; undefined when it is what was expected. */
export function disagreement(expected: Expectation, { ways, outcome }: Trace): string | undefined {
  const { code, error, body, flags, server, spread } = expected;
  const found = describeOutcome(outcome);
  if (code !== undefined && outcome.code !== code) return `expected ${code}, predicted ${found}`;
  if (error !== undefined && !isError(error, outcome)) {
    return `expected the error '${error || 'any'}', predicted ${found}`;
  }
  if (server !== undefined && outcome.served?.workload !== server) {
    return `expected ${server} to answer, predicted ${outcome.served?.workload ?? `${found} of nobody`}`;
  }
  if (body !== undefined && !new RegExp(body).test(bodyOf(outcome))) {
    return `expected a body with /${body}/, predicted ${bodyOf(outcome) || 'none'}`;
  }
  if (spread !== undefined) {
    const reached = [...new Set(ways.map(nameOf))].sort().join();
    if (reached !== [...spread].sort().join()) return `expected ${spread.join(' and ')}, predicted ${reached}`;
  }
  if (flags !== undefined && !ways[0].hops.some(({ flag }) => flag === flags)) {
    const logged = ways[0].hops.flatMap(({ flag }) => flag || []).join(', ');
    return `expected a proxy to log ${flags}, predicted ${logged || 'none'}`;
  }
  return undefined;
}

function isError(expected: string, { error }: Outcome): boolean {
  if (error === undefined) return false;
  return ONE_CLASS.includes(expected) ? ONE_CLASS.includes(error) : error.startsWith(expected);
}

/** What a server answers that echoes what it was asked, as those of the testbed do. */
function bodyOf({ served }: Outcome): string {
  if (!served) return '';
  const { app, version, request } = served;
  const { method, path, host, headers } = request ?? {};
  const xfcc = headers?.['x-forwarded-client-cert'] ?? null;
  return JSON.stringify({ app, version, method, path, host, xfcc }).replaceAll('":', '": ').replaceAll(',"', ', "');
}

const nameOf = ({ outcome: { served, code, error } }: Way): string =>
  code === 200 && served ? `${served.app}-${served.version}` : String(error ?? code);
