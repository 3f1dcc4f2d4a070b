import type { FleetDocument, PeeringSummary } from '../../facts/fleet';
import { push } from '../../facts/memo';
import type { ClusterObjects } from '../settled';
import type { Resource } from '../world/resource';
import type { Claim } from './claim';
import type { Stated } from './stated';

/** Calls that are traced together, with the part of the fleet that they pass. */
export interface Batch {
  readonly document: FleetDocument;
  readonly resources: readonly Resource[];
  /** Names of its clusters. */
  readonly clusters: readonly string[];
  readonly claims: readonly Claim[];
}

/** At most so many clusters are modelled at once: what a model holds is let go with it. */
const MOST_CLUSTERS = 24;

/** Claims by the clusters that they are about, so that a thousand clusters take no more memory than some. */
export function* batches(stated: Stated, objects: ClusterObjects, claims: readonly Claim[]): Generator<Batch> {
  let own: Claim[] = [];
  let clusters = new Set<string>();
  for (const [peering, some] of byPeering(claims)) {
    const more = clustersOf(stated, peering);
    if (own.length > 0 && new Set([...clusters, ...more]).size > MOST_CLUSTERS) {
      yield batch(stated, objects, own, clusters);
      own = [];
      clusters = new Set();
    }
    own.push(...some);
    for (const cluster of more) clusters.add(cluster);
  }
  if (own.length > 0) yield batch(stated, objects, own, clusters);
}

function byPeering(claims: readonly Claim[]): Map<PeeringSummary, Claim[]> {
  const found = new Map<PeeringSummary, Claim[]>();
  for (const claim of claims) push(found, claim.peering, claim);
  return found;
}

function clustersOf(stated: Stated, peering: PeeringSummary): string[] {
  const { consumer, provider } = stated.parties(peering);
  return [consumer, provider].flatMap((mesh) => (mesh ? [mesh.cluster] : []));
}

function batch(
  stated: Stated,
  objects: ClusterObjects,
  claims: readonly Claim[],
  clusters: ReadonlySet<string>,
): Batch {
  const { document } = stated;
  const names = [...clusters].sort();
  return {
    claims,
    resources: names.flatMap((cluster) => objects.in(cluster)),
    clusters: names,
    document: {
      ...document,
      clusters: document.clusters.filter(({ name }) => clusters.has(name)),
      meshes: document.meshes.filter(({ cluster }) => clusters.has(cluster)),
      peerings: [...byPeering(claims).keys()],
      secrets: document.secrets.filter(({ cluster }) => clusters.has(cluster)),
    },
  };
}
