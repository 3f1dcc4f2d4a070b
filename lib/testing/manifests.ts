import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../facts/finding';
import type { FleetDocument, SecretFacts } from '../facts/fleet';
import { groupBy } from '../facts/group-by';
import { apiGroup, describeManifest, type Manifest } from '../facts/manifest';
import { readManifests } from '../facts/read-manifests';
import type { Fleet } from '../fleet/fleet';
import { findDifferences, formatDifferences } from './difference';
import { nearest } from './nearest';
import { byCluster } from './testing';

/**
 * Questions about what a fleet writes, for tests. Everything that is not as stated throws an Error that says what there
 * is instead; no test framework is needed.
 *
 * @example
 *
 *   const manifests = Manifests.of(fleet);
 *   manifests.cluster('c1').has('VirtualService', 'bookinfo/reviews', { spec: { hosts: ['reviews'] } });
 *   manifests.cluster('c2').lacks('Gateway', 'istio-system/reviews');
 */
export class Manifests {
  /**
   * The objects of a fleet, or of what one has written.
   *
   * @param source a fleet (its validators and checks run, nothing is written), or an output directory such as `dist`.
   */
  public static of(source: Fleet | string): Manifests {
    if (typeof source === 'string') {
      return new Manifests(readFolders(source), () => readFacts(source));
    }
    const { manifests, findings, facts } = source.review();
    return new Manifests(byCluster(source, manifests), () => facts, findings);
  }

  private constructor(
    private readonly byCluster: { readonly [cluster: string]: Manifest[] },
    private readonly readFacts: () => FleetDocument,
    private readonly found?: readonly Finding[],
  ) {}

  /**
   * What rules and checks find, without what the fleet accepts: warnings, then infos. Errors are thrown by `of`.
   *
   * @throws for an output directory, which does not hold them.
   */
  public get findings(): readonly Finding[] {
    if (this.found === undefined) {
      throw new Error('an output directory holds no findings; ask a fleet: Manifests.of(fleet)');
    }
    return this.found;
  }

  /**
   * What `fleet.json` says: clusters, meshes, peerings, Secrets, accepted findings.
   *
   * @throws when an output directory has no such file.
   */
  public get facts(): FleetDocument {
    return this.readFacts();
  }

  /** The Secrets that must exist when the objects are applied. */
  public get secrets(): readonly SecretFacts[] {
    return this.facts.secrets;
  }

  /** Names of the clusters. */
  public get clusters(): string[] {
    return Object.keys(this.byCluster).sort();
  }

  /**
   * The objects of one cluster.
   *
   * @throws when there is no such cluster.
   */
  public cluster(name: string): ClusterManifests {
    if (!Object.hasOwn(this.byCluster, name)) {
      throw new Error(`there is no cluster '${name}', but ${list(this.clusters)}`);
    }
    return new ClusterManifests(name, this.byCluster[name]);
  }
}

/** Questions about the objects of one cluster. */
export class ClusterManifests {
  private byName?: ReadonlyMap<string, Manifest[]>;

  /** @internal */
  constructor(
    private readonly name: string,
    /** All objects, by file and place in the file. */
    public readonly all: Manifest[],
  ) {}

  /**
   * All objects of a kind.
   *
   * @param kind `Gateway`, or `Gateway.networking.istio.io` where several groups have a kind of that name.
   */
  public find(kind: string): Manifest[] {
    return this.all.filter((manifest) => isOfKind(manifest, kind));
  }

  /**
   * The one object of a kind and name.
   *
   * @param kind `Gateway`, or `Gateway.networking.istio.io` where several groups have a kind of that name.
   * @param name `namespace/name`; `name` alone for an object without a namespace. Left out: the only object of the kind,
   * whatever its name.
   * @throws when there is none, with the names that come closest, or more than one.
   */
  public one<T extends object = Manifest>(kind: string, name?: string): T {
    const found = name === undefined ? this.find(kind) : this.named(kind, name);
    if (found.length === 1) {
      return found[0] as object as T;
    }
    if (name === undefined) {
      throw new Error(
        found.length === 0
          ? `cluster '${this.name}' has no ${kind}, but ${this.kinds}`
          : `cluster '${this.name}' has ${found.length} objects ${kind}: ask for ${list(found.map(nameOf), 'or')}`,
      );
    }
    if (found.length > 1) {
      const groups = found.map((manifest) => `${manifest.kind}.${apiGroup(manifest)}`);
      throw new Error(
        `cluster '${this.name}' has ${found.length} objects ${kind} ${name}: ask for ${list(groups, 'or')}`,
      );
    }
    throw new Error(`cluster '${this.name}' has no ${kind} ${name}, but ${this.alternatives(kind, name)}`);
  }

  /**
   * Asserts that there is an object with these fields. It may have more fields; lists must have the same items in the
   * same order, each of which may have more fields; a field stated as `undefined` must be absent.
   *
   * @returns the object.
   * @throws when there is no such object, or it differs: with the path of each difference.
   */
  public has<T extends object = Manifest>(kind: string, name: string, fields: object = {}): T {
    const manifest = this.one<T>(kind, name);
    const differences = findDifferences(fields, manifest);
    if (differences.length > 0) {
      throw new Error(`${kind} ${name} of cluster '${this.name}' differs:\n${formatDifferences(differences)}`);
    }
    return manifest;
  }

  /**
   * Asserts that there is no such object.
   *
   * @throws when there is one.
   */
  public lacks(kind: string, name: string): void {
    const [found] = this.named(kind, name);
    if (found) {
      throw new Error(
        `cluster '${this.name}' has ${kind} ${name}, expected none:\n${JSON.stringify(found, undefined, 2)}`,
      );
    }
  }

  private named(kind: string, name: string): Manifest[] {
    return this.allNamed(name).filter((manifest) => isOfKind(manifest, kind));
  }

  /** Tests ask many questions about one cluster: objects are sorted by name once. */
  private allNamed(name: string): Manifest[] {
    this.byName ??= groupBy(this.all, nameOf);
    return this.byName.get(name) ?? [];
  }

  private alternatives(kind: string, name: string): string {
    const sameKind = this.find(kind).map(nameOf);
    if (sameKind.length > 0) {
      return list(nearest(name, sameKind).map((other) => `${kind} ${other}`));
    }
    const sameName = this.allNamed(name).map((manifest) => describeManifest(manifest));
    if (sameName.length > 0) {
      return list(sameName);
    }
    return this.kinds;
  }

  /** What there is instead, at its coarsest. */
  private get kinds(): string {
    const kinds = [...new Set(this.all.map(({ kind }) => kind))].sort();
    return kinds.length === 0 ? 'no objects at all' : `objects of the kinds ${list(kinds)}`;
  }
}

function isOfKind(manifest: Manifest, kind: string): boolean {
  return manifest.kind === kind || `${manifest.kind}.${apiGroup(manifest)}` === kind;
}

function nameOf({ metadata: { namespace, name } }: Manifest): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function list(items: string[], conjunction = 'and'): string {
  return items.length < 2
    ? (items[0] ?? 'none')
    : `${items.slice(0, -1).join(', ')} ${conjunction} ${items[items.length - 1]}`;
}

function readFacts(outdir: string): FleetDocument {
  const file = join(outdir, 'fleet.json');
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}; expected the output directory of a fleet with meshes`);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

function readFolders(outdir: string): { [cluster: string]: Manifest[] } {
  const folders = readdirSync(outdir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, readFolder(join(outdir, name))] as const);
  // Other folders hold contracts and the like.
  return Object.fromEntries(folders.filter(([, manifests]) => manifests.length > 0));
}

function readFolder(folder: string): Manifest[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name))
    .flatMap((file) => readManifests(readFileSync(file, 'utf8'), file).map(({ manifest }) => manifest));
}
