import { readFileSync } from 'node:fs';
import {
  Access,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  Mesh,
  type MeshService,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import { Manifests, Testing } from '../../../lib/testing';
import { selfSigned } from '../../trust/self-signed';

const HOST = 'web.example.com';
const ca = TrustBundle.declared('ca');
const server = Credential.secret('server', { identity: Identity.dns(HOST), signer: ca });
const router = new PeerEnd(Identity.dns(HOST), TrustBundle.declared('router-ca'));
const spiffe = (id: string) => new PeerEnd(Identity.spiffe(id), ca);
const dns = (name: string) => new PeerEnd(Identity.dns(name), ca);

interface Setup {
  readonly route?: RouteFront;
  readonly denyByDefault?: boolean;
  readonly ports?: GatewayPort[];
  readonly print?: (text: string) => void;
}

function provider({ route, denyByDefault, ports, print = () => {} }: Setup = {}) {
  const fleet = Testing.fleet({ print });
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
  });
  const ingress = new Gateway(mesh, 'gw', { kind: 'ingress', namespace: 'gw', route, denyByDefault, ports });
  const web = mesh.service('web', { namespace: 'app', ports: [Port.http(8000)] });
  const expose = (tls: PeeringTls, name = 'outside', allow = [Access.http()], service: MeshService<'http'> = web) =>
    new DirectPeering<PeeringTls>(fleet, name, {
      consumer: External.client(name),
      provider: mesh,
      ingress,
      tls,
    }).expose(service as never, { host: HOST, allow });
  return { fleet, mesh, ingress, expose, manifests: () => Manifests.of(fleet).cluster('c1') };
}

const serverOf = (manifests: ReturnType<ReturnType<typeof provider>['manifests']>, name = 'gw-web-example-com') =>
  manifests.one<{ spec: { servers: object[] } }>('Gateway', `gw/${name}`).spec.servers[0];

const rulesOf = (manifests: ReturnType<ReturnType<typeof provider>['manifests']>, name: string) =>
  manifests.one<{ spec: { rules: object[] } }>('AuthorizationPolicy', `gw/${name}`).spec.rules;

const OPERATION = { hosts: [HOST, `${HOST}:*`], ports: ['8443'] };

describe('what the gateway serves', () => {
  test('SIMPLE: anybody, by the gateway that denies by default', () => {
    // GIVEN
    const { expose, manifests } = provider();
    // WHEN
    expose(PeeringTls.simple({ server }));
    // THEN
    expect(serverOf(manifests())).toEqual({
      port: { number: 443, name: 'https', protocol: 'HTTPS' },
      hosts: [HOST],
      tls: { mode: 'SIMPLE', credentialName: 'server' },
    });
    expect(rulesOf(manifests(), 'outside.app.web.8000')).toEqual([{ to: [{ operation: OPERATION }] }]);
    expect(manifests().one<{ spec: object }>('AuthorizationPolicy', 'gw/gw.deny-all').spec).toEqual({
      selector: { matchLabels: { istio: 'gw' } },
    });
  });

  test('MUTUAL with a SPIFFE ID: the policy names the client, port of the pod, methods and paths', () => {
    // GIVEN
    const { expose, manifests } = provider();
    // WHEN
    expose(PeeringTls.mutual({ client: spiffe('a/b'), server }), 'outside', [
      Access.http({ methods: ['GET'], paths: ['/a/*'] }),
      Access.http({ methods: ['POST'], paths: ['/b'] }),
    ]);
    // THEN
    expect(serverOf(manifests())).toMatchObject({ tls: { mode: 'MUTUAL', credentialName: 'server' } });
    expect(serverOf(manifests())).not.toMatchObject({ tls: { subjectAltNames: expect.anything() } });
    expect(rulesOf(manifests(), 'outside.app.web.8000')).toEqual([
      {
        from: [{ source: { principals: ['a/b'] } }],
        to: [
          { operation: { ...OPERATION, methods: ['GET'], paths: ['/a/*'] } },
          { operation: { ...OPERATION, methods: ['POST'], paths: ['/b'] } },
        ],
      },
    ]);
  });

  test('MUTUAL with a DNS name, which no policy can name: the server itself knows its clients', () => {
    // GIVEN
    const { expose, manifests } = provider({ denyByDefault: false });
    // WHEN
    expose(PeeringTls.mutual({ client: dns('b.example.com'), server }), 'b');
    expose(PeeringTls.mutual({ client: dns('a.example.com'), server }), 'a');
    // THEN
    expect(serverOf(manifests())).toMatchObject({
      tls: { mode: 'MUTUAL', subjectAltNames: ['a.example.com', 'b.example.com'] },
    });
    expect(manifests().find('AuthorizationPolicy')).toEqual([]);
  });

  test('MUTUAL with both kinds of clients: the server knows all of them', () => {
    // GIVEN
    const { expose, manifests } = provider();
    // WHEN
    expose(PeeringTls.mutual({ client: spiffe('a/b'), server }), 'a');
    expose(PeeringTls.mutual({ client: dns('b.example.com'), server }), 'b');
    // THEN
    expect(serverOf(manifests())).toMatchObject({ tls: { subjectAltNames: ['b.example.com', 'spiffe://a/b'] } });
  });

  test('OPTIONAL_MUTUAL: everybody, so the policy names nobody; reported', () => {
    // GIVEN
    const printed: string[] = [];
    const { fleet, expose, manifests } = provider({ print: (text) => printed.push(text) });
    // WHEN
    expose(PeeringTls.mutual({ client: spiffe('a/b'), server, clientCertificate: 'optional' }));
    fleet.synth();
    // THEN
    expect(serverOf(manifests())).toMatchObject({ tls: { mode: 'OPTIONAL_MUTUAL', credentialName: 'server' } });
    expect(rulesOf(manifests(), 'outside.app.web.8000')).toEqual([{ to: [{ operation: OPERATION }] }]);
    expect(printed[0]).toContain(
      'warning MESH3004: peering outside serves clients without a certificate as well as outside',
    );
  });

  test('application TLS is passed on, and the policy looks at the SNI', () => {
    // GIVEN
    const { mesh, expose, manifests } = provider();
    const nginx = mesh.service('nginx', { namespace: 'app', ports: [Port.tls(443)] });
    // WHEN
    expose(PeeringTls.application({ server: Identity.dns(HOST) }), 'outside', [Access.tcp()], nginx as never);
    // THEN
    expect(serverOf(manifests())).toEqual({
      port: { number: 443, name: 'tls', protocol: 'TLS' },
      hosts: [HOST],
      tls: { mode: 'PASSTHROUGH' },
    });
    expect(rulesOf(manifests(), 'outside.app.nginx.443')).toEqual([
      // with the port: a server of all hosts at another one would take that SNI, too
      { to: [{ operation: { ports: ['8443'] } }], when: [{ key: 'connection.sni', values: [HOST] }] },
    ]);
    manifests().has('VirtualService', 'gw/gw.web.example.com', {
      spec: {
        tls: [
          {
            match: [{ port: 443, sniHosts: [HOST] }],
            route: [{ destination: { host: 'nginx.app.svc.cluster.local', port: { number: 443 } } }],
          },
        ],
      },
    });
  });

  test('a client that a policy names, at a gateway without policies, is refused', () => {
    const { expose } = provider({ denyByDefault: false });
    expect(() => expose(PeeringTls.mutual({ client: spiffe('a/b'), server }))).toThrow(
      'MESH1207 outside: the client is told apart by its certificate (a/b), but gateway c1/m/gw lets everybody through that its routes know; set denyByDefault: true on the gateway',
    );
  });
});

describe('a host that several consumers share', () => {
  const read = [Access.http({ methods: ['GET'] })];

  test('each with its own rules, where their certificates tell them apart', () => {
    // GIVEN
    const { expose, manifests } = provider();
    // WHEN
    expose(PeeringTls.mutual({ client: spiffe('a/b'), server }), 'a', read);
    expose(PeeringTls.mutual({ client: spiffe('c/d'), server }), 'b');
    // THEN
    expect(rulesOf(manifests(), 'a.app.web.8000')).toMatchObject([{ from: [{ source: { principals: ['a/b'] } }] }]);
    expect(rulesOf(manifests(), 'b.app.web.8000')).toMatchObject([{ from: [{ source: { principals: ['c/d'] } }] }]);
  });

  test.each<[string, PeeringTls, PeeringTls]>([
    ['SIMPLE', PeeringTls.simple({ server }), PeeringTls.simple({ server })],
    [
      'DNS names',
      PeeringTls.mutual({ client: spiffe('a/b'), server }),
      PeeringTls.mutual({ client: dns('c.example.com'), server }),
    ],
    [
      'optional certificates',
      PeeringTls.mutual({ client: spiffe('a/b'), server, clientCertificate: 'optional' }),
      PeeringTls.mutual({ client: spiffe('c/d'), server, clientCertificate: 'optional' }),
    ],
  ])('%s: other rules for the second would hold for the first, too', (_, first, second) => {
    // GIVEN
    const { expose } = provider();
    expose(first, 'a', read);
    // THEN
    expect(() => expose(second, 'b')).toThrow(
      `MESH1206 b: peering 'a' exposes host '${HOST}' with other access rules, and the gateway cannot tell the two consumers apart, so each could do what the other may; state the same access rules, or give this exposure a host of its own`,
    );
  });

  test('the same rules are fine', () => {
    const { expose } = provider();
    expose(PeeringTls.simple({ server }), 'a', read);
    expect(() => expose(PeeringTls.simple({ server }), 'b', read)).not.toThrow();
  });

  test('one with optional certificates does not open the host for one that needs them', () => {
    const { expose } = provider();
    expose(PeeringTls.mutual({ client: spiffe('a/b'), server }), 'a');
    const optional = PeeringTls.mutual({ client: spiffe('c/d'), server, clientCertificate: 'optional' });
    expect(() => expose(optional, 'b')).toThrow(
      `MESH1204 b: host '${HOST}' of gateway c1/m/gw already leads to web.app.svc.cluster.local:8000 with mutual TLS and Secret server, not to web.app.svc.cluster.local:8000 with mutual TLS and optional client certificates and Secret server; give this exposure a host of its own`,
    );
  });
});

describe('an OpenShift Route in front', () => {
  test('passthrough: the gateway ends TLS', () => {
    // GIVEN
    const { expose, manifests } = provider({ route: RouteFront.passthrough() });
    // WHEN
    expose(PeeringTls.mutual({ client: spiffe('a/b'), server }));
    // THEN
    expect(manifests().one<{ spec: object }>('Route', `gw/gw.${HOST}`).spec).toEqual({
      host: HOST,
      to: { kind: 'Service', name: 'gw', weight: 100 },
      port: { targetPort: 'https' },
      wildcardPolicy: 'None',
      tls: { termination: 'passthrough', insecureEdgeTerminationPolicy: 'None' },
    });
  });

  test('edge: the router ends TLS with its own certificate, the gateway gets clear HTTP and needs no port for TLS', () => {
    // GIVEN
    const { expose, manifests } = provider({ route: RouteFront.edge(), ports: [GatewayPort.http()] });
    // WHEN
    const { facts } = expose(PeeringTls.simple({ server: router }));
    // THEN
    expect(manifests().one<{ spec: { tls: object } }>('Route', `gw/gw.${HOST}`).spec).toMatchObject({
      port: { targetPort: 'http2' },
      tls: { termination: 'edge' },
    });
    expect(serverOf(manifests())).toEqual({
      port: { number: 80, name: 'http', protocol: 'HTTP' },
      hosts: [HOST],
    });
    expect(rulesOf(manifests(), 'outside.app.web.8000')).toMatchObject([{ to: [{ operation: { ports: ['8080'] } }] }]);
    expect(facts.endpoint).toEqual({ port: 443 });
    expect(manifests().find('Role')).toEqual([]);
  });

  test('edge with a certificate of ours: by reference, and the router may read that Secret alone', () => {
    // GIVEN
    const { expose, manifests } = provider({ route: RouteFront.edge() });
    // WHEN
    expose(PeeringTls.simple({ server }));
    // THEN
    manifests().has('Route', `gw/gw.${HOST}`, {
      spec: { tls: { termination: 'edge', externalCertificate: { name: 'server' }, key: undefined } },
    });
    manifests().has('Role', 'gw/router.server', {
      rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['server'], verbs: ['get', 'list', 'watch'] }],
    });
    manifests().has('RoleBinding', 'gw/router.server', {
      subjects: [{ kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' }],
    });
  });

  test('reencrypt: the router sends no SNI, so one server takes all hosts with the key pair of the gateway', async () => {
    // GIVEN
    const pem = await selfSigned('ca');
    const inside = Credential.secret('inside', { identity: Identity.dns('gw.gw.svc'), signer: ca });
    const { expose, manifests } = provider({ route: RouteFront.reencrypt({ credential: inside, destinationCa: pem }) });
    // WHEN
    expose(PeeringTls.simple({ server: router }));
    // THEN
    expect(serverOf(manifests(), 'gw')).toEqual({
      port: { number: 443, name: 'https', protocol: 'HTTPS' },
      hosts: ['*'],
      tls: { mode: 'SIMPLE', credentialName: 'inside' },
    });
    manifests().has('VirtualService', 'gw/gw.web.example.com', { spec: { hosts: [HOST], gateways: ['gw/gw'] } });
    manifests().has('Route', `gw/gw.${HOST}`, {
      spec: {
        port: { targetPort: 'https' },
        tls: { termination: 'reencrypt', destinationCACertificate: pem, externalCertificate: undefined },
      },
    });
  });

  test('reencrypt: a second host shares the Gateway resource', () => {
    // GIVEN
    const inside = Credential.secret('inside', { identity: Identity.dns('gw.gw.svc'), signer: ca });
    const { fleet, mesh, ingress, expose, manifests } = provider({
      route: RouteFront.reencrypt({ credential: inside }),
    });
    // WHEN
    expose(PeeringTls.simple({ server: router }));
    new DirectPeering(fleet, 'other', {
      consumer: External.client('other'),
      provider: mesh,
      ingress,
      tls: PeeringTls.simple({ server: router }),
    }).expose(mesh.service('api', { namespace: 'app', ports: [Port.http(8000)] }), {
      host: 'api.example.com',
      allow: [Access.http()],
    });
    // THEN
    expect(manifests().find('Gateway.networking.istio.io')).toHaveLength(1);
    expect(manifests().find('Route')).toHaveLength(2);
  });

  test('reencrypt: the Secret of the gateway is among those that must exist', () => {
    // GIVEN
    const inside = Credential.secret('inside', { identity: Identity.dns('gw.gw.svc'), signer: ca });
    const { expose, fleet } = provider({ route: RouteFront.reencrypt({ credential: inside }) });
    // WHEN
    expose(PeeringTls.simple({ server: router }));
    // THEN
    expect(secretsOf(fleet)).toMatchObject([{ name: 'inside', keys: ['tls.crt', 'tls.key'], identity: 'gw.gw.svc' }]);
  });

  const inside = Credential.secret('inside', { identity: Identity.dns('gw.gw.svc'), signer: ca });
  test.each<[string, RouteFront, PeeringTls, string]>([
    [
      'mutual',
      RouteFront.edge(),
      PeeringTls.mutual({ client: spiffe('a/b'), server }),
      'edge in front of gateway c1/m/gw cannot carry PeeringTls.mutual: the router ends TLS, so the client certificate would be lost; expected RouteFront.passthrough()',
    ],
    [
      'optional',
      RouteFront.reencrypt({ credential: inside }),
      PeeringTls.mutual({ client: spiffe('a/b'), server, clientCertificate: 'optional' }),
      'reencrypt in front of gateway c1/m/gw cannot carry PeeringTls.mutual: the router ends TLS, so the client certificate would be lost; expected RouteFront.passthrough()',
    ],
    [
      'plain',
      RouteFront.passthrough(),
      PeeringTls.plain(),
      'passthrough in front of gateway c1/m/gw cannot carry PeeringTls.plain; expected RouteFront.http()',
    ],
    [
      'simple',
      RouteFront.http(),
      PeeringTls.simple({ server }),
      'http in front of gateway c1/m/gw cannot carry PeeringTls.simple; expected RouteFront.passthrough() or RouteFront.edge() or RouteFront.reencrypt()',
    ],
  ])('%s behind a Route that cannot carry it', (_, route, tls, message) => {
    const { expose } = provider({ route });
    expect(() => expose(tls)).toThrow(`MESH1207 outside: a Route with termination ${message}`);
  });

  test('application TLS behind a Route that would end it', () => {
    const { mesh, expose } = provider({ route: RouteFront.edge() });
    const nginx = mesh.service('nginx', { namespace: 'app', ports: [Port.tls(443)] });
    const tls = PeeringTls.application({ server: Identity.dns(HOST) });
    expect(() => expose(tls, 'outside', [Access.tcp()], nginx as never)).toThrow(
      'MESH1207 outside: a Route with termination edge in front of gateway c1/m/gw cannot carry PeeringTls.application: the router would end the TLS of the application; expected RouteFront.passthrough()',
    );
  });
});

describe('Secrets', () => {
  test('the server verifies clients with the roots of their signer', () => {
    // GIVEN
    const { expose, fleet } = provider();
    // WHEN
    const client = new PeerEnd(Identity.spiffe('a/b'), TrustBundle.declared('client-ca'));
    expose(PeeringTls.mutual({ client, server }));
    // THEN
    expect(secretsOf(fleet)).toEqual([
      {
        cluster: 'c1',
        namespace: 'gw',
        name: 'server',
        keys: ['ca.crt', 'tls.crt', 'tls.key'],
        identity: HOST,
        signer: { name: 'ca', sha256: [] },
        trusts: { name: 'client-ca', sha256: [] },
        writtenBy: 'somebody else',
        neededBy: 'outside',
      },
    ]);
  });

  test('cert-manager writes its own root into ca.crt: other roots go into a Secret beside it', () => {
    // GIVEN
    const { expose, fleet, manifests } = provider();
    const issued = Credential.certManager('server', {
      identity: Identity.dns(HOST),
      signer: ca,
      issuer: { name: 'ca', kind: 'ClusterIssuer' },
    });
    // WHEN
    const client = new PeerEnd(Identity.spiffe('a/b'), TrustBundle.declared('client-ca'));
    expose(PeeringTls.mutual({ client, server: issued }));
    // THEN
    expect(secretsOf(fleet)).toMatchObject([
      { name: 'server-cacert', keys: ['ca.crt'], trusts: { name: 'client-ca' }, writtenBy: 'somebody else' },
      { name: 'server', keys: ['tls.crt', 'tls.key'], writtenBy: 'cert-manager' },
    ]);
    manifests().has('Certificate', 'gw/server', {
      spec: {
        secretName: 'server',
        dnsNames: [HOST],
        uris: undefined,
        usages: ['digital signature', 'server auth'],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'ca' },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      },
    });
  });

  test('one Secret cannot hold two certificates', () => {
    // GIVEN
    const { fleet, mesh, ingress, expose } = provider();
    expose(PeeringTls.simple({ server }));
    const other = Credential.secret('server', { identity: Identity.dns('api.example.com'), signer: ca });
    const peering = new DirectPeering(fleet, 'other', {
      consumer: External.client('other'),
      provider: mesh,
      ingress,
      tls: PeeringTls.simple({ server: other }),
    });
    // THEN
    expect(() =>
      peering.expose(mesh.service('api', { namespace: 'app', ports: [Port.http(8000)] }), {
        host: 'api.example.com',
        allow: [],
      }),
    ).toThrow(
      `MESH1404 other: Secret gw/server @c1 shall hold a certificate of api.example.com signed by ca, written by somebody else, but for outside it holds a certificate of ${HOST} signed by ca, written by somebody else; name a Secret of its own for each`,
    );
  });
});

/** The Secrets of `dist/fleet.json`. */
function secretsOf(fleet: Fleet): object[] {
  fleet.synth();
  return JSON.parse(readFileSync(`${fleet.outdir}/fleet.json`, 'utf8')).secrets;
}
