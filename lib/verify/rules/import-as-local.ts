import { importsOf, isWildcard } from '../objects/federation';
import { at, type Rule } from '../rule';

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
      (spec.importRules ?? []).flatMap(({ importAsLocal: isLocal, nameSelector = {} }, index) => {
        const field = `spec.importRules[${index}]`;
        const rule = `the rule for '${nameSelector.namespace ?? '*'}/${nameSelector.name ?? '*'}' of ${ref}`;
        if (nameSelector.importAsLocal !== undefined) {
          return [
            {
              objects: [at(ref, `${field}.nameSelector.importAsLocal`)],
              message: `${rule} has importAsLocal inside of nameSelector, where nobody reads it`,
            },
          ];
        }
        if (!isLocal || !isWildcard(nameSelector.alias?.namespace)) return [];
        const objects = [at(ref, `${field}.importAsLocal`)];
        return [{ objects, message: `${rule} imports as local without alias.namespace` }];
      }),
    ),
};
