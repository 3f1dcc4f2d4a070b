import { oneOfGroups, type Schema, shapeOf, visit, withoutKeywords } from '../../../tools/import/schema';

const string: Schema = { type: 'string' };

describe('withoutKeywords', () => {
  test('drops keywords at every level, not fields of the same name', () => {
    // GIVEN a field that is called like a keyword
    const schema: Schema = {
      description: 'x',
      properties: { description: { type: 'string', description: 'y' } },
      anyOf: [{ description: 'z', required: ['a'] }],
    };
    // WHEN / THEN
    expect(withoutKeywords(schema, new Set(['description']))).toEqual({
      properties: { description: { type: 'string' } },
      anyOf: [{ required: ['a'] }],
    });
  });

  test('sorts keys, so that equal schemas give equal text', () => {
    const a = withoutKeywords({ type: 'object', properties: { b: string, a: string } }, new Set());
    const b = withoutKeywords({ properties: { a: string, b: string }, type: 'object' }, new Set());
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  });
});

test('shapeOf ignores documentation and bounds, sees types, enums and required fields', () => {
  const base: Schema = { type: 'object', properties: { a: string } };
  expect(shapeOf({ ...base, description: 'x' })).toBe(shapeOf(base));
  expect(shapeOf({ type: 'object', properties: { a: { ...string, default: 'x' } } })).toBe(shapeOf(base));
  expect(shapeOf({ ...base, required: ['a'] })).not.toBe(shapeOf(base));
  expect(shapeOf({ type: 'object', properties: { a: { ...string, enum: ['b'] } } })).not.toBe(shapeOf(base));
});

test('visit writes lists as [] and maps as {}', () => {
  const places: string[] = [];
  const spec: Schema = {
    properties: {
      http: { items: { properties: { headers: { additionalProperties: { properties: { exact: string } } } } } },
    },
  };
  visit({ properties: { spec } }, '', (_, path) => places.push(path));
  expect(places).toEqual([
    '',
    'spec',
    'spec.http',
    'spec.http[]',
    'spec.http[].headers',
    'spec.http[].headers{}',
    'spec.http[].headers{}.exact',
  ]);
});

describe('oneOfGroups', () => {
  const choice = (...fields: string[]): readonly Schema[] => [
    { not: { anyOf: fields.map((field) => ({ required: [field] })) } },
    ...fields.map((field) => ({ required: [field] })),
  ];

  test('finds a choice, and several in allOf', () => {
    expect(oneOfGroups({ oneOf: choice('a', 'b') })).toEqual([['a', 'b']]);
    expect(oneOfGroups({ allOf: [{ oneOf: choice('a', 'b') }, { oneOf: choice('c', 'd') }] })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('any other oneOf is not a choice between fields', () => {
    expect(oneOfGroups({ oneOf: [{ required: ['a'] }, { required: ['b'] }] })).toEqual([]);
    expect(oneOfGroups({ oneOf: [...choice('a', 'b').slice(0, 2)] })).toEqual([]);
    expect(oneOfGroups({})).toEqual([]);
  });
});
