import { nextHopSummary } from '../facts/destination';
import type { RuleSummary } from '../facts/fleet';
import type { Protocol } from '../facts/port';
import type { RoutedHost } from './routed-host';
import type { Rule } from './rule';
import { callersOf } from './rule-callers';
import type { StringMatch } from './string-match';

/** A rule as `dist/fleet.json` holds it. */
export function ruleSummary(rule: Rule<Protocol>, { port: usual, ports }: RoutedHost): RuleSummary {
  const { paths, port, ...more } = rule.calls;
  const { number, protocol } = port ?? usual ?? ports[0];
  const callers = callersOf(rule);
  const texts = paths?.map(pathText);
  const { rewrite, faultForTests: fault } = rule.options;
  const isNarrow = Object.keys(more).length > 0 || rewrite !== undefined || fault !== undefined;
  return {
    ...{ port: number, protocol },
    ...(texts && { paths: texts.filter((text) => text !== undefined) }),
    ...((isNarrow || texts?.includes(undefined)) && { isNarrow: true as const }),
    ...(callers && {
      callers: { namespaces: [...callers.namespaces].sort(), ...(callers.labels && { labels: callers.labels }) },
    }),
    to: rule.destinations.filter(({ weight }) => weight > 0).map(({ to }) => nextHopSummary(to.nextHop)),
  };
}

/** As access rules write it; undefined for a regular expression. */
function pathText({ kind, text }: StringMatch): string | undefined {
  if (kind === 'regex') return undefined;
  return kind === 'prefix' ? `${text}*` : text;
}
