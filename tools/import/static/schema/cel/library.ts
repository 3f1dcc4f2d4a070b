import { anyUrl, requestUrl, type Url } from './url';

export { duration } from './duration';

/** A value that the schema has found to be of the type which the rule expects. */
// biome-ignore lint/suspicious/noExplicitAny: rules are written over untyped objects
export type Value = any;

/**
 * Whether a value keeps to a rule.
 *
 * @throws if the rule has no result, such as for a number that cannot be read; the API server refuses the value then.
 */
export type Predicate = (self: Value) => boolean;

/** A rule about a change: it holds for an object that is created. */
export const transition: Predicate = () => true;

/** `has(value.name)`: a field that is set. */
export function has(value: Value, name: string): boolean {
  return value[name] !== undefined && value[name] !== null;
}

/** `value.name`. */
export function field(value: Value, name: string): Value {
  if (!has(value, name)) throw new Error(`no such field: ${name}`);
  return value[name];
}

/** Code points of a string, items of a list, entries of a map. */
export function size(value: Value): number {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** Items of a list, keys of a map: what the macros go over. */
export function items(value: Value): Value[] {
  return Array.isArray(value) ? value : Object.keys(value);
}

/** Code points `from` to `to` of a string. */
export function substring(text: string, from: number, to: number): string {
  const points = [...text];
  if (from < 0 || from > to || to > points.length) throw new Error(`substring ${from} to ${to} of ${text}`);
  return points.slice(from, to).join('');
}

/** A string with its ASCII letters in lower case. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The number that a string writes. */
export function int(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw new Error(`${text} is not a number`);
  return Number(text);
}

/** Whether a string is a URL, or a path that begins with a slash. */
export function isURL(text: string): boolean {
  try {
    requestUrl(text);
    return true;
  } catch {
    return false;
  }
}

/** The URL that a string writes. */
export function url(text: string): Url {
  requestUrl(text);
  return anyUrl(text);
}
