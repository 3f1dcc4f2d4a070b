import type { ScalarTag, Schema, Tags } from 'yaml';
import { yaml } from './packages';

/** What may be a number, with more: which words are, `numberOfGo` says. */
const LIKE_A_NUMBER = /^[-+]?_*\.?_*[0-9][-+.\w]*$/;

const INTEGER = /^(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+)$/;
const FLOAT = /^(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Beyond it an integer of Go ends. */
const END_OF_INTEGERS = 2n ** 64n;

/**
 * The number that Go reads out of a word without quotes; the word, where it is none (`resolve` of go-yaml: `exportTo: [.]`
 * names a namespace).
 */
function numberOfGo(word: string): number | string {
  if (word.startsWith('_')) return word;
  const plain = word.startsWith('.') ? word : word.replaceAll('_', '');
  const digits = plain.replace(/^[-+]/, '');
  const value = INTEGER.test(digits) ? integer(digits) : FLOAT.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(value)) return word;
  return plain.startsWith('-') ? -value : value;
}

function integer(digits: string): number {
  const value = BigInt(digits.replace(/^0(?=[0-7])/, '0o'));
  return value < END_OF_INTEGERS ? Number(value) : Number.POSITIVE_INFINITY;
}

/** Go reads neither dates nor times of day (`22:22`) out of plain words, and numbers in a way of its own. */
const asGo = (tags: Tags): Tags => {
  const kept = tags.filter((tag) => {
    if (typeof tag === 'string') return true;
    const isNumber = tag.tag.endsWith(':int') || tag.tag.endsWith(':float');
    return !tag.tag.endsWith(':timestamp') && !(isNumber && !('test' in tag && tag.test?.test('.inf')));
  });
  const number = { default: true, test: LIKE_A_NUMBER, resolve: numberOfGo };
  return [...kept, ...['int', 'float'].map((kind) => ({ tag: `tag:yaml.org,2002:${kind}`, ...number }))];
};

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
