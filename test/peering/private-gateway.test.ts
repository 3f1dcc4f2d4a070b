import {
  Access,
  Address,
  Callers,
  type Fleet,
  GatewayPort,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  Routing,
  Rule,
} from '../../lib';
import type { ClusterManifests } from '../../lib/testing';
import { objectsOf } from '../support/model';
import { called, calling, clientOf, get, peered, server, servicesOf } from './private-gateways';

const named = (objects: ClusterManifests, kind: string, name: string) => {
  const found = objects.find(kind).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
};

describe('the way of requests', () => {
  const objects = objectsOf((fleet) => {
    const { peering, services } = peered(fleet, {}, { callers: Callers.serviceAccounts('web/sleep') });
    peering.expose(services.web, { subset: 'v1', allow: [Access.http({ methods: ['GET'], paths: ['/a/*', '/b'] })] });
  });

  test('leads to the egress gateway by a host that nobody dials, seen by the gateway alone', () => {
    expect(objects.one('ServiceEntry')).toMatchObject({
      metadata: { namespace: 'gws' },
      spec: {
        hosts: ['v1.8000.web.app.c2.example.com'],
        exportTo: ['.'],
        ports: [{ number: 80, protocol: 'HTTP' }],
        resolution: 'DNS',
        endpoints: [{ address: 'c2.example.com', ports: { http: 15443 } }],
      },
    });
    expect(named(objects, 'DestinationRule', 'p-app-web-8000-v1').spec).toMatchObject({
      subsets: [
        {
          trafficPolicy: {
            portLevelSettings: [{ tls: { mode: 'ISTIO_MUTUAL', sni: 'v1.8000.web.app.c2.example.com' } }],
          },
        },
      ],
    });
    expect(named(objects, 'Gateway', 'p-app-web-8000-v1').spec).toMatchObject({
      servers: [{ hosts: ['v1.8000.web.app.c2.example.com'], port: { number: 443, protocol: 'HTTPS' } }],
    });
  });

  test('goes on with the certificate of the gateway, server name and verified identity stated', () => {
    expect(named(objects, 'DestinationRule', 'p.app.web.8000.v1')).toMatchObject({
      metadata: { namespace: 'gws' },
      spec: {
        exportTo: ['.'],
        trafficPolicy: {
          portLevelSettings: [
            {
              port: { number: 80 },
              tls: {
                mode: 'MUTUAL',
                credentialName: 'c1-client',
                sni: 'c2.example.com',
                subjectAltNames: ['spiffe://c2.example/igw'],
              },
            },
          ],
        },
      },
    });
  });

  test('has one prefix on both sides, with the port in it, and a slash at its end', () => {
    expect(named(objects, 'VirtualService', 'p-app-web-8000-v1').spec).toMatchObject({
      http: [{ match: [{ uri: { prefix: '/' } }], rewrite: { uri: '/app/web/8000/v1/', authority: 'c2.example.com' } }],
    });
    expect(named(objects, 'VirtualService', 'igw.app.web.8000.v1.15443').spec).toEqual({
      hosts: ['c2.example.com'],
      exportTo: ['.'],
      gateways: ['gws/igw-15443-c2-example-com'],
      http: [
        {
          match: [{ uri: { prefix: '/app/web/8000/v1/' } }],
          rewrite: { uri: '/', authority: 'web.app.svc.cluster.local' },
          route: [{ destination: { host: 'web.app.svc.cluster.local', port: { number: 8000 }, subset: 'v1' } }],
        },
      ],
    });
  });

  test('is taken by a server of its own, which demands a certificate', () => {
    expect(named(objects, 'Gateway', 'igw-15443-c2-example-com').spec).toEqual({
      selector: { istio: 'igw' },
      servers: [
        {
          port: { number: 15443, name: 'https', protocol: 'HTTPS' },
          hosts: ['c2.example.com'],
          tls: { mode: 'MUTUAL', credentialName: 'server' },
        },
      ],
    });
  });

  test('is allowed by certificate, method and path below the prefix, at the port of the pod', () => {
    expect(named(objects, 'AuthorizationPolicy', 'p.app.web.8000.v1')).toMatchObject({
      metadata: { namespace: 'gws' },
      spec: {
        selector: { matchLabels: { istio: 'igw' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: ['c1.example/egw'] } }],
            to: [
              {
                operation: {
                  ports: ['15443'],
                  methods: ['GET'],
                  paths: ['/app/web/8000/v1/a/*', '/app/web/8000/v1/b'],
                },
              },
            ],
          },
        ],
      },
    });
    expect(objects.find('AuthorizationPolicy').map(({ metadata }) => metadata.name)).toContain('igw.deny-all');
  });

  test('ends at a workload that takes calls of the ingress gateway alone, with the same methods and paths', () => {
    expect(named(objects, 'AuthorizationPolicy', 'p.app.web.8000.v1.workload')).toMatchObject({
      metadata: { namespace: 'app' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        rules: [
          {
            from: [{ source: { principals: ['c2.example/ns/gws/sa/igw'] } }],
            to: [{ operation: { ports: ['8000'], methods: ['GET'], paths: ['/a/*', '/b'] } }],
          },
        ],
      },
    });
  });

  test('is open at the egress gateway to its callers alone', () => {
    expect(named(objects, 'AuthorizationPolicy', 'p-app-web-8000-v1').spec).toMatchObject({
      rules: [{ from: [{ source: { principals: ['c1.example/ns/web/sa/sleep'] } }] }],
    });
  });
});

test('two ports of one service have prefixes, hosts and routes of their own', () => {
  const objects = objectsOf((fleet) => {
    const { peering, services } = peered(fleet);
    peering.expose(services.two.at(Port.http(8001)), { allow: get });
    peering.expose(services.two.at(Port.grpc(8002)), { allow: get });
  });
  const routes = objects.find('VirtualService').map(({ spec }) => JSON.stringify(spec));
  for (const prefix of ['/app/two/8001/_/', '/app/two/8002/_/']) {
    expect(routes.filter((route) => route.includes(`"${prefix}"`))).toHaveLength(2);
  }
  // HTTP/2 flows all the way
  expect(named(objects, 'DestinationRule', 'p-app-two-8002').spec).toMatchObject({
    subsets: [{ trafficPolicy: { portLevelSettings: [{ connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } }] } }],
  });
  expect(named(objects, 'ServiceEntry', 'p.app.two.8002').spec).toMatchObject({ ports: [{ protocol: 'GRPC' }] });
  expect(named(objects, 'AuthorizationPolicy', 'p.app.two.8002.workload').spec).toMatchObject({
    rules: [{ to: [{ operation: { ports: ['18002'] } }] }],
  });
});

test('bytes are told apart by a port of the gateway, and at the egress gateway by server name', () => {
  const objects = objectsOf((fleet) => {
    const { peering, services } = peered(fleet);
    peering.expose(services.db, { allow: [Access.tcp()], gatewayPort: 31400, alsoFrom: ['c2.example/ns/app/sa/own'] });
  });
  expect(named(objects, 'Gateway', 'igw-31400-c2-example-com').spec).toMatchObject({
    servers: [{ port: { number: 31400, protocol: 'TLS' }, hosts: ['c2.example.com'], tls: { mode: 'MUTUAL' } }],
  });
  expect(named(objects, 'VirtualService', 'igw.app.db.9000.31400').spec).toMatchObject({
    hosts: ['c2.example.com'],
    tcp: [{ match: [{ port: 31400 }], route: [{ destination: { host: 'db.app.svc.cluster.local' } }] }],
  });
  expect(named(objects, 'AuthorizationPolicy', 'p.app.db.9000').spec).toMatchObject({
    rules: [
      {
        from: [{ source: { principals: ['c1.example/egw'] } }],
        to: [{ operation: { ports: ['31400'] } }],
        // TLS of other exposures may share the port
        when: [{ key: 'connection.sni', values: ['c2.example.com'] }],
      },
    ],
  });
  expect(named(objects, 'AuthorizationPolicy', 'p.app.db.9000.workload').spec).toEqual({
    selector: { matchLabels: { db: 'main' } },
    action: 'ALLOW',
    rules: [
      {
        from: [{ source: { principals: ['c2.example/ns/gws/sa/igw'] } }],
        to: [{ operation: { ports: ['9000'] } }],
      },
      { from: [{ source: { principals: ['c2.example/ns/app/sa/own'] } }], to: [{ operation: { ports: ['9000'] } }] },
    ],
  });
  expect(named(objects, 'Gateway', 'p-app-db-9000').spec).toMatchObject({
    servers: [{ port: { number: 443, protocol: 'TLS' }, hosts: ['9000.db.app.c2.example.com'] }],
  });
  expect(named(objects, 'ServiceEntry', 'p.app.db.9000').spec).toMatchObject({
    endpoints: [{ address: 'c2.example.com', ports: { tcp: 31400 } }],
  });
});

test("the application's own TLS is told apart by the name that it verifies, inside the gateways' mTLS", () => {
  const objects = objectsOf((fleet) => {
    const { peering, services } = peered(fleet);
    peering.expose(services.own, { allow: [Access.tcp()] });
    peering.expose(services.own, { allow: [Access.tcp()], subset: 'v1', host: 'V1.own.example' });
  });
  expect(named(objects, 'Gateway', 'igw-15444-app-own-443').spec).toMatchObject({
    servers: [
      { port: { number: 15444, protocol: 'TLS' }, hosts: ['own.app.svc.cluster.local'], tls: { mode: 'MUTUAL' } },
    ],
  });
  expect(named(objects, 'Gateway', 'igw-15444-app-own-443-v1').spec).toMatchObject({
    servers: [{ hosts: ['v1.own.example'] }],
  });
  expect(named(objects, 'AuthorizationPolicy', 'p.app.own.443').spec).toMatchObject({
    rules: [{ when: [{ key: 'connection.sni', values: ['own.app.svc.cluster.local'] }] }],
  });
  expect(named(objects, 'DestinationRule', 'p.app.own.443').spec).toMatchObject({
    host: '443.own.app.c2.example.com',
    trafficPolicy: { portLevelSettings: [{ tls: { sni: 'own.app.svc.cluster.local' } }] },
  });
});

test('an exposure without access rules is routed, and no policy allows it', () => {
  const objects = objectsOf((fleet) => {
    const { peering, services } = peered(fleet);
    peering.expose(services.web, { allow: [] });
  });
  const policies = objects.find('AuthorizationPolicy').filter(({ metadata }) => metadata.namespace === 'gws');
  expect(policies.map(({ metadata }) => metadata.name).sort()).toEqual([
    'egw.deny-all',
    'igw.deny-all',
    'p-app-web-8000',
  ]);
  expect(objects.find('VirtualService')).toHaveLength(2);
  expect(named(objects, 'AuthorizationPolicy', 'p.app.web.8000.workload').spec).toEqual({
    selector: { matchLabels: { app: 'web' } },
    action: 'ALLOW',
  });
});

test('several consumers share server and routes, each with policies of its own', () => {
  const build = (names: string[]) => (fleet: Fleet) => {
    const sides = called(fleet);
    const { web } = servicesOf(sides.provider);
    for (const name of names) {
      const tls = PeeringTls.mutual({ client: clientOf(name), server });
      const peering = new PrivateGatewayPeering(fleet, name, {
        ...calling(fleet, name),
        ...sides,
        host: 'c2.example.com',
        tls,
      });
      peering.expose(web, { allow: [Access.http({ methods: [name === 'c1' ? 'GET' : 'POST'] })] });
    }
  };
  const objects = objectsOf(build(['c1', 'c3']));
  const provider = objects.all.filter(({ metadata }) => String(metadata.name).startsWith('igw'));
  expect(provider).toEqual(
    objectsOf(build(['c1'])).all.filter(({ metadata }) => String(metadata.name).startsWith('igw')),
  );
  expect(named(objects, 'AuthorizationPolicy', 'c1.app.web.8000').spec).toMatchObject({
    rules: [{ from: [{ source: { principals: ['c1.example/egw'] } }], to: [{ operation: { methods: ['GET'] } }] }],
  });
  expect(named(objects, 'AuthorizationPolicy', 'c3.app.web.8000').spec).toMatchObject({
    rules: [{ from: [{ source: { principals: ['c3.example/egw'] } }], to: [{ operation: { methods: ['POST'] } }] }],
  });
});

test('an address of the gateway is what the consumer connects to; a node port is that of its one port', () => {
  const endpoints = (address: Address, ports = [GatewayPort.https(15443)]) =>
    objectsOf((fleet) => {
      const { peering, services } = peered(fleet, { address, ports });
      peering.expose(services.web, { allow: get });
    }).one('ServiceEntry').spec;
  expect(endpoints(Address.ip('192.0.2.1'))).toMatchObject({
    resolution: 'STATIC',
    endpoints: [{ address: '192.0.2.1', ports: { http: 15443 } }],
  });
  expect(endpoints(Address.hostname('lb.example.com'))).toMatchObject({ endpoints: [{ address: 'lb.example.com' }] });
  expect(endpoints(Address.nodePort({ nodes: ['192.0.2.7'], port: 31111 }))).toMatchObject({
    endpoints: [{ address: '192.0.2.7', ports: { http: 31111 } }],
  });
});

test('rules bind exposures of every protocol to local names, by weight, too', () => {
  const objects = objectsOf((fleet) => {
    const { consumer, peering, services } = peered(fleet);
    const allow = [Access.tcp()];
    const db = peering.expose(services.db, { allow, gatewayPort: 31400 });
    const own = peering.expose(services.own, { allow });
    const local = consumer.service('db', { namespace: 'web', ports: [Port.tcp(5432)] });
    new Routing(consumer, 'bytes', {
      host: consumer.alias('data', { namespace: 'web', port: Port.tcp(5432) }),
      rules: [Rule.otherwise().to({ weight: 90, to: db }, { weight: 10, to: local })],
    });
    new Routing(consumer, 'own', {
      host: consumer.alias('own', { namespace: 'app', port: Port.tls(443) }),
      rules: [Rule.otherwise().to(own)],
    });
  });
  const egress = 'egw.gws.svc.cluster.local';
  expect(named(objects, 'VirtualService', 'bytes').spec).toMatchObject({
    hosts: ['data.web.svc.cluster.local'],
    tcp: [
      {
        match: [{ port: 5432 }],
        route: [
          { destination: { host: egress, port: { number: 443 }, subset: 'p-app-db-9000' }, weight: 90 },
          { destination: { host: 'db.web.svc.cluster.local', port: { number: 5432 } }, weight: 10 },
        ],
      },
    ],
  });
  expect(named(objects, 'VirtualService', 'own').spec).toMatchObject({
    tls: [
      {
        match: [{ port: 443, sniHosts: ['own.app.svc.cluster.local'] }],
        route: [{ destination: { host: egress, subset: 'p-app-own-443' } }],
      },
    ],
  });
});

test('namespaces are closed by NetworkPolicies: the gateway, and each other, alone reach them', () => {
  const objects = objectsOf((fleet) => {
    const { provider, ingress } = called(fleet);
    provider.namespace('data');
    const { consumer, egress } = calling(fleet);
    new PrivateGatewayPeering(fleet, 'p', {
      consumer,
      egress,
      provider,
      ingress,
      host: 'c2.example.com',
      tls: PeeringTls.mutual({ client: clientOf('c1'), server }),
      onlyWayIn: ['data', 'app'],
      onlyWayOut: ['web'],
    });
  });
  const policies = objects.find('NetworkPolicy');
  expect(policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()).toEqual([
    'app/p.only-way-in',
    'data/p.only-way-in',
    'web/p.only-way-out',
  ]);
  const inNamespaces = (...values: string[]) => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }],
  });
  expect(named(objects, 'NetworkPolicy', 'p.only-way-in').spec).toEqual({
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          { namespaceSelector: inNamespaces('app', 'data') },
          { namespaceSelector: inNamespaces('gws'), podSelector: { matchLabels: { istio: 'igw' } } },
        ],
      },
    ],
  });
});
