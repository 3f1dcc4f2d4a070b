import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guessMesh } from '../../../lib/verify/world/guess';
import { resource } from '../../../lib/verify/world/resource';

const istiod = (args: readonly string[]) =>
  resource('c1', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: { template: { spec: { containers: [{ name: 'discovery', image: 'istio/pilot:1.30.2', args }] } } },
  });

test('istiod says of itself which version it is, and the DNS domain of its cluster', () => {
  expect(
    guessMesh('c1', [istiod(['discovery', '--domain', 'corp.internal', '--keepaliveMaxServerConnectionAge'])]).fact,
  ).toEqual({
    istio: '1.30',
    dnsDomain: 'corp.internal',
  });
  expect(guessMesh('c1', [istiod(['discovery'])]).fact).toEqual({ istio: '1.30' });
});

describe('what installs a control plane says what it is', () => {
  const of = (apiVersion: string, kind: string, spec: object) =>
    resource('c1', { apiVersion, kind, metadata: { name: 'main', namespace: 'mesh-system' }, spec });
  const meshConfig = { trustDomain: 'shop.example', outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
  const values = { meshConfig, revision: 'blue', global: { network: 'net-1' }, pilot: { env: { A: 'b' } } };

  test('an Istio of the Sail operator', () => {
    const { fact, by, assumptions } = guessMesh('c1', [
      of('sailoperator.io/v1', 'Istio', { version: 'v1.28.3', namespace: 'mesh-system', values }),
    ]);
    expect(fact).toEqual({
      istio: '1.28',
      meshConfig: { rootNamespace: 'mesh-system', ...meshConfig },
      env: { A: 'b' },
      revision: 'blue',
      network: 'net-1',
    });
    expect(by).toBe('Istio mesh-system/main @c1');
    expect(assumptions).toEqual([
      'c1 has one control plane, Istio 1.28 with the settings of Istio mesh-system/main @c1, and a certificate authority of its own',
    ]);
  });

  test('an IstioOperator, whose meshConfig comes before that of its values', () => {
    const spec = { meshConfig: { trustDomain: 'own.example' }, values, tag: '1.29.0-distroless', revision: 'green' };
    expect(guessMesh('c1', [of('install.istio.io/v1alpha1', 'IstioOperator', spec)]).fact).toEqual({
      istio: '1.29',
      meshConfig: { rootNamespace: 'mesh-system', ...meshConfig, trustDomain: 'own.example' },
      env: { A: 'b' },
      revision: 'green',
      network: 'net-1',
    });
  });

  test('a ServiceMeshControlPlane, the first of several', () => {
    const spec = {
      version: 'v2.6',
      security: { trust: { domain: 'shop.example' } },
      proxy: { networking: { trafficControl: { outbound: { policy: 'REGISTRY_ONLY' } } } },
      cluster: { network: 'net-1' },
      techPreview: { meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } } },
    };
    const first = of('maistra.io/v2', 'ServiceMeshControlPlane', spec);
    const { fact, by } = guessMesh('c1', [first, of('maistra.io/v2', 'ServiceMeshControlPlane', {})]);
    expect(fact).toEqual({
      istio: '1.20',
      meshConfig: { rootNamespace: 'mesh-system', ...meshConfig, ...spec.techPreview.meshConfig },
      network: 'net-1',
    });
    expect(by).toBe('ServiceMeshControlPlane mesh-system/main @c1, the first of 2');
  });

  test('values of Helm, of files that may be something else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'values-'));
    const files = {
      'a.yaml': 'replicas: 3',
      'b.yaml': '# nothing',
      'c.yaml': 'meshConfig: { trustDomain: x.example }',
    };
    const paths = Object.entries(files).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    const { fact, by } = guessMesh('c1', [], paths);
    expect(fact).toEqual({ meshConfig: { trustDomain: 'x.example' } });
    expect(by).toBe(paths[2]);
    expect(guessMesh('c1', [], paths.slice(0, 2)).by).toBeUndefined();
  });

  test('a ConfigMap of istiod comes before all of them', () => {
    const settings = resource('c1', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: 'trustDomain: y.example' },
    });
    const { fact } = guessMesh('c1', [of('sailoperator.io/v1', 'Istio', { values }), settings]);
    expect(fact.meshConfig).toMatchObject({ trustDomain: 'y.example' });
  });

  test('objects without a spec say nothing', () => {
    for (const [apiVersion, kind] of [
      ['sailoperator.io/v1', 'Istio'],
      ['install.istio.io/v1alpha1', 'IstioOperator'],
      ['maistra.io/v2', 'ServiceMeshControlPlane'],
    ]) {
      const manifest = { apiVersion, kind, metadata: { name: 'main' } };
      expect(guessMesh('c1', [resource('c1', manifest)]).fact).toEqual({});
    }
  });
});

test.each([
  ['sailoperator.io/v1', 'Istio'],
  ['install.istio.io/v1alpha1', 'IstioOperator'],
])('values of an object of %s that are null state nothing', (apiVersion, kind) => {
  const operator = resource('c1', { apiVersion, kind, metadata: { name: 'main' }, spec: { values: null } });
  expect(guessMesh('c1', [operator]).fact).toEqual({});
});
