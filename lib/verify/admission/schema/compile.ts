import type { KindSchema, StructuralSchema } from '../../../../imports/schema';
import type { Predicate } from '../../../../imports/schema/cel/library';
import { PREDICATES } from '../../../../imports/schema/cel/rules';
import { show } from '../problem';
import { alternativeTests } from './alternatives';
import { type Check, placeOf } from './check';
import { listCheck, objectCheck } from './containers';
import { hasDefaults, withDefaults } from './defaults';
import { withoutNulls } from './nulls';
import { scalarCheck, typeTest, valueTests } from './scalars';

/** A CEL rule, ready to run. */
interface Rule {
  readonly predicate: Predicate;
  readonly message: string;
}

/** Fields that every object has; they are checked elsewhere. */
const COMMON: StructuralSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/**
 * What the API server checks of a kind, as one function. It says what the API server would say of a strict request:
 * unknown fields, types, values, list types, CEL rules.
 *
 * @throws if a rule has no predicate: `npm run import` writes one for every rule.
 */
export function compile({ schema, rules }: KindSchema): Check {
  const byPath = new Map<string, Rule[]>();
  for (const { path, rule, message } of rules) {
    const predicate = PREDICATES.get(rule);
    if (predicate === undefined) throw new Error(`rule '${rule}' has no predicate in imports/schema/cel`);
    const at = byPath.get(path) ?? [];
    at.push({ predicate, message: message ?? `does not keep to the rule: ${rule}` });
    byPath.set(path, at);
  }
  const properties = { ...schema.properties, apiVersion: COMMON, kind: COMMON, metadata: COMMON };
  const check = part({ ...schema, properties }, '', byPath);
  if (!hasDefaults(schema)) return check;
  return (value, parent, step, to) => check(withDefaults(schema, value), parent, step, { ...to, hasNulls: true });
}

function part(schema: StructuralSchema, path: string, rules: ReadonlyMap<string, readonly Rule[]>): Check {
  const check = container(schema, path, rules) ?? scalar(schema);
  const own = rules.get(path);
  return own === undefined ? check : withRules(check, own);
}

function scalar(schema: StructuralSchema): Check {
  return scalarCheck(typeTest(schema), [...valueTests(schema), ...alternativeTests(schema)]);
}

function container(
  schema: StructuralSchema,
  path: string,
  rules: ReadonlyMap<string, readonly Rule[]>,
): Check | undefined {
  const { type, properties = {}, additionalProperties, items } = schema;
  if (type === 'array') {
    return listCheck(schema, items && part(items, `${path}[]`, rules), alternativeTests(schema));
  }
  if (type !== 'object') return undefined;
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const fields = Object.entries(properties).map(([name, field]) => [name, part(field, below(name), rules)] as const);
  const values = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return objectCheck(schema, {
    fields: new Map(fields),
    ...(values && { others: part(values, `${path}{}`, rules) }),
    open: additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields'] === true,
    required: schema.required ?? [],
    tests: alternativeTests(schema),
  });
}

function withRules(check: Check, rules: readonly Rule[]): Check {
  return (value, parent, step, to) => {
    check(value, parent, step, to);
    const self = to.hasNulls ? withoutNulls(value) : value;
    for (const { predicate, message } of rules) {
      if (!holds(predicate, self)) to.rules.error(placeOf(parent, step), withValue(message, value));
    }
  };
}

/** What the CRD says does not name the value. */
function withValue(message: string, value: unknown): string {
  return typeof value === 'object' ? message : `is ${show(value)}: ${message}`;
}

/** A rule without a result refuses the value. */
function holds(predicate: Predicate, value: unknown): boolean {
  try {
    return predicate(value);
  } catch {
    return false;
  }
}
