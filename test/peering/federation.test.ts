import {
  Access,
  Address,
  Cluster,
  ControlPlane,
  FederationGateways,
  FederationPeering,
  Fleet,
  Ossm,
  Port,
} from '../../lib';
import { cancellingLeavesOthers, namesAreUnique } from '../support/assertions';
import { byIdentity, messageOf, objectsOf, synthErrors } from '../support/model';
import { federated, services } from './federations';

const allow = [Access.http({ methods: ['GET'], paths: ['/quotes/*'] })];

/** Two meshes of OpenShift Service Mesh 2.6 in one cluster. */
function neighbours(fleet: Fleet) {
  const cluster = new Cluster(fleet, 'ocp');
  const a = federated(fleet, 'maistra', 'a', { cluster });
  const b = federated(fleet, 'maistra', 'b', { cluster });
  for (const namespace of ['x', 'y']) b.namespace(namespace);
  return { a, b, ...services(b) };
}

describe('OpenShift Service Mesh 2: control planes that federate', () => {
  test('a ServiceMeshPeer for each direction, with everything that the peer says of itself', () => {
    const objects = objectsOf((fleet) => {
      const { a, b, web } = neighbours(fleet);
      new FederationPeering(fleet, 'p', { consumer: a, provider: b }).expose(web, { allow });
    });
    const peer = (own: string, other: string) => ({
      metadata: { name: other, namespace: `${own}-system` },
      spec: {
        remote: {
          addresses: [`${own}-ingress.${other}-system.svc.cluster.local`],
          discoveryPort: 8188,
          servicePort: 15443,
        },
        gateways: { ingress: { name: `${other}-ingress` }, egress: { name: `${other}-egress` } },
        security: {
          trustDomain: `${other}.local`,
          clientID: `${other}.local/ns/${other}-system/sa/${own}-egress-service-account`,
          certificateChain: { kind: 'ConfigMap', name: `${other}-ca-root-cert` },
        },
      },
    });
    expect(objects.find('ServiceMeshPeer')).toMatchObject([peer('a', 'b'), peer('b', 'a')]);
  });

  test('gateways of the ServiceMeshControlPlane have the ports, labels and networks that istiod has built in', () => {
    const [control] = objectsOf((fleet) => {
      const { a, b } = neighbours(fleet);
      new FederationPeering(fleet, 'p', { consumer: a, provider: b });
    }).find('ServiceMeshControlPlane');
    expect(control).toMatchObject({
      spec: {
        gateways: {
          additionalIngress: {
            'b-ingress': {
              enabled: true,
              namespace: 'a-system',
              service: {
                type: 'ClusterIP',
                metadata: { labels: { 'federation.maistra.io/ingress-for': 'b', istio: 'b-ingress' } },
                ports: [
                  { name: 'tls', port: 15443, targetPort: 15443 },
                  { name: 'https-discovery', port: 8188, targetPort: 8188 },
                ],
              },
            },
          },
          additionalEgress: {
            'b-egress': {
              requestedNetworkView: ['network-b'],
              service: {
                metadata: { labels: { 'federation.maistra.io/egress-for': 'b' } },
                ports: [{ name: 'tls' }, { name: 'http-discovery', port: 8188 }],
              },
            },
          },
        },
      },
    });
  });

  test('services are exported and imported under the name of the peer, by alias, with a domain, or as local', () => {
    const objects = objectsOf((fleet) => {
      const { a, b, web, rates, database } = neighbours(fleet);
      const peering = new FederationPeering(fleet, 'p', {
        consumer: a,
        provider: b,
        locality: { region: 'r', zone: 'z' },
      });
      expect(peering.expose(web, { allow, alias: { name: 'quotes' } }).nextHop).toEqual({
        host: 'quotes.x.svc.b-imports.local',
        port: 80,
      });
      expect(peering.expose(rates, { allow: [Access.http()], domainSuffix: 'rates.example' }).host).toBe(
        'rates.x.rates.example',
      );
      expect(peering.expose(database, { allow: [Access.tcp()], asLocal: { namespace: 'z' } }).nextHop).toEqual({
        host: 'database.z.svc.cluster.local',
        port: 5432,
      });
    });
    expect(objects.one('ExportedServiceSet')).toMatchObject({
      metadata: { name: 'a', namespace: 'b-system' },
      spec: {
        exportRules: [
          { type: 'NameSelector', nameSelector: { namespace: 'x', name: 'rates' } },
          { nameSelector: { namespace: 'x', name: 'web', alias: { namespace: 'x', name: 'quotes' } } },
          { nameSelector: { namespace: 'y', name: 'database' } },
        ],
      },
    });
    expect(objects.one('ImportedServiceSet')).toMatchObject({
      metadata: { name: 'b', namespace: 'a-system' },
      spec: {
        locality: { region: 'r', zone: 'z' },
        importRules: [
          { type: 'NameSelector', domainSuffix: 'rates.example', nameSelector: { namespace: 'x', name: 'rates' } },
          { nameSelector: { namespace: 'x', name: 'quotes' } },
          {
            importAsLocal: true,
            nameSelector: { namespace: 'y', name: 'database', alias: { name: 'database', namespace: 'z' } },
          },
        ],
      },
    });
  });

  test('services of one namespace with the same labels share a rule, after those by name', () => {
    const objects = objectsOf((fleet) => {
      const { a, b, web, rates, database } = neighbours(fleet);
      const peering = new FederationPeering(fleet, 'p', { consumer: a, provider: b });
      const labels = { export: 'a' };
      peering.expose(rates, { allow: [Access.http()], labels });
      peering.expose(web, { allow, labels, alias: { name: 'quotes' } });
      peering.expose(database, { allow: [Access.tcp()] });
    });
    expect(objects.one('ExportedServiceSet').spec).toEqual({
      exportRules: [
        { type: 'NameSelector', nameSelector: { namespace: 'y', name: 'database' } },
        {
          type: 'LabelSelector',
          labelSelector: {
            namespace: 'x',
            selector: { matchLabels: { export: 'a' } },
            aliases: [{ namespace: 'x', name: 'web', alias: { namespace: 'x', name: 'quotes' } }],
          },
        },
      ],
    });
  });

  test('what may be called is decided at the workload, which sees its own ingress gateway', () => {
    const objects = objectsOf((fleet) => {
      const { a, b, web } = neighbours(fleet);
      const peering = new FederationPeering(fleet, 'p', { consumer: a, provider: b });
      peering.expose(web, { allow, alsoFrom: ['b.local/ns/x/sa/friend'] });
    });
    expect(objects.one('AuthorizationPolicy')).toMatchObject({
      metadata: { namespace: 'x' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        rules: [
          {
            from: [{ source: { principals: ['b.local/ns/b-system/sa/a-ingress-service-account'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/quotes/*'], ports: ['8080'] } }],
          },
          { from: [{ source: { principals: ['b.local/ns/x/sa/friend'] } }] },
        ],
      },
    });
  });

  test('failover: the one rule of the local Service says from where to where', () => {
    const objects = objectsOf((fleet) => {
      const { a, b, web } = neighbours(fleet);
      a.service('web', { namespace: 'x', ports: [Port.http(80)], subsets: { v1: { version: 'v1' } } });
      new FederationPeering(fleet, 'p', { consumer: a, provider: b, locality: { region: 'west' } }).expose(web, {
        allow,
        asLocal: { namespace: 'x', failover: { from: 'east', consecutive5xxErrors: 2 } },
      });
    });
    expect(objects.one('DestinationRule').spec).toEqual({
      host: 'web.x.svc.cluster.local',
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      trafficPolicy: {
        outlierDetection: {
          consecutive5xxErrors: 2,
          interval: '10s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 100,
        },
        loadBalancer: { localityLbSetting: { enabled: true, failover: [{ from: 'east', to: 'west' }] } },
      },
    });
  });

  test('both node ports in one address are the same', () => {
    const ofPeer = (props: ConstructorParameters<typeof FederationGateways>[2]) =>
      objectsOf((fleet) => {
        const a = federated(fleet, 'maistra', 'a');
        const b = federated(fleet, 'maistra', 'b');
        new FederationGateways(a, 'b', { address: Address.hostname('lb.a.example') });
        new FederationGateways(b, 'a', props);
        new FederationPeering(fleet, 'p', { consumer: a, provider: b });
      }).all;
    const nodes = ['192.0.2.1'];
    expect(ofPeer({ address: Address.nodePort({ nodes, ports: { 15443: 30443, 8188: 30188 } }) })).toEqual(
      ofPeer({ address: Address.nodePort({ nodes, port: 30443 }), discoveryPort: 30188 }),
    );
  });

  test('load balancers and nodes: type, node ports and annotations of the Service, ports of the peer', () => {
    const objects = objectsOf((fleet) => {
      const a = federated(fleet, 'maistra', 'a');
      const b = federated(fleet, 'maistra', 'b');
      new FederationGateways(a, 'b', {
        address: Address.hostname('lb.a.example'),
        serviceAnnotations: { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' },
      });
      new FederationGateways(b, 'a', {
        address: Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }),
        discoveryPort: 30188,
      });
      new FederationPeering(fleet, 'p', { consumer: a, provider: b });
    });
    const [ofA, ofB] = objects.find('ServiceMeshControlPlane').map(({ spec }) => JSON.stringify(spec));
    expect(ofA).toContain('"type":"LoadBalancer"');
    expect(ofA).toContain('"annotations":{"service.beta.kubernetes.io/aws-load-balancer-type":"nlb"}');
    expect(ofB).toContain('{"name":"tls","nodePort":30443,"port":15443,"targetPort":15443}');
    expect(ofB).toContain('{"name":"https-discovery","nodePort":30188,"port":8188,"targetPort":8188}');
    expect(objects.find('ServiceMeshPeer').map(({ spec }) => (spec as { remote: object }).remote)).toEqual([
      { addresses: ['192.0.2.1'], servicePort: 30443, discoveryPort: 30188 },
      { addresses: ['lb.a.example'], servicePort: 15443, discoveryPort: 8188 },
    ]);
  });

  test('the ConfigMaps with the roots are told', () => {
    expect(
      synthErrors((fleet) => {
        const { a, b } = neighbours(fleet);
        new FederationPeering(fleet, 'p', { consumer: a, provider: b });
      }),
    ).toBe(`info MESH3096: peering p from a to b exposes nothing
    peering p  exposures
  at run time: nothing is written that calls could take
  fix: expose a service, take up what the contract exposes, or remove the peering
Secrets and ConfigMaps that must exist before the objects are applied:
  cluster  namespace  secret                      keys           certificate of  signed by  roots in it  written by
  ocp      a-system   b-ca-root-cert (ConfigMap)  root-cert.pem  -               -          b-root       somebody else
  ocp      b-system   a-ca-root-cert (ConfigMap)  root-cert.pem  -               -          a-root       somebody else
`);
  });

  test('a gateway that somebody else must add to the ServiceMeshControlPlane is printed', () => {
    expect(
      messageOf(() => {
        const fleet = new Fleet();
        const controlPlane = ControlPlane.existing('a-system');
        const a = federated(fleet, 'maistra', 'a', { platform: Ossm.v2_6(), controlPlane });
        new FederationGateways(a, 'b');
      }),
    ).toMatch(
      /^MESH1115 a-cluster\/a\/b-ingress: the ServiceMeshControlPlane exists[\s\S]*"federation.maistra.io\/ingress-for": "b"/,
    );
  });
});

describe.each(['maistra', 'gateways'] as const)('%s: both directions, several services', (form) => {
  const build = (steps: readonly string[]) => (fleet: Fleet) => {
    const cluster = new Cluster(fleet, 'ocp');
    const [a, b] = ['a', 'b'].map((id) => federated(fleet, form, id, { cluster }));
    const [ofA, ofB] = [services(a), services(b)];
    const peerings: Record<string, FederationPeering> = {};
    const peering = (id: 'there' | 'back') => {
      const [consumer, provider] = id === 'there' ? [a, b] : [b, a];
      peerings[id] ??= new FederationPeering(fleet, id, { consumer, provider });
      return peerings[id];
    };
    const expose: Record<string, () => unknown> = {
      web: () => peering('there').expose(ofB.web, { allow }),
      database: () => peering('there').expose(ofB.database, { allow: [Access.tcp()] }),
      rates: () => peering('there').expose(ofB.rates, { allow: [] }),
      back: () => peering('back').expose(ofA.web, { allow, alias: { namespace: 'of-a' } }),
    };
    for (const step of steps) expose[step]();
  };
  const all = ['web', 'database', 'rates', 'back'];

  test('names are unique, and the order of statements changes nothing', () => {
    namesAreUnique(build(all));
    const sorted = (steps: readonly string[]) => [...byIdentity(build(steps))].sort();
    expect(sorted([...all].reverse())).toEqual(sorted(all));
  });

  test('cancelling a service or a direction leaves all others as they were', () => {
    const isComposed = (identity: string) => /^(Exported|Imported)ServiceSet|^ServiceMeshControlPlane/.test(identity);
    const gone = cancellingLeavesOthers(build(all), build(['web', 'rates', 'back']), isComposed);
    expect(gone.filter((identity) => !identity.includes('y.database') && !identity.includes('y-database'))).toEqual([]);
    expect(cancellingLeavesOthers(build(all), build(['web', 'database', 'rates']), isComposed)).not.toEqual([]);
  });

  test('n meshes have n times n-1 pairs of gateways', () => {
    const objects = objectsOf((fleet) => {
      const cluster = new Cluster(fleet, 'ocp');
      const meshes = ['a', 'b', 'c'].map((id) => federated(fleet, form, id, { cluster }));
      for (const consumer of meshes) {
        for (const provider of meshes.filter((other) => other !== consumer)) {
          new FederationPeering(fleet, `${consumer.name}-${provider.name}`, { consumer, provider });
        }
      }
    });
    if (form === 'maistra') expect(objects.find('ServiceMeshPeer')).toHaveLength(6);
    else expect(objects.find('Deployment')).toHaveLength(12);
  });
});
