import {
  Access,
  Callers,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  type ExposeOptions,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../lib';
import type { ClusterManifests } from '../../lib/testing/manifests';
import { byIdentity, mesh, messageOf, objectsOf } from '../support/model';

const plain = PeeringTls.plain();
const HOST = 'api.vendor.example';
const specOf = (objects: ClusterManifests, kind: string) => objects.one(kind).spec as Record<string, unknown>;
const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));

describe('a server with several ports', () => {
  const [http, admin, https] = [Port.http(80), Port.http(8080), Port.tls(443)];
  const vendor = External.server<'http' | 'tls'>({ host: HOST, ports: [http, admin, https] });
  const program = (ports: Port<'http' | 'tls'>[]) => (fleet: Fleet) => {
    const peering = new DirectPeering(fleet, 'vendor', { consumer: mesh(fleet, 'shop'), provider: vendor, tls: plain });
    for (const port of ports) {
      const allow = [port.protocol === 'tls' ? Access.tcp() : Access.http()];
      peering.expose(vendor.at(port), { host: HOST, allow });
    }
  };

  test('has one ServiceEntry, whatever was stated first', () => {
    const objects = objectsOf(program([http, admin, https]));
    expect(objects.all.map(({ kind }) => kind)).toEqual(['ServiceEntry']);
    expect(specOf(objects, 'ServiceEntry').ports).toEqual([
      { number: 80, name: 'http-80', protocol: 'HTTP' },
      { number: 443, name: 'tls-443', protocol: 'TLS' },
      { number: 8080, name: 'http-8080', protocol: 'HTTP' },
    ]);
    expect([...byIdentity(program([https, admin, http]))]).toEqual([...byIdentity(program([http, admin, https]))]);
  });

  test('and one of them leads one way', () => {
    const twice = (fleet: Fleet) => {
      const peering = new DirectPeering(fleet, 'vendor', {
        consumer: mesh(fleet, 'shop'),
        provider: vendor,
        tls: plain,
      });
      peering.expose(vendor.at(http), { host: HOST, allow: [Access.http()] });
      peering.expose(vendor.at(admin), { host: HOST, port: 80, allow: [Access.http()] });
    };
    expect(failure(twice)).toBe(
      "MESH1240 vendor: port 80 of host 'api.vendor.example' already leads to api.vendor.example:80, not to api.vendor.example:8080; state another port, or 'paths' for each where one gateway serves both",
    );
  });

  test("shows an egress gateway no ServiceAccount with the application's own TLS", () => {
    const through = (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const callers = Callers.serviceAccounts('orders/web');
      const sides = { consumer, provider: vendor, egress, callers, tls: plain };
      new EgressGatewayPeering(fleet, 'vendor', sides).expose(vendor.at(https), { host: HOST, allow: [Access.tcp()] });
    };
    expect(failure(through)).toBe(
      "MESH1206 vendor: callers names ServiceAccounts (orders/web), but the application's own TLS shows the egress gateway no identity; use Callers.namespaces; the rule would be widened",
    );
  });

  test('has one virtual IP for all tcp ports', () => {
    const [one, two] = [Port.tcp(5432), Port.tcp(5433)];
    const server = External.server({ host: HOST, ports: [one, two] });
    const withIps = (first: string, second: string) => (fleet: Fleet) => {
      const peering = new DirectPeering(fleet, 'db', { consumer: mesh(fleet, 'shop'), provider: server, tls: plain });
      peering.expose(server.at(one), { host: HOST, allow: [Access.tcp()], virtualIp: first });
      peering.expose(server.at(two), { host: HOST, allow: [Access.tcp()], virtualIp: second });
    };
    expect(specOf(objectsOf(withIps('240.1.1.1', '240.1.1.1')), 'ServiceEntry')).toMatchObject({
      addresses: ['240.1.1.1'],
      ports: [{ number: 5432 }, { number: 5433 }],
    });
    expect(failure(withIps('240.1.1.1', '240.1.1.2'))).toBe(
      "MESH1253 db: host 'api.vendor.example' has virtual IP 240.1.1.1, for its port 5433 it is 240.1.1.2; state one for all of its ports",
    );
  });
});

describe('one host, and two peerings of a consumer', () => {
  const vendor = External.server({ host: HOST, ports: [Port.http(80)] });
  const program =
    (one: Callers<'namespaces'> | undefined, two: Callers<'namespaces'> | undefined) => (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      for (const [id, callers] of Object.entries({ one, two })) {
        const peering = new DirectPeering(fleet, id, { consumer, provider: vendor, tls: plain, callers });
        peering.expose(vendor, { host: HOST, allow: [Access.http()] });
      }
    };
  const of = (...namespaces: string[]) => Callers.namespaces(...namespaces);

  test('stand side by side where no proxy sees both', () => {
    const entries = objectsOf(program(of('orders', 'stock'), of('returns'))).all;
    expect(
      entries.map(({ metadata, spec }) => [metadata.namespace, (spec as { exportTo: string[] }).exportTo]),
    ).toEqual([
      ['orders', ['.', 'stock']],
      ['returns', ['.']],
    ]);
  });

  test('are refused where a proxy would take one of the two', () => {
    expect(failure(program(of('orders', 'stock'), of('stock')))).toBe(
      "MESH1204 two: host 'api.vendor.example' already leads through peering 'one' in east/shop for callers in stock, whose proxies take one of the two; let the two peerings have callers in namespaces of their own",
    );
    const everywhere =
      "MESH1204 two: host 'api.vendor.example' already leads through peering 'one' in east/shop; a server in no mesh has one host, which a proxy knows once: leave one of the two out, or state callers in namespaces of their own for both";
    expect(failure(program(undefined, of('orders')))).toBe(everywhere);
    expect(failure(program(of('orders'), undefined))).toBe(everywhere);
  });
});

describe('one host, and two workloads of a namespace', () => {
  const ca = TrustBundle.declared('vendor-ca');
  const [https, other] = [Port.http(443), Port.http(8443)];
  const vendor = External.server({ host: HOST, ports: [https, other] });
  const mutual = (team: string) =>
    PeeringTls.mutual({
      client: Credential.secret(`${team}-client`, { identity: Identity.dns(`${team}.shop.example`), signer: ca }),
      server: new PeerEnd(Identity.dns(HOST), ca),
    });
  const workload = (labels: Record<string, string>, namespace = 'teams') =>
    Callers.workload({ namespace, labels, serviceAccounts: ['web'] });

  /** A peering per workload, with a certificate of its own. */
  const teams =
    (of: Record<string, Callers<'namespaces' | 'workload'>>, ports: Record<string, Port<'http'>[]> = {}) =>
    (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      for (const [id, callers] of Object.entries(of)) {
        const tls =
          callers.kind === 'workload'
            ? mutual(id)
            : PeeringTls.simple({ server: new PeerEnd(Identity.dns(HOST), TrustBundle.system()) });
        const peering = new DirectPeering(fleet, id, { consumer, provider: vendor, tls, callers });
        for (const [index, port] of (ports[id] ?? [https]).entries()) {
          peering.expose(vendor.at(port), { host: HOST, allow: [Access.http()], port: 80 + index });
        }
      }
    };
  const apart = { orders: workload({ app: 'orders' }), returns: workload({ app: 'returns', tier: 'web' }) };
  const overlap =
    "MESH1204 returns: host 'api.vendor.example' already leads through peering 'orders' in east/shop for callers in teams, whose proxies take one of the two; let the two peerings have callers in namespaces of their own, or workloads of which no pod can have the labels of both: one label with different values";

  test('have a rule each, which selects their pods, and ServiceEntries that say the same', () => {
    const { all } = objectsOf(teams(apart));
    const of = (kind: string) =>
      all.filter((one) => one.kind === kind).map(({ spec }) => spec as Record<string, never>);
    const [one, two] = of('ServiceEntry');
    expect(one).toEqual(two);
    expect(
      of('DestinationRule').map(({ workloadSelector, trafficPolicy }) => [
        workloadSelector,
        (trafficPolicy as { portLevelSettings: { tls: { credentialName: string } }[] }).portLevelSettings[0].tls
          .credentialName,
      ]),
    ).toEqual([
      [{ matchLabels: { app: 'orders' } }, 'orders-client'],
      [{ matchLabels: { app: 'returns', tier: 'web' } }, 'returns-client'],
    ]);
  });

  test('are as they were when the other one goes', () => {
    const alone = byIdentity(teams({ returns: apart.returns }));
    const both = byIdentity(teams(apart));
    for (const [object, json] of alone) expect([object, both.get(object)]).toEqual([object, json]);
  });

  test('are refused where a pod could have the labels of both', () => {
    expect(failure(teams({ orders: workload({ app: 'web' }), returns: workload({ tier: 'web' }) }))).toBe(overlap);
    expect(failure(teams({ orders: workload({ app: 'web' }), returns: workload({ app: 'web', tier: 'a' }) }))).toBe(
      overlap,
    );
    expect(failure(teams({ orders: workload({ app: 'web' }), returns: Callers.namespaces('teams') }))).toBe(
      overlap.replace(/, or workloads.*/, ''),
    );
  });

  test('are refused where they register the host otherwise', () => {
    const program = teams(apart, { orders: [https], returns: [https, other] });
    expect(messageOf(() => objectsOf(program))).toContain(
      "MESH1176 returns: host 'api.vendor.example' is registered with HTTP port 80 (to 443) and HTTP port 81 (to 8443) here, and with HTTP port 80 (to 443) by peering 'orders', for other pods of namespace 'teams', whose proxies take one of the two; expose the same ports with the same tls, or let the two have callers in namespaces of their own",
    );
    const same = teams(apart, { orders: [other, https], returns: [other, https] });
    expect(objectsOf(same).find('ServiceEntry')).toHaveLength(2);
  });

  test('of other namespaces need not agree', () => {
    const program = teams(
      { orders: workload({ app: 'web' }), returns: workload({ app: 'web' }, 'others') },
      { returns: [other] },
    );
    expect(objectsOf(program).find('ServiceEntry')).toHaveLength(2);
  });

  test('take no part in a host that their cluster shall leave clear: that is said to all pods', () => {
    const host = 'db.legacy.svc.cluster.local';
    const server = External.server({ host, ports: [Port.http(80)] });
    const program = (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      for (const [id, callers] of Object.entries(apart)) {
        new DirectPeering(fleet, id, { consumer, provider: server, tls: plain, callers }).expose(server, {
          host,
          allow: [Access.http()],
        });
      }
    };
    expect(failure(program)).toMatch(/^MESH1204 returns: host 'db.legacy.svc.cluster.local' already leads through/);
  });
});

const simple = PeeringTls.simple({
  server: Credential.secret('vendor-server', {
    identity: Identity.dns(HOST),
    signer: TrustBundle.declared('vendor-ca'),
  }),
});

/** Services of a mesh behind one host, for a client in no mesh. */
function behind(exposures: Record<string, Partial<ExposeOptions>>, gateway: Partial<GatewayProps> = {}) {
  return (fleet: Fleet) => {
    const openshift = gateway.route ? { platform: Ossm.v3() } : {};
    const provider = mesh(fleet, 'vendor', openshift, 'west');
    const ports = [GatewayPort.https(), GatewayPort.https(9443)];
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ports, ...gateway });
    const till = { consumer: External.client('till'), provider, ingress, tls: simple };
    const peering = new DirectPeering(fleet, 'till', till);
    for (const [name, options] of Object.entries(exposures)) {
      const service = provider.service(name, { namespace: 'app', ports: [Port.http(8000)] });
      peering.expose(service, { host: HOST, allow: [Access.http()], ...options });
    }
  };
}

const toService = (name: string) => [
  { destination: { host: `${name}.app.svc.cluster.local`, port: { number: 8000 } } },
];

describe('services behind one host', () => {
  const two = { prices: { paths: ['/prices', '/prices/*'] }, stock: { paths: ['/stock/*'] } };

  test('are told apart by path: one server, one VirtualService, a policy for each', () => {
    const objects = objectsOf(behind(two));
    expect(specOf(objects, 'Gateway').servers).toHaveLength(1);
    expect(specOf(objects, 'VirtualService').http).toEqual([
      { match: [{ uri: { exact: '/prices' } }, { uri: { prefix: '/prices/' } }], route: toService('prices') },
      { match: [{ uri: { prefix: '/stock/' } }], route: toService('stock') },
    ]);
    const policies = objects.all.filter(
      ({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name !== 'public.deny-all',
    );
    expect(policies.map(({ spec }) => JSON.stringify(spec).match(/"paths":\[[^\]]*\]/)?.[0])).toEqual([
      '"paths":["/prices","/prices/*"]',
      '"paths":["/stock/*"]',
    ]);
  });

  test('whatever was stated first', () => {
    const { prices, stock } = two;
    expect([...byIdentity(behind({ stock, prices }))]).toEqual([...byIdentity(behind(two))]);
  });

  test('at a gateway that lets everybody through each have a route of their own', () => {
    const objects = objectsOf(behind(two, { denyByDefault: false }));
    const routes = objects.all
      .filter(({ kind }) => kind === 'VirtualService')
      .map(({ spec }) => (spec as { http: object }).http);
    expect(routes).toEqual([
      [{ match: [{ uri: { exact: '/prices' } }, { uri: { prefix: '/prices/' } }], route: toService('prices') }],
      [{ match: [{ uri: { prefix: '/stock/' } }], route: toService('stock') }],
    ]);
  });

  test('at another port have a server of their own, in the one Gateway resource of the host', () => {
    const objects = objectsOf(behind({ prices: {}, admin: { gatewayPort: 9443 } }));
    expect(specOf(objects, 'Gateway').servers).toMatchObject([
      { port: { number: 443, name: 'https-443' }, hosts: [HOST] },
      { port: { number: 9443, name: 'https-9443' }, hosts: [HOST] },
    ]);
    expect(specOf(objects, 'VirtualService').http).toEqual([
      { match: [{ port: 443 }], route: toService('prices') },
      { match: [{ port: 9443 }], route: toService('admin') },
    ]);
  });

  test.each<[string, Record<string, Partial<ExposeOptions>>, string]>([
    [
      'the whole host beside a part of it',
      { prices: {}, stock: { paths: ['/stock/*'] } },
      "MESH1242 till: paths '/stock/*' of app/stock:8000 and '/*' of app/prices:8000 overlap at host 'api.vendor.example' of gateway west/vendor/public, so a rule for one would open the other; state 'paths' that have nothing in common",
    ],
    [
      'paths within others',
      { prices: { paths: ['/a/*'] }, stock: { paths: ['/b', '/a/b'] } },
      "MESH1242 till: paths '/a/b' of app/stock:8000 and '/a/*' of app/prices:8000 overlap at host 'api.vendor.example' of gateway west/vendor/public, so a rule for one would open the other; state 'paths' that have nothing in common",
    ],
    [
      'paths around others',
      { prices: { paths: ['/a/b'] }, stock: { paths: ['/a/*'] } },
      "MESH1242 till: paths '/a/*' of app/stock:8000 and '/a/b' of app/prices:8000 overlap at host 'api.vendor.example' of gateway west/vendor/public, so a rule for one would open the other; state 'paths' that have nothing in common",
    ],
    [
      'a rule about what leads elsewhere',
      { prices: { paths: ['/a/*'], allow: [Access.http({ paths: ['/a/1', '/b'] })] } },
      "MESH1241 till: an access rule allows '/b', but the exposure is about /a/*; leave it out, or add it to 'paths'",
    ],
    [
      'no path',
      { prices: { paths: [] } },
      'MESH1241 till: paths is empty, so nothing of the host would lead to the service; name its paths, or leave it out for all',
    ],
    [
      'a malformed path',
      { prices: { paths: ['a'] } },
      "MESH1004 till: path 'a' is malformed; expected an absolute path such as '/insurances/London', or one that ends in '*' such as '/insurances/*'",
    ],
  ])('are refused: %s', (_, exposures, message) => {
    expect(failure(behind(exposures))).toBe(message);
  });

  test('are refused at two ports behind a Route, which leads to one', () => {
    const exposures = { prices: {}, admin: { gatewayPort: 9443 } };
    expect(failure(behind(exposures, { route: RouteFront.passthrough() }))).toBe(
      "MESH1240 till: host 'api.vendor.example' of gateway west/vendor/public has ports 443 and 9443, but the Route in front of it leads to one; give this exposure a host of its own",
    );
  });
});

test('paths of what no gateway of ours tells apart are refused', () => {
  const vendor = External.server({ host: HOST, ports: [Port.http(80)] });
  const outside = (fleet: Fleet) =>
    new DirectPeering(fleet, 'vendor', { consumer: mesh(fleet, 'shop'), provider: vendor, tls: plain }).expose(vendor, {
      host: HOST,
      paths: ['/a/*'],
      allow: [Access.http()],
    });
  expect(failure(outside)).toBe(
    'MESH1241 vendor: paths names /a/*, but nothing of ours stands before api.vendor.example to tell paths apart; leave it out',
  );
  const bytes = (fleet: Fleet) => {
    const provider = mesh(fleet, 'vendor', {}, 'west');
    const ports = [GatewayPort.tcp(6379)];
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ports });
    const redis = provider.service('redis', { namespace: 'app', ports: [Port.tcp(6379)] });
    const till = { consumer: External.client('till'), provider, ingress, tls: plain };
    new DirectPeering(fleet, 'till', till).expose(redis, { host: HOST, paths: ['/a'], allow: [Access.tcp()] });
  };
  expect(failure(bytes)).toBe('MESH1241 till: paths names /a, but a tcp port carries no requests; leave it out');
});

test("another port of a host is not opened by a rule about the application's own TLS", () => {
  const program = (fleet: Fleet) => {
    const provider = mesh(fleet, 'vendor', {}, 'west');
    const ports = [GatewayPort.http(), GatewayPort.https()];
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ports });
    const till = { consumer: External.client('till'), provider, ingress, tls: plain };
    const peering = new DirectPeering(fleet, 'till', till);
    const own = provider.service('own', { namespace: 'app', ports: [Port.tls(8443)] });
    const web = provider.service('web', { namespace: 'app', ports: [Port.http(8000)] });
    peering.expose(own, { host: HOST, allow: [Access.tcp()] });
    peering.expose(web, { host: HOST, allow: [Access.http()] });
  };
  const objects = objectsOf(program);
  const policy = objects.all.find(
    ({ metadata, kind }) => kind === 'AuthorizationPolicy' && metadata.name.includes('own'),
  );
  expect(policy?.spec).toMatchObject({
    rules: [{ to: [{ operation: { ports: ['8443'] } }], when: [{ key: 'connection.sni', values: [HOST] }] }],
  });
  expect(specOf(objects, 'VirtualService')).toMatchObject({
    tls: [{ match: [{ port: 443, sniHosts: [HOST] }] }],
    http: [{ match: [{ port: 80 }] }],
  });
});
