import {
  Access,
  Callers,
  ControlPlane,
  Credential,
  DirectPeering,
  type ExposeOptions,
  External,
  Fleet,
  Identity,
  Mesh,
  type MeshProps,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { agencyAndPartner, mesh, messageOf, objectsOf, synth } from '../support/model';

const ca = TrustBundle.declared('partner-ca');
const client = Credential.secret('agency-client', { identity: Identity.spiffe('agency.example/egress'), signer: ca });
const server = new PeerEnd(Identity.dns('bank.example'), ca);
const web = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web', 'batch'] });
const bank = External.server({ host: 'api.bank.example', ports: [Port.http(443)] });

interface Call {
  readonly tls: PeeringTls;
  readonly callers?: Callers<'namespaces' | 'workload'>;
  readonly mesh?: Partial<MeshProps>;
  readonly options?: Partial<ExposeOptions>;
  readonly server?: ReturnType<typeof External.server<Protocol>>;
}

/** A mesh that calls a server in no mesh. */
function call({ tls, callers, mesh: props, options, server: called = bank }: Call) {
  return (fleet: Fleet) => {
    const peering = new DirectPeering(fleet, 'bank', {
      consumer: mesh(fleet, 'agency', props, 'east'),
      provider: called,
      tls,
      callers,
    });
    const allow = [tls.mode === 'application' ? Access.tcp() : Access.http()];
    // which protocols a hop can carry is what the types are tested for
    peering.expose(called as typeof bank, { host: called.host, allow, ...options });
  };
}

describe('clear text to a server in no mesh', () => {
  test('is a ServiceEntry that all callers see, and no DestinationRule', () => {
    const plainBank = External.server({ host: 'api.bank.example', ports: [Port.http(8080)] });
    const objects = objectsOf(call({ tls: PeeringTls.plain(), server: plainBank }));
    expect(objects.all).toEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: 'bank.api.bank.example.8080', namespace: 'istio-system' },
        spec: {
          hosts: ['api.bank.example'],
          exportTo: ['*'],
          location: 'MESH_EXTERNAL',
          resolution: 'DNS',
          ports: [{ number: 8080, name: 'http', protocol: 'HTTP' }],
        },
      },
    ]);
  });

  test('callers of some namespaces: nobody else sees it', () => {
    const { metadata, spec: entry } = objectsOf(
      call({ tls: PeeringTls.plain(), callers: Callers.namespaces('travel', 'batch') }),
    ).one('ServiceEntry');
    expect(metadata.namespace).toBe('travel');
    expect(entry).toMatchObject({ exportTo: ['.', 'batch'] });
  });

  const local = External.server({ host: 'greetings.legacy.svc.cluster.local', ports: [Port.http(8080)] });

  test('of the own cluster: Istio knows the Service; that it takes no mTLS is said', () => {
    const objects = objectsOf(call({ tls: PeeringTls.plain(), server: local }));
    expect(objects.all.map(({ kind }) => kind)).toEqual(['DestinationRule']);
    expect(objects.one('DestinationRule').spec).toEqual({
      host: 'greetings.legacy.svc.cluster.local',
      exportTo: ['*'],
      trafficPolicy: { portLevelSettings: [{ port: { number: 8080 }, tls: { mode: 'DISABLE' } }] },
    });
  });

  test('of the own cluster, called from several namespaces: each has the rule, because none is where a proxy looks for the host', () => {
    const callers = Callers.namespaces('travel', 'batch');
    const objects = objectsOf(call({ tls: PeeringTls.plain(), server: local, callers }));
    expect(objects.all.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['DestinationRule', 'batch'],
      ['DestinationRule', 'travel'],
    ]);
    for (const { spec: rule } of objects.all) {
      expect(rule).toMatchObject({
        exportTo: ['.'],
        trafficPolicy: { portLevelSettings: [{ tls: { mode: 'DISABLE' } }] },
      });
    }
  });

  test('of the own cluster: OpenShift Service Mesh 2 knows the Services of its members only', () => {
    const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.existing('istio-system', { mtls: true }) };
    const objects = objectsOf(call({ tls: PeeringTls.plain(), server: local, mesh: ossm }));
    expect(objects.all.map(({ kind, apiVersion }) => [kind, apiVersion])).toEqual([
      ['ServiceEntry', 'networking.istio.io/v1beta1'],
      ['DestinationRule', 'networking.istio.io/v1beta1'],
    ]);
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ tls: { mode: 'DISABLE' } }] },
    });
  });

  test('a host that only ends like the domain of the cluster is not of the cluster', () => {
    const other = External.server({ host: 'greetings.notcluster.local', ports: [Port.http(8080)] });
    expect(objectsOf(call({ tls: PeeringTls.plain(), server: other })).all.map(({ kind }) => kind)).toEqual([
      'ServiceEntry',
    ]);
  });
});

describe('TLS that the sidecar originates', () => {
  test('mutual: callers dial port 80, the DestinationRule selects them, and they may read the Secret', () => {
    const objects = objectsOf(call({ tls: PeeringTls.mutual({ client, server }), callers: web }));
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      exportTo: ['.'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
    });
    expect(objects.one('DestinationRule')).toMatchObject({
      metadata: { name: 'bank.api.bank.example.443', namespace: 'travel' },
      spec: {
        host: 'api.bank.example',
        exportTo: ['.'],
        workloadSelector: { matchLabels: { app: 'web' } },
        trafficPolicy: {
          portLevelSettings: [
            {
              port: { number: 80 },
              tls: {
                mode: 'MUTUAL',
                credentialName: 'agency-client',
                sni: 'api.bank.example',
                subjectAltNames: ['bank.example'],
              },
            },
          ],
        },
      },
    });
    expect(objects.one('Role')).toMatchObject({
      metadata: { name: 'bank.credential-reader', namespace: 'travel' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    });
    expect(objects.one('RoleBinding')).toMatchObject({
      metadata: { name: 'bank.credential-reader', namespace: 'travel' },
      roleRef: { kind: 'Role', name: 'bank.credential-reader' },
      subjects: [
        { kind: 'ServiceAccount', name: 'batch', namespace: 'travel' },
        { kind: 'ServiceAccount', name: 'web', namespace: 'travel' },
      ],
    });
  });

  test('mutual: fleet.json says which Secret must exist where', () => {
    const { 'fleet.json': text } = synth(call({ tls: PeeringTls.mutual({ client, server }), callers: web }));
    expect(JSON.parse(text).secrets).toEqual([
      {
        cluster: 'east',
        namespace: 'travel',
        name: 'agency-client',
        keys: ['ca.crt', 'tls.crt', 'tls.key'],
        identity: 'spiffe://agency.example/egress',
        signer: { name: 'partner-ca', sha256: [] },
        trusts: { name: 'partner-ca', sha256: [] },
        writtenBy: 'somebody else',
        neededBy: 'bank',
      },
    ]);
  });

  test('files: no right to read Secrets is given', () => {
    const files = Credential.files('agency-client', {
      identity: Identity.dns('agency.example.com'),
      signer: ca,
      directory: '/etc/certs',
    });
    const objects = objectsOf(call({ tls: PeeringTls.mutual({ client: files, server }), callers: web }));
    expect(objects.all.map(({ kind }) => kind).sort()).toEqual(['DestinationRule', 'ServiceEntry']);
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ tls: { clientCertificate: '/etc/certs/tls.crt' } }] },
    });
  });

  test('simple with declared roots needs them as a Secret, which no right is needed for', () => {
    const build = call({ tls: PeeringTls.simple({ server }), callers: web });
    expect(
      objectsOf(build)
        .all.map(({ kind }) => kind)
        .sort(),
    ).toEqual(['DestinationRule', 'ServiceEntry']);
    expect(JSON.parse(synth(build)['fleet.json']).secrets).toMatchObject([
      { namespace: 'travel', name: 'partner-ca', keys: ['ca.crt'] },
    ]);
  });

  test("simple with the system's roots needs no Secret, and no workload to be named", () => {
    const publicServer = new PeerEnd(Identity.dns('api.bank.example'), TrustBundle.system());
    const build = call({ tls: PeeringTls.simple({ server: publicServer }) });
    expect(objectsOf(build).one('DestinationRule').spec).toEqual({
      host: 'api.bank.example',
      exportTo: ['*'],
      trafficPolicy: {
        portLevelSettings: [
          {
            port: { number: 80 },
            tls: {
              mode: 'SIMPLE',
              caCertificates: 'system',
              sni: 'api.bank.example',
              subjectAltNames: ['api.bank.example'],
            },
          },
        ],
      },
    });
    expect(JSON.parse(synth(build)['fleet.json']).secrets).toEqual([]);
  });

  test.each([
    ['mutual', PeeringTls.mutual({ client, server }), undefined],
    ['mutual', PeeringTls.mutual({ client, server }), Callers.namespaces('travel')],
    ['simple', PeeringTls.simple({ server }), undefined],
  ])('%s without a workload is refused', (mode, tls, callers) => {
    expect(messageOf(() => objectsOf(call({ tls, callers })))).toBe(
      `MESH1205 bank: PeeringTls.${mode} is originated by sidecars, which read a Secret only by a DestinationRule that selects them; state callers: Callers.workload({ … }), or use EgressGatewayPeering`,
    );
  });

  test('the consumer that is not ours needs no workload', () => {
    const objects = objectsOf((fleet) => {
      const { partner, ingress, broker } = agencyAndPartner(fleet);
      new DirectPeering(fleet, 'premium', {
        consumer: Mesh.external(fleet, 'somebody', { trustDomain: 'agency.example' }),
        provider: partner,
        ingress,
        tls: PeeringTls.mutual({
          client: new PeerEnd(Identity.spiffe('agency.example/egress'), ca),
          server: Credential.secret('server', { identity: Identity.dns('partner.example'), signer: ca }),
        }),
      }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http()] });
    });
    expect(objects.find('ServiceEntry')).toEqual([]);
  });
});

describe('the TLS of the application', () => {
  const nginx = External.server({ host: 'nginx.partner.example', ports: [Port.tls(8443)] });

  test('callers dial the port of the server, and nothing is added to it', () => {
    const tls = PeeringTls.application({ server: Identity.dns('nginx.partner.example') });
    const objects = objectsOf(call({ tls, server: nginx }));
    expect(objects.all.map(({ kind }) => kind)).toEqual(['ServiceEntry']);
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      ports: [{ number: 8443, name: 'tls', protocol: 'TLS' }],
    });
  });

  test('in the own cluster that is said, for a mesh-wide rule would wrap it', () => {
    const own = External.server({ host: 'nginx.legacy.svc.cluster.local', ports: [Port.tls(443)] });
    const tls = PeeringTls.application({ server: Identity.dns('nginx.partner.example') });
    expect(objectsOf(call({ tls, server: own })).one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'DISABLE' } }] },
    });
  });
});

describe('what callers dial', () => {
  test('a port of their own', () => {
    expect(
      objectsOf(call({ tls: PeeringTls.plain(), options: { port: 8080 } })).one('ServiceEntry').spec,
    ).toMatchObject({
      ports: [{ number: 8080, targetPort: 443 }],
    });
  });

  test('a provider of ours under a name of the own cluster domain is not taken for a Service of it', () => {
    const objects = objectsOf((fleet) => {
      const { agency, partner, ingress, broker } = agencyAndPartner(fleet);
      new DirectPeering(fleet, 'premium', {
        consumer: agency,
        provider: partner,
        ingress,
        tls: PeeringTls.plain(),
      }).expose(broker, { host: 'premium.remote.svc.cluster.local', allow: [Access.http()] });
    });
    expect(objects.one('ServiceEntry').spec).toMatchObject({ hosts: ['premium.remote.svc.cluster.local'] });
  });

  test("the gateway of somebody else's mesh listens where gateways do, not where its Service does", () => {
    const port = (tls: PeeringTls) => {
      const objects = objectsOf((fleet) => {
        const partner = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
        const broker = partner.service('insurances', { namespace: 'broker', ports: [Port.http(8000)] });
        new DirectPeering(fleet, 'premium', {
          consumer: mesh(fleet, 'agency'),
          provider: partner,
          tls,
          callers: web,
        }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http()] });
      });
      return (objects.one('ServiceEntry').spec as { ports: object[] }).ports;
    };
    expect(port(PeeringTls.plain())).toEqual([{ number: 80, name: 'http', protocol: 'HTTP' }]);
    expect(port(PeeringTls.simple({ server }))).toEqual([
      { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 },
    ]);
  });
});

describe('the next hop', () => {
  test('is the host, with itself as authority', () => {
    const fleet = new Fleet();
    const peering = new DirectPeering(fleet, 'bank', {
      consumer: mesh(fleet, 'agency', {}, 'east'),
      provider: bank,
      tls: PeeringTls.plain(),
    });
    const exposure = peering.expose(bank, { host: 'API.bank.example', allow: [Access.http()] });
    expect(exposure).toMatchObject({
      host: 'api.bank.example',
      protocol: 'http',
      usableIn: 'east/agency',
      nextHop: { host: 'api.bank.example', port: 443, authority: 'api.bank.example' },
    });
  });
});
