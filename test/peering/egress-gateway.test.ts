import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
  type Exposure,
  External,
  type ExternalServer,
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
  type Protocol,
  Routing,
  Rule,
  TrustBundle,
} from '../../lib';
import type { Manifest } from '../../lib/facts/manifest';
import { agencyAndPartner, mesh, messageOf, objectsOf, ofKind, only, synth, synthErrors } from '../support/model';

const HOST = 'api.bank.example';
const signer = TrustBundle.declared('agency-ca');
const client = Credential.secret('egress-client', { identity: Identity.spiffe('agency.example/egress'), signer });
const server = new PeerEnd(Identity.dns(HOST), TrustBundle.declared('bank-ca'));
const mutual = PeeringTls.mutual({ client, server });
const application = PeeringTls.application({ server: Identity.dns(HOST) });
const bank = External.server({ host: HOST, ports: [Port.http(443)] });
const LABEL = 'bank-443';

type Props = Partial<Omit<EgressGatewayPeeringProps<EgressTls>, 'consumer' | 'egress'>>;

interface Call extends Props {
  readonly tls: EgressTls;
  readonly server?: ExternalServer<Protocol>;
  readonly gateway?: Partial<GatewayProps>;
  readonly mesh?: Partial<MeshProps>;
  readonly port?: number;
}

/** A mesh that calls a server in no mesh through its egress gateway. */
function call({ server: provider = bank, gateway, mesh: meshProps, port, ...props }: Call) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', meshProps, 'east');
    consumer.namespace('travel');
    const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress', ...gateway });
    const peering = new EgressGatewayPeering<EgressTls>(fleet, 'bank', { consumer, provider, egress, ...props });
    const allow = [props.tls.mode === 'application' ? Access.tcp() : Access.http()];
    // which protocols a hop can carry is what the types are tested for
    return peering.expose(provider as never, { host: provider.host, allow, ...(port !== undefined && { port }) });
  };
}

const specOf = (objects: readonly Manifest[], kind: string, name: string) =>
  ofKind(objects, kind).find(({ metadata }) => metadata.name === name)?.spec as
    | { readonly rules?: unknown }
    | undefined;
const bankObjects = (objects: Manifest[]) => objects.filter(({ metadata }) => metadata.name.startsWith('bank'));

describe('calls go through the egress gateway', () => {
  const objects = objectsOf(call({ tls: mutual, callers: Callers.namespaces('travel', 'batch') }));

  test('everything of an exposure is in the namespace of the gateway, one object of each kind for each end', () => {
    expect(bankObjects(objects).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'AuthorizationPolicy egress/bank-443',
      'ServiceEntry egress/bank.api.bank.example.443',
      'Gateway egress/bank-443',
      'DestinationRule egress/bank-443',
      'DestinationRule egress/bank.api.bank.example.443',
      'VirtualService egress/bank-443',
    ]);
  });

  test('callers and the gateway know the host, nobody else', () => {
    expect(only(objects, 'ServiceEntry').spec).toEqual({
      hosts: [HOST],
      exportTo: ['.', 'batch', 'travel'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
    });
  });

  test('the first leg is mTLS of the mesh with the SNI of the exposure', () => {
    expect(only(objects, 'Gateway').spec).toEqual({
      selector: { istio: 'out' },
      servers: [
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          hosts: [HOST],
          tls: { mode: 'ISTIO_MUTUAL' },
        },
      ],
    });
    expect(specOf(objects, 'DestinationRule', LABEL)).toEqual({
      host: 'out.egress.svc.cluster.local',
      exportTo: ['*'],
      subsets: [
        {
          name: LABEL,
          trafficPolicy: {
            portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'ISTIO_MUTUAL', sni: HOST } }],
          },
        },
      ],
    });
  });

  test('who dials the host is led to the gateway; from there the call goes on', () => {
    expect(only(objects, 'VirtualService').spec).toEqual({
      hosts: [HOST],
      exportTo: ['.', 'batch', 'travel'],
      gateways: ['mesh', 'egress/bank-443'],
      http: [
        {
          match: [{ gateways: ['mesh'], port: 80 }],
          route: [{ destination: { host: 'out.egress.svc.cluster.local', port: { number: 443 }, subset: LABEL } }],
        },
        {
          match: [{ gateways: ['egress/bank-443'], port: 443 }],
          route: [{ destination: { host: HOST, port: { number: 80 } } }],
        },
      ],
    });
  });

  test('rules of the mesh name the gateway as next hop, with the authority that it routes by', () => {
    let exposure: Exposure | undefined;
    const routed = objectsOf((fleet) => {
      const { agency, partner, ingress, broker } = agencyAndPartner(fleet);
      const local = agency.service('insurances', { namespace: 'travel', ports: [Port.http(8000)] });
      const premium = new EgressGatewayPeering(fleet, 'premium', {
        consumer: agency,
        provider: partner,
        egress: new Gateway(agency, 'out', { kind: 'egress', namespace: 'egress' }),
        ingress,
        tls: PeeringTls.plain(),
      }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http()], subset: 'v1' });
      new Routing(agency, 'premium', { host: local, rules: [Rule.otherwise().to(premium)] });
      exposure = premium;
    });
    expect(exposure).toMatchObject({
      host: 'insurances.partner.example',
      nextHop: {
        host: 'out.egress.svc.cluster.local',
        port: 443,
        subset: 'premium-broker-insurances-8000-v1',
        authority: 'insurances.partner.example',
      },
    });
    expect(specOf(routed, 'VirtualService', 'premium')).toMatchObject({
      http: [
        {
          route: [
            {
              destination: {
                host: 'out.egress.svc.cluster.local',
                port: { number: 443 },
                subset: 'premium-broker-insurances-8000-v1',
              },
              headers: { request: { set: { ':authority': 'insurances.partner.example' } } },
            },
          ],
        },
      ],
    });
  });

  test.each([
    ['http2', Port.http2(443)],
    ['grpc', Port.grpc(443)],
  ])('%s stays HTTP/2 on the way to the gateway, whose port is named https', (_, port) => {
    const carried = objectsOf(call({ tls: mutual, server: External.server({ host: HOST, ports: [port] }) }));
    expect(specOf(carried, 'DestinationRule', LABEL)).toMatchObject({
      subsets: [
        {
          trafficPolicy: {
            portLevelSettings: [
              { tls: { mode: 'ISTIO_MUTUAL' }, connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } },
            ],
          },
        },
      ],
    });
  });

  test('the gateway listens on the port that it has', () => {
    const other = objectsOf(call({ tls: mutual, gateway: { ports: [GatewayPort.https(8443)] } }));
    expect(only(other, 'Gateway').spec).toMatchObject({ servers: [{ port: { number: 8443 } }] });
    expect(only(other, 'VirtualService').spec).toMatchObject({
      http: [
        { route: [{ destination: { port: { number: 8443 } } }] },
        { match: [{ gateways: ['egress/bank-443'], port: 8443 }] },
      ],
    });
    expect(specOf(other, 'AuthorizationPolicy', LABEL)).toMatchObject({
      rules: [{ to: [{ operation: { ports: ['8443'] } }] }],
    });
  });
});

describe('TLS of the hop behind the gateway', () => {
  const onward = (tls: EgressTls, more: Partial<Call> = {}) => {
    const objects = objectsOf(call({ tls, ...more }));
    return { objects, rule: specOf(objects, 'DestinationRule', `bank.${more.server?.host ?? HOST}.443`) };
  };

  test('mutual: seen by the gateway alone, which may read its key pair', () => {
    const { objects, rule } = onward(mutual);
    expect(rule).toEqual({
      host: HOST,
      exportTo: ['.'],
      trafficPolicy: {
        portLevelSettings: [
          {
            port: { number: 80 },
            tls: { mode: 'MUTUAL', credentialName: 'egress-client', sni: HOST, subjectAltNames: [HOST] },
          },
        ],
      },
    });
    expect(only(objects, 'RoleBinding')).toMatchObject({
      metadata: { namespace: 'egress' },
      subjects: [{ kind: 'ServiceAccount', name: 'out', namespace: 'egress' }],
    });
  });

  test('mutual: the Secret is needed where the gateway is', () => {
    const { secrets } = JSON.parse(synth(call({ tls: mutual }))['fleet.json']);
    expect(secrets).toEqual([
      {
        cluster: 'east',
        namespace: 'egress',
        name: 'egress-client',
        keys: ['ca.crt', 'tls.crt', 'tls.key'],
        identity: 'spiffe://agency.example/egress',
        signer: { name: 'agency-ca', sha256: [] },
        trusts: { name: 'bank-ca', sha256: [] },
        writtenBy: 'somebody else',
        neededBy: 'bank',
      },
    ]);
  });

  test("mutual with cert-manager: two peerings can share a certificate, which is the gateway's", () => {
    // GIVEN
    const issued = Credential.certManager('egress-client', {
      identity: Identity.spiffe('agency.example/egress'),
      signer: TrustBundle.declared('bank-ca'),
      issuer: { name: 'issuer' },
    });
    // WHEN
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      for (const id of ['one', 'two']) {
        const provider = External.server({ host: `${id}.bank.example`, ports: [Port.http(443)] });
        const tls = PeeringTls.mutual({ client: issued, server });
        new EgressGatewayPeering(fleet, id, { consumer, provider, egress, tls }).expose(provider, {
          host: provider.host,
          allow: [Access.http()],
        });
      }
    });
    // THEN
    expect(only(objects, 'Certificate')).toMatchObject({
      metadata: { name: 'egress-client', namespace: 'egress' },
      spec: { uris: ['spiffe://agency.example/egress'], usages: ['digital signature', 'client auth'] },
    });
  });

  test('simple with roots from a Secret; no right is needed', () => {
    const { objects, rule } = onward(PeeringTls.simple({ server }));
    expect(rule).toMatchObject({
      trafficPolicy: {
        portLevelSettings: [{ tls: { mode: 'SIMPLE', credentialName: 'bank-ca', sni: HOST, subjectAltNames: [HOST] } }],
      },
    });
    expect(ofKind(objects, 'Role')).toEqual([]);
  });

  test('simple with the roots of the system', () => {
    const { rule } = onward(PeeringTls.simple({ server: new PeerEnd(Identity.dns(HOST), TrustBundle.system()) }));
    expect(rule).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ tls: { mode: 'SIMPLE', caCertificates: 'system' } }] },
    });
  });

  test('clear text: no rule, and a finding; the way to the gateway is encrypted all the same', () => {
    const { objects, rule } = onward(PeeringTls.plain(), {
      server: External.server({ host: HOST, ports: [Port.http(443)] }),
    });
    expect(rule).toBeUndefined();
    expect(only(objects, 'Gateway').spec).toMatchObject({ servers: [{ tls: { mode: 'ISTIO_MUTUAL' } }] });
    expect(synthErrors(call({ tls: PeeringTls.plain() }))).toContain(
      'warning MESH3001: peering bank sends clear text from agency to api.bank.example',
    );
  });

  test('clear text to a Service without sidecar on OpenShift Service Mesh 2: the mesh-wide rule is kept from it', () => {
    // GIVEN
    const inside = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.http(443)] });
    const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('m-system', { mtls: true }) };
    // WHEN
    const { objects, rule } = onward(PeeringTls.plain(), { server: inside, mesh: ossm });
    // THEN
    expect(rule).toMatchObject({
      exportTo: ['.'],
      trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'DISABLE' } }] },
    });
    expect(ofKind(objects, 'ServiceEntry')).toHaveLength(1);
    expect(objects.find(({ kind }) => kind === 'VirtualService')?.apiVersion).toBe('networking.istio.io/v1beta1');
  });

  test('a Service that Istio knows has no ServiceEntry', () => {
    const inside = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.http(8080)] });
    const objects = objectsOf(call({ tls: PeeringTls.plain(), server: inside }));
    expect(ofKind(objects, 'ServiceEntry')).toEqual([]);
    expect(only(objects, 'VirtualService').spec).toMatchObject({
      http: [
        { match: [{ gateways: ['mesh'], port: 8080 }] },
        { route: [{ destination: { host: 'old.no-mesh.svc.cluster.local', port: { number: 8080 } } }] },
      ],
    });
  });

  test('TLS of the application is passed on by its SNI, and nothing is added to it', () => {
    const tls = External.server({ host: HOST, ports: [Port.tls(443)] });
    const { objects, rule } = onward(application, { server: tls });
    expect(rule).toBeUndefined();
    expect(only(objects, 'Gateway').spec).toMatchObject({
      servers: [{ port: { number: 443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } }],
    });
    expect(specOf(objects, 'DestinationRule', LABEL)).toMatchObject({
      subsets: [{ trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'DISABLE' } }] } }],
    });
    expect(only(objects, 'VirtualService').spec).toEqual({
      hosts: [HOST],
      exportTo: ['*'],
      gateways: ['mesh', 'egress/bank-443'],
      tls: [
        {
          match: [{ gateways: ['mesh'], port: 443, sniHosts: [HOST] }],
          route: [{ destination: { host: 'out.egress.svc.cluster.local', port: { number: 443 }, subset: LABEL } }],
        },
        {
          match: [{ gateways: ['egress/bank-443'], port: 443, sniHosts: [HOST] }],
          route: [{ destination: { host: HOST, port: { number: 443 } } }],
        },
      ],
    });
    expect(specOf(objects, 'AuthorizationPolicy', LABEL)).toMatchObject({
      rules: [{ when: [{ key: 'connection.sni', values: [HOST] }] }],
    });
  });
});

describe('who may use the gateway', () => {
  const rules = (more: Partial<Call>) =>
    specOf(objectsOf(call({ tls: mutual, ...more })), 'AuthorizationPolicy', LABEL)?.rules;
  const from = (...principals: string[]) => [
    {
      from: [{ source: { principals } }],
      to: [{ operation: { hosts: [HOST, `${HOST}:*`], ports: ['8443'] } }],
    },
  ];

  test('all workloads of the mesh', () => {
    expect(rules({})).toEqual(from('agency.example/*'));
  });

  test('those of some namespaces', () => {
    expect(rules({ callers: Callers.namespaces('travel', 'batch') })).toEqual(
      from('agency.example/ns/batch/*', 'agency.example/ns/travel/*'),
    );
  });

  test('those of some ServiceAccounts, whose namespaces see the host', () => {
    const objects = objectsOf(
      call({ tls: mutual, callers: Callers.serviceAccounts('travel/web', 'batch/jobs', 'travel/web') }),
    );
    expect(specOf(objects, 'AuthorizationPolicy', LABEL)?.rules).toEqual(
      from('agency.example/ns/batch/sa/jobs', 'agency.example/ns/travel/sa/web'),
    );
    expect(only(objects, 'ServiceEntry').spec).toMatchObject({ exportTo: ['.', 'batch', 'travel'] });
  });

  test('callers in the namespace of the gateway itself', () => {
    const objects = objectsOf(call({ tls: mutual, callers: Callers.namespaces('egress', 'travel') }));
    expect(only(objects, 'ServiceEntry').spec).toMatchObject({ exportTo: ['.', 'travel'] });
  });

  test('everybody else is denied, whatever is exposed', () => {
    const deny = { selector: { matchLabels: { istio: 'out' } } };
    const objects = objectsOf((fleet) => {
      new Gateway(mesh(fleet, 'agency'), 'out', { kind: 'egress', namespace: 'egress' });
    });
    expect(only(objects, 'AuthorizationPolicy')).toMatchObject({ metadata: { name: 'out.deny-all' }, spec: deny });
  });

  test('a gateway that lets everybody through has no policies', () => {
    expect(ofKind(objectsOf(call({ tls: mutual, gateway: { denyByDefault: false } })), 'AuthorizationPolicy')).toEqual(
      [],
    );
  });
});

describe('the only way out', () => {
  test('pods of the namespaces reach pods of the cluster, among them the gateway, and nothing outside', () => {
    const objects = objectsOf(call({ tls: mutual, onlyWayOut: ['travel', 'travel'] }));
    expect(only(objects, 'NetworkPolicy')).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'bank.only-way-out', namespace: 'travel' },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }] }] },
    });
  });

  test('does not depend on what is exposed', () => {
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency');
      consumer.namespace('travel');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      new EgressGatewayPeering(fleet, 'bank', {
        consumer,
        provider: bank,
        egress,
        tls: mutual,
        onlyWayOut: ['travel'],
      });
    });
    expect(ofKind(objects, 'NetworkPolicy')).toHaveLength(1);
  });
});

describe('a provider of ours', () => {
  test('has the same half as with any other strategy', () => {
    const objects = objectsOf((fleet) => {
      const { partner, ingress, broker } = agencyAndPartner(fleet);
      new EgressGatewayPeering(fleet, 'premium', {
        consumer: Mesh.external(fleet, 'shop', { trustDomain: 'shop.example' }),
        provider: partner,
        ingress,
        tls: PeeringTls.mutual({
          client: new PeerEnd(Identity.spiffe('shop.example/egress'), TrustBundle.declared('shop-ca')),
          server: Credential.secret('server', { identity: Identity.dns('partner.example'), signer }),
        }),
      }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http({ methods: ['GET'] })] });
    });
    expect(specOf(objects, 'AuthorizationPolicy', 'premium.broker.insurances.8000')).toMatchObject({
      rules: [{ from: [{ source: { principals: ['shop.example/egress'] } }] }],
    });
    expect(ofKind(objects, 'ServiceEntry')).toEqual([]);
  });
});

describe('what does not fit is refused', () => {
  const stated = (props: (fleet: Fleet, agency: Mesh) => Partial<EgressGatewayPeeringProps<EgressTls>>) =>
    messageOf(() => {
      const fleet = new Fleet();
      const consumer = mesh(fleet, 'agency', {}, 'east');
      consumer.namespace('travel');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const defaults = { consumer, provider: bank, egress, tls: mutual };
      return new EgressGatewayPeering<EgressTls>(fleet, 'bank', { ...defaults, ...props(fleet, consumer) });
    });
  const shop = (fleet: Fleet) => Mesh.external(fleet, 'shop', { trustDomain: 'shop.example' });
  const ours = (fleet: Fleet) => {
    const { partner, ingress } = agencyAndPartner(fleet, {}, {});
    return { provider: partner, ingress, tls: PeeringTls.plain() };
  };

  test.each<[string, (fleet: Fleet, agency: Mesh) => Partial<EgressGatewayPeeringProps<EgressTls>>, string]>([
    [
      'the egress gateway of another mesh',
      (fleet) => ({ egress: new Gateway(mesh(fleet, 'other'), 'out', { kind: 'egress', namespace: 'egress' }) }),
      'MESH1211 bank: egress gateway other-cluster/other/out is not of the consumer; expected a gateway of agency',
    ],
    [
      'an ingress gateway',
      (_fleet, agency) => ({ egress: new Gateway(agency, 'in', { kind: 'ingress', namespace: 'egress' }) }),
      'MESH1212 bank: gateway east/agency/in is an ingress gateway; expected an egress gateway',
    ],
    [
      'no egress gateway',
      () => ({ egress: undefined }),
      "MESH1210 bank: the consumer east/agency is ours, so its egress gateway is needed; state 'egress'",
    ],
    [
      'the gateway of a consumer that is not ours',
      (fleet) => ({ consumer: shop(fleet), ...ours(fleet) }),
      "MESH1215 bank: 'egress' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
    ],
    [
      'callers of a consumer that is not ours',
      (fleet) => ({ consumer: shop(fleet), egress: undefined, callers: Callers.namespaces('travel'), ...ours(fleet) }),
      "MESH1215 bank: 'callers' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
    ],
    [
      'closed namespaces of a consumer that is not ours',
      (fleet) => ({ consumer: shop(fleet), egress: undefined, onlyWayOut: ['travel'], ...ours(fleet) }),
      "MESH1215 bank: 'onlyWayOut' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
    ],
    [
      'a gateway without a port for TLS',
      (_fleet, agency) => ({
        egress: new Gateway(agency, 'plain', { kind: 'egress', namespace: 'egress', ports: [GatewayPort.http()] }),
      }),
      'MESH1112 east/agency/plain: the gateway has no https port, it has http 80; add GatewayPort.https()',
    ],
    [
      'a gateway that can only pass TLS on, for TLS that it shall originate',
      (_fleet, agency) => ({
        egress: new Gateway(agency, 'sni', { kind: 'egress', namespace: 'egress', ports: [GatewayPort.tls()] }),
      }),
      'MESH1112 east/agency/sni: the gateway has no https port, it has tls 15443; add GatewayPort.https()',
    ],
    [
      'mounted files',
      () => ({
        tls: PeeringTls.mutual({
          // the types refuse it, too
          client: Credential.files('f', { identity: client.identity, signer, directory: '/certs' }) as never,
          server,
        }),
      }),
      'MESH1216 bank: the client credential is mounted files, but a gateway reads Secrets; use Credential.secret',
    ],
    [
      'ServiceAccounts at a gateway that lets everybody through',
      (_fleet, agency) => ({
        egress: Gateway.existing(agency, 'old', { kind: 'egress', namespace: 'egress', selector: { istio: 'old' } }),
        callers: Callers.serviceAccounts('travel/web'),
      }),
      'MESH1206 bank: callers names ServiceAccounts (travel/web), but gateway east/agency/old lets everybody through; set denyByDefault: true on the gateway, or use Callers.namespaces; the rule would be widened',
    ],
    [
      'ServiceAccounts that the gateway does not see',
      () => ({ tls: application, callers: Callers.serviceAccounts('travel/web') }),
      "MESH1206 bank: callers names ServiceAccounts (travel/web), but the application's own TLS shows the egress gateway no identity; use Callers.namespaces; the rule would be widened",
    ],
    [
      'no namespace to close',
      () => ({ onlyWayOut: [] }),
      'MESH1208 bank: onlyWayOut is empty; name the namespaces, or leave it out',
    ],
    [
      'a namespace that the mesh does not have',
      () => ({ onlyWayOut: ['nowhere'] }),
      "MESH1208 bank: onlyWayOut names 'nowhere', which is no namespace of east/agency; it has travel: declare it with mesh.namespace('nowhere')",
    ],
    ['a malformed namespace', () => ({ onlyWayOut: ['Travel'] }), "MESH1001 bank: namespace 'Travel' is no DNS label"],
    [
      'the namespace of the gateway itself',
      (_fleet, agency) => {
        agency.namespace('egress');
        return { onlyWayOut: ['egress'] };
      },
      "MESH1208 bank: onlyWayOut names 'egress', where gateway east/agency/out is: it would be cut off itself; leave it out, and keep workloads out of that namespace",
    ],
  ])('%s', (_, props, message) => {
    expect(stated(props).startsWith(message)).toBe(true);
  });

  test('a port that a Service of the own cluster lacks', () => {
    const inside = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.http(8080)] });
    expect(messageOf(() => objectsOf(call({ tls: PeeringTls.plain(), server: inside, port: 80 })))).toBe(
      "MESH1220 bank: host 'old.no-mesh.svc.cluster.local' is a Service of the own cluster, which callers dial at its port 8080, not 80; expose it with port: 8080",
    );
  });

  test('two exposures of one host, also through different peerings and gateways', () => {
    const run = () => {
      const fleet = new Fleet();
      const consumer = new Mesh(new Cluster(fleet, 'east'), 'agency', {
        platform: Ossm.v3(),
        controlPlane: ControlPlane.existing('istio-system'),
      });
      for (const id of ['a', 'b']) {
        const egress = new Gateway(consumer, `out-${id}`, { kind: 'egress', namespace: 'egress' });
        new EgressGatewayPeering(fleet, id, { consumer, provider: bank, egress, tls: mutual }).expose(bank, {
          host: HOST,
          allow: [Access.http()],
        });
      }
    };
    expect(messageOf(run)).toContain(`MESH1204 b: host '${HOST}' already leads through`);
  });
});
