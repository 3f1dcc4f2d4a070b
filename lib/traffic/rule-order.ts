import { MeshError } from '../facts/error';
import type { Protocol } from '../facts/port';
import { type Calls, describeCalls } from './calls';
import type { Rule } from './rule';
import { callersOf } from './rule-callers';
import type { StringMatch } from './string-match';

/** One of the alternatives of a rule: of every list one entry. */
interface Alternative {
  readonly path?: StringMatch;
  readonly method?: string;
  readonly headers?: Calls['headers'];
  readonly query?: Calls['query'];
  /** The calls that it is about, for messages. */
  readonly calls: Calls;
}

/** What rules are about where they do not say it. */
export interface Meant {
  readonly host: string;
  /** The one port of the host, if it has one. */
  readonly port?: { readonly number: number; readonly protocol: Protocol };
}

/**
 * Istio takes the first route that matches: what stands behind a broader one is never reached. A rule that some workloads
 * fall through hides nothing.
 *
 * @throws MESH1301 for a list without rules, and for a rule that is never reached.
 */
export function checkOrder(rules: readonly Rule<Protocol>[], meant: Meant, where: string): void {
  if (rules.length === 0) {
    throw new MeshError(
      'MESH1301',
      where,
      'the list of rules is empty, so every call would end in 404; state at least one rule',
    );
  }
  const lanes = new Map<string, Lane>();
  for (const rule of rules) {
    const hidesNothing = callersOf(rule) !== undefined;
    // what is about different ports or server names never meets
    for (const sniHosts of rule.calls.sniHosts?.map((host) => [host]) ?? [undefined]) {
      const port = rule.calls.port ?? meant.port;
      const key = `${port?.number} ${sniHosts ?? (port?.protocol === 'tls' ? meant.host : '')}`;
      const lane = lanes.get(key) ?? new Lane();
      lanes.set(key, lane);
      for (const alternative of alternatives({ ...rule.calls, sniHosts })) {
        const broader = lane.broader(alternative);
        if (broader !== undefined) {
          throw new MeshError(
            'MESH1301',
            where,
            `the rule for ${nameOf(alternative)} is never reached: the one for ${nameOf(broader)} above it is about the same calls; put the narrower rule first, or remove it`,
          );
        }
        if (!hidesNothing) lane.add(alternative);
      }
    }
  }
}

/** Alternatives of the rules so far that compete for the same calls. */
class Lane {
  // a path is looked up among exact ones; only prefixes and regular expressions are gone through
  private readonly exact = new Map<string, Alternative[]>();
  private readonly others: Alternative[] = [];

  /** One that takes everything that this one would. */
  public broader(narrow: Alternative): Alternative | undefined {
    const { path } = narrow;
    return (
      this.others.find(
        (one) => (one.path === undefined || (path && one.path.covers(path))) && isBroader(one, narrow),
      ) ?? (path?.kind === 'exact' ? this.exact.get(path.text)?.find((one) => isBroader(one, narrow)) : undefined)
    );
  }

  public add(alternative: Alternative): void {
    const { path } = alternative;
    if (path?.kind !== 'exact') {
      this.others.push(alternative);
      return;
    }
    const same = this.exact.get(path.text) ?? [];
    same.push(alternative);
    this.exact.set(path.text, same);
  }
}

/** Whether, path aside, one takes everything that the other does. */
function isBroader(broad: Alternative, narrow: Alternative): boolean {
  return (
    (broad.method === undefined || broad.method === narrow.method) &&
    hold(broad.headers, narrow.headers) &&
    hold(broad.query, narrow.query)
  );
}

/** Whether conditions hold wherever those of a narrower rule do. */
function hold(broad: Calls['headers'] = {}, narrow: Calls['headers'] = {}): boolean {
  return Object.entries(broad).every(([name, value]) => Object.hasOwn(narrow, name) && value.covers(narrow[name]));
}

function alternatives(calls: Calls): Alternative[] {
  const { paths = [undefined], methods = [undefined], headers, query } = calls;
  return paths.flatMap((path) => methods.map((method) => ({ path, method, headers, query, calls })));
}

function nameOf({ path, method, calls }: Alternative): string {
  const one = { ...calls, paths: path && [path], methods: method === undefined ? undefined : [method] };
  return describeCalls(one) ?? 'every call (Rule.otherwise)';
}
