import type { StructuralSchema } from '../../../../imports/schema';
import { isRecord } from '../../../facts/record';
import { type Test, valueTests } from './scalars';

/**
 * The tests of `oneOf`, `anyOf`, `allOf` and `not`. In a CRD they hold conditions on values only: types, and which fields
 * there are, stand beside them.
 */
export function alternativeTests(schema: StructuralSchema): Test[] {
  const tests: Test[] = [];
  if (schema.oneOf !== undefined)
    tests.push(fieldGroup(schema.oneOf) ?? count('exactly one of', schema.oneOf, (n) => n === 1));
  if (schema.anyOf !== undefined && !schema['x-kubernetes-int-or-string']) {
    tests.push(count('one of', schema.anyOf, (n) => n >= 1));
  }
  if (schema.not !== undefined) tests.push(count('none of', [schema.not], (n) => n === 0));
  for (const part of schema.allOf ?? []) tests.push(...conditions(part));
  return tests;
}

/** Conditions of a schema without types. */
function conditions(schema: StructuralSchema): Test[] {
  const tests = [...valueTests(schema), ...alternativeTests(schema)];
  for (const name of schema.required ?? []) {
    tests.push((value) => (isRecord(value) && (value[name] ?? null) === null ? `lacks ${name}` : undefined));
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const inner = conditions(field);
    tests.push((value) => {
      const found = isRecord(value) ? value[name] : undefined;
      return found === undefined || found === null ? undefined : firstFailure(inner, found);
    });
  }
  return tests;
}

function count(expected: string, branches: readonly StructuralSchema[], holds: (n: number) => boolean): Test {
  const compiled = branches.map(conditions);
  const texts = branches.map((branch) => JSON.stringify(branch)).join(' or ');
  return (value) => {
    const matching = compiled.filter((tests) => firstFailure(tests, value) === undefined).length;
    return holds(matching) ? undefined : `expected ${expected} ${texts}; ${matching} hold`;
  };
}

/** `oneof {a, b}` of Istio's .proto files: none of the fields is set, or one. */
function fieldGroup(branches: readonly StructuralSchema[]): Test | undefined {
  const none = branches.find((branch) => branch.not !== undefined)?.not?.anyOf;
  const names = none?.flatMap((branch) => branch.required ?? []) ?? [];
  const single = branches.filter((branch) => branch.not === undefined);
  const plain = single.every(
    (branch, i) => Object.keys(branch).join() === 'required' && branch.required?.join() === names[i],
  );
  if (names.length === 0 || single.length !== names.length || !plain) return undefined;
  return (value) => {
    if (!isRecord(value)) return undefined;
    const set = names.filter((name) => value[name] !== undefined && value[name] !== null);
    return set.length <= 1 ? undefined : `sets ${set.join(' and ')}, expected only one of them`;
  };
}

function firstFailure(tests: readonly Test[], value: unknown): string | undefined {
  for (const test of tests) {
    const reason = test(value);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
