import { MeshError } from './error';
import { describe, requireList, requireObject, requireText, wrongKind } from './kind-of';
import { hasMark, markOf } from './marks';
import { nearest } from './nearest';

// What one option may be. Options come from JSON files and the environment, too, past the compiler: each constructor,
// factory and method of the public interface says of all of its options what they may be, and what is something else, or
// none of them, is refused before anything is made of it.

/** What an option may be. */
export interface Guard {
  /**
   * Refuses a value of the wrong kind.
   *
   * @param where construct path, or file, for the message.
   * @param what how the message calls the value, such as `'host'`.
   * @throws MESH1006 when it is something else.
   */
  (value: unknown, where: string, what: string): void;
  /** Whether it lets through that nothing is stated: most options are not, so it is not asked. */
  readonly isOptional?: true;
  /** Whether it lets nothing through: what it is of does not count as an option. */
  readonly isRefused?: true;
}

/** A guard for every option: the compiler finds one that is forgotten. */
export type Guards<T> = { readonly [K in keyof T]-?: Guard };

/**
 * Checks that options are an object, and each of them of its kind. A name that is none of them is refused: left out
 * without a word, something else would be meant than the user says, often more. One that is `undefined` says nothing.
 *
 * @throws MESH1006 naming the option that is not of its kind, or does not exist.
 */
export function checkOptions<T extends object>(options: T, where: string, guards: Guards<T>): void {
  requireObject(options, where, 'what is stated', 'an object with options');
  refuseUnknown(options, where, 'an option', guards);
  for (const name in guards) {
    const value = options[name];
    const guard = guards[name];
    if (value !== undefined || !guard.isOptional) guard(value, where, `'${name}'`);
  }
}

/** A text. */
export const text: Guard = requireText;

/** A number; its range is checked where it has a meaning. */
export const number: Guard = (value, where, what) => {
  if (typeof value !== 'number') throw wrongKind(value, where, what, 'a number');
};

/** True or false. */
export const flag: Guard = (value, where, what) => {
  if (typeof value !== 'boolean') throw wrongKind(value, where, what, 'true or false');
};

/** Something to call. */
export const callable: Guard = (value, where, what) => {
  if (typeof value !== 'function') throw wrongKind(value, where, what, 'a function');
};

/** Checked elsewhere, or of no meaning to the user. */
export const anything: Guard = () => {};

/** Nothing, or what the guard lets through. `null` is not nothing: left out means "all" in many places. */
export function optional(guard: Guard): Guard {
  const own = (value: unknown, where: string, what: string) => {
    if (value !== undefined) guard(value, where, what);
  };
  return Object.assign(own, { isOptional: true as const });
}

/**
 * Nothing: an option of something else, which would do nothing here.
 *
 * @param why what it is here, and what to do instead: it is read after its name.
 */
export function refused(why: string): Guard {
  const own = (value: unknown, where: string, what: string) => {
    if (value !== undefined) throw new MeshError('MESH1006', where, `${what} is ${why}`);
  };
  return Object.assign(own, { isOptional: true as const, isRefused: true as const });
}

/** One of these texts. */
export function oneOf(...values: string[]): Guard {
  return (value, where, what) => {
    if (values.some((each) => each === value)) return;
    throw wrongKind(value, where, what, values.map((each) => `'${each}'`).join(' or '));
  };
}

/** A list of such. */
export function listOf(guard: Guard): Guard {
  return (value, where, what) => {
    requireList(value, where, what);
    // not forEach: it skips holes
    for (let index = 0; index < value.length; index++) guard(value[index], where, `${what}[${index}]`);
  };
}

/** Names with such. */
export function mapOf(guard: Guard): Guard {
  return (value, where, what) => {
    requirePlain(value, where, what, 'an object with a value for each name');
    for (const [name, entry] of Object.entries(value)) guard(entry, where, `'${name}' of ${what}`);
  };
}

/** Options of their own. */
export function options<T extends object>(guards: Guards<T>): Guard {
  return (value, where, what) => {
    requirePlain(value, where, what, `an object with ${optionsOf(guards).join(', ')}`);
    refuseUnknown(value, where, `an option of ${what}`, guards);
    for (const name in guards) {
      const guard = guards[name];
      if (value[name] !== undefined || !guard.isOptional) guard(value[name], where, `'${name}' of ${what}`);
    }
  };
}

/**
 * A value of this library, of any copy of it; no look-alike.
 *
 * @param expected how it is made, such as `Access.http()`.
 * @param kinds as `marks.ts` knows them.
 */
export function made(expected: string, ...kinds: string[]): Guard {
  const marks = kinds.map(markOf);
  return (value, where, what) => {
    if (!marks.some((own) => hasMark(value, own))) throw wrongKind(value, where, what, expected);
  };
}

/**
 * A value of this library of which only some fit, as its property says.
 *
 * @param expected how those are made.
 */
export function only(kind: string, property: string, fitting: readonly string[], expected: string): Guard {
  const ofKind = made(expected, kind);
  return (value, where, what) => {
    ofKind(value, where, what);
    const received = (value as Record<string, unknown>)[property];
    if (fitting.some((each) => each === received)) return;
    throw new MeshError('MESH1006', where, `${what} is a ${kind} of the kind '${received}', expected ${expected}`);
  };
}

/** Roots of one authority. */
export const declaredRoot = only('TrustBundle', 'kind', ['declared'], 'TrustBundle.declared(…)');

/** Refuses a name that is no option; of one that is a letter or a capital away from an option it says which is meant. */
function refuseUnknown(stated: object, where: string, what: string, guards: object): void {
  const values = stated as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(values)) {
    if (values[name] === undefined || Object.hasOwn(guards, name)) continue;
    const known = optionsOf(guards);
    const meant = known.find((each) => each.toLowerCase() === name.toLowerCase()) ?? nearest(name, known, 1);
    const expected = meant === undefined || meant in stated ? known.join(', ') || 'none' : `'${meant}'`;
    throw new MeshError('MESH1006', where, `'${name}' is not ${what}, expected ${expected}`);
  }
}

/** Names of options, for messages. */
const optionsOf = (guards: object): string[] =>
  Object.entries(guards).flatMap(([name, guard]: [string, Guard]) => (guard.isRefused ? [] : [name]));

function requirePlain(
  value: unknown,
  where: string,
  what: string,
  expected: string,
): asserts value is Record<string, unknown> {
  requireObject(value, where, what, expected);
  const prototype = Object.getPrototypeOf(value);
  // of another realm, such as that of a test environment, plain objects have another prototype
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return;
  throw new MeshError('MESH1006', where, `${what} is ${describe(value)}, expected ${expected}`);
}

/** What options of a strategy of one's own may be: `guards.optional(guards.number)`. */
export const guards = { text, number, flag, callable, anything, optional, oneOf, listOf, mapOf, options, made };
