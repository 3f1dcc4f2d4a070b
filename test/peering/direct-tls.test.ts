import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  External,
  Identity,
  Istio,
  Mesh,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
  Workload,
} from '../../lib';
import { Manifests, Testing } from '../../lib/testing';

const HOST = 'web.example.com';
const server = new PeerEnd(Identity.dns(HOST), TrustBundle.declared('server-ca'));
const agency = { identity: Identity.spiffe('agency/travels'), signer: TrustBundle.declared('agency-ca') };
const travels = Callers.workload({ namespace: 'app', labels: { app: 'travels' }, serviceAccounts: ['travels'] });
const http = External.server({ host: HOST, ports: [Port.http(443)] });

/** What a mesh writes that calls a server in no mesh. */
function consumer(
  tls: PeeringTls,
  callers?: Callers<'namespaces' | 'workload'>,
  provider = http,
  platform = Istio.v1_31(),
) {
  const printed: string[] = [];
  const fleet = Testing.fleet({ print: (text) => printed.push(text) });
  const controlPlane = platform.has('ServiceMeshControlPlane')
    ? ControlPlane.smcp('m-system', { mtls: true })
    : ControlPlane.existing('m-system');
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', { platform, controlPlane });
  const peering = new DirectPeering<PeeringTls>(fleet, 'p', { consumer: mesh, provider, tls, callers });
  const allow = [tls.mode === 'application' ? Access.tcp() : Access.http()];
  const exposure = peering.expose(provider as never, { host: provider.host, allow });
  fleet.synth();
  return { exposure, printed: printed.join(''), manifests: Manifests.of(fleet).cluster('c1') };
}

const ruleOf = (manifests: ReturnType<typeof consumer>['manifests']) =>
  manifests.find('DestinationRule')[0] as object as { metadata: object; spec: Record<string, unknown> };

const readers = (manifests: ReturnType<typeof consumer>['manifests']) =>
  manifests.find('Role').filter(({ metadata }) => metadata.namespace === 'app');

describe('TLS that the sidecar originates', () => {
  test('port 80 is led to 443, and the rule is about the port that callers dial', () => {
    // WHEN
    const { manifests, exposure } = consumer(PeeringTls.simple({ server }), travels);
    // THEN
    expect(manifests.find('ServiceEntry')[0]).toMatchObject({
      spec: { ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }] },
    });
    expect(ruleOf(manifests).spec).toMatchObject({ trafficPolicy: { portLevelSettings: [{ port: { number: 80 } }] } });
    expect(exposure.nextHop).toMatchObject({ host: HOST, port: 80, authority: HOST });
    expect(exposure.nextHop.callers).toMatchObject({ namespaces: travels.namespaces, labels: travels.labels });
  });

  test('SIMPLE: roots from a Secret in the namespace of the callers, which needs no right', () => {
    // WHEN
    const { manifests, printed } = consumer(PeeringTls.simple({ server }), travels);
    // THEN
    expect(ruleOf(manifests).spec).toEqual({
      host: HOST,
      exportTo: ['.'],
      workloadSelector: { matchLabels: { app: 'travels' } },
      trafficPolicy: {
        portLevelSettings: [
          {
            port: { number: 80 },
            tls: { mode: 'SIMPLE', credentialName: 'server-ca', sni: HOST, subjectAltNames: [HOST] },
          },
        ],
      },
    });
    expect(readers(manifests)).toEqual([]);
    expect(printed).toContain('c1       app        server-ca  ca.crt');
  });

  test('SIMPLE with the roots of the system: no Secret, so no workload must be named', () => {
    // WHEN
    const tls = PeeringTls.simple({ server: new PeerEnd(Identity.dns(HOST), TrustBundle.system()) });
    const { manifests, printed } = consumer(tls, Callers.namespaces('app', 'b'));
    // THEN
    expect(ruleOf(manifests)).toMatchObject({
      metadata: { namespace: 'app' },
      spec: {
        exportTo: ['.', 'b'],
        trafficPolicy: { portLevelSettings: [{ tls: { caCertificates: 'system', subjectAltNames: [HOST] } }] },
      },
    });
    expect(ruleOf(manifests).spec.workloadSelector).toBeUndefined();
    expect(printed).not.toMatch(/warning|Secrets/);
  });

  test('MUTUAL: the ServiceAccounts of the callers may list the Secrets of their namespace', () => {
    // WHEN
    const { manifests } = consumer(
      PeeringTls.mutual({ client: Credential.secret('partner-client', agency), server }),
      travels,
    );
    // THEN
    expect(ruleOf(manifests).spec).toMatchObject({
      exportTo: ['.'],
      workloadSelector: { matchLabels: { app: 'travels' } },
      trafficPolicy: { portLevelSettings: [{ tls: { mode: 'MUTUAL', credentialName: 'partner-client' } }] },
    });
    // a Role limited to one name would be refused: istiod asks for all of them
    manifests.has('Role', 'app/p.credential-reader', {
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'], resourceNames: undefined }],
    });
    manifests.has('RoleBinding', 'app/p.credential-reader', {
      subjects: [{ kind: 'ServiceAccount', name: 'travels', namespace: 'app' }],
    });
  });

  test('MUTUAL with mounted files: their paths, and no right', () => {
    // GIVEN
    const client = Credential.files('partner-client', { ...agency, directory: '/etc/certs' });
    // WHEN
    const { manifests } = consumer(PeeringTls.mutual({ client, server }), travels);
    // THEN
    expect(ruleOf(manifests).spec).toMatchObject({
      trafficPolicy: {
        portLevelSettings: [
          {
            tls: {
              mode: 'MUTUAL',
              clientCertificate: '/etc/certs/tls.crt',
              privateKey: '/etc/certs/tls.key',
              caCertificates: '/etc/certs/ca.crt',
              sni: HOST,
              subjectAltNames: [HOST],
            },
          },
        ],
      },
    });
    expect(readers(manifests)).toEqual([]);
  });

  test.each<[string, PeeringTls]>([
    ['simple', PeeringTls.simple({ server })],
    ['mutual', PeeringTls.mutual({ client: Credential.secret('c', agency), server })],
  ])('%s with a Secret needs a workload', (mode, tls) => {
    for (const callers of [undefined, Callers.namespaces('app')]) {
      expect(() => consumer(tls, callers)).toThrow(
        `MESH1205 p: PeeringTls.${mode} is originated by sidecars, which read a Secret only by a DestinationRule that selects them; state callers: Callers.workload({ … }), or use EgressGatewayPeering`,
      );
    }
  });
});

describe('TLS of the application itself', () => {
  const tls = PeeringTls.application({ server: Identity.dns(HOST) });

  test('the mesh knows the host by its SNI, and adds nothing', () => {
    // WHEN
    const { manifests, exposure } = consumer(
      tls,
      undefined,
      External.server({ host: HOST, ports: [Port.tls(443)] }) as never,
    );
    // THEN
    expect(manifests.find('ServiceEntry')[0]).toMatchObject({
      spec: { hosts: [HOST], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] },
    });
    expect(manifests.find('DestinationRule')).toEqual([]);
    expect(exposure.nextHop.port).toBe(443);
  });

  test('a host of the own cluster is kept from the mesh-wide rule, which would wrap it', () => {
    // GIVEN
    const inside = External.server({ host: 'nginx.no-mesh.svc.cluster.local', ports: [Port.tls(443)] });
    // WHEN
    const { manifests } = consumer(tls, undefined, inside as never, Ossm.v2_6());
    // THEN
    expect(ruleOf(manifests).spec).toMatchObject({
      host: 'nginx.no-mesh.svc.cluster.local',
      trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'DISABLE' } }] },
    });
  });
});

test('a workload mounts the files of its credentials', () => {
  // GIVEN
  const fleet = Testing.fleet();
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('m-system'),
  });
  const service = mesh.service('travels', { namespace: 'app', ports: [Port.http(8000)] });
  const client = Credential.files('partner-client', { ...agency, directory: '/etc/certs' });
  // WHEN
  new Workload(mesh, 'travels', { service, image: 'quay.io/example/travels:1.0', sidecarFiles: [client] });
  // THEN
  Manifests.of(fleet)
    .cluster('c1')
    .has('Deployment', 'app/travels-v1', {
      spec: { template: { metadata: { annotations: Credential.podAnnotations(client) } } },
    });
});

test('two peerings of one namespace may share a Certificate', () => {
  // GIVEN a client certificate that two servers know
  const fleet = Testing.fleet();
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('m-system'),
  });
  const client = Credential.certManager('agency', { ...agency, issuer: { name: 'ca' } });
  // WHEN
  for (const name of ['bank', 'broker']) {
    const provider = External.server({ host: `${name}.example.com`, ports: [Port.http(443)] });
    const end = new PeerEnd(Identity.dns(provider.host), TrustBundle.declared('agency-ca'));
    const tls = PeeringTls.mutual({ client, server: end });
    new DirectPeering(fleet, name, { consumer: mesh, provider, tls, callers: travels }).expose(provider, {
      host: provider.host,
      allow: [Access.http()],
    });
  }
  fleet.synth();
  // THEN it is written once, in a file of neither
  const certificates = Testing.synth(fleet).c1.filter(({ kind }) => kind === 'Certificate');
  expect(certificates.map(({ metadata: { name, namespace } }) => [name, namespace])).toEqual([['agency', 'app']]);
});
