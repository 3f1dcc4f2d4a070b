import type { KindSchema, StructuralSchema } from '../../../../imports/schema';
import { Path } from '../../../../lib/verify/admission/path';
import { Report } from '../../../../lib/verify/admission/problem';
import { compile } from '../../../../lib/verify/admission/schema/compile';
import { texts } from '../support';

/** What is said of a `spec` by a kind whose spec has the schema. */
function judge(spec: StructuralSchema, value: unknown, rules: KindSchema['rules'] = []): string[] {
  const check = compile({ schema: { type: 'object', properties: { spec } }, rules });
  const findings = { schema: new Report('schema'), rules: new Report('rule'), hasNulls: true };
  check({ apiVersion: 'a/v1', kind: 'A', metadata: {}, spec: value }, Path.ROOT, undefined, findings);
  return texts([...findings.schema.problems, ...findings.rules.problems]);
}

const fields = (properties: Record<string, StructuralSchema>, more: StructuralSchema = {}): StructuralSchema => ({
  type: 'object',
  properties,
  ...more,
});

test.each<[title: string, schema: StructuralSchema, value: unknown, problems: string[]]>([
  ['an unknown field', fields({ a: {} }), { b: 1 }, ['spec.b is no field of this kind']],
  [
    'an unknown field that is known in another case',
    fields({ subsetName: {} }),
    { subsetname: 1 },
    ['spec.subsetname is no field of this kind; subsetName is'],
  ],
  ['fields that are kept unseen', fields({}, { 'x-kubernetes-preserve-unknown-fields': true }), { b: 1 }, []],
  [
    'values of a map',
    { type: 'object', additionalProperties: { type: 'string' } },
    { 'a.b/c': 1, '': 2 },
    [
      'spec[a.b/c] is 1, expected a string: YAML reads what looks like a number as one; put it in quotes',
      'spec[""] is 2, expected a string: YAML reads what looks like a number as one; put it in quotes',
    ],
  ],
  ['a map of anything', { type: 'object', additionalProperties: true }, { a: 1 }, []],
  ['a required field', fields({ a: {} }, { required: ['a'] }), {}, ['spec.a is required']],
  ['a required field that has a default', fields({ a: { default: 1 } }, { required: ['a'] }), {}, []],
  ['an object', fields({}), [], ['spec is [], expected an object']],
  [
    'a list',
    { type: 'array', items: { type: 'integer' } },
    [1, 1.5, 'x'],
    ['spec[1] is 1.5, expected an integer', 'spec[2] is "x", expected an integer'],
  ],
  ['no list', { type: 'array' }, {}, ['spec is {}, expected a list']],
  [
    'a string',
    { type: 'string' },
    1,
    ['spec is 1, expected a string: YAML reads what looks like a number as one; put it in quotes'],
  ],
  ['a boolean', { type: 'boolean' }, 'yes', ['spec is "yes", expected true or false']],
  ['a number', { type: 'number' }, '1', ['spec is "1", expected a number']],
  [
    'an integer or a string',
    { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    1.5,
    ['spec is 1.5, expected an integer or a string'],
  ],
  ['an enum', { type: 'string', enum: ['A', 'B'] }, 'C', ['spec is "C", expected one of "A", "B"']],
  ['a pattern', { type: 'string', pattern: '^a' }, 'b', ['spec is "b", expected a value that matches ^a']],
  ['a minimum', { type: 'integer', minimum: 1 }, 0, ['spec is 0, expected at least 1']],
  ['a maximum', { type: 'integer', maximum: 1 }, 2, ['spec is 2, expected at most 1']],
  [
    '32 bits',
    { type: 'integer', format: 'int32' },
    2 ** 31,
    ['spec is 2147483648, expected an integer of format int32'],
  ],
  [
    '64 bits',
    { type: 'integer', format: 'int64' },
    2 ** 63,
    ['spec is 9223372036854776000, expected an integer of format int64'],
  ],
  ['base64', { type: 'string', format: 'byte' }, 'a', ['spec is "a", expected base64']],
  [
    'lengths count code points',
    { type: 'string', minLength: 3, maxLength: 4 },
    '😀😀',
    ['spec is "😀😀", 2 characters long, expected at least 3'],
  ],
  ['a length at most', { type: 'string', maxLength: 1 }, 'ab', ['spec is "ab", 2 characters long, expected at most 1']],
  ['items at least', { type: 'array', minItems: 1 }, [], ['spec has 0 items, expected at least 1']],
  ['items at most', { type: 'array', maxItems: 1 }, [1, 2], ['spec has 2 items, expected at most 1']],
  [
    'entries at least',
    { type: 'object', additionalProperties: true, minProperties: 1 },
    {},
    ['spec has 0 entries, expected at least 1'],
  ],
  [
    'entries at most',
    { type: 'object', additionalProperties: true, maxProperties: 1 },
    { a: 1, b: 2 },
    ['spec has 2 entries, expected at most 1'],
  ],
  [
    'a set',
    { type: 'array', 'x-kubernetes-list-type': 'set' },
    ['a', 'b', 'a'],
    ['spec[2] has the same value as item 0'],
  ],
  [
    'a list map',
    { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n'] },
    [{ n: 1 }, { n: 2 }, { n: 1 }, {}, {}],
    ['spec[2] has the same n as item 0', 'spec[4] has the same n as item 3'],
  ],
])('%s', (_, schema, value, problems) => {
  expect(judge(schema, value)).toEqual(problems);
});

test('defaults are there before anything is checked, and the object stays as it is', () => {
  const inner = fields({
    policy: { type: 'string', default: 'None' },
    ports: { type: 'array', items: fields({ n: { type: 'integer', default: 1 } }) },
  });
  const schema: StructuralSchema = {
    ...inner,
    required: ['policy'],
    not: { properties: { policy: { enum: ['None'] } } },
  };
  const value = { ports: [{}], policy: null };
  expect(judge(schema, value)).toEqual([expect.stringContaining('spec expected none of')]);
  expect(judge(schema, { policy: 'Some' })).toEqual([]);
  expect(value).toEqual({ ports: [{}], policy: null });
});

describe('alternatives', () => {
  const a: StructuralSchema = { required: ['a'] };
  const b: StructuralSchema = { required: ['b'] };
  const open: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

  test('a oneof of protocol buffers allows none or one of its fields', () => {
    const oneof = { ...open, oneOf: [{ not: { anyOf: [a, b] } }, a, b] };
    expect(judge(oneof, {})).toEqual([]);
    expect(judge(oneof, { a: 1, b: null })).toEqual([]);
    expect(judge(oneof, { a: 1, b: 2 })).toEqual(['spec sets a and b, expected only one of them']);
  });

  test('any other oneOf needs exactly one', () => {
    const one = { ...open, oneOf: [a, b] };
    expect(judge(one, {})).toEqual(['spec expected exactly one of {"required":["a"]} or {"required":["b"]}; 0 hold']);
    expect(judge(one, { b: 1 })).toEqual([]);
  });

  test('anyOf needs one, not none, allOf all', () => {
    expect(judge({ ...open, anyOf: [a, b] }, {})).toEqual([
      'spec expected one of {"required":["a"]} or {"required":["b"]}; 0 hold',
    ]);
    expect(judge({ ...open, not: a }, { a: 1 })).toEqual(['spec expected none of {"required":["a"]}; 1 hold']);
    expect(judge({ ...open, allOf: [a, { properties: { a: { enum: [1] } } }] }, { a: 2 })).toEqual([
      'spec is 2, expected one of 1',
    ]);
  });
});

describe('rules', () => {
  const rule = '!self.contains("*")';

  test('a value that breaks a rule has the message of the CRD, or else the rule', () => {
    expect(judge({ type: 'string' }, 'a*', [{ path: 'spec', rule, message: 'no wildcard' }])).toEqual([
      'spec is "a*": no wildcard',
    ]);
    expect(judge({ type: 'string' }, 'a*', [{ path: 'spec', rule }])).toEqual([
      `spec is "a*": does not keep to the rule: ${rule}`,
    ]);
  });

  test('rules apply to items, and a rule without a result refuses the value', () => {
    const list: StructuralSchema = { type: 'array', items: { type: 'string' } };
    const longer = "duration(self) >= duration('1ms')";
    expect(judge(list, ['1s', 'x'], [{ path: 'spec[]', rule: longer, message: 'must be a valid duration' }])).toEqual([
      'spec[1] is "x": must be a valid duration',
    ]);
  });

  test('a rule that nobody has translated is a mistake of the build', () => {
    expect(() => judge({}, 1, [{ path: 'spec', rule: 'self > 2' }])).toThrow(
      "rule 'self > 2' has no predicate in imports/schema/cel",
    );
  });
});
