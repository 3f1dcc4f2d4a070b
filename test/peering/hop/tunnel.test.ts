import {
  Access,
  Address,
  Callers,
  ControlPlane,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type ExternalServerProps,
  Fleet,
  Gateway,
  Identity,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  type Protocol,
  Routing,
  Rule,
  TrustBundle,
} from '../../../lib';
import { Contract } from '../../../lib/facts/contract';
import { agencyAndPartner, mesh, messageOf, objectsOf, synth } from '../../support/model';

const HOST = 'db.vendor.example';
const through = External.proxy({ address: Address.hostname('proxy.company.example'), port: 3128 });
const plain = PeeringTls.plain();
const bytes = Port.tcp(5432);

interface Case {
  readonly by: 'sidecar' | 'gateway';
  readonly ports?: Port<Protocol>[];
  readonly server?: Partial<ExternalServerProps<Protocol>>;
  readonly tls?: PeeringTls;
}

const program =
  ({ by, ports = [bytes], server, tls = plain }: Case) =>
  (fleet: Fleet) => {
    const consumer = mesh(fleet, 'shop', {}, 'east');
    consumer.namespace('orders');
    const provider = External.server<Protocol>({ host: HOST, ports, ...server });
    const callers = Callers.namespaces('orders');
    const sides = { consumer, provider, tls: tls as never, callers, through };
    const peering =
      by === 'sidecar'
        ? new DirectPeering(fleet, 'db', sides)
        : new EgressGatewayPeering(fleet, 'db', {
            ...sides,
            egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
          });
    const allow = (port: Port<Protocol>) => [port.protocol === 'http' ? Access.http() : Access.tcp()];
    const exposures = ports.map((port) =>
      peering.expose(provider.at(port) as never, { host: provider.host, allow: allow(port), virtualIp: '240.1.2.3' }),
    );
    return { consumer, exposures };
  };

const BOTH = ['sidecar', 'gateway'] as const;

describe('a server that a proxy of the company connects to', () => {
  test.each(BOTH)('by the %s: the host is where the proxy is, which is told the name', (by) => {
    const objects = objectsOf(program({ by }));
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      hosts: [HOST],
      addresses: ['240.1.2.3'],
      resolution: 'DNS',
      endpoints: [{ address: 'proxy.company.example', ports: { tcp: 3128 } }],
      ports: [{ number: 5432 }],
    });
    const rule = objects.find('DestinationRule').find(({ spec }) => (spec as { host: string }).host === HOST);
    expect(rule?.spec).toEqual({
      host: HOST,
      exportTo: ['.'],
      trafficPolicy: { tunnel: { protocol: 'CONNECT', targetHost: HOST, targetPort: 5432 } },
    });
  });

  test('one with an address is named by it: no DNS server knows the host', () => {
    const objects = objectsOf(program({ by: 'sidecar', server: { address: Address.ip('192.0.2.7').at(15432) } }));
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { tunnel: { targetHost: '192.0.2.7', targetPort: 15432 } },
    });
  });

  test('the mesh of a partner, too, by its contract', () => {
    const files = synth((fleet) => {
      const { partner: provider, ingress } = agencyAndPartner(fleet, {}, {});
      const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
      const nginx = provider.service('nginx', { namespace: 'broker', ports: [Port.tls(443)] });
      const tls = PeeringTls.application({ server: Identity.dns('a.partner.example') });
      new DirectPeering(fleet, 'web', { consumer, provider, ingress, tls }).expose(nginx, {
        host: 'a.partner.example',
        allow: [Access.tcp()],
      });
    });
    const contract = Contract.parse(files['contracts/web.json'], 'web.json');
    const objects = objectsOf((fleet) => {
      const controlPlane = ControlPlane.existing('istio-system', { dnsCapture: true });
      const consumer = mesh(fleet, 'agency', { controlPlane });
      DirectPeering.fromContract(fleet, { consumer, contract, through }).tlsExposure('broker/nginx:443');
    });
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { tunnel: { targetHost: 'a.partner.example', targetPort: 443 } },
    });
    expect(objects.one('ServiceEntry').spec).toMatchObject({ addresses: [expect.stringMatching(/^24/)] });
  });

  test('is said in fleet.json, because calls beyond the proxy are not traced', () => {
    const { peerings } = JSON.parse(synth(program({ by: 'gateway' }))['fleet.json']);
    expect(peerings[0].through).toEqual({ hosts: ['proxy.company.example'], port: 3128 });
  });
});

describe('what no tunnel carries is refused', () => {
  const tls = PeeringTls.simple({ server: new PeerEnd(Identity.dns(HOST), TrustBundle.system()) });

  test.each<[string, Omit<Case, 'by'>, string]>([
    [
      'requests',
      { ports: [Port.http(80)] },
      'db.vendor.example:80 shall be reached through a proxy, but carries http, and a tunnel is of bytes that nobody on the way reads; let the application encrypt itself: Port.tls',
    ],
    [
      'TLS that a proxy of the mesh originates',
      { tls },
      'db.vendor.example:5432 shall be reached through a proxy, but has PeeringTls.simple, which the proxy at the other end of the connection would get; let the application encrypt itself: PeeringTls.application',
    ],
    [
      'several addresses',
      { server: { address: Address.ip('192.0.2.7', '192.0.2.8') } },
      'db.vendor.example:5432 shall be reached through a proxy, but has several addresses (192.0.2.7, 192.0.2.8), and a tunnel has one target; state one',
    ],
    [
      'a second port of a host',
      { ports: [bytes, Port.tcp(5433)] },
      'db.vendor.example:5433 shall be reached through a proxy, but so is db.vendor.example:5432, and a tunnel has one target of a host; leave one of the two out',
    ],
    [
      'all names of a domain',
      { ports: [Port.tls(443)], server: { host: '*.vendor.example' } },
      '*.vendor.example:443 shall be reached through a proxy, but is all names of a domain, and a tunnel has one target; state one server per name',
    ],
    [
      'a Service of the own cluster',
      { server: { host: 'db.no-mesh.svc.cluster.local' } },
      'db.no-mesh.svc.cluster.local:5432 shall be reached through a proxy, but is a Service of the own cluster; leave through out',
    ],
  ])('%s', (_, stated, message) => {
    for (const by of BOTH) {
      expect(messageOf(() => program({ by, ...stated })(new Fleet()))).toBe(`MESH1229 db: ${message}`);
    }
  });

  test('a part of the calls, by the sidecar: among several destinations Istio says no CONNECT', () => {
    const split = (by: Case['by']) => (fleet: Fleet) => {
      const { consumer, exposures } = program({ by })(fleet);
      const own = consumer.service('db', { namespace: 'orders', ports: [bytes] });
      const to = exposures[0] as never;
      new Routing(consumer, 'db', {
        host: own,
        rules: [Rule.otherwise().to({ weight: 50, to: own }, { weight: 50, to })],
      });
    };
    expect(messageOf(() => split('sidecar')(new Fleet()))).toBe(
      'MESH1318 east/shop/db: a rule for every call leads a part of the calls to db.vendor.example, which is reached through a proxy of the company: among several destinations Istio says no CONNECT; let it be the only one, or use EgressGatewayPeering',
    );
    expect(() => split('gateway')(new Fleet())).not.toThrow();
  });

  test('the proxy of a consumer that is not ours', () => {
    for (const isDirect of [true, false]) {
      const message = messageOf(() => {
        const fleet = new Fleet();
        const { partner: provider, ingress } = agencyAndPartner(fleet, {}, {});
        const consumer = Mesh.external(fleet, 'shop', { trustDomain: 'shop.example' });
        const sides = { consumer, provider, ingress, tls: plain, through };
        return isDirect ? new DirectPeering(fleet, 'x', sides) : new EgressGatewayPeering(fleet, 'x', sides);
      });
      expect(message).toBe(
        "MESH1215 x: 'through' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
      );
    }
  });

  test('a proxy whose address has a port of its own, or no port', () => {
    const address = Address.hostname('proxy.company.example', { port: 8080 });
    expect(messageOf(() => External.proxy({ address, port: 3128 }))).toBe(
      'MESH1229 External.proxy: the address states a port of its own, besides port 3128; leave it out there',
    );
    expect(messageOf(() => External.proxy({ address: Address.ip('192.0.2.1'), port: 0 }))).toContain('MESH1003');
  });
});
