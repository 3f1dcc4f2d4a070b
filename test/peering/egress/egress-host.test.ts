import { Duration } from 'cdk8s';
import {
  Access,
  Callers,
  Connection,
  Credential,
  EgressGatewayPeering,
  type ExposeOptions,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../../lib';
import { Contract } from '../../../lib/facts/contract';
import { twoRepositoriesEqualOne } from '../../support/assertions';
import { byIdentity, mesh, messageOf, objectsOf } from '../../support/model';

const HOST = 'api.vendor.example';
const [http, admin, https, db, replica] = [
  Port.http(80),
  Port.http(8080),
  Port.tls(443),
  Port.tcp(5432),
  Port.tcp(5433),
];
const otherTls = Port.tls(8443);
type AnyPort = Port<'http' | 'tls' | 'tcp'>;
const vendor = External.server<'http' | 'tls' | 'tcp'>({
  host: HOST,
  ports: [http, admin, https, db, replica, otherTls],
});

/** Ports of one host through an egress gateway, each with what it states. */
const program =
  (
    ports: readonly (AnyPort | [AnyPort, Partial<ExposeOptions> & { connection?: Connection; virtualIp?: string }])[],
    gatewayPorts = [GatewayPort.https(), GatewayPort.tls()],
  ) =>
  (fleet: Fleet) => {
    const consumer = mesh(fleet, 'shop', {}, 'east');
    const egress = new Gateway(consumer, 'out', {
      kind: 'egress',
      namespace: 'egress',
      ports: gatewayPorts,
    });
    return expose(fleet, consumer, egress, ports);
  };

function expose(fleet: Fleet, consumer: Mesh, egress: Gateway, ports: Parameters<typeof program>[0]) {
  const tls = PeeringTls.plain();
  const peering = new EgressGatewayPeering(fleet, 'vendor', { consumer, provider: vendor, egress, tls });
  return ports.map((one) => {
    const [port, stated] = Array.isArray(one) ? one : [one, {}];
    const allow = [port.protocol === 'http' ? Access.http() : Access.tcp()];
    const usable = port.protocol === 'tcp' ? { virtualIp: '240.1.2.3' } : {};
    return peering.expose(vendor.at(port), { host: HOST, allow, ...usable, ...stated } as never);
  });
}
const names = (ports: Parameters<typeof program>[0]) =>
  objectsOf(program(ports))
    .all.filter(({ metadata }) => metadata.name.startsWith('vendor'))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .sort();

describe('several ports of one host', () => {
  test('have one ServiceEntry, one VirtualService, and one server for all requests', () => {
    expect(names([http, admin, https])).toEqual([
      'AuthorizationPolicy vendor-443',
      'AuthorizationPolicy vendor-80',
      'AuthorizationPolicy vendor-8080',
      'DestinationRule vendor-443',
      'DestinationRule vendor-80',
      'DestinationRule vendor-8080',
      'Gateway vendor-443',
      'Gateway vendor-80',
      'ServiceEntry vendor.api.vendor.example.443',
      'VirtualService vendor-80',
    ]);
  });

  test('are written the same, whatever was stated first', () => {
    const all = [http, admin, https, db, replica];
    const inOrder = [...byIdentity(program(all))];
    expect([...byIdentity(program([...all].reverse()))]).toEqual(inOrder);
    expect([...byIdentity(program([db, https, replica, admin, http]))]).toEqual(inOrder);
  });

  test('are told apart by the authority of requests, which callers do not choose', () => {
    const objects = objectsOf(program([admin, http]));
    const gateway = (subset: string, authority: string) => ({
      destination: { host: 'out.egress.svc.cluster.local', port: { number: 443 }, subset },
      headers: { request: { set: { ':authority': authority } } },
    });
    const from = (exact: string) => ({ authority: { exact }, gateways: ['egress/vendor-80'], port: 443 });
    const to = (number: number) => [{ destination: { host: HOST, port: { number } } }];
    expect(objects.one('VirtualService').spec).toEqual({
      hosts: [HOST],
      exportTo: ['*'],
      gateways: ['mesh', 'egress/vendor-80'],
      http: [
        { match: [{ gateways: ['mesh'], port: 80 }], route: [gateway('vendor-80', HOST)] },
        { match: [{ gateways: ['mesh'], port: 8080 }], route: [gateway('vendor-8080', `${HOST}:8080`)] },
        { match: [from(HOST), from(`${HOST}:80`)], route: to(80) },
        { match: [from(`${HOST}:8080`)], route: to(8080) },
      ],
    });
    const hosts = (name: string) =>
      (objects.one('AuthorizationPolicy', `egress/${name}`).spec as { rules: unknown }).rules;
    expect(hosts('vendor-80')).toMatchObject([{ to: [{ operation: { hosts: [HOST, `${HOST}:80`] } }] }]);
    expect(hosts('vendor-8080')).toMatchObject([{ to: [{ operation: { hosts: [`${HOST}:8080`] } }] }]);
  });

  test('have access rules of their own', () => {
    const objects = objectsOf(program([http, [admin, { allow: [Access.http({ methods: ['GET'] })] }]]));
    const operations = (name: string) =>
      JSON.stringify((objects.one('AuthorizationPolicy', `egress/${name}`).spec as { rules: unknown }).rules);
    expect(operations('vendor-80')).not.toContain('methods');
    expect(operations('vendor-8080')).toContain('"methods":["GET"]');
  });

  test('of bytes each have an SNI on the way to the gateway, which goes on where sidecars do not see it', () => {
    const objects = objectsOf(program([http, db, replica]));
    const sniOf = (name: string) =>
      JSON.stringify((objects.one('DestinationRule', `egress/${name}`).spec as { subsets: unknown }).subsets);
    expect(sniOf('vendor-80')).toContain(`"sni":"${HOST}"`);
    expect(sniOf('vendor-5432')).toContain(`"sni":"5432.${HOST}"`);
    expect(sniOf('vendor-5433')).toContain(`"sni":"5433.${HOST}"`);
    expect(objects.one('VirtualService', 'egress/vendor-5433.onward').spec).toEqual({
      hosts: [`5433.${HOST}`],
      exportTo: ['.'],
      gateways: ['egress/vendor-5433'],
      tcp: [
        {
          match: [{ gateways: ['egress/vendor-5433'], port: 443 }],
          route: [{ destination: { host: HOST, port: { number: 5433 } } }],
        },
      ],
    });
    expect(objects.one('AuthorizationPolicy', 'egress/vendor-5433').spec).toMatchObject({
      rules: [
        {
          to: [{ operation: { ports: ['8443'] } }],
          when: [{ key: 'connection.sni', values: [`5433.${HOST}`] }],
        },
      ],
    });
  });

  test("the application's own TLS has its own SNI: what names the host there is about that port of the gateway alone", () => {
    const objects = objectsOf(program([http, https]));
    expect(objects.one('AuthorizationPolicy', 'egress/vendor-443').spec).toMatchObject({
      rules: [{ to: [{ operation: { ports: ['15443'] } }], when: [{ key: 'connection.sni', values: [HOST] }] }],
    });
  });

  test("two of the application's own TLS arrive each at its port of the gateway", () => {
    const objects = objectsOf(
      program([http, https, otherTls], [GatewayPort.https(), GatewayPort.tls(), GatewayPort.tls(8443, 18443)]),
    );
    const serverOf = (name: string) =>
      (objects.one('Gateway', `egress/${name}`).spec as { servers: { port: { number: number } }[] }).servers[0];
    expect([serverOf('vendor-443'), serverOf('vendor-8443')]).toMatchObject([
      { port: { number: 15443 }, hosts: [HOST], tls: { mode: 'PASSTHROUGH' } },
      { port: { number: 8443 }, hosts: [HOST], tls: { mode: 'PASSTHROUGH' } },
    ]);
    const gateway = 'out.egress.svc.cluster.local';
    const to = (host: string, number: number, subset?: string) => [
      { destination: { host, port: { number }, ...(subset && { subset }) } },
    ];
    const { tls } = objects.one('VirtualService').spec as { tls: object[] };
    expect(tls).toEqual([
      { match: [{ gateways: ['mesh'], port: 443, sniHosts: [HOST] }], route: to(gateway, 15443, 'vendor-443') },
      { match: [{ gateways: ['mesh'], port: 8443, sniHosts: [HOST] }], route: to(gateway, 8443, 'vendor-8443') },
      { match: [{ gateways: ['egress/vendor-443'], port: 15443, sniHosts: [HOST] }], route: to(HOST, 443) },
      { match: [{ gateways: ['egress/vendor-8443'], port: 8443, sniHosts: [HOST] }], route: to(HOST, 8443) },
    ]);
    expect(objects.one('AuthorizationPolicy', 'egress/vendor-8443').spec).toMatchObject({
      rules: [{ to: [{ operation: { ports: ['18443'] } }], when: [{ key: 'connection.sni', values: [HOST] }] }],
    });
  });

  test('one port alone is as ever: the host is all that the gateway needs', () => {
    expect(names([db])).toEqual([
      'AuthorizationPolicy vendor-5432',
      'DestinationRule vendor-5432',
      'Gateway vendor-5432',
      'ServiceEntry vendor.api.vendor.example.5432',
      'VirtualService vendor-5432',
    ]);
    expect(objectsOf(program([db])).one('Gateway').spec).toMatchObject({ servers: [{ hosts: [HOST] }] });
  });

  test('have one rule of the hop, with how each of them is connected', () => {
    const connection = Connection.of({ connectTimeout: Duration.seconds(2) });
    const objects = objectsOf(program([http, [admin, { connection }]]));
    expect(objects.one('DestinationRule', 'egress/vendor.api.vendor.example.80').spec).toEqual({
      host: HOST,
      exportTo: ['.'],
      trafficPolicy: {
        portLevelSettings: [{ port: { number: 8080 }, connectionPool: { tcp: { connectTimeout: '2s' } } }],
      },
    });
  });

  test('a Routing about one of them goes into the VirtualService of the host', () => {
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      consumer.namespace('shop');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const [, second] = expose(fleet, consumer, egress, [http, admin]);
      const home = consumer.service('home', { namespace: 'shop', ports: [Port.http(8000)] });
      new Routing(consumer, 'admin', {
        host: second as never,
        rules: [Rule.paths(['/home/*']).to(home), Rule.otherwise().to(second as never)],
      });
    });
    const { http: routes } = objects.one('VirtualService').spec as { http: { match: { port: number }[] }[] };
    expect(routes.map(({ match }) => match[0].port)).toEqual([80, 8080, 8080, 443, 443]);
    expect(JSON.stringify(routes[2])).toContain(`":authority":"${HOST}:8080"`);
  });

  test.each<[string, Parameters<typeof program>[0], string]>([
    [
      'two of the TLS of applications',
      [https, otherTls],
      "MESH1240 vendor: ports 443 and 8443 of host 'api.vendor.example' arrive at port 15443 of egress gateway east/shop/out, and the application's own TLS names the host at both, and nothing else; add GatewayPort.tls(443) or GatewayPort.tls(8443) to the gateway",
    ],
    [
      'one port twice',
      [http, [admin, { port: 80 }]],
      "MESH1240 vendor: port 80 of host 'api.vendor.example' already leads to api.vendor.example:80, not to api.vendor.example:8080; state another port, or 'paths' for each where one gateway serves both",
    ],
    [
      'two addresses',
      [db, [replica, { virtualIp: '240.1.2.4' }]],
      "MESH1253 vendor: host 'api.vendor.example' has virtual IP 240.1.2.3, for its port 5433 it is 240.1.2.4; state one for all of its ports",
    ],
  ])('%s: refused', (_, ports, message) => {
    expect(messageOf(() => program(ports)(new Fleet()))).toBe(message);
  });

  test("requests and the TLS of applications at one port of the gateway: refused, it cannot tell the host's ports apart", () => {
    const onePort = (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      return expose(fleet, consumer, egress, [http, https]);
    };
    expect(messageOf(() => onePort(new Fleet()))).toBe(
      "MESH1240 vendor: ports 80 and 443 of host 'api.vendor.example' arrive at port 443 of egress gateway east/shop/out, and the application's own TLS names the host, as the way of requests does; add GatewayPort.tls() to the gateway",
    );
  });
});

describe('several services behind one host, by path', () => {
  const signer = TrustBundle.declared('vendor-ca');
  const server = Credential.secret('vendor-server', { identity: Identity.dns(HOST), signer });
  const partnerOf = (fleet: Fleet) => {
    const provider = mesh(fleet, 'partner');
    provider.namespace('gateways');
    const ports = [GatewayPort.https(), GatewayPort.https(9443)];
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ports });
    const service = (name: string) => provider.service(name, { namespace: 'broker', ports: [Port.http(8000)] });
    return { provider, ingress, service, tls: PeeringTls.simple({ server }) };
  };
  const agencyOf = (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency');
    consumer.namespace('travel');
    return { consumer, egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }) };
  };
  const peeringOf = (fleet: Fleet, callers?: Callers<'serviceAccounts'>) => {
    const { service, ...partner } = partnerOf(fleet);
    const peering = new EgressGatewayPeering(fleet, 'vendor', { ...partner, ...agencyOf(fleet), callers });
    return { peering: peering as EgressGatewayPeering, service };
  };
  const exposeAll = (
    peering: EgressGatewayPeering,
    service: ReturnType<typeof partnerOf>['service'],
    connections: { prices?: Connection } = {},
  ) => ({
    prices: peering.expose(service('prices'), {
      ...{ host: HOST, paths: ['/prices/*'], allow: [Access.http()] },
      ...(connections.prices && { connection: connections.prices }),
    }),
    stock: peering.expose(service('stock'), { host: HOST, paths: ['/stock/*'], allow: [Access.http()] }),
    admin: peering.expose(service('admin'), { host: HOST, port: 8080, gatewayPort: 9443, allow: [Access.http()] }),
  });
  const together = (fleet: Fleet) => {
    const { peering, service } = peeringOf(fleet);
    return exposeAll(peering, service);
  };

  test('share the way of their port', () => {
    const objects = objectsOf(together, 'agency-cluster');
    const own = objects.all.filter(({ metadata }) => metadata.name.startsWith('vendor'));
    expect(own.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'AuthorizationPolicy vendor-api-vendor-example-80',
      'AuthorizationPolicy vendor-broker-admin-8000',
      'DestinationRule vendor-api-vendor-example-80',
      'DestinationRule vendor-broker-admin-8000',
      'DestinationRule vendor.broker.admin.8000',
      'Gateway vendor-api-vendor-example-80',
      'ServiceEntry vendor.broker.admin.8000',
      'VirtualService vendor-api-vendor-example-80',
    ]);
    const { prices, stock, admin: other } = together(new Fleet());
    expect(prices.nextHop).toEqual(stock.nextHop);
    expect(other.nextHop).toMatchObject({ subset: 'vendor-broker-admin-8000', authority: `${HOST}:8080` });
  });

  test('are the same in two repositories', () => {
    twoRepositoriesEqualOne({
      together,
      provider: () => (fleet) => {
        const { service, ...partner } = partnerOf(fleet);
        const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
        const peering = new EgressGatewayPeering(fleet, 'vendor', { ...partner, consumer });
        exposeAll(peering as EgressGatewayPeering, service);
      },
      consumer: (contracts) => (fleet) => {
        const { consumer, egress } = agencyOf(fleet);
        const contract = Contract.parse(contracts('vendor.json'), 'vendor.json');
        const peering = EgressGatewayPeering.fromContract(fleet, { consumer, egress, contract });
        for (const key of ['broker/admin:8000', 'broker/stock:8000', 'broker/prices:8000']) peering.exposure(key);
      },
    });
  });

  test('are connected in one way', () => {
    const unlike = (fleet: Fleet) => {
      const { peering, service } = peeringOf(fleet);
      exposeAll(peering, service, { prices: Connection.of({ connectTimeout: Duration.seconds(2) }) });
    };
    expect(messageOf(() => unlike(new Fleet()))).toBe(
      "MESH1321 vendor: the connection of broker/stock:8000 is not that of broker/prices:8000, and both are one: port 80 of host 'api.vendor.example'; state the same for both",
    );
  });

  test('callers limit all of them', () => {
    const objects = objectsOf((fleet) => {
      const { peering, service } = peeringOf(fleet, Callers.serviceAccounts('travel/web'));
      exposeAll(peering, service);
    }, 'agency-cluster');
    for (const name of ['vendor-api-vendor-example-80', 'vendor-broker-admin-8000']) {
      expect(JSON.stringify(objects.one('AuthorizationPolicy', `egress/${name}`).spec)).toContain('/ns/travel/sa/web"');
    }
  });
});
