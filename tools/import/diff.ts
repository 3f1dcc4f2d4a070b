import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Crd, compareText, parseCrds } from './crd';
import type { Schema } from './schema';

/**
 * The CRDs of a YAML file, or of all `*.yaml` files of a folder.
 *
 * @throws if a kind is there twice: it is then not clear which one is meant.
 */
export function readCrds(path: string): Crd[] {
  if (!existsSync(path)) throw new Error(`${path}: no such file or folder`);
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((file) => file.endsWith('.yaml'))
        .sort(compareText)
        .map((file) => join(path, file))
    : [path];
  const origin = new Map<string, string>();
  return files.flatMap((file) => {
    const crds = parseCrds(readFileSync(file, 'utf8'), file);
    for (const crd of crds) {
      const first = origin.get(idOf(crd));
      if (first !== undefined) throw new Error(`${file}: kind ${idOf(crd)} is also in ${first}; name one of the files`);
      origin.set(idOf(crd), file);
    }
    return crds;
  });
}

/**
 * What changed from one set of CRDs to another, a line each, sorted: kinds, served versions, fields of the newest version.
 * Of an added or removed object only the object is named, not what is below it.
 */
export function diffCrds(older: readonly Crd[], newer: readonly Crd[]): string[] {
  const [before, after] = [byId(older), byId(newer)];
  const lines: string[] = [];
  for (const id of union(before.keys(), after.keys())) {
    const [a, b] = [before.get(id), after.get(id)];
    if (a === undefined) lines.push(`${id}: added kind (${versionNames(b as Crd).join(', ')})`);
    else if (b === undefined) lines.push(`${id}: removed kind (${versionNames(a).join(', ')})`);
    else lines.push(...diffKind(a, b).map((line) => `${id}: ${line}`));
  }
  return lines.length === 0 ? ['no difference in kinds, versions and fields'] : lines;
}

function diffKind(a: Crd, b: Crd): string[] {
  const lines = diffNames('version', versionNames(a), versionNames(b));
  if (a.namespaced !== b.namespaced) lines.push(`now ${b.namespaced ? 'namespaced' : 'cluster-scoped'}`);
  const [old, current] = [a.versions[0]?.schema, b.versions[0]?.schema];
  if (old !== undefined && current !== undefined) diffSchema(withoutStatus(old), withoutStatus(current), '', lines);
  return lines;
}

/** The status is written by controllers; nobody who writes manifests meets it. */
function withoutStatus(schema: Schema): Schema {
  const { status: _, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

function diffSchema(a: Schema, b: Schema, path: string, lines: string[]): void {
  if (typeName(a) !== typeName(b)) {
    lines.push(`changed field ${path}: ${typeName(a)} became ${typeName(b)}`);
    return;
  }
  diffEnum(a, b, path, lines);
  const fields = union(Object.keys(a.properties ?? {}), Object.keys(b.properties ?? {}));
  for (const field of fields) {
    const place = path === '' ? field : `${path}.${field}`;
    const [old, current] = [a.properties?.[field], b.properties?.[field]];
    if (old === undefined) lines.push(`added field ${place} (${describe(b, field)})`);
    else if (current === undefined) lines.push(`removed field ${place} (${describe(a, field)})`);
    else {
      const [was, is] = [isRequired(a, field), isRequired(b, field)];
      if (was !== is) lines.push(`changed field ${place}: ${is ? 'now required' : 'no longer required'}`);
      diffSchema(old, current, place, lines);
    }
  }
  if (a.items && b.items) diffSchema(a.items, b.items, `${path}[]`, lines);
  if (typeof a.additionalProperties === 'object' && typeof b.additionalProperties === 'object') {
    diffSchema(a.additionalProperties, b.additionalProperties, `${path}{}`, lines);
  }
}

function diffEnum(a: Schema, b: Schema, path: string, lines: string[]): void {
  if (a.enum === undefined && b.enum === undefined) return;
  if (a.enum === undefined) lines.push(`changed field ${path}: now one of ${b.enum?.join(', ')}`);
  else if (b.enum === undefined) lines.push(`changed field ${path}: any value, was one of ${a.enum.join(', ')}`);
  else {
    const changes = diffNames('value', a.enum.map(String), b.enum.map(String));
    lines.push(...changes.map((change) => `changed field ${path}: ${change}`));
  }
}

function diffNames(what: string, a: readonly string[], b: readonly string[]): string[] {
  return [
    ...b.filter((name) => !a.includes(name)).map((name) => `added ${what} ${name}`),
    ...a.filter((name) => !b.includes(name)).map((name) => `removed ${what} ${name}`),
  ];
}

function isRequired(schema: Schema, field: string): boolean {
  return schema.required?.includes(field) ?? false;
}

function describe(parent: Schema, field: string): string {
  const type = typeName(parent.properties?.[field] ?? {});
  return isRequired(parent, field) ? `${type}, required` : type;
}

function typeName(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string']) return 'integer or string';
  if (schema.items !== undefined) return `list of ${typeName(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map of ${typeName(schema.additionalProperties)}`;
  return schema.type ?? 'any value';
}

function versionNames(crd: Crd): string[] {
  return crd.versions.map((version) => version.name);
}

function byId(crds: readonly Crd[]): Map<string, Crd> {
  return new Map(crds.map((crd) => [idOf(crd), crd]));
}

function idOf(crd: Crd): string {
  return `${crd.group}/${crd.kind}`;
}

function union(a: Iterable<string>, b: Iterable<string>): string[] {
  return [...new Set([...a, ...b])].sort(compareText);
}
