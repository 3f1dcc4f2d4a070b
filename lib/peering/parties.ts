import { CODES } from '../facts/codes';
import type { ContractDocument } from '../facts/contract';
import { MeshError } from '../facts/error';
import type { Finding } from '../facts/finding';
import { made } from '../facts/guard';
import { attached } from '../fleet/attached';
import { Claims } from '../fleet/claims';
import type { ExternalClient, ExternalServer } from '../mesh/external';
import type { ExternalMesh } from '../mesh/external-mesh';
import type { Gateway } from '../mesh/gateway';
import type { Mesh } from '../mesh/mesh';
import type { ContractedProvider } from './contracted';
import type { Strategy } from './strategy';

/** Who calls: a mesh of ours, somebody else's, or a client in no mesh. */
export type Consumer = Mesh | ExternalMesh | ExternalClient;
/** Who is called: a mesh of ours, somebody else's, a server in no mesh, or whoever wrote a contract. */
export type Provider<S extends Strategy = Strategy> = Mesh | ExternalMesh | ExternalServer | ContractedProvider<S>;

const CONSUMER = made('a Mesh, Mesh.external(…) or External.client(…)', 'Mesh', 'ExternalMesh', 'ExternalClient');
const PROVIDER = made(
  'a Mesh, Mesh.external(…) or External.server(…); for a contract use fromContract',
  'Mesh',
  'ExternalMesh',
  'ExternalServer',
  'ContractedProvider',
);

/** How messages call a party: the construct path of a mesh, the name of everybody else. */
export function pathOf(party: Consumer | Provider): string {
  return party.kind === 'mesh' || party.kind === 'externalMesh' ? party.node.path : party.name;
}

/** A party as contracts name it. */
export function partyOf(side: Consumer | Provider): ContractDocument['consumer'] {
  const isMesh = side.kind === 'mesh' || side.kind === 'externalMesh';
  return { name: side.name, ...(isMesh && { trustDomain: side.trustDomain }) };
}

/** Whether nothing of ours, and no contract, says what the provider does. */
export function isProvidedElsewhere({ kind }: Provider): boolean {
  return kind === 'externalServer' || kind === 'externalMesh';
}

/** What the parties may be, whatever the strategy. */
export const PARTIES = { consumer: CONSUMER, provider: PROVIDER };

/** @throws MESH1201 when no side is ours. */
export function checkParties(consumer: Consumer, provider: Provider, where: string): void {
  if (provider.kind === 'mesh' || consumer.kind === 'mesh') return;
  throw new MeshError(
    'MESH1201',
    where,
    `neither ${consumer.name} nor ${provider.name} is a mesh of ours, so nothing would be written; state the side that is ours as a Mesh`,
  );
}

/**
 * The ingress gateway of a provider of ours.
 *
 * @throws MESH1210 when there is none; MESH1211, MESH1212 when it is not of the provider, or an egress gateway.
 */
export function requireIngress(provider: Provider, ingress: Gateway | undefined, where: string): Gateway {
  if (ingress === undefined) {
    throw new MeshError(
      'MESH1210',
      where,
      `the provider ${pathOf(provider)} is ours, so its ingress gateway is needed; state 'ingress'`,
    );
  }
  checkGateway(ingress, { kind: 'ingress', of: 'provider', party: provider, where });
  return ingress;
}

/**
 * The egress gateway of a consumer of ours.
 *
 * @throws MESH1210 when there is none; MESH1211, MESH1212 when it is not of the consumer, or an ingress gateway.
 */
export function requireEgress(consumer: Mesh, egress: Gateway | undefined, where: string): Gateway {
  if (egress === undefined) {
    throw new MeshError(
      'MESH1210',
      where,
      `the consumer ${consumer.node.path} is ours, so its egress gateway is needed; state 'egress'`,
    );
  }
  checkGateway(egress, { kind: 'egress', of: 'consumer', party: consumer, where });
  return egress;
}

/** Whether a mesh of ours is both sides. */
export function isOneMesh(consumer: Consumer, provider: Provider): boolean {
  return consumer.kind === 'mesh' && consumer === provider;
}

/** What is to be said of a peering of a mesh with itself: legal, and seldom meant. */
export function ownProvider(where: string, mesh: string): Finding {
  const { why, fix } = CODES.MESH2022;
  return {
    code: 'MESH2022',
    severity: 'info',
    objects: [`peering ${where}`],
    message: `peering ${where} leads from ${mesh} to ${mesh} itself`,
    atRuntime: why,
    fix,
  };
}

interface GatewayDemand {
  readonly kind: Gateway['kind'];
  readonly of: 'consumer' | 'provider';
  readonly party: Consumer | Provider;
  readonly where: string;
}

/** @throws MESH1211, MESH1212 when a gateway is not of a party, or of the other kind. */
export function checkGateway(gateway: Gateway, { kind, of, party, where }: GatewayDemand): void {
  if (gateway.mesh !== party) {
    throw new MeshError(
      'MESH1211',
      where,
      `${kind} gateway ${gateway.node.path} is not of the ${of}; expected a gateway of ${party.name}`,
    );
  }
  if (gateway.kind !== kind) {
    throw new MeshError(
      'MESH1212',
      where,
      `gateway ${gateway.node.path} is an ${gateway.kind} gateway; expected an ${kind} gateway`,
    );
  }
}

/**
 * Notes that a consumer reaches an ingress gateway by a peering.
 *
 * @throws MESH1213 when another peering leads there already.
 */
export function claimIngress(ingress: Gateway, consumer: Consumer, where: string): void {
  const consumers = attached(ingress, 'consumers', () => new Claims());
  const other = consumers.claim(`${consumer.kind} ${pathOf(consumer)}`, where);
  if (other !== undefined) {
    throw new MeshError(
      'MESH1213',
      where,
      `peering '${other}' already leads from ${consumer.name} to gateway ${ingress.node.path}; expose more services through it, or use another gateway`,
    );
  }
}

/**
 * Notes that a consumer knows a host of an ingress gateway by a peering.
 *
 * @throws MESH1213 when another peering of that consumer has the host there.
 */
export function claimIngressHost(ingress: Gateway, consumer: Consumer, host: string, where: string): void {
  const hosts = attached(ingress, 'hosts of consumers', () => new Claims());
  const other = hosts.claim(`${consumer.kind} ${pathOf(consumer)} ${host}`, where);
  if (other === undefined || other === where) return;
  throw new MeshError(
    'MESH1213',
    where,
    `peering '${other}' already leads from ${consumer.name} to host '${host}' of gateway ${ingress.node.path}; expose more through it, or give this exposure a host of its own`,
  );
}

/**
 * Refuses options of a side of which nothing is written.
 *
 * @throws MESH1215 naming the first that is stated.
 */
export function refuseOptions(
  side: 'consumer' | 'provider',
  party: Consumer | Provider,
  options: Readonly<Record<string, unknown>>,
  where: string,
): void {
  const stated = Object.keys(options).find((name) => options[name] !== undefined);
  if (stated === undefined) return;
  throw new MeshError(
    'MESH1215',
    where,
    `'${stated}' is stated, but the ${side} ${party.name} is not ours, so nothing would be written; leave it out`,
  );
}
