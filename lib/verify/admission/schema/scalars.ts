import type { StructuralSchema } from '../../../../imports/schema';
import { noText, show } from '../problem';
import { type Check, placeOf } from './check';

/** Why a value is refused, or undefined. */
export type Test = (value: unknown) => string | undefined;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

/** The test of a value's type; undefined when any is allowed, or the type is a container's. */
export function typeTest(schema: StructuralSchema): Test | undefined {
  if (schema['x-kubernetes-int-or-string']) {
    return expect('an integer or a string', (value) => typeof value === 'string' || Number.isInteger(value));
  }
  switch (schema.type) {
    case 'string':
      return (value) => (typeof value === 'string' ? undefined : noText(value));
    case 'boolean':
      return expect('true or false', (value) => typeof value === 'boolean');
    case 'integer':
      return expect('an integer', Number.isInteger);
    case 'number':
      return expect('a number', (value) => typeof value === 'number');
    default:
      return undefined;
  }
}

/** The tests of a scalar's value, given that its type is right. */
export function valueTests(schema: StructuralSchema): Test[] {
  const { enum: values, pattern, format, minimum, maximum, minLength, maxLength } = schema;
  const tests: Test[] = [];
  if (values !== undefined) {
    const allowed = new Set(values);
    tests.push(expect(`one of ${values.map(show).join(', ')}`, (value) => allowed.has(value)));
  }
  if (minimum !== undefined) tests.push(numberTest(`at least ${minimum}`, (value) => value >= minimum));
  if (maximum !== undefined) tests.push(numberTest(`at most ${maximum}`, (value) => value <= maximum));
  if (minLength !== undefined) tests.push(lengthTest('at least', minLength, (length) => length >= minLength));
  if (maxLength !== undefined) tests.push(lengthTest('at most', maxLength, (length) => length <= maxLength));
  if (pattern !== undefined) {
    const regex = new RegExp(pattern);
    tests.push(stringTest(`a value that matches ${pattern}`, (value) => regex.test(value)));
  }
  if (format === 'int32' || format === 'int64') {
    const bound = 2 ** (format === 'int32' ? 31 : 63);
    tests.push(numberTest(`an integer of format ${format}`, (value) => value >= -bound && value < bound));
  }
  if (format === 'byte') tests.push(stringTest('base64', (value) => BASE64.test(value)));
  return tests;
}

/** A check that reports the first test that fails. */
export function scalarCheck(type: Test | undefined, tests: readonly Test[]): Check {
  return (value, parent, step, to) => {
    let reason = type?.(value);
    for (let i = 0; reason === undefined && i < tests.length; i++) reason = tests[i]?.(value);
    if (reason !== undefined) to.schema.error(placeOf(parent, step), reason);
  };
}

function expect(expected: string, holds: (value: unknown) => boolean): Test {
  return (value) => (holds(value) ? undefined : `is ${show(value)}, expected ${expected}`);
}

function numberTest(expected: string, holds: (value: number) => boolean): Test {
  return expect(expected, (value) => typeof value !== 'number' || holds(value));
}

function stringTest(expected: string, holds: (value: string) => boolean): Test {
  return expect(expected, (value) => typeof value !== 'string' || holds(value));
}

/** The API server counts code points. */
function lengthTest(bound: string, length: number, holds: (length: number) => boolean): Test {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    const count = [...value].length;
    return holds(count) ? undefined : `is ${show(value)}, ${count} characters long, expected ${bound} ${length}`;
  };
}
