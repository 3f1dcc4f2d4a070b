import * as fc from 'fast-check';
import { Access, Credential, Identity, PeerEnd, PeeringTls, type Protocol, TrustBundle } from '../../../lib';
import { type MeshShape, tcpGatewayPort } from '../place';
import type { Exposed, Sides, Stated } from './strategy';

/** One hop between a proxy of each side, as data: what Direct and EgressGateway have in common. */
export interface HopShape {
  readonly mode: 'plain' | 'simple' | 'mutual' | 'application';
  /** What flows, where it is not the application's own TLS. */
  readonly flow: 'requests' | 'bytes';
  /** Who the client's certificate says it is: policies can name a SPIFFE ID alone. */
  readonly client: 'spiffe' | 'dns';
  readonly clientKeys: 'secret' | 'cert-manager' | 'files';
  readonly server: 'spiffe' | 'dns';
  readonly serverKeys: 'secret' | 'cert-manager';
}

/** Fields of any hop; a gateway reads no files. */
export const anyHop = {
  mode: fc.constantFrom<HopShape['mode'][]>('plain', 'simple', 'mutual', 'mutual', 'application'),
  flow: fc.constantFrom<HopShape['flow'][]>('requests', 'requests', 'bytes'),
  client: fc.constantFrom<HopShape['client'][]>('spiffe', 'dns'),
  clientKeys: fc.constantFrom<HopShape['clientKeys'][]>('secret', 'cert-manager'),
  server: fc.constantFrom<HopShape['server'][]>('spiffe', 'dns'),
  serverKeys: fc.constantFrom<HopShape['serverKeys'][]>('secret', 'cert-manager'),
};

/** The hop that examples start from. */
export const usualHop = {
  flow: 'requests',
  client: 'spiffe',
  clientKeys: 'secret',
  server: 'dns',
  serverKeys: 'secret',
} as const;

const clientCa = TrustBundle.declared('client-ca', { rootSha256: ['a1'.repeat(32)] });
const serverCa = TrustBundle.declared('server-ca', { rootSha256: ['b2'.repeat(32)] });

/** A key pair that hosts may have instead of that of their peering. */
const OWN_KEYS = Credential.secret('own-keys', { identity: Identity.dns('own.example'), signer: serverCa });

/** Whether the provider's gateway has a port for the hop, and denies what it must. */
export function hopFits({ mode, flow, client }: HopShape, provider: MeshShape | undefined): boolean {
  if (provider === undefined) return true;
  const { ports, denyByDefault } = provider.ingress;
  const needsTcp = mode === 'plain' && flow === 'bytes';
  const isHttp = ports === 'http';
  const hasPort =
    ports === 'all' || (needsTcp || ports === 'bytes' ? needsTcp && ports === 'bytes' : (mode === 'plain') === isHttp);
  // a client that is told apart by its certificate needs a gateway that denies by default
  return hasPort && (denyByDefault || mode !== 'mutual' || client === 'dns');
}

export function hopProtocol({ mode, flow }: HopShape): Protocol {
  if (mode === 'application') return 'tls';
  return flow === 'bytes' ? 'tcp' : 'http';
}

/** Whether nothing but a port of the gateway tells what flows apart. */
const isByPort = (hop: HopShape) => hop.mode === 'plain' && hopProtocol(hop) === 'tcp';

/** Name of a side: the id of a mesh, the host of a server. */
export function nameOf(side: Sides['consumer'] | Sides['provider']): string {
  return side.kind === 'place' ? side.mesh.name : side.name;
}

/** The client's key pair. */
export function clientKeys({ client, clientKeys }: HopShape, name: string, spiffe: string): Credential {
  const identity = clientIdentity(client, spiffe);
  const options = { identity, signer: clientCa };
  const secret = `${name}-${client}`;
  switch (clientKeys) {
    case 'secret':
      return Credential.secret(secret, options);
    case 'cert-manager':
      return Credential.certManager(`${secret}-managed`, { ...options, issuer: { name: 'issuer' } });
    case 'files':
      return Credential.files(secret, { ...options, directory: '/etc/certs' });
  }
}

function clientIdentity(client: HopShape['client'], spiffe: string): Identity {
  return client === 'spiffe' ? Identity.spiffe(spiffe) : Identity.dns(`web.${spiffe.split('/')[0]}`);
}

function serverEnd({ server, serverKeys }: HopShape, { provider }: Sides, gateway: string) {
  const identity =
    server === 'spiffe'
      ? Identity.spiffe(`${nameOf(provider)}/ns/gateways/sa/public`)
      : Identity.dns(`of.${nameOf(provider)}`);
  if (provider.kind !== 'place') return new PeerEnd(identity, serverCa);
  const options = { identity, signer: serverCa };
  return serverKeys === 'secret'
    ? Credential.secret(`${gateway}-${server}`, options)
    : Credential.certManager(`${gateway}-${server}-managed`, { ...options, issuer: { name: 'issuer' } });
}

/**
 * The hop, as stated by a repository that knows these sides.
 *
 * @param own the client's key pair
 * @param gateway begins the names of the server's key pairs
 */
export function hopTls(id: string, hop: HopShape, sides: Sides, own: Credential, gateway = 'public'): PeeringTls {
  const { consumer, provider } = sides;
  switch (hop.mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'simple':
      return PeeringTls.simple({ server: serverEnd(hop, sides, gateway) });
    case 'application':
      return PeeringTls.application({ server: Identity.dns(`of.${nameOf(provider)}`) });
    case 'mutual': {
      const told = consumer.kind === 'externalMesh' && sides.isIntroduced ? consumer.client(id) : undefined;
      const client = consumer.kind === 'place' ? own : (told ?? new PeerEnd(own.identity, clientCa));
      return PeeringTls.mutual({ client, server: serverEnd(hop, sides, gateway) });
    }
  }
}

/**
 * The host of an exposure. Consumers of one service share it where each can be told apart, or all may do the same. Names
 * would be the same if they were joined by one character.
 */
export function hopHost({ id, options, provider, isServer, exposed }: Stated<HopShape>): string {
  // a server in no mesh knows its own name only
  if (isServer) return `${provider}.example`;
  const { mode, client, server, serverKeys } = options;
  // one host leads to one service in one way; short, because it becomes part of a name
  const isBytes = hopProtocol(options) === 'tcp';
  const hasOwnKeys = ownKeysOf({ options, isServer, exposed });
  const way = [mode, server, serverKeys, ...(isBytes ? ['bytes'] : []), ...(hasOwnKeys ? ['own'] : [])]
    .map(([initial]) => initial)
    .join('');
  const { service, subset, access } = exposed;
  if (isByPath({ options, isServer, exposed })) return `${SHARED}.${id}.${hasOwnKeys ? 'own.' : ''}${provider}.example`;
  // whoever shares a port for bytes shares the host
  if (isByPort(options)) return [subset ?? 'all', service[1], service[0], 'bytes', provider, 'example'].join('.');
  const isToldApart = mode === 'mutual' && client === 'spiffe';
  const allMayDoAll = access.length === 1 && Object.keys(access[0]).length === 0;
  const sharing = allMayDoAll ? [] : [isToldApart ? 'each' : id];
  return [subset ?? 'all', service[1], service[0], way, ...sharing, provider, 'example'].join('.');
}

/** Begins the host that exposures of one peering share, told apart by path. */
export const SHARED = 'paths';

type Part = Pick<Stated<HopShape>, 'options' | 'isServer' | 'exposed'>;

/** Whether an exposure is a part of a host: requests to a gateway of the provider. */
function isByPath({ options, isServer, exposed }: Part): boolean {
  return exposed.byPath === true && !isServer && hopProtocol(options) === 'http';
}

/** Whether a host shows a key pair of its own. */
function ownKeysOf({ options: { mode }, isServer, exposed }: Part): boolean {
  return exposed.ownKeys === true && !isServer && (mode === 'simple' || mode === 'mutual');
}

/** The part of the shared host, and access rules in it. */
function partOf({ service, subset, access }: Exposed) {
  const prefix = `/${service.join('/')}/${subset ?? '_'}`;
  const below = (paths: readonly string[]) => paths.map((path) => prefix + path);
  return {
    paths: below(['/*']),
    access: access.map(({ paths, ...rule }) => ({ ...rule, ...(paths && { paths: below(paths) }) })),
  };
}

/** What such a peering states of an exposure. */
export function hopStated(stated: Stated<HopShape>): object {
  const { exposed, options, isServer } = stated;
  const { subset, dialled, serverPort, access } = exposed;
  // nothing of ours stands before a server, and all who share a port for bytes may do the same
  const isOpen = isServer || isByPort(options);
  const part = isByPath(stated) ? partOf(exposed) : undefined;
  const rules = isOpen ? [{}] : (part?.access ?? access);
  return {
    host: hopHost(stated),
    ...(part && { paths: part.paths }),
    ...(ownKeysOf(stated) && { credential: OWN_KEYS }),
    ...(subset !== undefined && !isServer && { subset }),
    // of two ports of a server one is dialled as it is
    ...(isServer && serverPort === 8443 ? { port: serverPort } : dialled !== undefined && { port: dialled }),
    ...(isByPort(options) && !isServer && { gatewayPort: tcpGatewayPort(exposed) }),
    allow: rules.map((rule) => (hopProtocol(options) === 'http' ? Access.http(rule) : Access.tcp())),
  };
}

/** What is shared: the gateways of both meshes, and the subsets of a service. */
export function hopFiles(hop: HopShape): string[] {
  const protocol = hopProtocol(hop);
  const service = protocol === 'http' ? 'insurances' : `insurances-${protocol}`;
  return [
    'cluster-a/a.out.k8s.yaml',
    'cluster-a/a.public.k8s.yaml',
    `cluster-b/b.broker.${service}.k8s.yaml`,
    'cluster-b/b.out.k8s.yaml',
    'cluster-b/b.public.k8s.yaml',
  ];
}

/** A server lists its clients itself when one of them has no SPIFFE ID: the list is one for all. */
export function withoutClientNames(json: string, { mode, client }: HopShape): string {
  if (mode !== 'mutual' || client !== 'dns') return json;
  return json.replace(/,"subjectAltNames":\[[^\]]*\](?=}}\]}}$)/, '');
}
