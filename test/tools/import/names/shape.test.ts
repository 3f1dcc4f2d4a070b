import { shapeNaming } from '../../../../tools/import/names/shape';
import type { Schema } from '../../../../tools/import/schema';

const text: Schema = { type: 'string' };
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const list = (items: Schema): Schema => ({ type: 'array', items });

function names(spec: Schema, given: Record<string, string> = {}): (path: string) => string | undefined {
  const naming = shapeNaming(new Map([['Thing', spec]]), given);
  return (path) => naming.name('Thing', path);
}

test('equal schemas are one type, whatever their descriptions say', () => {
  const port = object({ number: { type: 'integer' } });
  const name = names(object({ first: port, second: { ...port, description: 'other' } }));
  expect(name('first')).toBe('First');
  expect(name('second')).toBe('First');
});

test('items of lists and maps are singular, odd characters become words', () => {
  const name = names(
    object({
      rules: list(object({ a: text })),
      policies: { type: 'object', additionalProperties: object({ b: text }) },
      proxy_init: object({ c: text }),
      'cert-manager': object({ d: text }),
      '3scale': object({ e: text }),
      access: list(object({ f: text })),
    }),
  );
  expect(['', 'rules[]', 'policies{}', 'proxy_init', 'cert-manager', '3scale', 'access[]'].map(name)).toEqual([
    'ThingSpec',
    'Rule',
    'Policy',
    'ProxyInit',
    'CertManager',
    'ThreeScale',
    'Access',
  ]);
});

test('a name that stands for two schemas, a kind or a JavaScript object takes its parent in front', () => {
  const name = names(
    object({
      a: object({ mode: object({ x: text }) }),
      b: object({ mode: object({ y: text }) }),
      thing: object({ z: text }),
      set: object({ v: text }),
    }),
  );
  expect([name('a.mode'), name('b.mode'), name('thing'), name('set')]).toEqual([
    'AMode',
    'BMode',
    'ThingThing',
    'ThingSet',
  ]);
});

test('types of Kubernetes have their own names', () => {
  const selector = object({
    matchLabels: { type: 'object', additionalProperties: text },
    matchExpressions: list(object({ key: text, operator: text, values: list(text) })),
  });
  const name = names(object({ discovery: selector }));
  expect([name('discovery'), name('discovery.matchExpressions[]')]).toEqual([
    'LabelSelector',
    'LabelSelectorRequirement',
  ]);
});

test('given names come first, for every place of the schema', () => {
  const port = object({ number: { type: 'integer' } });
  const name = names(object({ first: port, second: port }), { 'Thing.second': 'PortReference' });
  expect([name('first'), name('second')]).toEqual(['PortReference', 'PortReference']);
});

test('a given name must fit', () => {
  const spec = object({ a: object({ x: text }), b: object({ y: text }) });
  expect(() => names(spec, { 'Thing.c': 'C' })).toThrow('a name is given for Thing.c, which no schema has');
  expect(() => names(spec, { 'Thing.a': 'Same', 'Thing.b': 'Same' })).toThrow(
    'type Same, given for Thing.b, is taken by another schema or a kind',
  );
});
