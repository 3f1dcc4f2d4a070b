import {
  Access,
  ControlPlane,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
} from '../../../lib';
import { Contract, writeContract } from '../../../lib/facts/contract';
import type { ClusterManifests } from '../../../lib/testing';
import { mesh, messageOf, objectsOf, synth } from '../../support/model';
import { ca, client, consumed, HOPS, HOST, LABEL, leg, NAME, ownPort, server } from './legs';

/** Objects of the peering. */
const ofPeering = (objects: ClusterManifests) =>
  objects.all.filter(({ metadata }) => /^premium[.-]/.test(metadata.name));
const apiVersions = (objects: ClusterManifests) =>
  Object.fromEntries(ofPeering(objects).map(({ kind, apiVersion }) => [kind, apiVersion]));

describe('the objects of one exposure', () => {
  const around = ['AuthorizationPolicy', 'ServiceEntry', 'Gateway', 'DestinationRule', 'VirtualService'];

  test.each([
    ['plain', false],
    ['simple', true],
    ['mutual', true],
    ['application', false],
  ] as const)('%s: the same way to the gateway; a rule about the host itself: %s', (hop, isOriginated) => {
    const objects = consumed(leg({ tls: HOPS[hop](), ingress: { denyByDefault: hop !== 'plain' } }));
    expect(
      ofPeering(objects)
        .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)
        .sort(),
    ).toEqual(
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
        consumed(leg({ tls: HOPS[hop](), mesh: ossm, ingress: { denyByDefault: false }, options: { host } }))
          .find('DestinationRule')
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
    expect(objects.find('DestinationRule').map(({ metadata }) => metadata.name)).toEqual([
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
    expect(
      objectsOf(build)
        .find('VirtualService')
        .map(({ metadata }) => metadata.name),
    ).toEqual([LABEL, NAME]);
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
    return (objects.one('Gateway').spec as { servers: unknown[] }).servers;
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
        const bank = External.server({ host: HOST, ports: [Port.http(443)] });
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
      `MESH1204 two: host '${HOST}' already leads through peering 'one' in east/agency; a server in no mesh has one host, which a proxy knows once: leave one of the two out, or state callers in namespaces of their own for both`,
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
