import type { KindSchema, SchemaRule, StructuralSchema } from '../../imports/schema';

/** A value, and what it tries. */
export interface Sample {
  readonly what: string;
  readonly value: unknown;
  /** Whether it is about a place that has a CEL rule. */
  readonly ruled: boolean;
}

type Variant = Omit<Sample, 'ruled'>;

/** Pairs of fields that are tried together, per object: rules such as "only one of" are about two. */
const MAX_PAIRS = 12;
/** Longest texts and lists that are made to try a limit. */
const MAX_LENGTH = 2000;

/** Most combinations of fields that are tried per rule. */
const MAX_COMBINATIONS = 60;
/** Texts that rules and patterns tell apart. */
const TEXTS = [
  ...[
    '*',
    '*.example.com',
    'a.example.com',
    '1.2.3.4',
    '1.2.3.4/16',
    '5s',
    '0s',
    '/a',
    'http://a/b',
    'ftp://a',
    'A_b',
    '-',
  ],
  ...['unix:///a', 'unix://a', 'unix:///a/'],
];
/** Keys of maps that rules tell apart. */
const KEYS = ['', 'key', 'a*', '-', '80', '70000'];

/**
 * Values that try each constraint of a schema from both sides: every field alone, of the right type and of a wrong one, at
 * its limits and beyond, beside an unknown field, fields of one object in pairs, and for each CEL rule the fields and texts
 * that it names. They are the same each time.
 *
 * Whether one is valid is for an API server to say: two servers with equal constraints say the same of all of them.
 */
export function samplesOf({ schema, rules }: KindSchema): Sample[] {
  return below(schema, '', rules, (value) => value);
}

/** @param wrap puts a value into its place in the whole. */
function below(
  schema: StructuralSchema,
  path: string,
  rules: readonly SchemaRule[],
  wrap: (value: unknown) => unknown,
): Sample[] {
  const here = rules.filter((rule) => rule.path === path);
  const variants = [...variantsOf(schema), ...here.flatMap(({ rule }) => forRule(schema, rule))];
  const ruled = here.length > 0;
  const own = variants.map(({ what, value }) => ({ what: `${path}: ${what}`, value: wrap(value), ruled }));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    below(field, path === '' ? name : `${path}.${name}`, rules, (value) =>
      wrap({ ...(smallest(schema) as object), [name]: value }),
    ),
  );
  const items = schema.items ? below(schema.items, `${path}[]`, rules, (value) => wrap([value])) : [];
  const { additionalProperties: values } = schema;
  const entries = typeof values === 'object' ? below(values, `${path}{}`, rules, (value) => wrap({ key: value })) : [];
  return [...own, ...fields, ...items, ...entries];
}

/** What a rule may tell apart: the texts in it, and the fields that it names, there or not, together. */
function forRule(schema: StructuralSchema, rule: string): Variant[] {
  const literals = [...rule.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double);
  if (schema.type === 'string') return literals.map((text) => ({ what: `text ${text} of a rule`, value: text }));
  const places = [...new Set([...rule.matchAll(/\bself((?:\.\w+)+)/g)].map(([, chain]) => chain.slice(1)))];
  let combinations: object[] = [smallest(schema) as object];
  for (const place of places) {
    const steps = place.split('.');
    const field = steps.reduce<StructuralSchema | undefined>((at, step) => at?.properties?.[step], schema);
    if (field === undefined) continue;
    const values = valuesFor(field, literals);
    const more = combinations.flatMap((each) => values.map((value) => withField(schema, each, steps, value)));
    combinations = spread([...combinations, ...more], MAX_COMBINATIONS);
  }
  const different = new Map(combinations.map((value) => [JSON.stringify(value), value]));
  return [...different.values()].map((value) => ({ what: `combination ${JSON.stringify(value)} of a rule`, value }));
}

function valuesFor(field: StructuralSchema, literals: readonly string[]): unknown[] {
  const named = field.enum?.filter((value) => literals.includes(value as string)) ?? [];
  const other = field.enum?.find((value) => !named.includes(value));
  if (named.length > 0) return other === undefined ? named : [...named, other];
  const one = smallest(field);
  if (field.type === 'string') return [one, ...literals.slice(0, 3)];
  if (field.type !== 'array') return [one];
  const item = smallest(field.items ?? {});
  return [[item], [item, item], ...(field.items?.type === 'string' ? [['1.2.3.4/16']] : [])];
}

function withField(schema: StructuralSchema, object: object, steps: readonly string[], value: unknown): object {
  const [step, ...rest] = steps;
  if (rest.length === 0) return { ...object, [step]: value };
  const field = schema.properties?.[step] ?? {};
  const inner = (object as Record<string, object>)[step] ?? smallest(field);
  return { ...object, [step]: withField(field, inner, rest, value) };
}

function variantsOf(schema: StructuralSchema): Variant[] {
  const value = smallest(schema);
  return [
    { what: 'smallest', value },
    { what: 'null', value: null },
    { what: 'wrong type', value: schema.type === 'string' ? 1 : 'text' },
    ...(schema.enum ?? []).map((each) => ({ what: `one of the values ${each}`, value: each })),
    ...(schema.enum ? [{ what: 'another value', value: 'NONE_OF_THEM' }] : []),
    ...(schema.type === 'string' ? textsOf(schema) : []),
    ...(schema.type === 'integer' || schema.type === 'number' ? numbersOf(schema) : []),
    ...(schema['x-kubernetes-int-or-string'] ? [{ what: 'number', value: 1 }] : []),
    ...(schema.type === 'array' ? listsOf(schema) : []),
    ...(schema.type === 'object' ? objectsOf(schema, value as object) : []),
  ];
}

function textsOf({ minLength, maxLength }: StructuralSchema): Variant[] {
  const lengths = [0, 1, minLength, minLength && minLength - 1, maxLength, maxLength && maxLength + 1];
  return [
    ...[...new Set(lengths)]
      .filter((length) => length !== undefined && length <= MAX_LENGTH)
      .map((length) => ({ what: `text of length ${length}`, value: 'a'.repeat(length as number) })),
    ...TEXTS.map((text) => ({ what: `text ${text}`, value: text })),
  ];
}

function numbersOf({ minimum, maximum }: StructuralSchema): Variant[] {
  const numbers = [0, -1, 1.5, minimum, minimum && minimum - 1, maximum, maximum && maximum + 1];
  return [...new Set(numbers)]
    .filter((number) => number !== undefined)
    .map((number) => ({ what: `number ${number}`, value: number }));
}

function listsOf({ items = {}, minItems, maxItems }: StructuralSchema): Variant[] {
  const item = smallest(items);
  const lengths = [0, 1, 2, minItems && minItems - 1, maxItems, maxItems && maxItems + 1];
  return [...new Set(lengths)]
    .filter((length) => length !== undefined && length <= MAX_LENGTH)
    .map((length) => ({ what: `${length} equal items`, value: Array.from({ length: length as number }, () => item) }));
}

function objectsOf(
  { properties = {}, required = [], additionalProperties }: StructuralSchema,
  value: object,
): Variant[] {
  const names = Object.keys(properties);
  const pairs = names.flatMap((a, index) => names.slice(index + 1).map((b) => [a, b] as const));
  const without = (name: string) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  return [
    { what: 'unknown field', value: { ...value, unknownField: 1 } },
    ...(typeof additionalProperties === 'object' ? KEYS : []).map((key) => ({
      what: `key '${key}'`,
      value: { [key]: smallest(additionalProperties as StructuralSchema) },
    })),
    ...required.map((name) => ({ what: `without ${name}`, value: without(name) })),
    ...spread(pairs, MAX_PAIRS).map(([a, b]) => ({
      what: `${a} with ${b}`,
      value: { ...value, [a]: smallest(properties[a]), [b]: smallest(properties[b]) },
    })),
  ];
}

/** The value with the least in it that has the right type, and all that is required. */
function smallest(schema: StructuralSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema['x-kubernetes-int-or-string']) return 'a';
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'a'.repeat(Math.max(1, schema.minLength ?? 1));
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => smallest(schema.items ?? {}));
    default:
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name] ?? {})]),
      );
  }
}

/** At most `count` of a list, spread over its whole length. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, index) => list[Math.floor((index * list.length) / count)]);
}
