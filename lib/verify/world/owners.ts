import type { Resource } from './resource';

interface OwnerReference {
  readonly kind?: string;
  readonly name?: string;
  readonly controller?: boolean;
}

interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
}

/**
 * What a dump of a cluster says of who made what: pods and ReplicaSets that a controller made of another object of the dump
 * are no workloads of their own, but their addresses are the workload's.
 */
export class Owners {
  private readonly byName: ReadonlyMap<string, Resource>;
  private readonly addresses = new Map<Resource, string[]>();

  constructor(resources: readonly Resource[]) {
    this.byName = new Map(resources.map((one) => [keyOf(one.kind, one.namespace, one.name), one]));
    for (const pod of resources) {
      const address = pod.kind === 'Pod' ? addressOf(pod) : undefined;
      if (address === undefined) continue;
      const first = this.firstOf(pod);
      this.addresses.set(first, [...(this.addresses.get(first) ?? []), address]);
    }
  }

  /** Whether a controller made it of another object. */
  public isOwned(one: Resource): boolean {
    return this.ownerOf(one) !== undefined;
  }

  /** Addresses of the pods that were made of it, where pods are known. */
  public addressesOf(one: Resource): readonly string[] {
    return this.addresses.get(one) ?? [];
  }

  private firstOf(one: Resource): Resource {
    const owner = this.ownerOf(one);
    return owner ? this.firstOf(owner) : one;
  }

  private ownerOf({ kind, namespace, name, manifest }: Resource): Resource | undefined {
    const references = manifest.metadata.ownerReferences;
    if (!Array.isArray(references)) return undefined;
    const by = (references as OwnerReference[]).find(({ controller }) => controller === true);
    const isItself = by?.kind === kind && by.name === name;
    return by && !isItself ? this.byName.get(keyOf(by.kind ?? '', namespace, by.name ?? '')) : undefined;
  }
}

const keyOf = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

/** A pod that has ended, or is about to, answers nobody. */
function addressOf({ manifest }: Resource): string | undefined {
  const { phase, podIP } = (manifest.status ?? {}) as PodStatus;
  const hasEnded = phase === 'Succeeded' || phase === 'Failed' || manifest.metadata.deletionTimestamp !== undefined;
  return hasEnded ? undefined : podIP;
}
