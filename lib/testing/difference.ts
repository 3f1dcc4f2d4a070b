import { isRecord } from '../facts/record';

/** A place where a value is not what was expected. */
interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly received: unknown;
}

/**
 * Where `received` does not contain `expected`: objects may have more fields, lists must have the same items in the same
 * order (each of which may have more fields), everything else must be equal. An expected `undefined` means that the
 * field must be absent.
 */
export function findDifferences(expected: unknown, received: unknown, path = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(received)) {
    const length = Math.max(expected.length, received.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) => {
      const below = `${path}[${index}]`;
      if (index >= expected.length) {
        return [{ path: below, expected: NOTHING, received: received[index] }];
      }
      return index >= received.length
        ? [{ path: below, expected: expected[index], received: NOTHING }]
        : findDifferences(expected[index], received[index], below);
    });
  }
  if (isRecord(expected) && isRecord(received)) {
    return Object.keys(expected).flatMap((key) =>
      findDifferences(expected[key], received[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return Object.is(expected, received) ? [] : [{ path, expected, received }];
}

/** Differences as text, one block each. */
export function formatDifferences(differences: readonly Difference[]): string {
  return differences
    .map(
      ({ path, expected, received }) => `  ${path}\n    expected: ${show(expected)}\n    received: ${show(received)}`,
    )
    .join('\n');
}

const NOTHING = Symbol('nothing');

function show(value: unknown): string {
  return value === undefined || value === NOTHING ? 'nothing' : JSON.stringify(value);
}
