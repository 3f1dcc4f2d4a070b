import {
  Access,
  Address,
  Callers,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
  type ExposeOptions,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  Mesh,
  type MeshProps,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import { Contract, writeContract } from '../../../lib/facts/contract';
import type { Manifest } from '../../../lib/facts/manifest';
import { mesh, messageOf, objectsOf, ofKind, only, synth } from '../../support/model';

const HOST = 'insurances.partner.example';
const LABEL = 'premium-broker-insurances-8000';
const NAME = 'premium.broker.insurances.8000';
const ca = TrustBundle.declared('ca');
const client = Credential.secret('client', { identity: Identity.spiffe('agency.example/egress'), signer: ca });
const server = Credential.secret('server', { identity: Identity.dns(HOST), signer: ca });
const serverEnd = new PeerEnd(Identity.dns(HOST), TrustBundle.declared('partner-ca'));

const HOPS = {
  plain: () => PeeringTls.plain(),
  simple: () => PeeringTls.simple({ server }),
  mutual: () => PeeringTls.mutual({ client, server }),
  application: () => PeeringTls.application({ server: Identity.dns(HOST) }),
} satisfies Record<string, () => EgressTls>;

interface Case {
  readonly tls: EgressTls;
  readonly mesh?: Partial<MeshProps>;
  readonly ingress?: Partial<GatewayProps>;
  readonly peering?: Partial<EgressGatewayPeeringProps<EgressTls>>;
  readonly options?: Partial<ExposeOptions>;
}

const ownPort = (tls: EgressTls) => (tls.mode === 'application' ? Port.tls(8000) : Port.http(8000));

/** Calls of one mesh leave through its egress gateway and end at the ingress gateway of another. */
function leg({ tls, mesh: props, ingress, peering, options }: Case) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', props, 'east');
    const provider = mesh(fleet, 'partner', props, 'west');
    const service = provider.service('insurances', {
      namespace: 'broker',
      ports: [ownPort(tls)],
      subsets: { v1: { version: 'v1' }, egress: { version: 'egress' } },
    });
    return new EgressGatewayPeering(fleet, 'premium', {
      consumer,
      provider,
      egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
      ingress: new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ...ingress }),
      tls,
      ...peering,
      // which protocols a hop can carry is what the types are tested for
    }).expose(service as never, {
      host: HOST,
      allow: [tls.mode === 'application' ? Access.tcp() : Access.http()],
      ...options,
    });
  };
}

/** Objects of the peering at the consumer. */
function consumed(build: (fleet: Fleet) => unknown): Manifest[] {
  const fleet = new Fleet();
  build(fleet);
  return fleet
    .manifests()
    .filter(({ cluster }) => cluster === 'east')
    .map(({ manifest }) => manifest)
    .filter(({ metadata }) => /^premium[.-]/.test(metadata.name));
}
const named = (objects: Manifest[], kind: string, name: string) =>
  only(
    objects.filter(({ metadata }) => metadata.name === name),
    kind,
  );
const apiVersions = (objects: Manifest[]) =>
  Object.fromEntries(objects.map(({ kind, apiVersion }) => [kind, apiVersion]));

describe('the objects of one exposure', () => {
  const around = ['AuthorizationPolicy', 'ServiceEntry', 'Gateway', 'DestinationRule', 'VirtualService'];

  test.each([
    ['plain', false],
    ['simple', true],
    ['mutual', true],
    ['application', false],
  ] as const)('%s: the same way to the gateway; a rule about the host itself: %s', (hop, isOriginated) => {
    const objects = consumed(leg({ tls: HOPS[hop](), ingress: { denyByDefault: hop !== 'plain' } }));
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort()).toEqual(
      [
        ...around.map((kind) => `${kind} egress/${kind === 'ServiceEntry' ? NAME : LABEL}`),
        ...(isOriginated ? [`DestinationRule egress/${NAME}`] : []),
      ].sort(),
    );
  });

  test('on Istio 1.31 all are of version v1', () => {
    expect(apiVersions(consumed(leg({ tls: HOPS.mutual() })))).toEqual({
      AuthorizationPolicy: 'security.istio.io/v1',
      DestinationRule: 'networking.istio.io/v1',
      Gateway: 'networking.istio.io/v1',
      ServiceEntry: 'networking.istio.io/v1',
      VirtualService: 'networking.istio.io/v1',
    });
  });

  const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.existing('istio-system', { mtls: true }) };

  test('on OpenShift Service Mesh 2.6 all are of version v1beta1', () => {
    expect(apiVersions(consumed(leg({ tls: HOPS.mutual(), mesh: ossm })))).toEqual({
      AuthorizationPolicy: 'security.istio.io/v1beta1',
      DestinationRule: 'networking.istio.io/v1beta1',
      Gateway: 'networking.istio.io/v1beta1',
      ServiceEntry: 'networking.istio.io/v1beta1',
      VirtualService: 'networking.istio.io/v1beta1',
    });
  });

  test.each(['plain', 'application'] as const)(
    '%s: a host below the cluster domain is kept from the mesh-wide rule',
    (hop) => {
      const inside = 'insurances.partner.svc.cluster.local';
      const rule = (host: string) =>
        ofKind(
          consumed(leg({ tls: HOPS[hop](), mesh: ossm, ingress: { denyByDefault: false }, options: { host } })),
          'DestinationRule',
        )
          .filter(({ metadata }) => metadata.name === NAME)
          .map(({ spec }) => spec);
      expect(rule(HOST)).toEqual([]);
      expect(rule(inside)).toEqual([
        {
          host: inside,
          exportTo: ['.'],
          trafficPolicy: {
            portLevelSettings: [{ port: { number: hop === 'plain' ? 80 : 443 }, tls: { mode: 'DISABLE' } }],
          },
        },
      ]);
    },
  );

  test('a subset of the provider is an exposure beside that of the whole service, whatever its name', () => {
    // GIVEN a subset that has the name of a part of this strategy
    const objects = consumed((fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const provider = mesh(fleet, 'partner', {}, 'west');
      const service = provider.service('insurances', {
        namespace: 'broker',
        ports: [Port.http(8000)],
        subsets: { egress: { version: 'egress' } },
      });
      const peering = new EgressGatewayPeering(fleet, 'premium', {
        consumer,
        provider,
        egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
        ingress: new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' }),
        tls: HOPS.mutual(),
      });
      // WHEN
      for (const options of [{ host: HOST }, { host: `egress.${HOST}`, subset: 'egress' }]) {
        peering.expose(service, { ...options, allow: [Access.http()] });
      }
    });
    // THEN
    expect(ofKind(objects, 'DestinationRule').map(({ metadata }) => metadata.name)).toEqual([
      LABEL,
      `${LABEL}-egress`,
      NAME,
      `${NAME}.egress`,
    ]);
  });

  test('consumer and provider can be one mesh, and both gateways in one namespace', () => {
    const build = (fleet: Fleet) => {
      const own = mesh(fleet, 'agency', {}, 'east');
      const place = { namespace: 'gateways', denyByDefault: false };
      const service = own.service('insurances', { namespace: 'broker', ports: [Port.http(8000)] });
      new EgressGatewayPeering(fleet, 'premium', {
        consumer: own,
        provider: own,
        egress: new Gateway(own, 'out', { kind: 'egress', ...place }),
        ingress: new Gateway(own, 'public', { kind: 'ingress', ...place }),
        tls: HOPS.plain(),
      }).expose(service, { host: HOST, allow: [Access.http()] });
    };
    const written = synth(build)['east/agency.premium.consumer.k8s.yaml'];
    expect(written).toContain(`name: ${LABEL}`);
    expect(ofKind(objectsOf(build), 'VirtualService').map(({ metadata }) => metadata.name)).toEqual([LABEL, NAME]);
  });
});

describe('which port of the gateway', () => {
  const servers = (tls: EgressTls, ports: GatewayPort[]) => {
    const objects = consumed((fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const bank = External.server({ host: HOST, ports: [ownPort(tls)] });
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress', ports });
      new EgressGatewayPeering(fleet, 'premium', { consumer, provider: bank, egress, tls }).expose(bank as never, {
        host: HOST,
        allow: [tls.mode === 'application' ? Access.tcp() : Access.http()],
      });
    });
    return (only(objects, 'Gateway').spec as { servers: unknown[] }).servers;
  };
  const onward = {
    port: { number: 443, name: 'https', protocol: 'HTTPS' },
    hosts: [HOST],
    tls: { mode: 'ISTIO_MUTUAL' },
  };
  const passed = { port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: [HOST], tls: { mode: 'PASSTHROUGH' } };

  test('one port for what it encrypts and for what it passes on: hosts tell them apart', () => {
    expect(servers(HOPS.plain(), [GatewayPort.https()])).toEqual([onward]);
    expect(servers(HOPS.application(), [GatewayPort.https()])).toEqual([passed]);
  });

  test('a port of its own for what it passes on, where it has one', () => {
    const ports = [GatewayPort.https(), GatewayPort.tls()];
    expect(servers(HOPS.plain(), ports)).toEqual([onward]);
    expect(servers(HOPS.application(), ports)).toEqual([{ ...passed, port: { ...passed.port, number: 15443 } }]);
  });
});

describe('where the gateway connects to', () => {
  const entry = (more: Partial<Case>) => only(consumed(leg({ tls: HOPS.mutual(), ...more })), 'ServiceEntry').spec;
  const at = (address: Address) => entry({ ingress: { address } });

  test('IP addresses', () => {
    expect(at(Address.ip('192.0.2.1', '192.0.2.2'))).toMatchObject({
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      endpoints: [
        { address: '192.0.2.1', ports: { http: 443 } },
        { address: '192.0.2.2', ports: { http: 443 } },
      ],
    });
  });

  test('a name other than the host', () => {
    expect(at(Address.hostname('lb.partner.example'))).toMatchObject({
      resolution: 'DNS',
      endpoints: [{ address: 'lb.partner.example', ports: { http: 443 } }],
    });
  });

  test('a port of the nodes', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 });
    expect(entry({ ingress: { address, ports: [GatewayPort.https()] } })).toMatchObject({
      resolution: 'STATIC',
      endpoints: [{ address: '192.0.2.1', ports: { http: 30443 } }],
    });
  });

  test("the application's TLS at an address", () => {
    expect(entry({ tls: HOPS.application(), ingress: { address: Address.ip('192.0.2.1') } })).toMatchObject({
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      endpoints: [{ address: '192.0.2.1', ports: { tls: 443 } }],
    });
  });

  test("OpenShift's router in front", () => {
    const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.existing('istio-system') };
    expect(entry({ mesh: ossm, ingress: { route: RouteFront.passthrough() } })).toMatchObject({
      ports: [{ number: 80, targetPort: 443 }],
    });
  });

  test('a port that callers dial; the rule of the host is about the same', () => {
    const objects = consumed(leg({ tls: HOPS.mutual(), options: { port: 8080 } }));
    expect(only(objects, 'ServiceEntry').spec).toMatchObject({ ports: [{ number: 8080, targetPort: 443 }] });
    expect(named(objects, 'DestinationRule', NAME).spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ port: { number: 8080 } }] },
    });
    expect(only(objects, 'VirtualService').spec).toMatchObject({
      http: [
        { match: [{ gateways: ['mesh'], port: 8080 }] },
        { route: [{ destination: { host: HOST, port: { number: 8080 } } }] },
      ],
    });
  });

  /** A provider that is not ours. */
  const outside = (tls: EgressTls, provider: (fleet: Fleet) => { owner: never; service: never }) =>
    only(
      consumed((fleet) => {
        const consumer = mesh(fleet, 'agency', {}, 'east');
        const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
        const { owner, service } = provider(fleet);
        new EgressGatewayPeering(fleet, 'premium', { consumer, provider: owner, egress, tls }).expose(service, {
          host: HOST,
          allow: [tls.mode === 'application' ? Access.tcp() : Access.http()],
        });
      }),
      'ServiceEntry',
    ).spec;

  test('a server in no mesh at its own name and port, whatever host callers dial', () => {
    const bank = External.server({ host: 'api.bank.example', ports: [Port.http(8443)] });
    const spec = outside(PeeringTls.simple({ server: serverEnd }), () => ({
      owner: bank as never,
      service: bank as never,
    }));
    expect(spec).toMatchObject({
      hosts: [HOST],
      ports: [{ number: 80, name: 'http' }],
      resolution: 'DNS',
      endpoints: [{ address: 'api.bank.example', ports: { http: 8443 } }],
    });
  });

  test.each([
    ['plain', [{ number: 80, name: 'http', protocol: 'HTTP' }]],
    ['mutual', [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }]],
    ['application', [{ number: 443, name: 'tls', protocol: 'TLS' }]],
  ] as const)("somebody else's mesh, %s: the host, at the usual port", (hop, ports) => {
    const tls = hop === 'mutual' ? PeeringTls.mutual({ client, server: serverEnd }) : HOPS[hop]();
    const spec = outside(tls, (fleet) => {
      const owner = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
      const service = owner.service('insurances', { namespace: 'broker', ports: [ownPort(tls)] });
      return { owner: owner as never, service: service as never };
    });
    expect(spec).toMatchObject({ hosts: [HOST], location: 'MESH_EXTERNAL', resolution: 'DNS', ports });
    expect(spec).not.toHaveProperty('endpoints');
  });
});

describe('what the gateway reads', () => {
  const secrets = (tls: EgressTls) =>
    JSON.parse(
      synth((fleet) => {
        leg({ tls, ingress: { denyByDefault: tls.mode !== 'plain' } })(fleet);
      })['fleet.json'],
    ).secrets.filter(({ cluster }: { cluster: string }) => cluster === 'east');

  test.each([
    ['mutual', [{ namespace: 'egress', name: 'client', keys: ['ca.crt', 'tls.crt', 'tls.key'] }]],
    ['simple', [{ namespace: 'egress', name: 'ca', keys: ['ca.crt'] }]],
    ['plain', []],
    ['application', []],
  ] as const)('%s: %j', (hop, expected) => {
    expect(secrets(HOPS[hop]())).toMatchObject(expected);
    expect(secrets(HOPS[hop]())).toHaveLength(expected.length);
  });

  test.each([
    ['mutual', 1],
    ['simple', 0],
    ['plain', 0],
    ['application', 0],
  ] as const)('%s: rights to list Secrets at the consumer: %i', (hop, roles) => {
    const fleet = new Fleet();
    leg({ tls: HOPS[hop](), ingress: { denyByDefault: hop !== 'plain' } })(fleet);
    const east = fleet.manifests().filter(({ cluster }) => cluster === 'east');
    expect(east.filter(({ manifest }) => manifest.kind === 'Role')).toHaveLength(roles);
  });

  test('a gateway that exists has its rights already', () => {
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const bank = External.server({ host: HOST, ports: [Port.http(443)] });
      new EgressGatewayPeering(fleet, 'premium', {
        consumer,
        provider: bank,
        egress: Gateway.existing(consumer, 'old', { kind: 'egress', namespace: 'egress', selector: { app: 'old' } }),
        tls: PeeringTls.mutual({ client, server: serverEnd }),
        callers: Callers.namespaces('travel'),
      }).expose(bank, { host: HOST, allow: [Access.http()] });
    });
    expect(objects.map(({ kind }) => kind)).toEqual([
      'ServiceEntry',
      'Gateway',
      'DestinationRule',
      'DestinationRule',
      'VirtualService',
    ]);
    expect(only(objects, 'Gateway').spec).toMatchObject({ selector: { app: 'old' } });
  });
});

describe('what does not fit is refused', () => {
  const premium = (props: Partial<EgressGatewayPeeringProps<EgressTls>>) =>
    messageOf(() => leg({ tls: HOPS.mutual(), peering: props })(new Fleet()));

  test('a key pair that somebody else has', () => {
    const tls = PeeringTls.mutual({ client: new PeerEnd(client.identity, ca), server });
    expect(premium({ tls })).toBe(
      'MESH1214 premium: the client is a PeerEnd, but the consumer east/agency is ours, so its proxies need the key pair; use a Credential',
    );
  });

  test('a client in no mesh has no egress gateway', () => {
    // the types refuse it, too
    expect(premium({ consumer: External.client('till') as never })).toBe(
      "MESH1215 premium: 'egress' is stated, but the consumer till is not ours, so nothing would be written; leave it out",
    );
  });

  test('a host that leads through another peering', () => {
    const build = (fleet: Fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      for (const id of ['one', 'two']) {
        const bank = External.server({ host: `${id}.bank.example`, ports: [Port.http(443)] });
        new EgressGatewayPeering(fleet, id, { consumer, provider: bank, egress, tls: PeeringTls.plain() }).expose(
          bank,
          {
            host: HOST,
            allow: [Access.http()],
          },
        );
      }
    };
    expect(messageOf(() => build(new Fleet()))).toBe(
      `MESH1204 two: host '${HOST}' already leads through peering 'one' in east/agency; give this exposure a host of its own`,
    );
  });

  test('the contract of another strategy', () => {
    // GIVEN what the provider wrote
    const text = synth((fleet) => {
      leg({ tls: HOPS.mutual() })(fleet);
    })['contracts/premium.json'];
    const { seal: _, ...document } = JSON.parse(text);
    const contract = (strategy: string) =>
      Contract.parse(writeContract({ ...document, strategy }), 'contracts/premium.json');
    // WHEN
    const consume = (strategy: string) => {
      const fleet = new Fleet();
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      return EgressGatewayPeering.fromContract(fleet, { consumer, egress, contract: contract(strategy), client });
    };
    // THEN
    expect(messageOf(() => consume('DirectPeering'))).toBe(
      "MESH1504 contracts/premium.json: field 'strategy' is 'DirectPeering', here it is 'EgressGatewayPeering'; the contract is for somebody else, or one of the two is wrong",
    );
    expect(consume('EgressGatewayPeering').exposure('broker/insurances:8000')).toMatchObject({
      nextHop: { host: 'out.egress.svc.cluster.local', port: 443, subset: LABEL, authority: HOST },
    });
  });
});
