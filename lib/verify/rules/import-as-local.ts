import { importsOf, isWildcard } from '../federation';
import type { Rule } from '../rule';

/** An import as local that istiod skips. */
export const importAsLocal: Rule = {
  code: 'MESH3034',
  severity: 'error',
  title: 'importAsLocal without the namespace of an alias',
  why: 'istiod skips the rule with a line in its log: the service is not imported',
  fix: 'state importAsLocal beside nameSelector, and alias.namespace in it',
  reads: ['ImportedServiceSet'],
  check: (input) =>
    importsOf(input).flatMap(({ ref, spec }) =>
      (spec.importRules ?? []).flatMap(({ importAsLocal: isLocal, nameSelector = {} }) => {
        const rule = `the rule for '${nameSelector.namespace ?? '*'}/${nameSelector.name ?? '*'}' of ${ref}`;
        if (nameSelector.importAsLocal !== undefined) {
          return [
            { objects: [ref], message: `${rule} has importAsLocal inside of nameSelector, where nobody reads it` },
          ];
        }
        if (!isLocal || !isWildcard(nameSelector.alias?.namespace)) return [];
        return [{ objects: [ref], message: `${rule} imports as local without alias.namespace` }];
      }),
    ),
};
