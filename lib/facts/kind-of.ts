import { MeshError } from './error';

// Programs are often fed from JSON files and environment variables, past the compiler: what is of the wrong kind is
// refused where it comes in, with its place, and never coerced, dropped or widened.

/**
 * A text.
 *
 * @throws MESH1006 when it is something else.
 */
export function requireText(value: unknown, where: string, what: string): asserts value is string {
  if (typeof value !== 'string') throw wrongKind(value, where, what, 'a text');
}

/**
 * A number.
 *
 * @throws MESH1006 when it is something else, such as a number in quotes.
 */
export function requireNumber(value: unknown, where: string, what: string): asserts value is number {
  if (typeof value !== 'number') throw wrongKind(value, where, what, 'a number');
}

/**
 * True, false, or nothing.
 *
 * @throws MESH1006 when it is something else: 0 would read as false, and 'false' as true.
 */
export function requireFlagOrNothing(
  value: unknown,
  where: string,
  what: string,
): asserts value is boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') throw wrongKind(value, where, what, 'true or false');
}

/**
 * A list.
 *
 * @throws MESH1006 when it is something else: of a text each letter would be taken for an entry.
 */
export function requireList(value: unknown, where: string, what: string): asserts value is unknown[] {
  if (!Array.isArray(value)) throw wrongKind(value, where, what, 'a list');
}

/**
 * A list, or nothing. `null` is not nothing: left out means "all" in many places, and a `null` of a JSON file shall not.
 *
 * @throws MESH1006 when it is something else.
 */
export function requireListOrNothing(
  value: unknown,
  where: string,
  what: string,
): asserts value is unknown[] | undefined {
  if (value !== undefined) requireList(value, where, what);
}

/**
 * A value of this library, such as a Port or a Mesh, or a plain object with options.
 *
 * @param expected how it is made, such as `Istio.v1_31()`.
 * @throws MESH1006 when it is something else.
 */
export function requireObject(value: unknown, where: string, what: string, expected: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongKind(value, where, what, expected);
}

/**
 * A value that has a method of this name: one of this library, not a look-alike.
 *
 * @param expected how it is made, such as `Access.http()`.
 * @throws MESH1006 when it is something else.
 */
export function requireMethod(value: unknown, method: string, where: string, what: string, expected: string): void {
  requireObject(value, where, what, expected);
  if (typeof (value as Record<string, unknown>)[method] !== 'function') throw wrongKind(value, where, what, expected);
}

/** @param expected what it should be, or how that is made. */
export function wrongKind(value: unknown, where: string, what: string, expected: string): MeshError {
  const hint =
    value === undefined || value === null
      ? '; is an environment variable unset, or a field of a JSON file missing?'
      : '';
  return new MeshError('MESH1006', where, `${what} is ${describe(value)}, expected ${expected}${hint}`);
}

/** The value as a program would write it, not longer than a line. */
export function describe(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null
      ? describeObject(value)
      : typeof value === 'string'
        ? `'${value}'`
        : typeof value === 'function'
          ? 'a function'
          : String(value);
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${short}` : short;
}

/** A plain object as JSON, anything else by its class: constructs and values hold one another. */
function describeObject(value: object): string {
  const { name = 'Object' } = (value.constructor ?? {}) as { readonly name?: string };
  if (!Array.isArray(value) && name !== 'Object') return `a value of class ${name}`;
  try {
    return JSON.stringify(value) ?? 'an object';
  } catch {
    return 'an object';
  }
}
