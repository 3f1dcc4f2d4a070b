import { MeshError } from '../facts/error';
import type { Protocol } from '../facts/port';
import type { Rule } from './rule';
import { callersOf } from './rule-callers';

/**
 * Istio takes the first route that matches: what stands behind a broader one is never reached. A rule that some workloads
 * fall through hides nothing.
 *
 * @throws MESH1301 for a list without rules, and for a rule that is never reached.
 */
export function checkOrder(rules: readonly Rule<Protocol>[], where: string): void {
  if (rules.length === 0) {
    throw new MeshError(
      'MESH1301',
      where,
      'the list of rules is empty, so every call would end in 404; state at least one rule',
    );
  }
  // a path is looked up among exact ones; only prefixes are gone through
  const exact = new Set<string>();
  const prefixes: string[] = [];
  for (const rule of rules) {
    const paths = rule.paths ?? ['*'];
    for (const path of paths) {
      const narrow = path.endsWith('*') ? path.slice(0, -1) : path;
      const prefix = prefixes.find((broad) => narrow.startsWith(broad));
      const broader = prefix !== undefined ? `${prefix}*` : exact.has(path) ? path : undefined;
      if (broader !== undefined) {
        throw new MeshError(
          'MESH1301',
          where,
          `the rule for ${describe(path)} is never reached: the one for ${describe(broader)} above it is about the same calls; put the narrower rule first, or remove it`,
        );
      }
      if (callersOf(rule) !== undefined) continue;
      if (path.endsWith('*')) prefixes.push(narrow);
      else exact.add(path);
    }
  }
}

function describe(path: string): string {
  return path === '*' ? 'every call (Rule.otherwise)' : `'${path}'`;
}
