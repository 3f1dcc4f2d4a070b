import { Duration } from 'cdk8s';
import {
  Access,
  Callers,
  Cluster,
  Connection,
  type DirectCallers,
  DirectPeering,
  EgressGatewayPeering,
  type EgressTls,
  External,
  Failover,
  Fleet,
  Gateway,
  Identity,
  LoadBalancing,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../lib';
import type { Manifest } from '../../lib/facts/manifest';
import { connect, consumer as privateConsumer, provider as privateProvider } from '../../scenarios/private-gateways';
import { mesh, messageOf, objectsOf } from '../support/model';
import { type Form, federated, peer, services } from './federations';
import { twoMeshes } from './shared-root/shared-root';

// GIVEN a connection that states one of each kind
const connection = Connection.of({
  connectTimeout: Duration.seconds(2),
  outlierDetection: { consecutive5xxErrors: 3 },
  loadBalancing: LoadBalancing.bySourceAddress(),
});
const SETTINGS = {
  connectionPool: { tcp: { connectTimeout: '2s' } },
  loadBalancer: { consistentHash: { useSourceIp: true } },
  outlierDetection: { consecutive5xxErrors: 3 },
};
const requests = Connection.of({ requests: { max: 10 } });

const server = External.server({ host: 'pay.vendor.example', ports: [Port.http(443)] });
const simple = PeeringTls.simple({ server: new PeerEnd(Identity.dns(server.host), TrustBundle.system()) });

interface Spec {
  host: string;
  exportTo: string[];
  workloadSelector?: object;
  subsets?: object[];
  trafficPolicy: { tls?: object; portLevelSettings?: object[] };
}
const specOf = (rule: Manifest | undefined) => rule?.spec as Spec;
const ruleOf = (objects: ReturnType<typeof objectsOf>, host: string) =>
  specOf(objects.find('DestinationRule').find((rule) => specOf(rule).host === host));

describe('DirectPeering', () => {
  const direct = (more: { tls?: EgressTls; callers?: DirectCallers; isStated?: boolean }) =>
    objectsOf((fleet) => {
      const { tls = simple, callers, isStated = true } = more;
      const consumer = mesh(fleet, 'shop');
      new DirectPeering(fleet, 'pay', { consumer, provider: server, tls, callers }).expose(server, {
        host: server.host,
        allow: [Access.http()],
        ...(isStated && { connection }),
      });
    });

  test('holds it in the rule that holds its TLS', () => {
    const { trafficPolicy } = specOf(direct({ isStated: false }).one('DestinationRule'));
    const [port] = trafficPolicy.portLevelSettings ?? [];
    expect(specOf(direct({}).one('DestinationRule')).trafficPolicy).toEqual({
      portLevelSettings: [{ ...port, ...SETTINGS }],
    });
  });

  test('without TLS the rule is there for the connection alone', () => {
    const plain = PeeringTls.plain();
    expect(direct({ tls: plain, isStated: false }).find('DestinationRule')).toEqual([]);
    const callers = Callers.workload({ namespace: 'shop', labels: { app: 'cart' }, serviceAccounts: ['cart'] });
    expect(specOf(direct({ tls: plain, callers }).one('DestinationRule'))).toEqual({
      host: server.host,
      exportTo: ['.'],
      workloadSelector: { matchLabels: { app: 'cart' } },
      trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, ...SETTINGS }] },
    });
  });

  test('a consumer that is not ours makes connections as it likes: refused', () => {
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const provider = mesh(fleet, 'partner');
        const ingress = new Gateway(provider, 'public', {
          kind: 'ingress',
          namespace: 'gateways',
          denyByDefault: false,
        });
        const web = provider.service('web', { namespace: 'web', ports: [Port.http(80)] });
        const consumer = External.client('till');
        const plain = PeeringTls.plain();
        new DirectPeering(fleet, 'p', { consumer, provider, ingress, tls: plain }).expose(web, {
          host: 'web.partner.example',
          allow: [],
          connection,
        });
      }),
    );
    expect(message).toBe(
      'MESH1321 p: the connection of web/web:80 is stated, but the consumer till is not ours, and how its proxies connect is its own business; leave it out',
    );
  });

  test('a look-alike is refused', () => {
    const like = { connectTimeout: Duration.seconds(2) } as unknown as Connection;
    const message = messageOf(() => {
      const fleet = new Fleet();
      const consumer = mesh(fleet, 'shop');
      new DirectPeering(fleet, 'pay', { consumer, provider: server, tls: simple }).expose(server, {
        host: server.host,
        allow: [Access.http()],
        connection: like,
      });
    });
    expect(message).toMatch(/^MESH1006 pay: 'connection' is .*, expected one such as Connection.of\(\{ … \}\)$/);
  });
});

describe('EgressGatewayPeering', () => {
  const egress = (tls: EgressTls, isStated = true) =>
    objectsOf((fleet) => {
      const consumer = mesh(fleet, 'shop');
      const gateway = new Gateway(consumer, 'egress', { kind: 'egress', namespace: 'gateways' });
      new EgressGatewayPeering(fleet, 'pay', { consumer, provider: server, egress: gateway, tls }).expose(server, {
        host: server.host,
        allow: [Access.http()],
        ...(isStated && { connection }),
      });
    });

  test.each([
    ['simple', simple],
    ['plain', PeeringTls.plain()],
  ] as const)('%s: the gateway connects so, the way of sidecars to it stays as it was', (_, tls) => {
    const [before, after] = [egress(tls, false), egress(tls)];
    const { exportTo, trafficPolicy } = ruleOf(after, server.host);
    expect(exportTo).toEqual(['.']);
    expect(trafficPolicy.portLevelSettings).toEqual([expect.objectContaining(SETTINGS)]);
    const gateway = 'egress.gateways.svc.cluster.local';
    expect(ruleOf(after, gateway)).toEqual(ruleOf(before, gateway));
  });
});

describe('PrivateGatewayPeering', () => {
  const gateways = (stated: Connection, port: Port<'http'> | Port<'tcp'>) =>
    objectsOf((fleet) => {
      const to = privateProvider(fleet, 'c2');
      const peering = connect(fleet, privateConsumer(fleet, 'c1'), to);
      const service = to.mesh.service('hello', { namespace: 'sample', ports: [port as Port] });
      const allow = [port.protocol === 'tcp' ? Access.tcp() : Access.http()];
      peering.expose(service, { allow, connection: stated, ...(port.protocol === 'tcp' && { gatewayPort: 31400 }) });
    }, 'c1');

  test('the egress gateway connects so', () => {
    const { exportTo, trafficPolicy } = ruleOf(gateways(connection, Port.http(80)), '80.hello.sample.c2.example.com');
    expect(exportTo).toEqual(['.']);
    expect(trafficPolicy.portLevelSettings).toEqual([expect.objectContaining(SETTINGS)]);
  });

  test('limits of requests where bytes flow are refused', () => {
    expect(messageOf(() => gateways(requests, Port.tcp(9000)))).toBe(
      "MESH1321 c1-c2: the connection of sample/hello:9000 states 'requests', but the proxy that connects sees no requests there (tcp); leave it out",
    );
  });
});

describe('SharedRootPeering', () => {
  test('each port of a host connects as its exposure states, under the mTLS of the mesh', () => {
    const objects = objectsOf((fleet) => {
      const { peering, httpbin } = twoMeshes(fleet);
      const from = ['cluster.local/ns/foo/*'];
      const allow = [Access.http({ from })];
      peering.expose(httpbin.at(Port.http2(8001)), { allow, connection: requests });
      peering.expose(httpbin.at(Port.http(8000)), { allow, connection });
      peering.expose(httpbin.at(Port.tcp(9000)), { allow: [Access.tcp({ from })] });
    }, 'c1');
    const tls = { mode: 'ISTIO_MUTUAL' };
    expect(specOf(objects.one('DestinationRule')).trafficPolicy).toEqual({
      tls,
      portLevelSettings: [
        { port: { number: 8000 }, tls, ...SETTINGS },
        { port: { number: 8001 }, tls, connectionPool: { http: { http2MaxRequests: 10 } } },
      ],
    });
  });

  test('a Failover says how its host connects: refused beside it', () => {
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const { peering, httpbin, consumer } = twoMeshes(fleet);
        const failover = new Failover(consumer, 'everywhere', {
          host: 'httpbin.bar.cluster2',
          port: Port.http(8000),
          locality: 'c1/c1-a',
        });
        const at = failover.at('c2/c2-a');
        const allow = [Access.http({ from: ['cluster.local/ns/foo/*'] })];
        peering.expose(httpbin.at(Port.http(8000)), { allow, failover: at, connection });
      }),
    );
    expect(message).toBe(
      'MESH1321 p: the connection of bar/httpbin:8000 is stated, but several providers answer for the host, and the Failover says how it connects: by its ejection; leave it out',
    );
  });
});

describe('FederationPeering', () => {
  const federation = (form: Form, stated: Connection) =>
    objectsOf((fleet) => {
      const cluster = new Cluster(fleet, 'ocp');
      const [a, b] = ['a', 'b'].map((id) => federated(fleet, form, id, { cluster }));
      peer({ fleet, a, b }).expose(services(b).web, { allow: [Access.http()], connection: stated });
    });

  test('as plain objects, the egress gateway connects so to that of the peer', () => {
    const rules = federation('gateways', connection).find('DestinationRule');
    const connected = rules.filter(({ spec }) => JSON.stringify(spec).includes('connectTimeout'));
    expect(connected.map(({ metadata }) => metadata.name)).toEqual(['p.x.web.80.remote']);
    expect(specOf(connected[0]).trafficPolicy).toMatchObject({ tls: { mode: 'ISTIO_MUTUAL' }, ...SETTINGS });
  });

  test('it passes bytes on, whatever the service takes: limits of requests are refused', () => {
    expect(messageOf(() => federation('gateways', requests))).toBe(
      "MESH1321 p: the connection of x/web:80 states 'requests', but the proxy that connects sees no requests there (tcp); leave it out",
    );
  });

  test('where control planes make the objects it is refused', () => {
    expect(messageOf(() => federation('maistra', connection))).toBe(
      'MESH1321 p: the connection of x/web:80 is stated, but OpenShift Service Mesh 2.6 makes the objects of imported services itself; leave it out',
    );
  });
});

describe('DirectPeering to several ports of one host', () => {
  const allow = [Access.http()];
  const vendor = External.server({ host: server.host, ports: [Port.http(80), Port.http(8080)] });
  const ports = (second?: Connection, first?: Connection) =>
    objectsOf((fleet) => {
      const consumer = mesh(fleet, 'shop');
      const plain = PeeringTls.plain();
      const peering = new DirectPeering(fleet, 'pay', { consumer, provider: vendor, tls: plain });
      peering.expose(vendor.at(Port.http(80)), { host: vendor.host, allow, port: 80, connection: first });
      peering.expose(vendor.at(Port.http(8080)), { host: vendor.host, allow, port: 8080, connection: second });
    }).find('DestinationRule');

  test('each is connected as its exposure states, in one rule', () => {
    const rules = ports(connection);
    expect(rules.map((rule) => specOf(rule).trafficPolicy)).toEqual([
      { portLevelSettings: [{ port: { number: 8080 }, ...SETTINGS }] },
    ]);
    expect(specOf(ports(connection, requests)[0]).trafficPolicy.portLevelSettings).toHaveLength(2);
    expect(ports()).toEqual([]);
  });
});

test('two services behind one port of a host have one connection', () => {
  const message = messageOf(() =>
    objectsOf((fleet) => {
      const consumer = mesh(fleet, 'shop');
      const provider = mesh(fleet, 'partner', {}, 'west');
      const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', denyByDefault: false });
      const plain = PeeringTls.plain();
      const peering = new DirectPeering(fleet, 'pay', { consumer, provider, ingress, tls: plain });
      for (const [name, stated] of [
        ['a', connection],
        ['b', requests],
      ] as const) {
        const service = provider.service(name, { namespace: 'web', ports: [Port.http(80)] });
        const paths = [`/${name}/*`];
        const host = 'pay.partner.example';
        peering.expose(service, { host, paths, allow: [Access.http()], connection: stated });
      }
    }),
  );
  expect(message).toBe(
    "MESH1321 pay: the connection of web/b:80 is not that of web/a:80, and both are one: port 80 of host 'pay.partner.example'; state the same for both",
  );
});
