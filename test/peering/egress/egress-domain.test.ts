import {
  Access,
  Callers,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Istio,
  type Mesh,
  PeeringTls,
  Port,
  type Protocol,
  Routing,
  Rule,
} from '../../../lib';
import { mesh, messageOf, objectsOf } from '../../support/model';

const DOMAIN = '*.cloud.example';
const [http, admin, https, bytes] = [Port.http(80), Port.http(8080), Port.tls(443), Port.tcp(5432)];
const plain = PeeringTls.plain();

/** A mesh with an egress gateway, and servers behind it. */
function sides(fleet: Fleet) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  consumer.namespace('orders');
  const ports = [GatewayPort.https(), GatewayPort.tls()];
  const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress', ports });
  return { consumer, egress };
}

function through(
  fleet: Fleet,
  id: string,
  { consumer, egress }: ReturnType<typeof sides>,
  stated: { host?: string; ports?: Port<Protocol>[]; callers?: Callers<'namespaces'> },
) {
  const { host = DOMAIN, ports = [http, https], callers } = stated;
  const provider = External.server<Protocol>({ host, ports });
  const peering = new EgressGatewayPeering(fleet, id, { consumer, provider, egress, tls: plain, callers });
  return ports.map((port) =>
    peering.expose(provider.at(port), { host, allow: [port.protocol === 'http' ? Access.http() : Access.tcp()] }),
  );
}

const program = (fleet: Fleet) => through(fleet, 'cloud', sides(fleet), { callers: Callers.namespaces('orders') });

describe('all names of a domain behind an egress gateway', () => {
  const objects = objectsOf(program);

  test('are one ServiceEntry of which proxies ask DNS when a name is called', () => {
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      hosts: [DOMAIN],
      exportTo: ['.', 'orders'],
      resolution: 'DYNAMIC_DNS',
    });
  });

  test('requests keep the name that they say; the way to the gateway has one below the domain', () => {
    expect(objects.one('DestinationRule', 'egress/cloud-80').spec).toMatchObject({
      subsets: [{ trafficPolicy: { portLevelSettings: [{ tls: { sni: 'any.cloud.example' } }] } }],
    });
    expect(objects.one('Gateway', 'egress/cloud-80').spec).toMatchObject({ servers: [{ hosts: [DOMAIN] }] });
    expect(JSON.stringify(objects.one('VirtualService').spec)).not.toContain(':authority');
    expect(program(new Fleet())[0].nextHop).toEqual({
      host: 'out.egress.svc.cluster.local',
      port: 443,
      subset: 'cloud-80',
      domain: DOMAIN,
      callers: Callers.namespaces('orders'),
    });
  });

  test('the gateway allows names below the domain, and callers that it knows', () => {
    expect(objects.one('AuthorizationPolicy', 'egress/cloud-80').spec).toMatchObject({
      rules: [
        {
          from: [{ source: { principals: ['shop.example/ns/orders/*'] } }],
          to: [{ operation: { hosts: [DOMAIN, `${DOMAIN}:80`], ports: ['8443'] } }],
        },
      ],
    });
    expect(objects.one('AuthorizationPolicy', 'egress/cloud-443').spec).toMatchObject({
      rules: [{ to: [{ operation: { ports: ['15443'] } }], when: [{ key: 'connection.sni', values: [DOMAIN] }] }],
    });
  });

  test('of the TLS of applications the gateway asks DNS for the SNI, in the filter chain of that domain alone', () => {
    const { configPatches } = objects.one('EnvoyFilter', 'egress/cloud-443').spec as {
      configPatches: { applyTo: string; match: { listener?: object }; patch: { operation: string } }[];
    };
    expect(configPatches.map(({ applyTo, patch }) => `${applyTo} ${patch.operation}`)).toEqual([
      'CLUSTER ADD',
      'NETWORK_FILTER INSERT_BEFORE',
      'NETWORK_FILTER MERGE',
    ]);
    for (const { match } of configPatches.slice(1)) {
      expect(match.listener).toEqual({
        portNumber: 15443,
        filterChain: { sni: DOMAIN, filter: { name: 'envoy.filters.network.tcp_proxy' } },
      });
    }
  });

  test('of two ports of such TLS each has its port of the gateway, and its filter there', () => {
    const two = objectsOf((fleet) => {
      const { consumer } = sides(fleet);
      const ports = [GatewayPort.https(), GatewayPort.tls(), GatewayPort.tls(9443)];
      const egress = new Gateway(consumer, 'two', { kind: 'egress', namespace: 'egress', ports });
      through(fleet, 'cloud', { consumer, egress }, { ports: [https, Port.tls(9443)] });
    });
    const portsOf = (name: string) =>
      (
        two.one('EnvoyFilter', `egress/${name}`).spec as {
          configPatches: { match: { listener?: { portNumber: number } } }[];
        }
      ).configPatches.flatMap(({ match }) => match.listener?.portNumber ?? []);
    expect([portsOf('cloud-443'), portsOf('cloud-9443')]).toEqual([
      [15443, 15443],
      [9443, 9443],
    ]);
  });

  test('a Routing about them keeps the names, through the gateway or straight from the sidecar', () => {
    const routed = (peer: (fleet: Fleet, own: ReturnType<typeof sides>) => ReturnType<typeof program>[number]) =>
      objectsOf((fleet) => {
        const own = sides(fleet);
        const exposure = peer(fleet, own) as never;
        const home = own.consumer.service('home', { namespace: 'orders', ports: [Port.http(8000)] });
        new Routing(own.consumer, 'cloud', {
          host: exposure,
          rules: [Rule.paths(['/home/*']).to(home), Rule.otherwise().to(exposure)],
        });
      }).one('VirtualService').spec;
    const byGateway = routed((fleet, own) => through(fleet, 'cloud', own, { ports: [http] })[0]);
    const direct = routed((fleet, { consumer }) => directly(fleet, consumer));
    for (const spec of [byGateway, direct]) {
      expect(spec).toMatchObject({ hosts: [DOMAIN] });
      expect(JSON.stringify(spec)).not.toContain(':authority');
    }
  });
});

function directly(fleet: Fleet, consumer: Mesh) {
  const provider = External.server<Protocol>({ host: DOMAIN, ports: [http] });
  return new DirectPeering(fleet, 'direct', { consumer, provider, tls: plain }).expose(provider, {
    host: DOMAIN,
    allow: [Access.http()],
  });
}

describe('what cannot be carried for a domain is refused', () => {
  const refused = (build: (fleet: Fleet, own: ReturnType<typeof sides>) => void) =>
    messageOf(() => {
      const fleet = new Fleet();
      build(fleet, sides(fleet));
    });

  test('a rule that leads calls of another name there: nobody says which name is meant', () => {
    for (const lead of [
      (fleet: Fleet, own: ReturnType<typeof sides>) => through(fleet, 'cloud', own, { ports: [http] })[0],
      (fleet: Fleet, { consumer }: ReturnType<typeof sides>) => directly(fleet, consumer),
    ]) {
      expect(
        refused((fleet, own) => {
          const to = lead(fleet, own) as never;
          const host = own.consumer.alias('files', { namespace: 'orders', port: Port.http(80) });
          new Routing(own.consumer, 'files', { host, rules: [Rule.otherwise().to(to)] });
        }),
      ).toBe(
        "MESH1316 east/shop/files: a rule for every call leads calls to orders/files to '*.cloud.example', all names of a domain: which of them is meant, only callers say who dial it; let the Routing be about that exposure, or state one server per name",
      );
    }
  });

  test('copies to all names of a domain', () => {
    expect(
      refused((fleet, own) => {
        const to = directly(fleet, own.consumer) as never;
        const home = own.consumer.service('home', { namespace: 'orders', ports: [Port.http(8000)] });
        const rule = Rule.otherwise().to(home).with({ mirror: { to } });
        new Routing(own.consumer, 'home', { host: home, rules: [rule] });
      }),
    ).toContain('MESH1316');
  });

  test('a name of the domain beside it: a rule for all names would open that one', () => {
    const message = (one: string, other: string) =>
      refused((fleet, own) => {
        through(fleet, 'one', own, { host: one });
        through(fleet, 'two', own, { host: other });
      });
    const why =
      "'blue.cloud.example' is a name of '*.cloud.example', and both lead through gateway east/shop/out (the other one by peering 'one'), so who may call all names could call this one, too; leave one of the two out, or use another gateway";
    expect(message(DOMAIN, 'blue.cloud.example')).toBe(`MESH1317 two: ${why}`);
    expect(message('blue.cloud.example', DOMAIN)).toBe(`MESH1317 two: ${why}`);
    expect(message('*.eu.cloud.example', DOMAIN)).toContain('MESH1317');
    expect(() =>
      objectsOf((fleet) => {
        const own = sides(fleet);
        through(fleet, 'one', own, { host: DOMAIN });
        through(fleet, 'two', own, { host: 'cloud.example' });
        through(fleet, 'three', own, { host: 'blue.notcloud.example' });
      }),
    ).not.toThrow();
  });

  test('requests at a gateway that lets everybody through: they would leave for any port', () => {
    const open = (ports: Port<Protocol>[]) => {
      const fleet = new Fleet();
      const { consumer } = sides(fleet);
      const egress = new Gateway(consumer, 'open', {
        ...{ kind: 'egress', namespace: 'egress', denyByDefault: false },
        ports: [GatewayPort.https(), GatewayPort.tls()],
      });
      through(fleet, 'cloud', { consumer, egress }, { ports });
    };
    expect(messageOf(() => open([http]))).toBe(
      "MESH1172 cloud: requests to '*.cloud.example' leave gateway east/shop/open for any port that they name, because the gateway lets everybody through; set denyByDefault: true on the gateway, or state one server per name",
    );
    expect(() => open([https])).not.toThrow();
  });

  test('requests to two ports', () => {
    expect(refused((fleet, own) => void through(fleet, 'cloud', own, { ports: [http, admin] }))).toBe(
      "MESH1240 cloud: ports 80 and 8080 of host '*.cloud.example' arrive at port 443 of egress gateway east/shop/out, and requests to all names of a domain say nothing of the port; use DirectPeering for one of them",
    );
  });

  test('bytes, and an older Istio', () => {
    expect(refused((fleet, own) => void through(fleet, 'cloud', own, { ports: [bytes] }))).toContain('MESH1244');
    expect(
      messageOf(() => {
        const fleet = new Fleet();
        const consumer = mesh(fleet, 'old', { platform: Istio.v1_28() });
        const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
        through(fleet, 'cloud', { consumer, egress }, {});
      }),
    ).toContain('MESH1244 cloud');
  });
});
