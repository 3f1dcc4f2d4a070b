import * as fc from 'fast-check';
import {
  Access,
  Address,
  Callers,
  Credential,
  DirectPeering,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  type MeshService,
  PeerEnd,
  PeeringTls,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { Contract } from '../../lib/facts/contract';
import { mesh } from '../support/model';

/** One way in which a service can be exposed by a direct peering. */
export interface Shape {
  readonly mode: 'plain' | 'simple' | 'mutual' | 'application';
  readonly address: 'none' | 'hostname' | 'ip' | 'nodePort';
  /** Who the client's certificate says it is. */
  readonly client: 'spiffe' | 'dns';
  /** Who the server's certificate says it is. */
  readonly server: 'spiffe' | 'dns';
  readonly credential: 'secret' | 'cert-manager' | 'files';
  readonly denyByDefault: boolean;
  readonly exposures: ExposureShape[];
}

export interface ExposureShape {
  readonly service: string;
  readonly subset: boolean;
  readonly dialled?: number;
  readonly access: { readonly methods?: string[]; readonly paths?: string[] }[];
}

const access = fc.record(
  {
    methods: fc.subarray(['GET', 'POST', 'DELETE'], { minLength: 1 }),
    paths: fc.subarray(['/a', '/b/*', '/insurances/London'], { minLength: 1 }),
  },
  { requiredKeys: [] },
);

/** Any shape that fits together. */
export const shape: fc.Arbitrary<Shape> = fc
  .record({
    mode: fc.constantFrom('plain', 'simple', 'mutual', 'application'),
    address: fc.constantFrom('none', 'hostname', 'ip', 'nodePort'),
    client: fc.constantFrom('spiffe', 'dns'),
    server: fc.constantFrom('spiffe', 'dns'),
    credential: fc.constantFrom('secret', 'cert-manager', 'files'),
    denyByDefault: fc.boolean(),
    exposures: fc.uniqueArray(
      fc.record(
        {
          service: fc.constantFrom('insurances', 'quotes', 'a-b', 'a'),
          subset: fc.boolean(),
          dialled: fc.constantFrom(8080, 9090),
          access: fc.array(access, { maxLength: 2 }),
        },
        { requiredKeys: ['service', 'subset', 'access'] },
      ),
      { selector: ({ service, subset }) => `${service} ${subset}`, minLength: 1, maxLength: 4 },
    ),
  } as const)
  // a client that is told apart by its certificate needs a gateway that denies by default
  .filter(
    ({ mode, client, denyByDefault }) => mode !== 'mutual' || client === 'dns' || denyByDefault,
  ) as fc.Arbitrary<Shape>;

const ca = TrustBundle.declared('ca', { rootSha256: ['a1'.repeat(32)] });
const serverCa = TrustBundle.declared('server-ca', { rootSha256: ['b2'.repeat(32)] });
const callers = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });

const clientIdentity = ({ client }: Shape) =>
  client === 'spiffe' ? Identity.spiffe('agency.example/ns/travel/sa/web') : Identity.dns('web.agency.example');
const serverIdentity = ({ server }: Shape) =>
  server === 'spiffe' ? Identity.spiffe('partner.example/ns/gateways/sa/public') : Identity.dns('partner.example');

function clientCredential(shape: Shape): Credential {
  const options = { identity: clientIdentity(shape), signer: ca };
  switch (shape.credential) {
    case 'secret':
      return Credential.secret('agency-client', options);
    case 'cert-manager':
      return Credential.certManager('agency-client', { ...options, issuer: { name: 'issuer' } });
    case 'files':
      return Credential.files('agency-client', { ...options, directory: '/etc/certs' });
  }
}

/** The hop as stated by whoever knows these two ends. */
function tls(shape: Shape, client: Credential | PeerEnd<'declared'>): PeeringTls {
  const server = Credential.secret('server', { identity: serverIdentity(shape), signer: serverCa });
  switch (shape.mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'simple':
      return PeeringTls.simple({ server });
    case 'mutual':
      return PeeringTls.mutual({ client, server });
    case 'application':
      return PeeringTls.application({ server: Identity.dns('partner.example') });
  }
}

function provider(fleet: Fleet, { address, mode, denyByDefault, exposures }: Shape) {
  const partner = mesh(fleet, 'partner', {}, 'west');
  const addresses = {
    none: undefined,
    hostname: Address.hostname('lb.partner.example'),
    ip: Address.ip('192.0.2.1', '192.0.2.2'),
    nodePort: Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }),
  };
  const port = { plain: GatewayPort.http(), simple: GatewayPort.https(), mutual: GatewayPort.https(8443) };
  const ingress = new Gateway(partner, 'public', {
    kind: 'ingress',
    namespace: 'gateways',
    address: addresses[address],
    ports: [mode === 'application' ? GatewayPort.tls() : port[mode]],
    denyByDefault,
  });
  const services = new Map<string, MeshService<Protocol>>();
  for (const { service } of exposures) {
    if (services.has(service)) continue;
    services.set(
      service,
      partner.service(service, {
        namespace: 'broker',
        ports: [mode === 'application' ? Port.tls(8443) : Port.http(8000)],
        subsets: { v1: { version: 'v1' } },
      }),
    );
  }
  return { partner, ingress, services };
}

function exposeAll(peering: DirectPeering, shape: Shape, services: ReadonlyMap<string, MeshService<Protocol>>) {
  for (const { service, subset, dialled, access } of shape.exposures) {
    // the types are tested elsewhere: here any protocol meets any hop that can carry it
    peering.expose(services.get(service) as MeshService<'http'>, {
      host: `${subset ? 'v1.' : ''}${service}.partner.example`,
      ...(subset && { subset: 'v1' }),
      ...(dialled !== undefined && { port: dialled }),
      allow: access.map((rule) => (shape.mode === 'application' ? Access.tcp() : Access.http(rule))),
    });
  }
}

/** Both meshes in one repository. */
export function together(shape: Shape) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', {}, 'east');
    const { partner, ingress, services } = provider(fleet, shape);
    const hop = tls(shape, clientCredential(shape));
    const peering = new DirectPeering(fleet, 'premium', { consumer, provider: partner, ingress, tls: hop, callers });
    exposeAll(peering, shape, services);
  };
}

/** The provider's repository: of the consumer it knows what the consumer told it. */
export function providersHalf(shape: Shape) {
  return (fleet: Fleet) => {
    const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
    const { partner, ingress, services } = provider(fleet, shape);
    const hop = tls(shape, new PeerEnd(clientIdentity(shape), ca));
    exposeAll(new DirectPeering(fleet, 'premium', { consumer, provider: partner, ingress, tls: hop }), shape, services);
  };
}

/** The consumer's repository: of the provider it knows the contract. */
export function consumersHalf(shape: Shape, contract: string) {
  return (fleet: Fleet) => {
    const peering = DirectPeering.fromContract(fleet, {
      consumer: mesh(fleet, 'agency', {}, 'east'),
      contract: Contract.parse(contract, 'contracts/premium.json'),
      callers,
      ...(shape.mode === 'mutual' && { client: clientCredential(shape) }),
    });
    const port = shape.mode === 'application' ? 8443 : 8000;
    for (const { service, subset } of shape.exposures) {
      const key = `broker/${service}:${port}${subset ? '/v1' : ''}`;
      if (shape.mode === 'application') peering.tlsExposure(key);
      else peering.exposure(key);
    }
  };
}
