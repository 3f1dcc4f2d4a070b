import {
  Access,
  Callers,
  ControlPlane,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  PeeringTls,
  Port,
} from '../../lib';
import type { HostUsed } from '../../lib/peering/hop/tcp-address';
import type { ClusterManifests } from '../../lib/testing/manifests';
import { mesh, messageOf, objectsOf } from '../support/model';

const allow = [Access.tcp()];
const CAPTURING = ControlPlane.existing('istio-system', { dnsCapture: true });
const BLIND = ControlPlane.existing('istio-system');
const plain = PeeringTls.plain();
const postgres = (name: string) => External.server({ host: `${name}.example`, ports: [Port.tcp(5432)] });

/** Servers in no mesh, each through a peering of its own. */
function servers(used: Record<string, HostUsed>, controlPlane = CAPTURING) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'shop', { controlPlane }, 'east');
    for (const [name, one] of Object.entries(used)) {
      const server = postgres(name);
      new DirectPeering(fleet, name, { consumer, provider: server, tls: plain }).expose(server, {
        host: server.host,
        allow,
        ...one,
      });
    }
  };
}
const specOf = (objects: ClusterManifests, kind: string) => objects.one(kind).spec as Record<string, unknown>;
const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));

describe('a tcp host', () => {
  test('has an address of its own, made of its name: two servers of one port are told apart', () => {
    const entries = objectsOf(servers({ ledger: {}, stock: {} })).all.map(({ spec }) => spec);
    expect(entries).toEqual([
      expect.objectContaining({
        hosts: ['ledger.example'],
        addresses: ['240.38.48.66'],
        resolution: 'DNS',
        ports: [{ number: 5432, name: 'tcp', protocol: 'TCP' }],
      }),
      expect.objectContaining({ hosts: ['stock.example'], addresses: ['240.80.128.158'] }),
    ]);
  });

  test('or one that is stated; then a DNS server of yours or a Routing leads there', () => {
    const { spec } = objectsOf(servers({ ledger: { virtualIp: '10.9.8.7' } }, BLIND)).one('ServiceEntry');
    expect(spec).toMatchObject({ addresses: ['10.9.8.7'] });
  });

  test('or the whole port, where nobody else has it', () => {
    const { spec } = objectsOf(servers({ ledger: { wholePort: true } }, BLIND)).one('ServiceEntry');
    expect(spec).not.toHaveProperty('addresses');
  });

  test('whose address nobody could find is refused', () => {
    expect(failure(servers({ ledger: {} }, BLIND))).toBe(
      "MESH1226 ledger: host 'ledger.example' of tcp port 5432 needs an address of its own, which callers of east/shop would not find; state dnsCapture: true for the control plane, virtualIp where your DNS server says it or a Routing leads there, or wholePort: true where no other host has port 5432",
    );
  });

  test.each([
    ['before', { ledger: { wholePort: true }, stock: {} }, 'stock'],
    ['after', { stock: {}, ledger: { wholePort: true } }, 'ledger'],
  ])('that takes a port which another host has, stated %s it, is refused', (_, used, where) => {
    expect(failure(servers(used))).toBe(
      `MESH1225 ${where}: host 'ledger.example' takes the whole port 5432 of east/shop, so calls to 'stock.example' would end there; dial one of the two at another port, or let the control plane capture DNS and leave wholePort out`,
    );
  });

  test('with two answers to where it is, is refused', () => {
    expect(failure(servers({ ledger: { wholePort: true, virtualIp: '240.1.2.3' } }))).toBe(
      "MESH1224 ledger: host 'ledger.example' takes its whole port and has virtualIp 240.1.2.3; state one of the two",
    );
    expect(failure(servers({ ledger: { virtualIp: '240.1.2.3' }, stock: { virtualIp: '240.1.2.3' } }))).toBe(
      "MESH1253 stock: virtual IP 240.1.2.3 of host 'stock.example' is that of host 'ledger.example' in east/shop; state virtualIp for one of them, or a virtualIpRange of the mesh that is wider than 240.0.0.0/9",
    );
  });

  test('of the own cluster is the Service that Istio knows', () => {
    const program = (used: HostUsed) => (fleet: Fleet) => {
      const consumer = mesh(fleet, 'shop', { controlPlane: BLIND }, 'east');
      const server = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.tcp(5432)] });
      new DirectPeering(fleet, 'old', { consumer, provider: server, tls: plain }).expose(server, {
        host: server.host,
        allow,
        ...used,
      });
    };
    expect(objectsOf(program({})).all.map(({ kind }) => kind)).toEqual(['DestinationRule']);
    expect(failure(program({ virtualIp: '240.1.2.3' }))).toBe(
      "MESH1224 old: virtualIp is stated, but host 'old.no-mesh.svc.cluster.local' of tcp port 5432 is a Service of the own cluster, which has an address; leave it out",
    );
  });
});

test('hosts of requests need no address, so one that is stated would be lost', () => {
  const bank = External.server({ host: 'bank.example', ports: [Port.http(8080)] });
  const program = (fleet: Fleet) =>
    new DirectPeering(fleet, 'bank', { consumer: mesh(fleet, 'shop'), provider: bank, tls: plain }).expose(bank, {
      host: bank.host,
      allow: [Access.http()],
      wholePort: true,
    });
  expect(messageOf(() => program(new Fleet()))).toBe(
    "MESH1224 bank: wholePort is stated, but host 'bank.example' of http port 8080 is told apart by name; leave it out",
  );
});

test('a server in no mesh has no gateway of a mesh before it', () => {
  const program = (fleet: Fleet) => {
    const server = postgres('ledger');
    const sides = { consumer: mesh(fleet, 'shop', { controlPlane: CAPTURING }), provider: server, tls: plain };
    new DirectPeering(fleet, 'ledger', sides).expose(server, { host: server.host, allow, gatewayPort: 31400 });
  };
  expect(failure(program)).toBe(
    'MESH1223 ledger: gatewayPort 31400 is stated, but server ledger.example is in no mesh, so no gateway of a mesh stands before it; leave it out',
  );
});

describe('bytes through an egress gateway', () => {
  const objects = objectsOf((fleet: Fleet) => {
    const consumer = mesh(fleet, 'shop', { controlPlane: CAPTURING }, 'east');
    const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
    const server = postgres('ledger');
    const callers = Callers.serviceAccounts('orders/checkout');
    const peering = new EgressGatewayPeering(fleet, 'ledger', {
      consumer,
      provider: server,
      egress,
      callers,
      tls: plain,
    });
    peering.expose(server, { host: server.host, allow });
  });

  test('go to it as mTLS of the mesh with the SNI of their host, at the port of all others', () => {
    expect(specOf(objects, 'Gateway').servers).toEqual([
      {
        port: { number: 443, name: 'tls', protocol: 'TLS' },
        hosts: ['ledger.example'],
        tls: { mode: 'ISTIO_MUTUAL' },
      },
    ]);
    const label = 'ledger-5432';
    const destination = { host: 'out.egress.svc.cluster.local', port: { number: 443 }, subset: label };
    expect(objects.one('VirtualService').spec).toMatchObject({
      hosts: ['ledger.example'],
      gateways: ['mesh', `egress/${label}`],
      tcp: [
        { match: [{ gateways: ['mesh'], port: 5432 }], route: [{ destination }] },
        {
          match: [{ gateways: [`egress/${label}`], port: 443 }],
          route: [{ destination: { host: 'ledger.example', port: { number: 5432 } } }],
        },
      ],
    });
    expect(objects.one('ServiceEntry').spec).toMatchObject({ addresses: ['240.38.48.66'], exportTo: ['.', 'orders'] });
  });

  test('are let through by identity and SNI', () => {
    const policies = objects.all.filter(({ kind }) => kind === 'AuthorizationPolicy');
    expect(policies.map(({ spec }) => (spec as { rules: object[] }).rules)).toContainEqual([
      {
        from: [{ source: { principals: ['shop.example/ns/orders/sa/checkout'] } }],
        to: [{ operation: { ports: ['8443'] } }],
        when: [{ key: 'connection.sni', values: ['ledger.example'] }],
      },
    ]);
  });
});
