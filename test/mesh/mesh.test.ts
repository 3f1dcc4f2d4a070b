import {
  Cluster,
  ControlPlane,
  Fleet,
  Gateway,
  Istio,
  Mesh,
  type MeshProps,
  Ossm,
  Port,
  Routing,
  Rule,
  TrustBundle,
  Workload,
} from '../../lib';
import { FOUNDATION } from '../../lib/mesh/gitops';
import { mesh, messageOf, objectsOf, synth, synthErrors } from '../support/model';

const ossm: Partial<MeshProps> = { platform: Ossm.v2_6(), controlPlane: ControlPlane.existing('prod-istio-system') };
const ROOT = 'a1'.repeat(32);

describe('namespaces and membership', () => {
  test('on Istio a Namespace that we write asks for injection', () => {
    const objects = objectsOf((fleet) => {
      mesh(fleet, 'production').namespace('travel', { create: true, labels: { team: 'a' } });
    });
    expect(objects.all).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: 'travel',
          annotations: FOUNDATION,
          labels: { 'istio-injection': 'enabled', team: 'a' },
        },
      },
    ]);
  });

  test('on Istio a namespace that exists is a fact: nothing is written', () => {
    expect(objectsOf((fleet) => mesh(fleet, 'production').namespace('travel')).all).toEqual([]);
  });

  test('on OpenShift Service Mesh 2 membership is a ServiceMeshMember of its own, and no label', () => {
    const objects = objectsOf((fleet) => {
      const production = mesh(fleet, 'production', ossm);
      production.namespace('travel', { create: true });
      production.namespace('agency');
    });
    expect(objects.find('Namespace').map(({ metadata }) => [metadata.name, metadata.labels])).toEqual([
      ['travel', undefined],
    ]);
    expect(objects.find('ServiceMeshMember').map(({ metadata, spec }) => [metadata, spec])).toEqual(
      ['agency', 'travel'].map((namespace) => [
        { name: 'default', namespace },
        { controlPlaneRef: { name: 'production', namespace: 'prod-istio-system' } },
      ]),
    );
    expect(objects.find('ServiceMeshMemberRoll')).toEqual([]);
  });

  test('membership names the ServiceMeshControlPlane by its own name', () => {
    const objects = objectsOf((fleet) => {
      const controlPlane = ControlPlane.existing('prod-istio-system', { name: 'basic' });
      mesh(fleet, 'production', { ...ossm, controlPlane }).namespace('travel');
    });
    expect(objects.one('ServiceMeshMember').spec).toEqual({
      controlPlaneRef: { name: 'basic', namespace: 'prod-istio-system' },
    });
  });

  test('the file of namespaces and control plane is the first that `kubectl apply -f` applies', () => {
    const files = synth((fleet) => {
      const production = mesh(fleet, 'production', {}, 'east');
      production.namespace('travel', { create: true });
      new Workload(production, 'web', {
        service: production.service('web', { namespace: 'travel', ports: [Port.http(80)] }),
        image: 'web:1.0',
      });
    });
    expect(Object.keys(files).filter((file) => file.startsWith('east/'))).toEqual([
      'east/0-production.k8s.yaml',
      'east/fleet.index',
      'east/production.travel.web.k8s.yaml',
    ]);
  });

  test.each<[string, (production: Mesh) => void, string]>([
    [
      'declared twice',
      (production) => {
        production.namespace('travel');
        production.namespace('travel', { create: true });
      },
      "MESH1106 east/production: namespace 'travel' is declared twice; declare it once",
    ],
    [
      'ambient',
      (production) =>
        production.namespace('travel', { create: true, labels: { 'istio.io/dataplane-mode': 'ambient' } }),
      "MESH1106 east/production: namespace 'travel' asks for the ambient data plane, which is not supported; peerings need sidecars",
    ],
    [
      'labels of a Namespace that exists',
      (production) => production.namespace('travel', { labels: { team: 'a' } }),
      "MESH1106 east/production: namespace 'travel' has labels but exists already, so they would not be written; say create: true, or leave them out",
    ],
    [
      'create of another type',
      (production) => production.namespace('travel', { create: JSON.parse('"false"') }),
      "MESH1006 east/production, namespace 'travel': 'create' is 'false', expected true or false",
    ],
    [
      'malformed',
      (production) => production.namespace('Travel'),
      "MESH1001 east/production: namespace 'Travel' is no DNS label; expected lower case letters, digits and '-', beginning and ending with a letter or digit",
    ],
  ])('%s is refused', (_, run, message) => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    expect(messageOf(() => run(production))).toBe(message);
  });
});

describe('what a mesh states', () => {
  test('defaults: cluster.local and ALLOW_ANY, as Istio', () => {
    const production = new Mesh(new Cluster(new Fleet(), 'east'), 'production', {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system'),
    });
    expect(production).toMatchObject({ name: 'production', trustDomain: 'cluster.local', namespaces: [] });
    expect(production.controlPlane).toMatchObject({ outboundTrafficPolicy: 'ALLOW_ANY', mtls: false });
  });

  test('a trust domain may be one label', () => {
    expect(mesh(new Fleet(), 'production', { trustDomain: 'td1' }).trustDomain).toBe('td1');
  });

  test('a malformed trust domain is refused', () => {
    for (const trustDomain of ['spiffe://a', '', 'A.example', 'a/b', 'a b', '-a', 'a..b']) {
      expect(messageOf(() => mesh(new Fleet(), 'production', { trustDomain }, 'east'))).toBe(
        `MESH1401 east/production: trust domain '${trustDomain}' is malformed; expected lower case letters, digits, '-' and '.' such as 'cluster.local', without 'spiffe://'`,
      );
    }
  });

  test('a malformed id is refused', () => {
    expect(messageOf(() => mesh(new Fleet(), 'Production', {}, 'east'))).toContain(
      "MESH1001 east: mesh id 'Production' is",
    );
    expect(messageOf(() => mesh(new Fleet(), 'a'.repeat(64), {}, 'east'))).toContain(
      'has 64 characters, expected at most 63',
    );
  });

  test('the namespace of a control plane that we write is not declared again', () => {
    const production = mesh(new Fleet(), 'production', { controlPlane: ControlPlane.sail('istio-system') }, 'east');
    expect(messageOf(() => production.namespace('istio-system', { create: true }))).toBe(
      "MESH1106 east/production: namespace 'istio-system' is the control plane's, which is written already; leave the declaration out",
    );
  });

  test('a service is stated once', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    production.service('web', { namespace: 'travel', ports: [Port.http(80)] });
    expect(messageOf(() => production.service('web', { namespace: 'travel', ports: [Port.http(81)] }))).toBe(
      'MESH1101 east/production/travel/web: the service is stated twice; state it once, with all its ports and subsets, and pass the value on',
    );
    // the same name in another namespace is another service
    production.service('web', { namespace: 'agency', ports: [Port.http(80)] });
  });

  test('services have the domain of the cluster', () => {
    const cluster = new Cluster(new Fleet(), 'east', { domain: 'east.corp.example' });
    const production = new Mesh(cluster, 'production', {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system'),
    });
    expect(production.service('web', { namespace: 'travel', ports: [Port.http(80)] }).host).toBe(
      'web.travel.svc.east.corp.example',
    );
  });

  test('fleet.json says all of it', () => {
    const { 'fleet.json': text } = synth((fleet) => {
      const production = mesh(
        fleet,
        'production',
        { root: TrustBundle.declared('ca', { rootSha256: [ROOT] }) },
        'east',
      );
      production.namespace('b');
      production.namespace('a');
      new Gateway(production, 'egress', { kind: 'egress', namespace: 'gateways' });
    });
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      clusters: [{ name: 'east', domain: 'cluster.local' }],
      meshes: [
        {
          name: 'production',
          cluster: 'east',
          platform: 'Istio 1.31',
          istio: '1.31',
          trustDomain: 'production.example',
          root: { name: 'ca', sha256: [ROOT] },
          controlPlane: {
            namespace: 'istio-system',
            writtenBy: 'existing',
            outboundTrafficPolicy: 'ALLOW_ANY',
            mtls: false,
          },
          namespaces: ['a', 'b'],
          gateways: [{ name: 'egress', identity: 'production.example/ns/gateways/sa/egress' }],
        },
      ],
      peerings: [],
      secrets: [],
    });
  });
});

describe('mesh.chart', () => {
  test('is a file of your own in the cluster of the mesh', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    expect(production.chart('apps')).toMatchObject({ file: 'production.apps', mesh: 'production' });
    expect(production.chart('more').cluster.name).toBe('east');
  });
});

describe('alias', () => {
  const build = (withRouting: boolean) => (fleet: Fleet) => {
    const production = mesh(fleet, 'production', {}, 'east');
    const web = production.service('web', { namespace: 'travel', ports: [Port.http(80)] });
    const ratings = production.alias('ratings', { namespace: 'default', port: Port.http(9080) });
    if (withRouting) new Routing(production, 'ratings', { host: ratings, rules: [Rule.otherwise().to(web)] });
  };

  test('is a Service without selector', () => {
    expect(objectsOf(build(true)).one('Service')).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ratings', namespace: 'default' },
      spec: { ports: [{ name: 'http', port: 9080, targetPort: 9080, protocol: 'TCP' }] },
    });
  });

  test('without Routing is reported, and synth goes on', () => {
    expect(synthErrors(build(false))).toBe(
      [
        'warning MESH3002: the alias default/ratings has no VirtualService',
        '    Service default/ratings of east/production',
        '  at run time: calls to it find no endpoint: 503 UH',
        '  fix: lead its host somewhere by a VirtualService, or remove the Service',
        '  in the program: add a Routing with host default/ratings, or remove the alias',
        '',
      ].join('\n'),
    );
  });

  test('with a Routing is fine', () => {
    expect(synthErrors(build(true))).toBe('');
  });

  test('of a name that is taken is refused', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    production.service('ratings', { namespace: 'default', ports: [Port.http(80)] });
    expect(messageOf(() => production.alias('ratings', { namespace: 'default', port: Port.http(80) }))).toContain(
      'MESH1101 east/production/default/ratings: the service is stated twice',
    );
  });
});
