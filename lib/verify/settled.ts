import { Memo, push } from '../facts/memo';
import { sha256 } from '../facts/sha256';
import type { Resource } from './world/resource';

/**
 * What was found of parts of a fleet, each by a digest of everything that its verdict depends on: what was judged once is
 * not judged again.
 */
export class Settled {
  private readonly current = new Map<string, string>();

  /**
   * @param by the judge: another one may find something else. Without it nothing is remembered.
   * @param before entries of an earlier run of this judge.
   */
  constructor(
    private readonly by?: string,
    private readonly before: ReadonlyMap<string, string> = new Map(),
  ) {}

  /** Whether anything is remembered at all. */
  public get remembers(): boolean {
    return this.by !== undefined;
  }

  /** What this run has found as JSON by digest, sorted. */
  public get entries(): (readonly [string, string])[] {
    return [...this.current].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /**
   * What is found of a part; judged unless that was done.
   *
   * @param depends everything that the verdict depends on, as JSON.
   * @param judge finds it. What it finds is remembered if all of it is JSON.
   */
  public judge<T>(
    depends: () => unknown,
    judge: () => readonly T[],
    { isJson = false }: { readonly isJson?: boolean | ((found: T) => boolean) } = {},
  ): readonly T[] {
    if (this.by === undefined) return judge();
    const digest = sha256(JSON.stringify([this.by, depends()]));
    const known = this.before.get(digest);
    const found = known === undefined ? judge() : (JSON.parse(known) as T[]);
    if (found.every((one) => (typeof isJson === 'boolean' ? isJson : isJson(one))))
      this.current.set(digest, known ?? JSON.stringify(found));
    return found;
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
