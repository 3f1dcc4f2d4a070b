import { Access, Address, Callers, Cluster, FederationGateways, FederationPeering, type Fleet } from '../../lib';
import { messageOf, objectsOf } from '../support/model';
import { federated, services } from './federations';

const allow = [Access.http({ methods: ['GET'] })];
const address = Address.ip('192.0.2.7');

function apart(fleet: Fleet) {
  const a = federated(fleet, 'gateways', 'a');
  const b = federated(fleet, 'gateways', 'b');
  new FederationGateways(b, 'a', { address, deploy: ['ingress'] });
  return { a, b, ...services(b) };
}

const written = (callers?: Callers<'namespaces' | 'serviceAccounts'>) =>
  objectsOf((fleet) => {
    const { a, b, web } = apart(fleet);
    new FederationPeering(fleet, 'p', { consumer: a, provider: b, callers }).expose(web, { allow });
  });

test('only the two gateways on the way are deployed, and only they believe the other root', () => {
  const deployments = written().find('Deployment');
  expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['b-egress', 'a-ingress']);
  for (const { spec } of deployments) {
    expect(JSON.stringify(spec)).toContain('PROXY_CONFIG_XDS_AGENT');
  }
});

test('what callers dial leads to the egress gateway, that to the ingress gateway of the peer, each with mTLS and names', () => {
  const objects = written();
  expect(objects.find('ServiceEntry')).toMatchObject([
    {
      metadata: { namespace: 'a-system' },
      spec: {
        hosts: ['web.x.svc.b-imports.local'],
        addresses: [expect.stringMatching(/^240\.\d+\.\d+\.\d+$/)],
        location: 'MESH_INTERNAL',
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        endpoints: [
          {
            address: 'b-egress.a-system.svc.cluster.local',
            ports: { http: 15443 },
            labels: { 'security.istio.io/tlsMode': 'istio' },
          },
        ],
      },
    },
    {
      spec: {
        hosts: ['web.x.b.svc.a-exports.local'],
        exportTo: ['.'],
        resolution: 'STATIC',
        endpoints: [{ address: '192.0.2.7', ports: { tcp: 15443 }, labels: { 'security.istio.io/tlsMode': 'istio' } }],
      },
    },
  ]);
  expect(objects.find('DestinationRule').map(({ spec }) => spec)).toMatchObject([
    {
      host: 'web.x.svc.b-imports.local',
      trafficPolicy: {
        tls: {
          mode: 'ISTIO_MUTUAL',
          sni: 'web.x.svc.b-imports.local',
          subjectAltNames: ['spiffe://a.local/ns/a-system/sa/b-egress'],
        },
      },
    },
    {
      host: 'web.x.b.svc.a-exports.local',
      exportTo: ['.'],
      trafficPolicy: {
        tls: {
          mode: 'ISTIO_MUTUAL',
          sni: 'web.x.b.svc.a-exports.local',
          subjectAltNames: ['spiffe://b.local/ns/b-system/sa/a-ingress'],
        },
      },
    },
  ]);
  const routes = objects.find('VirtualService').map(({ spec }) => spec);
  expect(routes).toMatchObject([
    {
      hosts: ['web.x.svc.b-imports.local'],
      gateways: ['a-system/p-x-web-80'],
      tcp: [{ route: [{ destination: { host: 'web.x.b.svc.a-exports.local', port: { number: 15443 } } }] }],
    },
    {
      hosts: ['web.x.b.svc.a-exports.local'],
      gateways: ['b-system/p-x-web-80'],
      tcp: [{ route: [{ destination: { host: 'web.x.svc.cluster.local', port: { number: 80 } } }] }],
    },
  ]);
});

test('egress: callers by identity and SNI; ingress: the egress gateway of the peer; workload: the ingress gateway', () => {
  const rules = written(Callers.serviceAccounts('travel/web'))
    .find('AuthorizationPolicy')
    .map(({ metadata, spec }) => [metadata.name, (spec as { rules?: object[] }).rules]);
  expect(Object.fromEntries(rules)).toMatchObject({
    'b-egress.deny-all': undefined,
    'p-x-web-80': [
      {
        from: [{ source: { principals: ['a.local/ns/travel/sa/web'] } }],
        when: [{ key: 'connection.sni', values: ['web.x.svc.b-imports.local'] }],
      },
    ],
    'a-ingress.deny-all': undefined,
    'p.x.web.80': [
      {
        from: [{ source: { principals: ['a.local/ns/a-system/sa/b-egress'] } }],
        when: [{ key: 'connection.sni', values: ['web.x.b.svc.a-exports.local'] }],
      },
    ],
    'p.x.web.80.workload': [
      {
        from: [{ source: { principals: ['b.local/ns/b-system/sa/a-ingress'] } }],
        to: [{ operation: { methods: ['GET'], ports: ['8080'] } }],
      },
    ],
  });
  const [entry] = written(Callers.namespaces('travel')).find('ServiceEntry');
  expect(entry.spec).toMatchObject({ exportTo: ['.', 'travel'] });
});

test('an exposure without access rules is routed, and denied at the gateway and at the workload', () => {
  const objects = objectsOf((fleet) => {
    const { a, b, web } = apart(fleet);
    new FederationPeering(fleet, 'p', { consumer: a, provider: b }).expose(web, { allow: [] });
  });
  const names = objects.find('AuthorizationPolicy').map(({ metadata }) => metadata.name);
  expect(names).not.toContain('p.x.web.80');
  const workload = objects.find('AuthorizationPolicy').find(({ metadata }) => metadata.name === 'p.x.web.80.workload');
  expect(workload?.spec).toEqual({ action: 'ALLOW', selector: { matchLabels: { app: 'web' } } });
});

test('a virtual IP that another host has is refused; one may be stated', () => {
  const twice = () =>
    objectsOf((fleet) => {
      const { a, b, web, rates } = apart(fleet);
      const peering = new FederationPeering(fleet, 'p', { consumer: a, provider: b });
      peering.expose(web, { allow, virtualIp: '240.0.0.1' });
      peering.expose(rates, { allow: [Access.http()], virtualIp: '240.0.0.1' });
    });
  expect(messageOf(twice)).toContain(
    "MESH1253 p: virtual IP 240.0.0.1 of host 'rates.x.svc.b-imports.local' is that of host 'web.x.svc.b-imports.local'",
  );
  const malformed = () =>
    objectsOf((fleet) => {
      const { a, b, web } = apart(fleet);
      new FederationPeering(fleet, 'p', { consumer: a, provider: b }).expose(web, { allow, virtualIp: 'no' });
    });
  expect(messageOf(malformed)).toContain("MESH1253 p: virtualIp 'no' is no IP address");
});

test('in one cluster the peer dials the Service of the ingress gateway, so no load balancer stands before it', () => {
  const objects = objectsOf((fleet) => {
    const cluster = new Cluster(fleet, 'one');
    const a = federated(fleet, 'gateways', 'a', { cluster });
    const b = federated(fleet, 'gateways', 'b', { cluster });
    new FederationPeering(fleet, 'p', { consumer: a, provider: b }).expose(services(b).web, { allow });
  });
  const types = objects
    .find('Service')
    .map(({ metadata, spec }) => `${metadata.name} ${(spec as { type: string }).type}`);
  expect(types).toEqual(expect.arrayContaining(['a-ingress ClusterIP', 'b-egress ClusterIP']));
  expect(types.filter((type) => type.endsWith('LoadBalancer'))).toEqual([]);
});
