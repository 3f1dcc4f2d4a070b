import { parseCrds } from '../../../tools/import/crd';
import { buildModel, type GroupModel, type MessageModel } from '../../../tools/import/model';
import type { Naming } from '../../../tools/import/names/naming';
import { crd } from './fixtures';

/** Names messages after their place. */
const naming: Naming = {
  name: (kind, path) => (path.startsWith('plain') ? undefined : `${kind}Spec${path.replace(/\W/g, '_')}`),
  doc: (_, path) => (path === '' ? 'A thing.' : undefined),
  fieldDoc: (_, path) => (path === 'name' ? 'From the API reference.' : undefined),
};

function model(spec: string, options: { versions?: string[] } = {}): GroupModel {
  return buildModel(parseCrds(crd({ kind: 'Thing', spec, ...options }), 'f'), naming);
}

function fields(spec: string): Record<string, unknown> {
  const message = model(spec).types.get('ThingSpec') as MessageModel;
  return Object.fromEntries(message.fields.map((field) => [field.name, field.type]));
}

test('scalars, lists, maps, messages', () => {
  const spec = `
required: [s]
properties:
  s: { type: string }
  i: { type: integer, format: int32 }
  n: { type: number }
  b: { type: boolean }
  list: { type: array, items: { type: string } }
  map: { type: object, additionalProperties: { type: array, items: { type: integer } } }
  message: { type: object, properties: { a: { type: string } } }`;
  expect(fields(spec)).toEqual({
    s: { kind: 'scalar', text: 'string' },
    i: { kind: 'scalar', text: 'number' },
    n: { kind: 'scalar', text: 'number' },
    b: { kind: 'scalar', text: 'boolean' },
    list: { kind: 'list', of: { kind: 'scalar', text: 'string' } },
    map: { kind: 'map', of: { kind: 'list', of: { kind: 'scalar', text: 'number' } } },
    message: { kind: 'named', name: 'ThingSpecmessage' },
  });
});

test('int-or-string is a number or a string, also where anyOf repeats it', () => {
  const spec = 'properties: { p: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] } }';
  expect(fields(spec)).toEqual({ p: { kind: 'scalar', text: 'number | string' } });
});

test('what a schema leaves open may be anything; an object stays an object', () => {
  const spec = `properties:
  value: { type: object, x-kubernetes-preserve-unknown-fields: true }
  json: { x-kubernetes-preserve-unknown-fields: true }`;
  expect(fields(spec)).toEqual({ value: { kind: 'object' }, json: { kind: 'json' } });
});

test('an enum with a name is a type, one without is written where it is used', () => {
  const spec = `properties:
  mode: { type: string, enum: [A, B] }
  plainMode: { type: string, nullable: true, enum: [A, null] }`;
  expect(fields(spec)).toEqual({
    mode: { kind: 'named', name: 'ThingSpecmode' },
    plainMode: { kind: 'literals', values: ['A'] },
  });
  expect(model(spec).types.get('ThingSpecmode')).toEqual({ kind: 'enum', name: 'ThingSpecmode', values: ['A', 'B'] });
});

test('requirements, defaults and descriptions; the API reference comes before the CRD', () => {
  const spec = `
required: [name]
properties:
  name: { type: string, description: From the CRD. }
  port: { type: integer, description: Port., default: 80 }`;
  expect(model(spec).types.get('ThingSpec')).toMatchObject({
    doc: 'A thing.',
    fields: [
      { name: 'name', required: true, doc: 'From the API reference.' },
      { name: 'port', required: false, doc: 'Port.', default: 80 },
    ],
  });
});

test('only versions with the schema of the newest can be selected', () => {
  // GIVEN v1beta1 has another field
  const same = crd({ kind: 'Thing', versions: ['v1', 'v1alpha1'], spec: 'properties: { a: { type: string } }' });
  const other = crd({ kind: 'Thing', versions: ['v1beta1'], spec: 'properties: { b: { type: string } }' });
  const text = same + other.slice(other.indexOf('  - name: v1beta1'));
  // WHEN
  const [kind] = buildModel(parseCrds(text, 'f'), naming).kinds;
  // THEN
  expect(kind?.crd.versions.map((version) => version.name)).toEqual(['v1', 'v1beta1', 'v1alpha1']);
  expect(kind?.versions).toEqual(['v1', 'v1alpha1']);
});

test('one name cannot stand for two schemas, and a message needs a name', () => {
  const spec = `properties:
  a: { type: object, properties: { x: { type: string } } }
  plain: { type: object, properties: { y: { type: string } } }`;
  const crds = parseCrds(crd({ kind: 'Thing', spec }), 'f');
  expect(() => buildModel(crds, { ...naming, name: (_, path) => (path === '' ? 'ThingSpec' : 'Same') })).toThrow(
    'Thing.spec.plain: another schema is already called Same',
  );
  expect(() => buildModel(crds, naming)).toThrow(
    'Thing.spec.plain: no name is known for this message; names/ lacks the kind or is older than its CRD',
  );
});

test('types are known by the API groups that use them', () => {
  const spec = 'properties: { both: { type: object, properties: { a: { type: string } } } }';
  const text = `${crd({ kind: 'Thing', spec })}---\n${crd({ kind: 'Other', group: 'other.io', spec })}`;
  const shared: Naming = { ...naming, name: (kind, path) => (path === '' ? `${kind}Spec` : 'Shared') };
  const { users } = buildModel(parseCrds(text, 'f'), shared);
  expect([...(users.get('Shared') ?? [])]).toEqual(['other.io', 'example.com']);
  expect([...(users.get('ThingSpec') ?? [])]).toEqual(['example.com']);
});
