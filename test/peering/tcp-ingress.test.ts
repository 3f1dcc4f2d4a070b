import {
  Access,
  Address,
  Callers,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  Mesh,
  type MeshProps,
  Ossm,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../lib';
import type { ExposeOptions } from '../../lib/peering/expose-options';
import type { ClusterManifests } from '../../lib/testing/manifests';
import { mesh, messageOf, objectsOf } from '../support/model';

const allow = [Access.tcp()];
const CAPTURING = ControlPlane.existing('istio-system', { dnsCapture: true });
const plain = PeeringTls.plain();
const simple = PeeringTls.simple({
  server: Credential.secret('data-server', {
    identity: Identity.dns('data.example'),
    signer: TrustBundle.declared('data-ca'),
  }),
});
const specOf = (objects: ClusterManifests, kind: string) => objects.one(kind).spec as Record<string, unknown>;
const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));

test('what a consumer would say who is not ours is refused', () => {
  const fleet = new Fleet();
  const { data, database, ingress } = dataCentre(fleet);
  const till = { consumer: External.client('till'), provider: data, ingress, tls: plain };
  const options = { host: 'redis.example', allow, virtualIp: '240.1.2.3' };
  expect(messageOf(() => new DirectPeering(fleet, 'till', till).expose(database('redis', 6379), options))).toBe(
    "MESH1215 till: 'virtualIp' is stated, but the consumer till is not ours, so nothing would be written; leave it out",
  );
});

const PORTS = [GatewayPort.https(), GatewayPort.tcp(6379), GatewayPort.tcp(31400)];

function dataCentre(fleet: Fleet, gateway: Partial<GatewayProps> = {}, props: Partial<MeshProps> = {}) {
  const data = mesh(fleet, 'data', props, 'west');
  const ingress = new Gateway(data, 'public', { kind: 'ingress', namespace: 'gateways', ports: PORTS, ...gateway });
  const database = (name: string, port: number) =>
    data.service(name, { namespace: 'databases', ports: [Port.tcp(port)] });
  return { data, ingress, database };
}

interface Exposed {
  readonly tls?: PeeringTls;
  readonly gateway?: Partial<GatewayProps>;
  readonly options?: Partial<ExposeOptions>;
}

/** A database of another mesh. */
function redis({ tls = plain, gateway, options }: Exposed) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'shop', { controlPlane: CAPTURING }, 'east');
    const { data, ingress, database } = dataCentre(fleet, gateway);
    const sides = { consumer, provider: data, ingress, callers: undefined };
    const service = database('redis', 6379);
    const callers = Callers.workload({ namespace: 'orders', labels: { app: 'cart' }, serviceAccounts: ['cart'] });
    const peering = new DirectPeering(fleet, 'cache', { ...sides, tls, ...(tls !== plain && { callers }) });
    peering.expose(service as never, { host: 'redis.example', allow, ...options });
  };
}

describe('bytes at the gateway of the provider', () => {
  const at = (exposed: Exposed) => {
    const objects = objectsOf(redis(exposed), 'west');
    const gateway = objects.one('Gateway').spec as { servers: object[] };
    const policy = objects.all.find(
      ({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name.includes('cache'),
    );
    const rules = (policy?.spec as { rules: object[] } | undefined)?.rules;
    return { servers: gateway.servers, route: specOf(objects, 'VirtualService').tcp, rules };
  };
  const destination = { host: 'redis.databases.svc.cluster.local', port: { number: 6379 } };

  test('in clear text have a port of their own: that of the service, or the one that is stated', () => {
    expect(at({})).toEqual({
      servers: [{ port: { number: 6379, name: 'tcp', protocol: 'TCP' }, hosts: ['redis.example'] }],
      route: [{ match: [{ port: 6379 }], route: [{ destination }] }],
      rules: [{ to: [{ operation: { ports: ['6379'] } }] }],
    });
    expect(at({ options: { gatewayPort: 31400 } }).servers).toEqual([
      { port: { number: 31400, name: 'tcp', protocol: 'TCP' }, hosts: ['redis.example'] },
    ]);
  });

  test('in TLS are told apart by SNI, at the port of all others', () => {
    expect(at({ tls: simple })).toEqual({
      servers: [
        {
          port: { number: 443, name: 'tls', protocol: 'TLS' },
          hosts: ['redis.example'],
          tls: { mode: 'SIMPLE', credentialName: 'data-server' },
        },
      ],
      route: [{ match: [{ port: 443 }], route: [{ destination }] }],
      rules: [
        {
          to: [{ operation: { ports: ['8443'] } }],
          when: [{ key: 'connection.sni', values: ['redis.example'] }],
        },
      ],
    });
  });

  test('at a gateway that lets everybody through are routed, unless nobody may call', () => {
    expect(at({ gateway: { denyByDefault: false } }).rules).toBeUndefined();
    const denied = objectsOf(redis({ gateway: { denyByDefault: false }, options: { allow: [] } }), 'west');
    expect(denied.all.map(({ kind }) => kind)).not.toContain('VirtualService');
  });

  test.each<[string, Exposed, string]>([
    [
      'in clear text without such a port',
      { gateway: { ports: [GatewayPort.http()] } },
      'MESH1223 cache: bytes in clear text are told apart by nothing but a port of their own; gateway west/data/public has no tcp port 6379, it has http 80; add GatewayPort.tcp(6379), or state gatewayPort',
    ],
    [
      'at a port for something else',
      { tls: simple, options: { gatewayPort: 31400 } },
      'MESH1223 cache: gateway west/data/public has no https or tls port 31400, it has https 443, tcp 6379, tcp 31400; add GatewayPort.https(31400)',
    ],
    [
      'at a malformed port',
      { options: { gatewayPort: 70000 } },
      "MESH1003 cache: port '70000' is out of range; expected a whole number from 1 to 65535",
    ],
    [
      'at one of several ports, whose address states one',
      { gateway: { address: Address.ip('192.0.2.1').at(30443) } },
      'MESH1114 cache: the address of gateway west/data/public states one port (30443), the gateway has 3, of which 6379 is meant; state an address without a port, or a gateway with one port',
    ],
    [
      'with rules about requests',
      { options: { allow: [Access.http()] } },
      'MESH1206 cache: an Access.http rule does not fit what the provider sees through PeeringTls.plain; expected Access.tcp; the rule would be widened',
    ],
  ])('%s are refused', (_, exposed, message) => {
    expect(failure(redis(exposed))).toBe(message);
  });

  test.each([
    [
      'http',
      RouteFront.http(),
      plain,
      'bytes (tcp) with PeeringTls.plain; expected a gateway without a Route, or TLS that the router passes on',
    ],
    ['edge', RouteFront.edge(), simple, 'bytes (tcp) with PeeringTls.simple; expected RouteFront.passthrough()'],
  ] as const)(
    'behind a Route with termination %s are refused: its router reads requests',
    (kind, route, tls, message) => {
      const platform = { ports: [GatewayPort.http(), GatewayPort.https()], route };
      expect(failure(onOpenShift(tls, platform))).toBe(
        `MESH1207 cache: a Route with termination ${kind} in front of gateway west/data/public cannot carry ${message}`,
      );
    },
  );

  test('behind a Route that passes TLS on are told apart by SNI', () => {
    const route = RouteFront.passthrough();
    const objects = objectsOf(onOpenShift(simple, { ports: [GatewayPort.https()], route }), 'west');
    expect(objects.one('Route').spec).toMatchObject({ host: 'redis.example', tls: { termination: 'passthrough' } });
  });

  test('of two services cannot share a port', () => {
    const program = (fleet: Fleet) => {
      const { data, ingress, database } = dataCentre(fleet);
      const till = { consumer: External.client('till'), provider: data, ingress, tls: plain };
      const peering = new DirectPeering(fleet, 'till', till);
      peering.expose(database('redis', 6379), { host: 'redis.example', allow });
      peering.expose(database('more', 7000), { host: 'more.example', allow, gatewayPort: 6379 });
    };
    expect(failure(program)).toBe(
      "MESH1235 till: port 6379 of gateway west/data/public with server name '*' already leads to redis.databases.svc.cluster.local:6379 as redis.example, not to more.databases.svc.cluster.local:7000 as more.example; give this exposure another port, or another host",
    );
  });
});

function onOpenShift(tls: PeeringTls, gateway: Partial<GatewayProps>) {
  return (fleet: Fleet) => {
    const { data, ingress, database } = dataCentre(fleet, gateway, { platform: Ossm.v3() });
    const till = { consumer: External.client('till'), provider: data, ingress, tls };
    new DirectPeering(fleet, 'cache', till).expose(database('redis', 6379) as never, { host: 'redis.example', allow });
  };
}

test('a gateway of somebody else is called at 443 in TLS, in clear text at the port of the service, or as stated', () => {
  const endpoint = (tls: PeeringTls, options: Partial<Omit<ExposeOptions, 'jwtRules' | 'httpsRedirect'>> = {}) => {
    const program = (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', { controlPlane: CAPTURING }, 'east');
      const provider = Mesh.external(fleet, 'data', { trustDomain: 'data.example' });
      const service = provider.service('redis', { namespace: 'databases', ports: [Port.tcp(6379)] });
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const peering = new EgressGatewayPeering(fleet, 'cache', {
        consumer,
        provider,
        egress,
        tls: tls as typeof plain,
      });
      peering.expose(service, { host: 'redis.example', allow, ...options });
    };
    return specOf(objectsOf(program), 'ServiceEntry').ports;
  };
  expect(endpoint(plain)).toEqual([{ number: 6379, name: 'tcp', protocol: 'TCP' }]);
  expect(endpoint(simple)).toEqual([{ number: 6379, name: 'tcp', protocol: 'TCP', targetPort: 443 }]);
  expect(endpoint(plain, { gatewayPort: 31400 })).toEqual([
    { number: 6379, name: 'tcp', protocol: 'TCP', targetPort: 31400 },
  ]);
});
