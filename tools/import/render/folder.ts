import { compareText } from '../crd';
import type { GroupModel, KindModel, TypeModel } from '../model';
import { renderKind } from './kinds';
import { HEADER } from './text';
import { mentions, renderType } from './types';

/** File name of types that kinds of several API groups use. */
const SHARED = 'shared';

/** The files of a folder of `imports/`: one per API group, one for shared types, and `index.ts`. */
export function renderFolder(title: string, model: GroupModel): Map<string, string> {
  const groups = [...new Set(model.kinds.map((kind) => kind.crd.group))].sort(compareText);
  const fileOf = (type: string): string => {
    const users = [...(model.users.get(type) ?? [])];
    return users.length > 1 ? SHARED : fileName(users[0] as string);
  };
  const shared = [...model.types.values()].filter((type) => fileOf(type.name) === SHARED);
  const files = new Map<string, string>();
  if (shared.length > 0) files.set(`${SHARED}.ts`, renderFile([], shared, fileOf, SHARED));
  for (const group of groups) {
    const name = fileName(group);
    const kinds = model.kinds.filter((kind) => kind.crd.group === group);
    const types = [...model.types.values()].filter((type) => fileOf(type.name) === name);
    files.set(`${name}.ts`, renderFile(kinds, types, fileOf, name));
  }
  const exports = [...files.keys()].sort(compareText).map((file) => `export * from './${file.replace('.ts', '')}';\n`);
  files.set('index.ts', `${HEADER}\n/** ${title}: classes and types of its custom resources. */\n${exports.join('')}`);
  return files;
}

/** `networking.istio.io` is written to networking.ts. */
function fileName(group: string): string {
  return group.split('.')[0] as string;
}

function renderFile(
  kinds: readonly KindModel[],
  types: readonly TypeModel[],
  fileOf: (type: string) => string,
  file: string,
): string {
  const used = new Set([...types.flatMap(mentions), ...kinds.map((kind) => kind.spec)]);
  const imports = new Map<string, string[]>();
  for (const name of [...used].sort(compareText)) {
    const from = fileOf(name);
    if (from !== file) imports.set(from, [...(imports.get(from) ?? []), name]);
  }
  const body = [...kinds.map(renderKind), ...types.map(renderType)].join('\n');
  const lines = [
    ...frameworkImports(kinds, body),
    ...[...imports].map(([from, names]) => `import type { ${names.join(', ')} } from './${from}';\n`),
  ];
  return `${HEADER}${lines.join('')}\n${body}`;
}

function frameworkImports(kinds: readonly KindModel[], body: string): string[] {
  const names = (candidates: readonly string[]): string =>
    candidates.filter((n) => new RegExp(`\\b${n}\\b`).test(body)).join(', ');
  const supportTypes = names(['AtMostOne', 'ClusterScopedMetadata', 'Manifest']);
  const lines: string[] = [];
  if (kinds.some((kind) => kind.crd.namespaced)) lines.push("import { ApiObject } from 'cdk8s';\n");
  if (kinds.length > 0) {
    lines.push(`import type { ${names(['ApiObjectMetadata', 'GroupVersionKind'])} } from 'cdk8s';\n`);
    lines.push("import type { Construct } from 'constructs';\n");
    lines.push(`import { ${names(['ClusterScopedApiObject', 'manifest'])} } from '../manifest';\n`);
  }
  if (supportTypes !== '') lines.push(`import type { ${supportTypes} } from '../manifest';\n`);
  return lines;
}
