import { parseDefinitions } from '../../../tools/import/kubernetes/definitions';
import { renderCore } from '../../../tools/import/kubernetes/render';
import { coreModel } from '../../../tools/import/kubernetes/types';

const reference = (name: string) => ({ $ref: `#/definitions/${name}` });
const POD = 'io.k8s.api.core.v1.Pod';
const DEFINITIONS = {
  [POD]: {
    description: 'Pod is a collection of containers.',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: reference('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      spec: reference('io.k8s.api.core.v1.PodSpec'),
      status: reference('io.k8s.api.core.v1.PodStatus'),
    },
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Pod' }],
  },
  'io.k8s.api.core.v1.PodSpec': {
    properties: {
      next: reference('io.k8s.api.core.v1.PodSpec'),
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      ports: { type: 'array', items: reference('io.k8s.apimachinery.pkg.util.intstr.IntOrString') },
      priority: { type: 'integer', description: 'The higher, the sooner.' },
    },
    required: ['ports'],
  },
  'io.k8s.api.core.v1.PodStatus': { properties: { phase: { type: 'string' } } },
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': { properties: { name: { type: 'string' } } },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string', format: 'int-or-string' },
};
const KINDS = [{ definition: POD, namespaced: true }];

test('a kind becomes a class, with the types that a user states and no others', () => {
  const text = renderCore(coreModel(DEFINITIONS, KINDS));
  expect(text).toContain("withMetadata({ apiVersion: 'v1', kind: 'Pod' }, props)");
  expect(text).toContain('readonly metadata: ApiObjectMetadata;');
  expect(text).toContain('readonly spec?: PodSpec;');
  expect(text).toContain('readonly ports: readonly (number | string)[];');
  expect(text).toContain('readonly labels?: { readonly [key: string]: string };');
  expect(text).toContain('  /** The higher, the sooner. */\n  readonly priority?: number;');
  expect(text).toContain('readonly next?: PodSpec;');
  expect(text).not.toMatch(/PodStatus|ObjectMeta\b/);
});

test('two definitions of one short name are an error', () => {
  const other = 'io.k8s.api.batch.v1.PodSpec';
  const definitions = {
    ...DEFINITIONS,
    [other]: { properties: {} },
    [POD]: { ...DEFINITIONS[POD], properties: { ...DEFINITIONS[POD].properties, other: reference(other) } },
  };
  expect(() => coreModel(definitions, KINDS)).toThrow(
    `io.k8s.api.core.v1.PodSpec: ${other} is called PodSpec already; one of the two kinds must go`,
  );
});

test.each([
  ['no kind', { definition: 'io.k8s.api.core.v1.PodSpec', namespaced: true }, 'found a definition of no kind'],
  [
    'no definition',
    { definition: 'io.k8s.api.core.v1.Node', namespaced: false },
    'the document has no such definition',
  ],
])('%s is an error', (_what, kind, problem) => {
  expect(() => coreModel(DEFINITIONS, [kind])).toThrow(problem);
});

test('a document that is no OpenAPI 2 is an error', () => {
  expect(() => parseDefinitions('{"openapi": "3.0.0"}', 'kubernetes.json')).toThrow(
    'kubernetes.json: found no OpenAPI 2 document, expected the swagger.json of Kubernetes',
  );
});
