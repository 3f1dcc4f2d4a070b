import { parseCrds } from '../../../../tools/import/crd';
import { renderSchemas } from '../../../../tools/import/render/schemas';
import { crd } from '../fixtures';

const spec = `required: [mode]
x-kubernetes-validations: [{ rule: has(self.mode), message: needs a mode }]
properties:
  mode: { type: string, description: How., enum: [A, B], maxLength: 3, pattern: ^A }
  ports:
    type: array
    description: Ports.
    x-kubernetes-list-type: map
    x-kubernetes-list-map-keys: [name]
    items:
      type: object
      x-kubernetes-validations: [{ rule: self.port > 0 }]
      properties: { name: { type: string }, description: { type: string } }`;

function render(text: string): { files: Map<string, string>; index: unknown } {
  const files = renderSchemas(new Map([['b', parseCrds(text, 'f')]]));
  return { files, index: JSON.parse(files.get('kinds.json') ?? '') };
}

test('the schema without descriptions, the rules beside it, the status open', () => {
  const { files } = render(crd({ kind: 'Thing', spec }));
  const text = files.get('b/example.com.Thing.v1.json') ?? '';
  expect(text.split('\n')).toHaveLength(2);
  expect(JSON.parse(text)).toEqual({
    schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          required: ['mode'],
          properties: {
            mode: { type: 'string', enum: ['A', 'B'], maxLength: 3, pattern: '^A' },
            ports: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['name'],
              items: { type: 'object', properties: { name: { type: 'string' }, description: { type: 'string' } } },
            },
          },
        },
        status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    rules: [
      { path: 'spec', rule: 'has(self.mode)', message: 'needs a mode' },
      { path: 'spec.ports[]', rule: 'self.port > 0' },
    ],
  });
});

test('versions with an equal schema share a file, others do not', () => {
  const same = crd({ kind: 'Thing', scope: 'Cluster', versions: ['v1', 'v1beta1'], spec });
  const other = crd({ kind: 'Thing', versions: ['v1alpha1'], spec: 'properties: { a: { type: string } }' });
  const { files, index } = render(same + other.slice(other.indexOf('  - name: v1alpha1')));
  expect([...files.keys()]).toEqual(['b/example.com.Thing.v1.json', 'b/example.com.Thing.v1alpha1.json', 'kinds.json']);
  expect(index).toEqual({
    b: {
      'example.com/v1': { Thing: { file: 'b/example.com.Thing.v1.json', namespaced: false } },
      'example.com/v1alpha1': { Thing: { file: 'b/example.com.Thing.v1alpha1.json', namespaced: false } },
      'example.com/v1beta1': { Thing: { file: 'b/example.com.Thing.v1.json', namespaced: false } },
    },
  });
});
