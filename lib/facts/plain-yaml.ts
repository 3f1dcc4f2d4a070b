import type { Schema } from 'js-yaml';
import { jsYaml } from './packages';
import { plainStarts } from './plain-events';
import { FIRST_OF_WORDS, schemaOfGo, wordReader } from './yaml-of-go';

/** A document that is an object, and the line on which it begins, from 1. */
export interface PlainDocument {
  readonly value: object;
  readonly line: number;
}

/**
 * What readers differ about: tabs, line ends other than those of Unix, byte order marks, explicit keys, indented `---`,
 * texts that state their indentation (`|2`).
 */
const UNUSUAL = /[\t\r\u0085\u2028\u2029\ufeff]|^[ -]*\?|^ +---|[|>][-+]?\d/m;

/**
 * Reads what nearly all manifests are: objects in YAML without anchors, tags, directives and merge keys; documents without
 * contents are skipped. It takes a sixth of the time of a reader that keeps every node with its place.
 *
 * @returns undefined for anything else, also for what is no YAML: whoever tells what is wrong reads it again.
 */
export function readPlainYaml(text: string): readonly PlainDocument[] | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    const { parseEvents, constructFromEvents } = jsYaml();
    const events = parseEvents(text, {});
    const starts = plainStarts(text, events);
    if (starts === undefined) return undefined;
    const values = constructFromEvents(events, { source: text, schema: plainSchema() });
    const lines = linesOf(text, starts);
    return values.flatMap((value, index) => (value === null ? [] : { value: value as object, line: lines[index] }));
  } catch {
    return undefined;
  }
}

let schema: Schema | undefined;

/** Words mean the same as to the other reader, by its own tests. */
function plainSchema(): Schema {
  if (schema) return schema;
  const { Schema, defineMappingTag, defineScalarTag, NOT_RESOLVED, seqTag, strTag } = jsYaml();
  const read = wordReader(schemaOfGo());
  const words = defineScalarTag<unknown>('tag:yaml.org,2002:word', {
    implicit: true,
    implicitFirstChars: FIRST_OF_WORDS,
    resolve: (word) => {
      const value = read(word);
      return value === word ? NOT_RESOLVED : value;
    },
    identify: () => false,
  });
  const map = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
    create: () => ({}),
    addPair: (fields, key, value) => {
      if (typeof key !== 'string' || key === '<<' || key === '__proto__') return 'it is not plain';
      fields[key] = value;
      return '';
    },
    has: (fields, key) => Object.hasOwn(fields, String(key)),
    keys: (fields) => Object.keys(fields),
    get: (fields, key) => fields[String(key)],
    identify: () => false,
  });
  schema = new Schema([strTag, words, seqTag, map]);
  return schema;
}

/** Lines of offsets that ascend, from 1. */
function linesOf(text: string, offsets: readonly number[]): number[] {
  let line = 1;
  let next = text.indexOf('\n');
  return offsets.map((offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    return line;
  });
}
