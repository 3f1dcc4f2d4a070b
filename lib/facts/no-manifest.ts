import type { Node } from 'yaml';
import { yaml } from './packages';

/** Fields that every object has, and that are texts. */
const TEXTS = [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']] as const;

const MOST_KEYS = 3;

/** A name that is there and no text, and where it stands; undefined where all are texts. */
export function misreadName(value: unknown, node: unknown): { message: string; node: unknown } | undefined {
  const { isCollection, isScalar } = yaml();
  for (const path of TEXTS) {
    const found = valueAt(value, path);
    if (found === undefined || typeof found === 'string' || (found === null && path[1] === 'namespace')) continue;
    const place = isCollection(node) ? (node.getIn(path, true) as Node | undefined) : undefined;
    const word = isScalar(place) ? (place.source ?? '') : '';
    return { message: misread(path.join('.'), found, word), node: place ?? node };
  }
  return undefined;
}

/** What YAML made of a name, and what kubectl does with it. */
function misread(field: string, value: unknown, word: string): string {
  if (value === null) {
    const empty = word === '' ? 'is empty' : `is ${word}, which is how YAML writes nothing`;
    const meant = /^null$/i.test(word) ? `, in quotes if it is meant: "${word}"` : '';
    return `${field} ${empty}; kubectl refuses it; state it${meant}`;
  }
  if (typeof value === 'object') return `${field} is ${JSON.stringify(value)}; expected a text`;
  const type = typeof value === 'boolean' ? 'a boolean' : 'a number';
  const same = String(value) === word ? `is ${word}, ${type} to YAML` : `is ${word}, which YAML 1.1 reads as ${value}`;
  return `${field} ${same}; kubectl reads it so, too, and refuses it; put it in quotes: "${word}"`;
}

/** Why a document is no Kubernetes object; undefined where it is one. */
export function whyNoObject(value: unknown, file: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `a document is ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}, no Kubernetes object; expected apiVersion, kind and metadata.name`;
  }
  const missing = TEXTS.slice(0, 3).filter((path) => valueAt(value, path) === undefined);
  if (missing.length === 0) return undefined;
  const names = missing.map((path) => path.join('.'));
  const all = names.join(', ').replace(/, (?=\S+$)/, ' and ');
  return `a document is no Kubernetes object: ${all} ${names.length === 1 ? 'is' : 'are'} missing${hint(value, names, file)}`;
}

/** What it may be instead. */
function hint(value: object, missing: readonly string[], file: string): string {
  if (/(^|[\\/])(Chart|values[^\\/]*)\.ya?ml$/.test(file))
    return '; it is of a Helm chart: judge what helm template writes';
  if (missing.length === TEXTS.length - 1) {
    if (looksLikeFacts(value)) return '; if these are facts, name the file by --facts';
    const keys = Object.keys(value);
    const more = keys.length > MOST_KEYS ? ` and ${keys.length - MOST_KEYS} more` : '';
    const has = keys.length === 0 ? 'it is empty' : `it has ${keys.slice(0, MOST_KEYS).join(', ')}${more}`;
    return `; ${has}: if it is for another program, it belongs elsewhere`;
  }
  if (missing.join() === 'metadata.name' && valueAt(value, ['metadata', 'generateName']) !== undefined) {
    return '; what generateName makes of it is not known before it is created';
  }
  return '';
}

/** Whether a document has fields of facts alone, which are for `multimesh --facts`. */
export function looksLikeFacts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { properties } = require('../../schema/facts.schema.json') as { readonly properties: object };
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => Object.hasOwn(properties, key));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
