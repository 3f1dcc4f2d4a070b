import type { KindSchema, StructuralSchema } from '../../../imports/schema';
import { samplesOf, spread } from '../../../testbed/kubernetes/samples';

const SPEC: StructuralSchema = {
  type: 'object',
  required: ['mode'],
  properties: {
    mode: { type: 'string', enum: ['A', 'B'] },
    port: { type: 'integer', minimum: 1, maximum: 9 },
    hosts: { type: 'array', maxItems: 2, items: { type: 'string', maxLength: 3 } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

const KIND: KindSchema = {
  schema: { type: 'object', properties: { spec: SPEC } },
  rules: [
    { path: 'spec', rule: "self.mode != 'B' || !has(self.port)" },
    { path: 'spec.hosts[]', rule: "self != 'no'" },
  ],
};
const samples = new Map(samplesOf(KIND).map(({ what, value }) => [what, value]));

test('each constraint is tried from both sides, with the rest as small as it may be', () => {
  const spec = (what: string) => (samples.get(what) as { spec: unknown }).spec;
  expect(samples.get(': smallest')).toEqual({});
  expect(spec('spec: smallest')).toEqual({ mode: 'A' });
  expect(spec('spec: without mode')).toEqual({});
  expect(spec('spec: unknown field')).toEqual({ mode: 'A', unknownField: 1 });
  expect(spec('spec.mode: another value')).toEqual({ mode: 'NONE_OF_THEM' });
  expect(spec('spec.mode: one of the values B')).toEqual({ mode: 'B' });
  expect(spec('spec.port: number 0')).toEqual({ mode: 'A', port: 0 });
  expect(spec('spec.port: number 10')).toEqual({ mode: 'A', port: 10 });
  expect(spec('spec.port: wrong type')).toEqual({ mode: 'A', port: 'text' });
  expect(spec('spec.hosts: 3 equal items')).toEqual({ mode: 'A', hosts: ['a', 'a', 'a'] });
  expect(spec('spec.hosts[]: text of length 4')).toEqual({ mode: 'A', hosts: ['aaaa'] });
  expect(spec('spec.hosts[]: null')).toEqual({ mode: 'A', hosts: [null] });
  expect(spec("spec.labels: key 'a*'")).toEqual({ mode: 'A', labels: { 'a*': 'a' } });
  expect(spec('spec.labels{}: wrong type')).toEqual({ mode: 'A', labels: { key: 1 } });
  expect(spec('spec: port with labels')).toEqual({ mode: 'A', port: 1, labels: {} });
});

test('a rule is tried with the fields and texts that it names', () => {
  const found = [...samples].filter(([what]) => what.endsWith('of a rule')).map(([, value]) => value);
  expect(found).toContainEqual({ spec: { mode: 'B', port: 1 } });
  expect(found).toContainEqual({ spec: { mode: 'B' } });
  expect(found).toContainEqual({ spec: { mode: 'A', port: 1 } });
  expect(found).toContainEqual({ spec: { mode: 'A', hosts: ['no'] } });
  expect(samplesOf(KIND).filter(({ ruled, what }) => ruled && !/^spec(\.hosts\[\])?:/.test(what))).toEqual([]);
});

test('the same each time, no sample twice', () => {
  expect(samplesOf(KIND)).toEqual(samplesOf(KIND));
  expect(samples.size).toBe(samplesOf(KIND).length);
});

test('spread takes some of a list, evenly', () => {
  expect(spread([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(spread([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 2, 4, 6]);
  expect(spread([], 4)).toEqual([]);
});
