import { aliasOf, exportsOf, importsOf, isWildcard, type NameMapping } from '../objects/federation';
import type { Found } from '../objects/objects';
import { at, type Problem, type Rule } from '../rule';

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
        (set.spec.exportRules ?? []).flatMap(({ nameSelector, labelSelector }, index) => {
          const rule = `spec.exportRules[${index}]`;
          const aliases = labelSelector?.aliases ?? [];
          return [
            ...(nameSelector ? [{ ...nameSelector, field: `${rule}.nameSelector` }] : []),
            ...aliases.map((one, place) => ({ ...one, field: `${rule}.labelSelector.aliases[${place}]` })),
          ];
        }),
      ),
    ),
    ...importsOf(input).flatMap((set) =>
      collisions(
        set,
        (set.spec.importRules ?? []).flatMap(({ nameSelector }, index) =>
          nameSelector ? [{ ...nameSelector, field: `spec.importRules[${index}].nameSelector` }] : [],
        ),
      ),
    ),
  ],
};

/** A mapping, and its path in the set. */
type PlacedMapping = NameMapping & { readonly field: string };

function collisions({ ref }: Found<object>, mappings: readonly PlacedMapping[]): Problem[] {
  const seen = new Map<string, { readonly from: string; readonly field: string }>();
  return mappings.flatMap(({ namespace = '*', name = '*', alias, field }) => {
    const from = `${namespace || '*'}/${name || '*'}`;
    if (isWildcard(name) && !isWildcard(alias?.name)) {
      const message = `${ref} gives every service of '${from}' the alias name '${alias?.name}'`;
      return [{ objects: [at(ref, `${field}.alias.name`)], message }];
    }
    if (isWildcard(namespace) && !isWildcard(alias?.namespace)) {
      const message = `${ref} puts '${name}' of every namespace into '${alias?.namespace}'`;
      return [{ objects: [at(ref, `${field}.alias.namespace`)], message }];
    }
    if (isWildcard(name) || isWildcard(namespace)) return [];
    const to = aliasOf({ namespace, name, alias });
    const other = seen.get(to);
    seen.set(to, { from, field });
    if (other === undefined || other.from === from) return [];
    const objects = [at(ref, `${field}.alias`), at(ref, `${other.field}.alias`)];
    return [{ objects, message: `${ref} makes both '${other.from}' and '${from}' '${to}'` }];
  });
}
