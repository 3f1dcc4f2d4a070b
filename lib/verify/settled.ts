import { sha256 } from '../facts/sha256';
import { Memo, push } from './memo';
import type { Resource } from './world/resource';

/**
 * Parts of a fleet of which nothing was found, each by a digest of everything that its verdict depends on: what was judged
 * once is not judged again. What something was found of is never settled, so that it is told each time.
 */
export class Settled {
  private readonly current = new Set<string>();

  /**
   * @param by the judge: another one may find something else. Without it nothing is remembered.
   * @param before digests that an earlier run of this judge has found nothing of.
   */
  constructor(
    private readonly by?: string,
    private readonly before: ReadonlySet<string> = new Set(),
  ) {}

  /** Those of this run, sorted. */
  public get digests(): string[] {
    return [...this.current].sort();
  }

  /**
   * Judges a part unless that was done.
   *
   * @param depends everything that the verdict depends on, as JSON.
   * @param judge returns how much it finds.
   */
  public judge(depends: () => unknown, judge: () => number): void {
    if (this.by === undefined) {
      judge();
      return;
    }
    const digest = sha256(JSON.stringify([this.by, depends()]));
    if (this.before.has(digest) || judge() === 0) this.current.add(digest);
  }
}

/** Objects by cluster, and a digest of those of each. */
export class ClusterObjects {
  private readonly byCluster = new Map<string, Resource[]>();
  private readonly known = new Memo<string>();

  constructor(resources: readonly Resource[]) {
    for (const one of resources) push(this.byCluster, one.cluster, one);
  }

  /** Names and objects, in the order of the input. */
  public get all(): Iterable<readonly [string, readonly Resource[]]> {
    return this.byCluster;
  }

  /** Objects of a cluster. */
  public in(cluster: string): readonly Resource[] {
    return this.byCluster.get(cluster) ?? [];
  }

  /** Digest of the objects of a cluster, and of where they were read. */
  public of(cluster: string): string {
    return this.known.get(cluster, () =>
      sha256(JSON.stringify(this.in(cluster).map(({ manifest, source }) => [manifest, source]))),
    );
  }
}
