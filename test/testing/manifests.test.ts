import { ApiObject } from 'cdk8s';
import { Access, Callers, DirectPeering, External, PeeringTls, Port } from '../../lib';
import { Cluster } from '../../lib/fleet/cluster';
import type { Fleet } from '../../lib/fleet/fleet';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { Manifests, Testing } from '../../lib/testing';
import { mesh } from '../support/model';

let fleet: Fleet;

beforeEach(() => {
  fleet = Testing.fleet();
  const c1 = new Cluster(fleet, 'c1');
  new Cluster(fleet, 'empty');
  const chart = new MeshChart(fleet, 'chart', { cluster: c1, mesh: 'mesh', file: 'mesh' });
  const add = (apiVersion: string, kind: string, name: string, namespace?: string, more: object = {}) =>
    new ApiObject(chart, `${apiVersion}.${kind}.${name}`, { apiVersion, kind, metadata: { name, namespace }, ...more });
  add('v1', 'Namespace', 'bookinfo');
  add('networking.istio.io/v1', 'Gateway', 'ingress', 'istio-system', {
    spec: { servers: [{ port: { number: 443, protocol: 'TLS' }, hosts: ['a', 'b'] }], selector: { istio: 'ingress' } },
  });
  add('networking.istio.io/v1', 'Gateway', 'egress', 'istio-system');
  add('gateway.networking.k8s.io/v1', 'Gateway', 'ingress', 'istio-system');
});

const manifests = () => Manifests.of(fleet).cluster('c1');
const GATEWAY = 'Gateway.networking.istio.io';

describe('Manifests', () => {
  test('of a fleet and of what it wrote are the same', () => {
    fleet.addOutput('contracts/a.json', () => '{}');
    const expected = manifests().all;
    fleet.synth();
    const written = Manifests.of(fleet.outdir);
    expect(written.clusters).toEqual(['c1']);
    expect(written.cluster('c1').all).toEqual(expected);
  });

  test('of a fleet run its checks', () => {
    fleet.node.addValidation({ validate: () => ['invalid'] });
    expect(() => Manifests.of(fleet)).toThrow('Validation failed');
  });

  test('know their clusters', () => {
    expect(Manifests.of(fleet).clusters).toEqual(['c1', 'empty']);
    expect(() => Manifests.of(fleet).cluster('c2')).toThrow("there is no cluster 'c2', but c1 and empty");
    expect(() => Manifests.of(fleet).cluster('toString')).toThrow("there is no cluster 'toString'");
    expect(() => Manifests.of(Testing.fleet()).cluster('c1')).toThrow("there is no cluster 'c1', but none");
  });
});

describe('find', () => {
  test('gives all objects of a kind, of one group if stated', () => {
    expect(manifests().find('Gateway')).toHaveLength(3);
    expect(
      manifests()
        .find(GATEWAY)
        .map(({ metadata }) => metadata.name),
    ).toEqual(['egress', 'ingress']);
    expect(manifests().find('Service')).toEqual([]);
  });
});

describe('one', () => {
  test('gives the object of a name', () => {
    expect(manifests().one('Namespace', 'bookinfo').kind).toBe('Namespace');
    const gateway = manifests().one<{ spec: { servers: { hosts: string[] }[] } }>(GATEWAY, 'istio-system/ingress');
    expect(gateway.spec.servers[0].hosts).toEqual(['a', 'b']);
  });

  test('gives the only object of a kind', () => {
    expect(manifests().one('Namespace').metadata.name).toBe('bookinfo');
    expect(manifests().one('Gateway.gateway.networking.k8s.io').metadata.name).toBe('ingress');
  });

  test.each([
    [
      'several of a kind',
      () => manifests().one(GATEWAY),
      `cluster 'c1' has 2 objects ${GATEWAY}: ask for istio-system/egress or istio-system/ingress`,
    ],
    [
      'none of a kind',
      () => manifests().one('Service'),
      "cluster 'c1' has no Service, but objects of the kinds Gateway and Namespace",
    ],
    [
      'another name, of which the nearest are named',
      () => manifests().one(GATEWAY, 'istio-system/ingres'),
      `cluster 'c1' has no ${GATEWAY} istio-system/ingres, but ${GATEWAY} istio-system/ingress and ${GATEWAY} istio-system/egress`,
    ],
    [
      'no namespace stated',
      () => manifests().one(GATEWAY, 'ingress'),
      `cluster 'c1' has no ${GATEWAY} ingress, but ${GATEWAY} istio-system/egress and ${GATEWAY} istio-system/ingress`,
    ],
    [
      'another kind of this name',
      () => manifests().one('Service', 'istio-system/egress'),
      "cluster 'c1' has no Service istio-system/egress, but Gateway istio-system/egress",
    ],
    [
      'neither',
      () => manifests().one('Service', 'bookinfo/reviews'),
      "cluster 'c1' has no Service bookinfo/reviews, but objects of the kinds Gateway and Namespace",
    ],
    [
      'no objects',
      () => Manifests.of(fleet).cluster('empty').one('Service', 'bookinfo/reviews'),
      "cluster 'empty' has no Service bookinfo/reviews, but no objects at all",
    ],
    [
      'several groups',
      () => manifests().one('Gateway', 'istio-system/ingress'),
      "cluster 'c1' has 2 objects Gateway istio-system/ingress: ask for Gateway.networking.istio.io or Gateway.gateway.networking.k8s.io",
    ],
  ])('says what there is: %s', (_, ask, message) => {
    expect(ask).toThrow(new Error(message));
  });
});

describe('findings, facts and Secrets', () => {
  const meshes = () => {
    const own = Testing.fleet();
    const consumer = mesh(own, 'shop');
    const provider = External.server({ host: 'pay.vendor.example', ports: [Port.http(80)] });
    const peering = new DirectPeering(own, 'pay', {
      consumer,
      provider,
      tls: PeeringTls.plain(),
      callers: Callers.namespaces('shop'),
    });
    peering.expose(provider, { host: 'pay.vendor.example', allow: [Access.http()] });
    return { own, peering };
  };

  test('of a fleet are what a synth finds, tells and writes', () => {
    const { own, peering } = meshes();
    expect(Manifests.of(own).findings.map(({ code, objects }) => [code, objects])).toEqual([
      ['MESH3001', ['peering pay']],
    ]);
    own.accept('MESH3001', peering, 'until 2027: mainframe');
    const { findings, facts, secrets } = Manifests.of(own);
    expect(findings).toEqual([]);
    expect(facts.accepted).toMatchObject([{ code: 'MESH3001', reason: 'until 2027: mainframe' }]);
    expect(facts.peerings.map(({ name }) => name)).toEqual(['pay']);
    expect(secrets).toBe(facts.secrets);
  });

  test('of an output directory are what fleet.json says, which no finding is', () => {
    const { own } = meshes();
    const expected = Manifests.of(own).facts;
    own.synth();
    const written = Manifests.of(own.outdir);
    expect(written.facts).toEqual(expected);
    expect(written.secrets).toEqual(expected.secrets);
    expect(() => written.findings).toThrow('an output directory holds no findings; ask a fleet: Manifests.of(fleet)');
  });

  test('of a directory without facts are none', () => {
    fleet.synth();
    expect(() => Manifests.of(fleet.outdir).facts).toThrow(
      `there is no ${fleet.outdir}/fleet.json; expected the output directory of a fleet with meshes`,
    );
  });
});

describe('has', () => {
  test('accepts a part of the object, and gives the object', () => {
    expect(manifests().has('Namespace', 'bookinfo').metadata).toEqual({ name: 'bookinfo' });
    const gateway = manifests().has(GATEWAY, 'istio-system/ingress', {
      spec: { servers: [{ port: { number: 443 }, hosts: ['a', 'b'], tls: undefined }] },
    });
    expect(gateway.metadata.name).toBe('ingress');
  });

  test('shows every difference with its path', () => {
    expect(() =>
      manifests().has(GATEWAY, 'istio-system/ingress', {
        spec: {
          servers: [{ port: { number: 8443, name: 'tls' }, hosts: ['a'] }, { hosts: [] }],
          selector: undefined,
        },
      }),
    ).toThrow(
      new Error(
        `${GATEWAY} istio-system/ingress of cluster 'c1' differs:
  spec.servers[0].port.number
    expected: 8443
    received: 443
  spec.servers[0].port.name
    expected: "tls"
    received: nothing
  spec.servers[0].hosts[1]
    expected: nothing
    received: "b"
  spec.servers[1]
    expected: {"hosts":[]}
    received: nothing
  spec.selector
    expected: nothing
    received: {"istio":"ingress"}`,
      ),
    );
  });
});

describe('lacks', () => {
  test('accepts the absence of an object', () => {
    expect(() => manifests().lacks('Gateway', 'bookinfo/ingress')).not.toThrow();
  });

  test('shows the object that is there', () => {
    expect(() => manifests().lacks('Namespace', 'bookinfo')).toThrow(
      `cluster 'c1' has Namespace bookinfo, expected none:\n{\n  "apiVersion": "v1",\n  "kind": "Namespace",`,
    );
  });
});
