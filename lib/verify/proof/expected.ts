import type { ExposureSummary, PeeringSummary } from '../../facts/fleet';
import { selects } from '../../facts/labels';
import { outsideId, outsideServer } from '../world/outside';
import { placeOfKey } from '../world/stand-ins';
import type { World } from '../world/world';
import type { Stated } from './stated';

/** Who must answer the calls of an exposure. */
export class Expected {
  private readonly known = new Map<ExposureSummary, ReadonlySet<string>>();

  constructor(
    private readonly stated: Stated,
    private readonly world: World,
  ) {}

  /** Ids of workloads. */
  public servers({ peering, exposure }: { peering: PeeringSummary; exposure: ExposureSummary }): ReadonlySet<string> {
    const known = this.known.get(exposure) ?? new Set(this.find(peering, exposure));
    this.known.set(exposure, known);
    return known;
  }

  private find(peering: PeeringSummary, exposure: ExposureSummary): string[] {
    const { consumer, provider } = this.stated.parties(peering);
    const behind = exposure.onward && outsideServer(exposure.onward);
    if (provider && behind) return [outsideId(provider.cluster, behind)];
    if (provider) {
      const { namespace } = placeOfKey(exposure.key);
      const labels = { ...exposure.backend?.labels, ...exposure.backend?.subset };
      const pods = this.world.meshes.get(provider.cluster)?.workloadsIn(namespace) ?? [];
      return pods.filter((one) => selects(labels, one.labels)).map(({ id }) => id);
    }
    const server = outsideServer(exposure);
    return server && consumer ? [outsideId(consumer.cluster, server)] : [];
  }
}
