import type { StructuralSchema } from '../../../../imports/schema';
import { isRecord } from '../../../facts/record';
import type { Path } from '../path';
import { show } from '../problem';
import { type Check, type Findings, placeOf, REQUIRED } from './check';
import type { Test } from './scalars';

/** The parts of an object's schema, compiled. */
export interface ObjectParts {
  readonly fields: ReadonlyMap<string, Check>;
  /** Checks the values of fields that are not among `fields`. */
  readonly others?: Check;
  /** Fields that are not among `fields` are kept without a check. */
  readonly open: boolean;
  /** Fields that must be there. */
  readonly required: readonly string[];
  readonly tests: readonly Test[];
}

/** A check of an object: unknown fields are refused, as by a client that validates strictly. */
export function objectCheck(schema: StructuralSchema, parts: ObjectParts): Check {
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = schema;
  return (value, parent, step, to) => {
    if (!isRecord(value)) {
      to.schema.error(placeOf(parent, step), `is ${show(value)}, expected an object`);
      return;
    }
    const at = placeOf(parent, step);
    let entries = 0;
    for (const name in value) {
      const field = value[name];
      if (field === undefined) continue;
      const check = parts.fields.get(name) ?? parts.others;
      if (check === undefined && !parts.open) to.schema.error(at.at(name), unknownField(name, parts.fields.keys()));
      // The API server takes null for a missing field. Where its schema says that null is a value, istiod does.
      if (field === null) continue;
      entries++;
      if (check !== undefined) check(field, at, name, to);
    }
    for (const name of parts.required)
      if (value[name] === undefined || value[name] === null) to.schema.error(at.at(name), REQUIRED);
    if (entries < minProperties) to.schema.error(at, `has ${entries} entries, expected at least ${minProperties}`);
    if (entries > maxProperties) to.schema.error(at, `has ${entries} entries, expected at most ${maxProperties}`);
    reportFirst(parts.tests, value, at, to);
  };
}

/** A check of a list. */
export function listCheck(schema: StructuralSchema, item: Check | undefined, tests: readonly Test[]): Check {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const type = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return (value, parent, step, to) => {
    const at = placeOf(parent, step);
    if (!Array.isArray(value)) {
      to.schema.error(at, `is ${show(value)}, expected a list`);
      return;
    }
    if (value.length < minItems) to.schema.error(at, `has ${value.length} items, expected at least ${minItems}`);
    if (value.length > maxItems) to.schema.error(at, `has ${value.length} items, expected at most ${maxItems}`);
    if (item !== undefined) for (let i = 0; i < value.length; i++) item(value[i], at, i, to);
    if (value.length > 1 && type === 'set') reportTwins(value.map(show), at, to, 'the same value');
    if (value.length > 1 && type === 'map')
      reportTwins(value.map(identity(keys)), at, to, `the same ${keys.join(', ')}`);
    reportFirst(tests, value, at, to);
  };
}

function reportFirst(tests: readonly Test[], value: unknown, at: Path, to: Findings): void {
  for (const test of tests) {
    const reason = test(value);
    if (reason !== undefined) to.schema.error(at, reason);
  }
}

function identity(keys: readonly string[]): (item: unknown) => string {
  return (item) => JSON.stringify(keys.map((key) => (isRecord(item) ? (item[key] ?? null) : null)));
}

function reportTwins(ids: readonly string[], at: Path, to: Findings, what: string): void {
  const seen = new Map<string, number>();
  ids.forEach((id, index) => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else to.schema.error(at.at(index), `has ${what} as item ${first}`);
  });
}

/** Names the field that was meant, if one differs only in the case of its letters. */
function unknownField(name: string, known: Iterable<string>): string {
  const meant = [...known].find((other) => other.toLowerCase() === name.toLowerCase());
  return meant === undefined ? 'is no field of this kind' : `is no field of this kind; ${meant} is`;
}
