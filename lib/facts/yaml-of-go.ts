import type { ScalarTag, Schema, Tags } from 'yaml';
import { yaml } from './packages';

/** A number with a point that has digits. */
const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)$/;

/** Go reads neither dates nor times of day (`22:22`) out of plain words, nor a number of a point: they stay strings. */
const asGo = (tags: Tags): Tags =>
  tags
    .filter(
      (tag) =>
        typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || ('format' in tag && tag.format === 'TIME')),
    )
    .map((tag) => (typeof tag !== 'string' && 'test' in tag && tag.test?.test('.') ? { ...tag, test: FLOAT } : tag));

/** One for all documents: making it takes as long as reading a small one. */
let schema: Schema | undefined;

/** YAML as `kubectl` reads it: the words of YAML 1.1 (`yes`, `off` are booleans), and merge keys. */
export function schemaOfGo(): Schema {
  const { Schema } = yaml();
  schema ??= new Schema({ schema: 'yaml-1.1', merge: true, customTags: asGo, resolveKnownTags: false });
  return schema;
}

/** What a word without quotes means in a schema: the value of the first tag whose test it passes, else the word. */
export function wordReader({ tags }: Schema): (word: string) => unknown {
  const { isScalar } = yaml();
  const tested = tags.filter((tag): tag is ScalarTag & { test: RegExp } => tag.default === true && 'test' in tag);
  return (word) => {
    const tag = tested.find(({ test }) => test.test(word));
    const value = tag ? tag.resolve(word, () => {}, { intAsBigInt: false }) : word;
    return isScalar(value) ? value.value : value;
  };
}

/** What a word begins with that may mean something else than itself; nothing, where there is no word. */
export const FIRST_OF_WORDS: readonly string[] = ['', ...'~+-.0123456789nNyYtTfFoO'];
