/**
 * Names of Istio's messages and enums, read from the .proto files of the Go module istio.io/api.
 *
 * CRDs do not carry message names, the API reference does. This step is run by hand when the Istio version changes, and
 * its result, `istio.json`, is committed, so that `npm run import` needs neither Go nor a network:
 *
 *     go mod download -json istio.io/api@v1.31.1     # prints "Dir"
 *     npm run import -- --names <Dir>
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Enum, type Field, type NamespaceBase, type ReflectionObject, Root, Type } from 'protobufjs';
import { compareText } from '../crd';
import { mapSorted } from '../schema';
import { camelCase, type NamedField, type NamedType, type NameGraph } from './graph';

/** Folders of istio.io/api whose messages are the spec of a kind. */
const FOLDERS = ['extensions', 'networking', 'security', 'telemetry', 'type'];

/** Reads the .proto files below `dir` and returns the types that `kinds` reach. */
export function namesFromProtos(dir: string, kinds: readonly string[]): NameGraph {
  const root = new Root();
  root.resolvePath = (_origin, target) =>
    join(dir, target.startsWith('google/') ? join('common-protos', target) : target);
  root.loadSync(
    FOLDERS.flatMap((folder) => protoFiles(dir, folder)),
    { keepCase: true, alternateCommentMode: true },
  );
  root.resolveAll();

  const specs = mapSorted(Object.fromEntries(kinds.map((kind) => [kind, kind])), (kind) => specMessage(root, kind));
  const reached = new Map<string, Type | Enum>();
  for (const spec of Object.values(specs)) reach(spec, reached);

  const names = chooseNames([...reached.values()], new Set(kinds));
  return {
    kinds: mapSorted(specs, (spec) => idOf(spec)),
    types: mapSorted(Object.fromEntries(reached), (type, id) => describe(type, names.get(id) as string)),
  };
}

function protoFiles(dir: string, folder: string): string[] {
  const entries = readdirSync(join(dir, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((entry) => entry.endsWith('.proto'))
    .sort(compareText)
    .map((entry) => join(folder, entry));
}

/** By Istio's convention, the message with the name of the kind. */
function specMessage(root: Root, kind: string): Type {
  const found: Type[] = [];
  const search = (space: NamespaceBase): void => {
    for (const child of space.nestedArray) {
      if (child instanceof Type && child.name === kind) found.push(child);
      else if (!(child instanceof Type) && 'nestedArray' in child) search(child as NamespaceBase);
    }
  };
  search(root);
  const [message, second] = found;
  if (message === undefined || second !== undefined) {
    throw new Error(`kind ${kind}: found ${found.length} top-level messages of that name, expected one`);
  }
  return message;
}

function reach(type: Type | Enum, reached: Map<string, Type | Enum>): void {
  if (reached.has(idOf(type))) return;
  reached.set(idOf(type), type);
  if (type instanceof Enum) return;
  for (const field of type.fieldsArray) {
    const target = istioType(field);
    if (target !== undefined) reach(target, reached);
  }
}

/** The message or enum of a field; none for scalars and for google.protobuf types, which CRDs write as scalars. */
function istioType(field: Field): Type | Enum | undefined {
  const type = field.resolve().resolvedType;
  return type !== null && idOf(type).startsWith('istio.') ? type : undefined;
}

function idOf(object: ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}

/**
 * `LoadBalancerSettings.ConsistentHashLB` becomes `LoadBalancerSettingsConsistentHashLB`; a message that is the spec of a
 * kind gets the suffix Spec, because the kind's class has the plain name; of two equal names the one of the package
 * `istio.type` gets the prefix Type.
 */
function chooseNames(types: readonly (Type | Enum)[], kinds: ReadonlySet<string>): Map<string, string> {
  const plain = new Map(types.map((type) => [idOf(type), plainName(type, kinds)]));
  const count = (name: string): number => [...plain.values()].filter((n) => n === name).length;
  return new Map(
    [...plain].map(([id, name]) => [id, count(name) > 1 && id.startsWith('istio.type.') ? `Type${name}` : name]),
  );
}

function plainName(type: ReflectionObject, kinds: ReadonlySet<string>): string {
  const outer = type.parent instanceof Type ? plainName(type.parent, new Set()) : '';
  return outer === '' && kinds.has(type.name) ? `${type.name}Spec` : outer + type.name;
}

function describe(type: Type | Enum, name: string): NamedType {
  const doc = firstSentence(docText(type.comment));
  const named = { name, ...(doc !== '' && { doc }) };
  if (type instanceof Enum) return named;
  const fields: Record<string, NamedField> = {};
  for (const field of type.fieldsArray) {
    const target = istioType(field);
    const text = docText(field.comment);
    if (target === undefined && text === '') continue;
    fields[jsonName(field)] = {
      ...(target !== undefined && { type: idOf(target) }),
      ...(text !== '' && { doc: text }),
    };
  }
  return { ...named, ...(Object.keys(fields).length > 0 && { fields: mapSorted(fields, (field) => field) }) };
}

function jsonName(field: Field): string {
  const declared: unknown = field.options?.json_name;
  return typeof declared === 'string' ? declared : camelCase(field.name);
}

/** The first paragraph of a comment, without what is meant for Istio's own generators; examples follow later. */
export function docText(comment: string | null): string {
  const lines = (comment ?? '')
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .split('\n')
    .filter((line) => !/^\s*(\+[a-z]|\$[a-z]|\[#)/.test(line));
  const paragraph = lines
    .join('\n')
    .trim()
    .split(/\n\s*\n/)[0] as string;
  const text = paragraph.replace(/\s+/g, ' ').replace(/^(optional|required)\b[.:]?\s*/i, '');
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/:$/, '.').trim();
}

/** A message's comment explains at length; its name and fields say the rest. */
export function firstSentence(text: string): string {
  return /^.*?[^.][.](?=\s|$)/.exec(text)?.[0] ?? text;
}
