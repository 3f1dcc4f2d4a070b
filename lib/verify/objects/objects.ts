import { groupBy } from '../../facts/group-by';
import { apiGroup, describeManifest, type Manifest } from '../../facts/manifest';
import { Memo } from '../../facts/memo';
import type { VerifyInput } from '../input';

/** An object of a cluster, whoever wrote it. */
export interface Found<S extends object> {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly spec: S;
  /** `Kind namespace/name @cluster`. */
  readonly ref: string;
}

/** What rules judge: the input, and its objects by kind, which are sorted once for all rules. */
export interface RuleInput extends VerifyInput {
  readonly kinds: Kinds;
}

/** An object as it is written, and where. */
interface Placed {
  readonly cluster: string;
  readonly manifest: Manifest;
}

/** What rules about what is in a cluster judge: no peerings, no Secrets. */
export interface ClusterInput extends Pick<RuleInput, 'manifests' | 'included' | 'kinds'> {
  readonly facts: Pick<RuleInput['facts'], 'clusters' | 'meshes'>;
}

/** The objects of an input by kind, the fleet's own and hand-written ones. */
export class Kinds {
  private byKind?: ReadonlyMap<string, readonly Placed[]>;
  private readonly found = new Memo<Found<object>[]>();
  private readonly derived = new Memo<unknown>();

  constructor(private readonly input: Pick<VerifyInput, 'manifests' | 'included'>) {}

  /** Those of a kind of a group, in the order of the input. */
  public of<S extends object>(kind: string, group: string): readonly Found<S>[] {
    return this.found.get(`${kind}.${group}`, () => this.sorted(kind, group).map(asFound)) as Found<S>[];
  }

  /** What several rules derive from the objects, computed once. */
  public once<T>(key: string, make: () => T): T {
    return this.derived.get(key, make) as T;
  }

  /** Objects as they are written, of a kind of a group. */
  public sorted(kind: string, group: string): readonly Placed[] {
    const { manifests, included } = this.input;
    this.byKind ??= groupBy([...manifests, ...included], ({ manifest }) => manifest.kind);
    return (this.byKind.get(kind) ?? []).filter(({ manifest }) => apiGroup(manifest) === group);
  }
}

function asFound({ cluster, manifest }: { readonly cluster: string; readonly manifest: Manifest }): Found<object> {
  return {
    cluster,
    namespace: manifest.metadata.namespace ?? '',
    name: manifest.metadata.name,
    labels: manifest.metadata.labels ?? {},
    spec: specOf(manifest),
    ref: describeManifest(manifest, cluster),
  };
}

/** Objects of a kind, the fleet's own and hand-written ones. */
export function objectsOf<S extends object>({ kinds }: ClusterInput, kind: string, group: string): readonly Found<S>[] {
  return kinds.of<S>(kind, group);
}

/** Whether an object is of a kind, and that of its group: others have a Service, too. */
export function isOfKind(manifest: Manifest, kind: string, group: string): boolean {
  return manifest.kind === kind && apiGroup(manifest) === group;
}

/** The spec as far as a rule reads it; hand-written objects may lack anything. */
export function specOf<S extends object>(manifest: Manifest): S {
  return (manifest.spec ?? {}) as S;
}
