import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { Certificate, ClusterIssuer, Issuer } from '../../imports/cert-manager';
import * as istio from '../../imports/istio';
import {
  ExportedServiceSet,
  ImportedServiceSet,
  ServiceMeshControlPlane,
  ServiceMeshMember,
  ServiceMeshMemberRoll,
  ServiceMeshPeer,
} from '../../imports/maistra';
import { Route } from '../../imports/openshift';
import { Istio, IstioRevisionTag } from '../../imports/sail';
import { kinds } from '../../imports/schema';

const IMPORTS = join(__dirname, '..', '..', 'imports');

function chart(namespace?: string): Chart {
  return new Chart(Testing.app(), 'chart', { ...(namespace !== undefined && { namespace }) });
}

const KINDS = {
  'istio-1.31': Object.values(istio),
  maistra: [
    ExportedServiceSet,
    ImportedServiceSet,
    ServiceMeshControlPlane,
    ServiceMeshMember,
    ServiceMeshMemberRoll,
    ServiceMeshPeer,
  ],
  openshift: [Route],
  'cert-manager': [Certificate, ClusterIssuer, Issuer],
  sail: [Istio, IstioRevisionTag],
};

describe('classes', () => {
  test.each(Object.entries(KINDS))(
    '%s: a class per kind, of the newest version, that knows its scope',
    (bundle, classes) => {
      const served = kinds(bundle);
      expect(classes.map((c) => c.GVK.kind).sort()).toEqual([...new Set(served.map((s) => s.kind))].sort());
      for (const { GVK, namespaced } of classes) expect(served).toContainEqual({ ...GVK, namespaced });
    },
  );

  test('the newest served version is the default, another can be selected', () => {
    const scope = chart();
    const props = { spec: { host: 'ratings' } } as const;
    expect(new istio.DestinationRule(scope, 'a', props).toJson().apiVersion).toBe('networking.istio.io/v1');
    expect(
      new istio.DestinationRule(scope, 'b', { ...props, apiVersion: 'networking.istio.io/v1beta1' }).toJson()
        .apiVersion,
    ).toBe('networking.istio.io/v1beta1');
    expect(istio.EnvoyFilter.GVK.apiVersion).toBe('networking.istio.io/v1alpha3');
    expect(ServiceMeshControlPlane.GVK).toEqual({ apiVersion: 'maistra.io/v2', kind: 'ServiceMeshControlPlane' });
  });

  test('wire names reach the manifest as they are', () => {
    const smcp = new ServiceMeshControlPlane(chart('cp'), 'smcp', {
      metadata: { name: 'basic' },
      spec: {
        addons: { '3scale': { enabled: true, listen_addr: 3333 } },
        security: { certificateAuthority: { 'cert-manager': {} } },
      },
    });
    expect(smcp.toJson()).toEqual({
      apiVersion: 'maistra.io/v2',
      kind: 'ServiceMeshControlPlane',
      metadata: { name: 'basic', namespace: 'cp' },
      spec: {
        addons: { '3scale': { enabled: true, listen_addr: 3333 } },
        security: { certificateAuthority: { 'cert-manager': {} } },
      },
    });
  });

  test('a name without a value is generated, and metadata without a value is not emitted', () => {
    const object = new istio.Sidecar(chart('apps'), 'sidecar', {
      metadata: { name: undefined, labels: undefined },
      spec: {},
    });
    expect(object.toJson().metadata).toEqual({ name: object.name, namespace: 'apps' });
    expect(object.name).toMatch(/^chart-sidecar/);
  });

  test('a JSON patch survives for fields outside the schema', () => {
    const gateway = new istio.Gateway(chart(), 'gateway', { spec: { servers: [] } });
    ApiObject.of(gateway).addJsonPatch(
      JsonPatch.add('/spec/newField', { a: 1 }),
      JsonPatch.add('/metadata/finalizers', ['x']),
    );
    expect(gateway.toJson()).toMatchObject({
      spec: { servers: [], newField: { a: 1 } },
      metadata: { finalizers: ['x'] },
    });
  });

  test('lazy values are resolved', () => {
    const hosts: string[] = [];
    const service = new istio.VirtualService(chart(), 'vs', {
      spec: Lazy.any({ produce: () => ({ hosts }) }) as istio.VirtualServiceSpec,
    });
    hosts.push('reviews');
    expect(service.toJson().spec).toEqual({ hosts: ['reviews'] });
  });

  test('a cluster-scoped object does not take the namespace of its chart', () => {
    const scope = chart('apps');
    const issuer = new ClusterIssuer(scope, 'ca', {
      metadata: { name: 'ca', labels: { a: 'b' } },
      spec: { selfSigned: {} },
    });
    expect(issuer.toJson().metadata).toEqual({ name: 'ca', labels: { a: 'b' } });
    expect(
      new Issuer(scope, 'issuer', { metadata: { name: 'ca' }, spec: { selfSigned: {} } }).toJson().metadata,
    ).toEqual({
      name: 'ca',
      namespace: 'apps',
    });
  });

  test('manifest gives plain data', () => {
    const props = { metadata: { name: 'a', namespace: undefined }, spec: { mtls: { mode: 'STRICT' } } } as const;
    expect(istio.PeerAuthentication.manifest(props)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'a' },
      spec: { mtls: { mode: 'STRICT' } },
    });
    expect(istio.PeerAuthentication.manifest({ spec: {} })).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      spec: {},
    });
  });
});

test('the 15 Istio kinds are at most 200 KB of source', () => {
  const bytes = readdirSync(join(IMPORTS, 'istio')).reduce(
    (sum, file) => sum + statSync(join(IMPORTS, 'istio', file)).size,
    0,
  );
  expect(bytes).toBeLessThanOrEqual(200 * 1024);
});

test.each(['istio', 'maistra', 'openshift', 'cert-manager', 'sail'])('%s declares every type once', (group) => {
  const text = readdirSync(join(IMPORTS, group)).map((file) => readFileSync(join(IMPORTS, group, file), 'utf8'));
  const names = [...text.join('').matchAll(/^export (?:interface|type|class) (\w+)/gm)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
