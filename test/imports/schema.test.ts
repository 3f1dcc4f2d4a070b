import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundles, definitions, kinds, type StructuralSchema, schema } from '../../imports/schema';

const FOLDER = join(__dirname, '..', '..', 'imports', 'schema');

function at(root: StructuralSchema | undefined, path: string): StructuralSchema | undefined {
  return path.split('.').reduce((found, step) => {
    const field = found?.properties?.[step.replace('[]', '')];
    return step.endsWith('[]') ? field?.items : field;
  }, root);
}

test('bundles and the kinds they serve', () => {
  const istio = ['1.20', '1.24', '1.26', '1.27', '1.28', '1.29', '1.30', '1.31'].map((version) => `istio-${version}`);
  expect(bundles()).toEqual(['cert-manager', ...istio, 'maistra', 'openshift', 'sail']);
  expect(new Set(kinds('istio-1.31').map((served) => served.kind)).size).toBe(15);
  expect(kinds('cert-manager')).toEqual([
    { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', namespaced: true },
    { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', namespaced: false },
    { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', namespaced: true },
  ]);
  expect(kinds('maistra').map((served) => `${served.apiVersion} ${served.kind}`)).toEqual([
    'federation.maistra.io/v1 ExportedServiceSet',
    'federation.maistra.io/v1 ImportedServiceSet',
    'federation.maistra.io/v1 ServiceMeshPeer',
    'maistra.io/v1 ServiceMeshControlPlane',
    'maistra.io/v1 ServiceMeshMember',
    'maistra.io/v1 ServiceMeshMemberRoll',
    'maistra.io/v2 ServiceMeshControlPlane',
  ]);
  expect(kinds('no such bundle')).toEqual([]);
});

test('how a kind is served', () => {
  const gateways = definitions('istio-1.20').filter(({ kind }) => kind === 'Gateway');
  const served = { kind: 'Gateway', plural: 'gateways', namespaced: true, status: true };
  expect(gateways).toEqual([
    { ...served, apiVersion: 'networking.istio.io/v1alpha3', storage: true },
    { ...served, apiVersion: 'networking.istio.io/v1beta1', storage: false },
  ]);
  expect(definitions('no such bundle')).toEqual([]);
});

test('what OSSM 2.6 does not serve is not there', () => {
  expect(schema('istio-1.20', 'networking.istio.io/v1', 'VirtualService')).toBeUndefined();
  expect(schema('istio-1.20', 'networking.istio.io/v1beta1', 'VirtualService')).toBeDefined();
  expect(schema('istio-1.31', 'networking.istio.io/v1', 'VirtualServices')).toBeUndefined();
  expect(schema('istio-1.25', 'networking.istio.io/v1', 'VirtualService')).toBeUndefined();
});

test("equal schemas of several versions are one, others are each version's own", () => {
  const of = (version: string, kind: string) => schema(`istio-${version}`, 'networking.istio.io/v1', kind);
  expect(of('1.30', 'WorkloadEntry')).toBe(of('1.26', 'WorkloadEntry'));
  expect(at(of('1.30', 'Gateway')?.schema, 'spec.servers[].tls')?.properties).not.toHaveProperty('insecureSkipVerify');
  expect(at(of('1.31', 'Gateway')?.schema, 'spec.servers[].tls')?.properties).toHaveProperty('insecureSkipVerify');
});

test('constraints of the CRD are kept, descriptions are not', () => {
  const rule = schema('istio-1.31', 'networking.istio.io/v1', 'DestinationRule')?.schema;
  expect(at(rule, 'spec')?.required).toEqual(['host']);
  expect(at(rule, 'spec.trafficPolicy.tls.mode')?.enum).toEqual(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']);
  const entry = schema('istio-1.31', 'networking.istio.io/v1', 'ServiceEntry')?.schema;
  expect(at(entry, 'spec.ports')).toMatchObject({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  });
  expect(at(entry, 'spec.hosts')).toMatchObject({ minItems: 1, maxItems: 256 });
  const filter = schema('istio-1.31', 'networking.istio.io/v1alpha3', 'EnvoyFilter')?.schema;
  expect(at(filter, 'spec.configPatches[].patch.value')?.['x-kubernetes-preserve-unknown-fields']).toBe(true);
  const route = schema('openshift', 'route.openshift.io/v1', 'Route')?.schema;
  expect(at(route, 'spec.to.weight')).toMatchObject({ minimum: 0, maximum: 256, default: 100 });
});

test('CEL rules with their place and message', () => {
  const rules = schema('istio-1.31', 'networking.istio.io/v1', 'ServiceEntry')?.rules ?? [];
  expect(rules).toContainEqual({
    path: 'spec',
    rule: '(has(self.workloadSelector) ? 1 : 0) + (has(self.endpoints) ? 1 : 0) <= 1',
    message: 'only one of WorkloadSelector or Endpoints can be set',
  });
  expect(rules.map((rule) => rule.path)).toContain('spec.hosts[]');
  expect(rules.every((rule) => !rule.path.startsWith('status'))).toBe(true);
});

test('a schema is read once and shared by versions', () => {
  const v1 = schema('istio-1.31', 'networking.istio.io/v1', 'Gateway');
  expect(schema('istio-1.31', 'networking.istio.io/v1alpha3', 'Gateway')).toBe(v1);
});

test('every file is in the index and they stay small', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => /\/.*\.json$/.test(file));
  const index = readFileSync(join(FOLDER, 'kinds.json'), 'utf8');
  const named = [...index.matchAll(/"file": "(.*)"/g)].map((match) => match[1]);
  expect(files.sort()).toEqual([...new Set(named)].sort());
  const bytes = files.reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
  expect(bytes).toBeLessThan(660_000);
});
