import { aliasOf, exportsOf, importsOf, isWildcard, type NameMapping } from '../federation';
import type { Found } from '../objects';
import type { Problem, Rule } from '../rule';

/** Several services that a rule makes one. */
export const federationCollision: Rule = {
  code: 'MESH3035',
  severity: 'error',
  title: 'several services under one alias',
  why: 'they become one service for the peer: calls reach any of them',
  fix: "use a fixed alias only for a service that is named, and '*' in the alias where the selector has one",
  reads: ['ExportedServiceSet', 'ImportedServiceSet'],
  check: (input) => [
    ...exportsOf(input).flatMap((set) =>
      collisions(
        set,
        (set.spec.exportRules ?? []).flatMap(({ nameSelector, labelSelector }) => [
          ...(nameSelector ? [nameSelector] : []),
          ...(labelSelector?.aliases ?? []),
        ]),
      ),
    ),
    ...importsOf(input).flatMap((set) =>
      collisions(
        set,
        (set.spec.importRules ?? []).flatMap(({ nameSelector }) => nameSelector ?? []),
      ),
    ),
  ],
};

function collisions({ ref }: Found<object>, mappings: readonly NameMapping[]): Problem[] {
  const seen = new Map<string, string>();
  return mappings.flatMap(({ namespace = '*', name = '*', alias }) => {
    const from = `${namespace || '*'}/${name || '*'}`;
    if (isWildcard(name) && !isWildcard(alias?.name)) {
      const message = `${ref} gives every service of '${from}' the alias name '${alias?.name}'`;
      return [{ objects: [ref], message }];
    }
    if (isWildcard(namespace) && !isWildcard(alias?.namespace)) {
      const message = `${ref} puts '${name}' of every namespace into '${alias?.namespace}'`;
      return [{ objects: [ref], message }];
    }
    if (isWildcard(name) || isWildcard(namespace)) return [];
    const to = aliasOf({ namespace, name, alias });
    const other = seen.get(to);
    seen.set(to, from);
    if (other === undefined || other === from) return [];
    return [{ objects: [ref], message: `${ref} makes both '${other}' and '${from}' '${to}'` }];
  });
}
