import {
  Access,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  External,
  Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../lib';
import { agencyAndPartner, mesh, messageOf, objectsOf, synth, synthErrors } from '../support/model';

const plain = PeeringTls.plain();
const bank = External.server({ host: 'api.bank.example', ports: [Port.http(443)] });
const exposed = { host: 'insurances.partner.example', allow: [Access.http()] };
const atBank = { ...exposed, host: bank.host };

function direct(fleet: Fleet, id = 'premium') {
  const all = agencyAndPartner(fleet, { denyByDefault: false });
  const { agency: consumer, partner: provider, ingress } = all;
  return { ...all, peering: new DirectPeering(fleet, id, { consumer, provider, ingress, tls: plain }) };
}

describe('parts that do not fit together are refused', () => {
  test('a provider of ours without a gateway', () => {
    const fleet = new Fleet();
    const { agency: consumer, partner: provider } = agencyAndPartner(fleet);
    expect(messageOf(() => new DirectPeering(fleet, 'premium', { consumer, provider, tls: plain }))).toBe(
      "MESH1210 premium: the provider partner-cluster/partner is ours, so its ingress gateway is needed; state 'ingress'",
    );
  });

  const peer = new PeerEnd(Identity.dns('somebody.example'), TrustBundle.declared('their-ca'));
  const credential = Credential.secret('own', { identity: peer.identity, signer: TrustBundle.declared('our-ca') });

  test('a key pair of somebody else where our own proxies hold the end of the hop', () => {
    const stated = (tls: PeeringTls, route?: RouteFront) =>
      messageOf(() => {
        const fleet = new Fleet();
        const { agency: consumer, partner: provider, ingress } = agencyAndPartner(fleet, { route });
        return new DirectPeering<PeeringTls>(fleet, 'premium', { consumer, provider, ingress, tls });
      });
    expect(stated(PeeringTls.mutual({ client: peer, server: credential }))).toBe(
      'MESH1214 premium: the client is a PeerEnd, but the consumer agency-cluster/agency is ours, so its proxies need the key pair; use a Credential',
    );
    const ofServer =
      'MESH1214 premium: the server is a PeerEnd, but the provider partner-cluster/partner is ours, so its ingress gateway needs the key pair; use Credential.secret or Credential.certManager';
    expect(stated(PeeringTls.simple({ server: peer }))).toBe(ofServer);
    expect(stated(PeeringTls.simple({ server: peer }), RouteFront.passthrough())).toBe(ofServer);
    expect(stated(PeeringTls.mutual({ client: credential, server: peer }))).toBe(ofServer);
  });

  test('a gateway of somebody else', () => {
    const fleet = new Fleet();
    const { agency, partner, ingress } = agencyAndPartner(fleet);
    const third = mesh(fleet, 'third');
    expect(
      messageOf(() => new DirectPeering(fleet, 'premium', { consumer: agency, provider: third, ingress, tls: plain })),
    ).toBe(
      'MESH1211 premium: ingress gateway partner-cluster/partner/public is not of the provider; expected a gateway of third',
    );
    expect(
      messageOf(() => new DirectPeering(fleet, 'bank', { consumer: partner, provider: bank, ingress, tls: plain })),
    ).toBe(
      'MESH1211 bank: ingress gateway partner-cluster/partner/public is not of the provider; expected a gateway of api.bank.example',
    );
  });

  test('an egress gateway', () => {
    const fleet = new Fleet();
    const { agency: consumer, partner: provider } = agencyAndPartner(fleet);
    const ingress = new Gateway(provider, 'egress', { kind: 'egress', namespace: 'gateways' });
    expect(messageOf(() => new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: plain }))).toBe(
      'MESH1212 premium: gateway partner-cluster/partner/egress is an egress gateway; expected an ingress gateway',
    );
  });

  test('one host of a gateway, through two peerings of one consumer', () => {
    const fleet = new Fleet();
    const { agency: consumer, partner: provider, ingress, peering, broker } = direct(fleet);
    peering.expose(broker, exposed);
    const more = new DirectPeering(fleet, 'more', { consumer, provider, ingress, tls: plain });
    expect(messageOf(() => more.expose(broker, exposed))).toBe(
      "MESH1213 more: peering 'premium' already leads from agency to host 'insurances.partner.example' of gateway partner-cluster/partner/public; expose more through it, or give this exposure a host of its own",
    );
    more.expose(broker, { ...exposed, host: 'b.example' });
    for (const id of ['till', 'shop']) {
      const outside = { consumer: External.client(id), provider, ingress, tls: plain };
      new DirectPeering(fleet, id, outside).expose(broker, exposed);
    }
    const again = new DirectPeering(fleet, 'again', {
      consumer: External.client('till'),
      provider,
      ingress,
      tls: plain,
    });
    expect(messageOf(() => again.expose(broker, exposed))).toContain(
      "MESH1213 again: peering 'till' already leads from till to host 'insurances.partner.example'",
    );
  });

  test('neither side ours: nothing would be written', () => {
    const fleet = new Fleet();
    const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
    expect(messageOf(() => new DirectPeering(fleet, 'premium', { consumer, provider: bank, tls: plain }))).toBe(
      'MESH1201 premium: neither agency nor api.bank.example is a mesh of ours, so nothing would be written; state the side that is ours as a Mesh',
    );
  });

  test('a malformed id', () => {
    const fleet = new Fleet();
    const consumer = mesh(fleet, 'agency');
    expect(messageOf(() => new DirectPeering(fleet, 'a'.repeat(64), { consumer, provider: bank, tls: plain }))).toBe(
      `MESH1001 fleet: peering id '${'a'.repeat(64)}' has 64 characters, expected at most 63; choose a shorter one`,
    );
  });

  test('two peerings of one name, whose contracts would be one file', () => {
    const fleet = new Fleet();
    const { partner: provider, ingress } = direct(fleet);
    const consumer = mesh(fleet, 'third');
    expect(
      messageOf(() => new DirectPeering(consumer.cluster, 'premium', { consumer, provider, ingress, tls: plain })),
    ).toBe('MESH2003 contracts/premium.json: the output is added twice; give one of them another path');
  });
});

describe('a service that cannot be exposed is refused', () => {
  test('of another mesh, or another server', () => {
    const fleet = new Fleet();
    const { agency, peering } = direct(fleet);
    const local = agency.service('web', { namespace: 'travel', ports: [Port.http(80)] });
    expect(messageOf(() => peering.expose(local, exposed))).toBe(
      'MESH1203 premium: service travel/web of agency-cluster/agency is not of the provider; expected a service of partner-cluster/partner',
    );
    expect(messageOf(() => peering.expose(bank, atBank))).toBe(
      'MESH1162 premium: server api.bank.example is in no mesh, so the gateway must be told how to connect to it; state onward: { tls: PeeringTls.simple({ server: new PeerEnd(…) }) }, or another PeeringTls',
    );
  });

  test('twice', () => {
    const { peering, broker } = direct(new Fleet());
    peering.expose(broker, exposed);
    expect(messageOf(() => peering.expose(broker, { ...exposed, host: 'other.partner.example' }))).toBe(
      "MESH1218 premium: 'broker/insurances:8000' is exposed twice; expose it once, with all access rules",
    );
    // a subset is an exposure of its own
    peering.expose(broker, { ...exposed, host: 'v1.partner.example', subset: 'v1' });
  });

  test('by a subset that it does not declare', () => {
    const { peering, broker } = direct(new Fleet());
    expect(messageOf(() => peering.expose(broker, { ...exposed, subset: 'v2' }))).toBe(
      "MESH1104 partner-cluster/partner/broker/insurances: subset 'v2' is not declared; declared are v1: add it to 'subsets' with its pod labels",
    );
    const fleet = new Fleet();
    const outside = new DirectPeering(fleet, 'bank', { consumer: mesh(fleet, 'agency'), provider: bank, tls: plain });
    expect(messageOf(() => outside.expose(bank, { ...exposed, subset: 'v1' }))).toBe(
      "MESH1104 bank: subset 'v1': a server in no mesh has no subsets; leave it out",
    );
  });

  test('by an ambiguous port, or one that the hop cannot carry', () => {
    const { peering, partner } = direct(new Fleet());
    const both = partner.service('both', { namespace: 'broker', ports: [Port.http(80), Port.grpc(9000)] });
    expect(messageOf(() => peering.expose(both, exposed))).toBe(
      'MESH1103 partner-cluster/partner/broker/both: the service has several ports (http 80, grpc 9000); say which one with .at(Port.…)',
    );
  });

  test('application TLS carries tls ports', () => {
    const fleet = new Fleet();
    const { agency: consumer, partner: provider, ingress, broker } = agencyAndPartner(fleet);
    const tls = PeeringTls.application({ server: Identity.dns('a.example') });
    const peering = new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls });
    // @ts-expect-error refused by the types, too
    expect(messageOf(() => peering.expose(broker, exposed))).toBe(
      "MESH1219 premium: port http 8000 cannot be carried with PeeringTls.application: it is no TLS of the application's own; expected a tls port",
    );
    const db = provider.service('db', { namespace: 'broker', ports: [Port.tcp(5432)] });
    // @ts-expect-error refused by the types, too
    expect(messageOf(() => peering.expose(db, exposed))).toBe(
      "MESH1219 premium: port tcp 5432 cannot be carried with PeeringTls.application: it is no TLS of the application's own; expected a tls port, or PeeringTls.plain where the bytes begin in clear text (STARTTLS)",
    );
  });

  test('under a malformed host or port', () => {
    const { peering, broker } = direct(new Fleet());
    expect(messageOf(() => peering.expose(broker, { ...exposed, host: '*.partner.example' }))).toBe(
      "MESH1002 premium: host '*.partner.example' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard",
    );
    expect(messageOf(() => peering.expose(broker, { ...exposed, port: 0 }))).toBe(
      "MESH1003 premium: port '0' is out of range; expected a whole number from 1 to 65535",
    );
  });

  test('under a name that Kubernetes has no room for', () => {
    const fleet = new Fleet();
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example`;
    const server = External.server({ host, ports: [Port.http(80)] });
    const id = 'p'.repeat(63);
    const peering = new DirectPeering(fleet, id, { consumer: mesh(fleet, 'agency'), provider: server, tls: plain });
    expect(messageOf(() => peering.expose(server, { ...exposed, host }))).toBe(
      `MESH1001 ${id}: object name '${id}.${host}.80' has 257 characters, expected at most 253; choose shorter names`,
    );
  });

  test('exposure() of a peering that was not made from a contract', () => {
    const message = 'MESH1505 premium: the peering was not made from a contract; expose the service with expose()';
    const { peering } = direct(new Fleet());
    expect(messageOf(() => peering.exposure('broker/insurances:8000'))).toBe(message);
    expect(messageOf(() => peering.tlsExposure('broker/insurances:8000'))).toBe(message);
  });
});

describe('a host leads to one place', () => {
  test('in the consumer mesh', () => {
    const fleet = new Fleet();
    const { agency: consumer, peering, broker } = direct(fleet);
    const outside = new DirectPeering(fleet, 'bank', { consumer, provider: bank, tls: plain });
    outside.expose(bank, { ...exposed, host: 'api.bank.example' });
    expect(messageOf(() => peering.expose(broker, { ...exposed, host: 'API.bank.example' }))).toBe(
      "MESH1204 premium: host 'api.bank.example' already leads through peering 'bank' in agency-cluster/agency; give this exposure a host of its own",
    );
  });

  test('at the gateway', () => {
    const fleet = new Fleet();
    const { partner: provider, ingress, peering, broker } = direct(fleet);
    const quotes = provider.service('quotes', { namespace: 'broker', ports: [Port.http(9000)] });
    peering.expose(broker, exposed);
    const other = new DirectPeering(fleet, 'other', {
      consumer: External.client('till'),
      provider,
      ingress,
      tls: plain,
    });
    expect(messageOf(() => other.expose(quotes, exposed))).toBe(
      "MESH1204 other: host 'insurances.partner.example' of gateway partner-cluster/partner/public already leads to insurances.broker.svc.cluster.local:8000 in clear text, not to quotes.broker.svc.cluster.local:9000 in clear text; give this exposure a host of its own",
    );
    expect(messageOf(() => other.expose(broker, { ...exposed, subset: 'v1' }))).toContain(
      'already leads to insurances.broker.svc.cluster.local:8000 in clear text, not to insurances.broker.svc.cluster.local:8000 subset v1 in clear text',
    );
  });

  test.each([true, false])('and is no service of the consumer mesh (stated before: %s)', (before) => {
    const { agency, peering, broker } = direct(new Fleet());
    const host = 'insurances.travel.svc.cluster.local';
    const state = () => agency.service('insurances', { namespace: 'travel', ports: [Port.http(80)] });
    const expose = () => peering.expose(broker, { ...exposed, host });
    const [first, second] = before ? [state, expose] : [expose, state];
    first();
    expect(messageOf(second)).toBe(
      before
        ? "MESH1204 premium: host 'insurances.travel.svc.cluster.local' already leads through service 'travel/insurances' in agency-cluster/agency; give this exposure a host of its own"
        : "MESH1204 agency-cluster/agency/travel/insurances: host 'insurances.travel.svc.cluster.local' already leads through peering 'premium'; give the exposure a host of its own",
    );
  });
});

describe('access that cannot be enforced is refused', () => {
  const refused = (access: Access[], run: (fleet: Fleet) => (allow: Access[]) => unknown) =>
    messageOf(() => run(new Fleet())(access));
  const atGateway = (fleet: Fleet) => {
    const { peering, broker } = direct(fleet);
    return (allow: Access[]) => peering.expose(broker, { ...exposed, allow });
  };
  const outside = (fleet: Fleet) => {
    const peering = new DirectPeering(fleet, 'bank', { consumer: mesh(fleet, 'agency'), provider: bank, tls: plain });
    return (allow: Access[]) => peering.expose(bank, { ...exposed, allow });
  };
  const elsewhere = (fleet: Fleet) => {
    const provider = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
    const broker = provider.service('insurances', { namespace: 'broker', ports: [Port.http(8000)] });
    const peering = new DirectPeering(fleet, 'premium', { consumer: mesh(fleet, 'agency'), provider, tls: plain });
    return (allow: Access[]) => peering.expose(broker, { ...exposed, allow });
  };

  test('callers by name', () => {
    expect(refused([Access.http(), Access.http({ from: ['agency.example/ns/travel/sa/web'] })], atGateway)).toBe(
      "MESH1206 premium: an access rule names callers (agency.example/ns/travel/sa/web), but DirectPeering does not carry the caller's own identity; leave 'from' out; the rule would be widened",
    );
  });

  test('bytes where requests are seen, and the reverse', () => {
    expect(refused([Access.tcp()], atGateway)).toBe(
      'MESH1206 premium: an Access.tcp rule does not fit what the provider sees through PeeringTls.plain; expected Access.http; the rule would be widened',
    );
    const fleet = new Fleet();
    const { agency: consumer, partner: provider, ingress } = agencyAndPartner(fleet);
    const tls = PeeringTls.application({ server: Identity.dns('a.example') });
    const nginx = provider.service('nginx', { namespace: 'broker', ports: [Port.tls(443)] });
    const peering = new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls });
    expect(messageOf(() => peering.expose(nginx, { ...exposed, allow: [Access.http()] }))).toBe(
      'MESH1206 premium: an Access.http rule does not fit what the provider sees through PeeringTls.application; expected Access.tcp; the rule would be widened',
    );
  });

  test('limits where nothing of ours stands before the server', () => {
    for (const [run, name, path] of [
      [outside, 'api.bank.example', 'bank'],
      [elsewhere, 'partner', 'premium'],
    ] as const) {
      for (const access of [Access.http({ methods: ['GET'] }), Access.http({ paths: ['/a'] })]) {
        expect(refused([access], run)).toBe(
          `MESH1206 ${path}: an access rule limits methods or paths, but nothing of ours stands before ${name}; expected Access.http() without limits; the rule would be widened`,
        );
      }
    }
  });

  test('nobody, where nothing of ours could refuse', () => {
    for (const [run, name, path] of [
      [outside, 'api.bank.example', 'bank'],
      [elsewhere, 'partner', 'premium'],
    ] as const) {
      expect(refused([], run)).toBe(
        `MESH1206 ${path}: 'allow' is empty, but nothing of ours stands before ${name} to deny the calls; leave the exposure out; the rule would be widened`,
      );
    }
    expect(() => atGateway(new Fleet())([])).not.toThrow();
  });
});

describe('what is reported', () => {
  test('clear text, and synth goes on', () => {
    expect(
      synthErrors((fleet) => {
        const { peering, broker } = direct(fleet);
        peering.expose(broker, exposed);
      }),
    ).toBe(
      [
        'warning MESH3001: peering premium sends clear text from agency to partner',
        '    peering premium  tls',
        '  at run time: anybody on the way reads and changes the calls; whoever reaches the provider may call',
        '  fix: let both sides of the hop speak TLS, unless clear text is meant',
        '  in the program: PeeringTls.mutual or PeeringTls.simple',
        '',
      ].join('\n'),
    );
  });

  test('no clear text while nothing is exposed, but that nothing is', () => {
    const told = synthErrors((fleet) => direct(fleet));
    expect(told.match(/MESH\d+ ?[^:]*: .*/g)).toEqual([
      'MESH3096: peering premium from agency to partner exposes nothing',
      'MESH3097: gateway gateways/public of cluster partner-cluster runs, and no Gateway resource selects its pods',
    ]);
  });

  test('nothing, where the hop is encrypted', () => {
    expect(
      synthErrors((fleet) => {
        const consumer = mesh(fleet, 'agency');
        const end = new PeerEnd(Identity.dns('api.bank.example'), TrustBundle.system());
        const tls = PeeringTls.simple({ server: end });
        new DirectPeering(fleet, 'bank', { consumer, provider: bank, tls }).expose(bank, atBank);
      }),
    ).toBe('');
  });
});

describe('what is written beside the objects', () => {
  test('the contract, for a provider of ours', () => {
    const files = synth((fleet) => {
      const { peering, broker } = direct(fleet);
      peering.expose(broker, { ...exposed, subset: 'v1', allow: [Access.http({ methods: ['GET'] })] });
    });
    const { seal: _, ...contract } = JSON.parse(files['contracts/premium.json']);
    expect(contract).toEqual({
      version: 2,
      peering: 'premium',
      strategy: 'DirectPeering',
      consumer: { name: 'agency', trustDomain: 'agency.example' },
      provider: { name: 'partner', trustDomain: 'partner.example' },
      common: { tls: { mode: 'plain' } },
      exposures: [
        {
          key: 'broker/insurances:8000/v1',
          service: {
            host: 'insurances.broker.svc.cluster.local',
            namespace: 'broker',
            name: 'insurances',
            port: 8000,
            protocol: 'http',
            subset: 'v1',
          },
          host: 'insurances.partner.example',
          port: 80,
          endpoint: { port: 80 },
          tls: { mode: 'plain' },
          access: [{ kind: 'http', methods: ['GET'] }],
        },
      ],
    });
    expect(JSON.parse(files['fleet.json']).peerings).toMatchObject([
      {
        name: 'premium',
        path: 'premium',
        strategy: 'DirectPeering',
        consumer: 'agency',
        provider: 'partner',
        tls: 'plain',
        exposures: [
          {
            key: 'broker/insurances:8000/v1',
            host: 'insurances.partner.example',
            protocol: 'http',
            access: [{ kind: 'http', methods: ['GET'] }],
            dialled: { host: 'insurances.partner.example', port: 80 },
            nextHop: { host: 'insurances.partner.example', port: 80, authority: 'insurances.partner.example' },
            endpoint: { port: 80 },
            arrival: { gateway: 'public', port: 80 },
            backend: { labels: { app: 'insurances' }, subset: { version: 'v1' }, port: 8000 },
          },
        ],
      },
    ]);
  });

  test('no contract for a server in no mesh', () => {
    const files = synth((fleet) => {
      const peering = new DirectPeering(fleet, 'bank', { consumer: mesh(fleet, 'agency'), provider: bank, tls: plain });
      peering.expose(bank, atBank);
    });
    expect(Object.keys(files).filter((file) => file.startsWith('contracts/'))).toEqual([]);
  });

  test('peerings of one name in different clusters stand in fleet.json in one order', () => {
    const build = (clusters: string[]) => (fleet: Fleet) => {
      for (const cluster of clusters) {
        const consumer = mesh(fleet, `mesh-${cluster}`, {}, cluster);
        new DirectPeering(consumer.cluster, 'bank', { consumer, provider: bank, tls: plain }).expose(bank, atBank);
      }
    };
    expect(synth(build(['east', 'west']))).toEqual(synth(build(['west', 'east'])));
  });
});

test('a mesh may be its own provider, which is told', () => {
  const own = (fleet: Fleet) => {
    const { partner, ingress, broker } = agencyAndPartner(fleet, { denyByDefault: false });
    new DirectPeering(fleet, 'self', { consumer: partner, provider: partner, ingress, tls: plain }).expose(
      broker,
      exposed,
    );
  };
  expect(synthErrors(own)).toContain('info MESH2022: peering self leads from partner to partner itself\n');
  const objects = objectsOf(own);
  expect(objects.find('ServiceEntry')).toHaveLength(1);
  expect(objects.find('VirtualService')).toHaveLength(1);
});

test('two meshes of one cluster keep their objects in files of their own', () => {
  const files = synth((fleet) => {
    const ocp = new Cluster(fleet, 'ocp');
    const in_ = (id: string) =>
      new Mesh(ocp, id, {
        platform: Istio.v1_31(),
        controlPlane: ControlPlane.existing(`${id}-system`, { revision: id }),
      });
    const [consumer, provider] = [in_('agency'), in_('partner')];
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', denyByDefault: false });
    const broker = provider.service('insurances', { namespace: 'broker', ports: [Port.http(8000)] });
    new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: plain }).expose(broker, exposed);
  });
  expect(Object.keys(files).filter((file) => file.startsWith('ocp/'))).toEqual([
    'ocp/agency.premium.consumer.k8s.yaml',
    'ocp/fleet.index',
    'ocp/partner.premium.provider.k8s.yaml',
    'ocp/partner.public.k8s.yaml',
  ]);
});

test('a Secret of one name that shall hold two certificates is refused', () => {
  const fleet = new Fleet();
  const { partner: provider, ingress, broker } = agencyAndPartner(fleet);
  const signer = TrustBundle.declared('ca');
  const peering = (id: string, server: string) =>
    new DirectPeering(fleet, id, {
      consumer: External.client(id),
      provider,
      ingress,
      tls: PeeringTls.simple({ server: Credential.secret('server', { identity: Identity.dns(server), signer }) }),
    });
  peering('one', 'a.example').expose(broker, { ...exposed, host: 'a.example' });
  expect(messageOf(() => peering('two', 'b.example').expose(broker, { ...exposed, host: 'b.example' }))).toBe(
    'MESH1404 two: Secret gateways/server @partner-cluster shall hold a certificate of b.example signed by ca, written by somebody else, but for one it holds a certificate of a.example signed by ca, written by somebody else; name a Secret of its own for each',
  );
});

test('a Certificate of one name that shall say two things is refused, whichever is stated first', () => {
  const fleet = new Fleet();
  const { partner: provider, ingress, broker } = agencyAndPartner(fleet);
  const signer = TrustBundle.declared('ca');
  const expose = (id: string, dnsNames?: string[]) => {
    const identity = Identity.dns('partner.example');
    const server = Credential.certManager('server', { identity, signer, issuer: { name: 'issuer' }, dnsNames });
    const tls = PeeringTls.simple({ server });
    new DirectPeering(fleet, id, { consumer: External.client(id), provider, ingress, tls }).expose(broker, {
      ...exposed,
      host: `${id}.example`,
    });
  };
  expose('one');
  expose('same');
  expect(messageOf(() => expose('other', ['other.example']))).toBe(
    'MESH1404 other: Certificate gateways/server is stated twice, with different names, issuer, key or duration; state one value with Credential.certManager and pass it on',
  );
});

test('one Certificate is not written by two gateways of a namespace', () => {
  const fleet = new Fleet();
  const { partner: provider, broker } = agencyAndPartner(fleet);
  const identity = Identity.dns('a.partner.example');
  const signer = TrustBundle.declared('ca');
  const server = Credential.certManager('server', { identity, signer, issuer: { name: 'issuer' } });
  const expose = (id: string, namespace: string) => {
    const ingress = new Gateway(provider, id, { kind: 'ingress', namespace, denyByDefault: false });
    const consumer = External.client(id);
    const peering = new DirectPeering(fleet, id, { consumer, provider, ingress, tls: PeeringTls.simple({ server }) });
    peering.expose(broker, { host: `${id}.partner.example`, allow: [Access.http()] });
  };
  expose('one', 'gw');
  expose('elsewhere', 'other');
  expect(messageOf(() => expose('two', 'gw'))).toBe(
    "MESH1131 two: Certificate gw/server is written to partner.one already, for another gateway of the namespace; name a key pair of its own for each, or use Credential.secret('server', …) for one of them",
  );
});
