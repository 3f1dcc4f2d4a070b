import { MeshError } from '../facts/error';
import { attached } from '../fleet/attached';
import type { Cluster } from '../fleet/cluster';
import type { GatewayRendering } from './gateway-options';

/** Which pods a gateway is, and how their policies are written. */
export interface ClaimedPods {
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly policies: GatewayRendering;
  /** Construct path of the gateway. */
  readonly where: string;
}

/** Names the pods of a gateway within its cluster: two constructs that name the same pods are one gateway. */
export function podsKey({ namespace, selector }: Pick<ClaimedPods, 'namespace' | 'selector'>): string {
  const labels = Object.keys(selector).map((key) => `${key}=${selector[key]}`);
  if (labels.length > 1) labels.sort();
  return `${labels.join(', ')} in namespace '${namespace}'`;
}

/** The first gateway of a cluster that names the same pods: to it is attached what they have once, by however many constructs. */
export function firstAtPods<G extends Pick<ClaimedPods, 'namespace' | 'selector'>>(cluster: Cluster, gateway: G): G {
  return attached(cluster, `first gateway at ${podsKey(gateway)}`, () => gateway);
}

/**
 * Notes the pods of a gateway, and how their policies are written.
 *
 * @throws MESH1231 when another Gateway is about the same pods, and one of the two writes an EnvoyFilter: of two filters
 * only what both allow would pass.
 */
export function claimPods(cluster: Cluster, claim: ClaimedPods): void {
  const { policies, where } = claim;
  const known = attached(cluster, 'gateway pods', () => new Map<string, ClaimedPods>());
  const pods = podsKey(claim);
  const other = known.get(pods);
  if (other === undefined) known.set(pods, claim);
  else if (policies === 'EnvoyFilter' || other.policies === 'EnvoyFilter') {
    throw new MeshError(
      'MESH1231',
      where,
      `gateway ${other.where} is about the same pods (${pods}) and writes its policies as ${other.policies}, this one as ${policies}; state the gateway once`,
    );
  }
}
