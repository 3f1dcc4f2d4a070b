import { emit, LIBRARY } from '../cel/emit';
import { parse } from '../cel/parse';
import { type Crd, compareText } from '../crd';
import { visit } from '../schema';
import { HEADER } from './text';

/** The CEL rules of all bundles as TypeScript: `imports/schema/cel/rules.ts`. */
export function renderRules(bundles: ReadonlyMap<string, readonly Crd[]>): string {
  const rules = new Map<string, string>();
  for (const [bundle, crds] of bundles) {
    for (const crd of crds) {
      for (const version of crd.versions) {
        visit(version.schema, '', (part, path) => {
          for (const { rule } of part['x-kubernetes-validations'] ?? []) {
            rules.set(rule, predicate(rule, `bundle ${bundle}, ${crd.kind}, ${path}`));
          }
        });
      }
    }
  }
  const entries = [...rules].sort(([a], [b]) => compareText(a, b)).map(([rule, code]) => entry(rule, code));
  const body = entries.join('');
  const used = LIBRARY.filter((name) => new RegExp(`\\b${name}\\b`).test([...rules.values()].join('\n')));
  return `${HEADER}import { ${used.sort(compareText).join(', ')} } from './library';
import type { Predicate } from './library';

/** Rules of \`x-kubernetes-validations\`: CEL as the CRD writes it to what it means. */
export const PREDICATES: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
${body}]);
`;
}

function predicate(rule: string, where: string): string {
  if (/\boldSelf\b/.test(rule)) return 'transition';
  try {
    return `(self) => ${emit(parse(rule))}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${where}: rule '${rule}': ${reason}; extend tools/import/cel`);
  }
}

function entry(rule: string, code: string): string {
  return `  [\n    ${JSON.stringify(rule)},\n    ${code},\n  ],\n`;
}
