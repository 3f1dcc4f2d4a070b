import { Places } from '../world/places';
import { describe, type Ref, type Resource, refTo } from '../world/resource';
import { World } from '../world/world';
import { changedFields } from './changed-fields';

/** An object that two worlds have not in common, or one whole set of facts. */
export interface ObjectChange {
  /** `Kind namespace/name @cluster`, or `facts`. */
  readonly object: string;
  /** Empty where facts change. */
  readonly cluster: string;
  readonly what: 'added' | 'removed' | 'changed';
  /** Fields that differ, of an object that comes or goes the object: where they are new, else where they were. */
  readonly refs: readonly Ref[];
}

/** Two worlds, object by object: any selection of the changes can be made. */
export class Changes {
  /** By object. */
  public readonly all: readonly ObjectChange[];
  /** What people call the clusters of both. */
  public readonly places: Places;
  private readonly before: ReadonlyMap<string, Resource>;
  private readonly after: ReadonlyMap<string, Resource>;

  constructor(
    public readonly old: World,
    public readonly changed: World,
  ) {
    this.places = new Places({ ...old.facts.clusters, ...changed.facts.clusters });
    this.before = new Map(old.resources.map((one) => [keyOf(one), one]));
    this.after = new Map(changed.resources.map((one) => [keyOf(one), one]));
    const found: ObjectChange[] = [];
    for (const key of [...new Set([...this.before.keys(), ...this.after.keys()])].sort()) {
      const [one, other] = [this.before.get(key), this.after.get(key)];
      if (one && other && sameText(one.manifest, other.manifest)) continue;
      found.push(changeOf(key, one, other));
    }
    if (!sameText(old.facts, changed.facts)) found.push({ object: FACTS, cluster: '', what: 'changed', refs: [] });
    this.all = found;
  }

  /** Clusters of which any object changes: all meshes of one change at once. */
  public get clusters(): string[] {
    const all = this.all.flatMap(({ cluster }) => (cluster === '' ? [] : [this.places.clusterOf(cluster)]));
    return [...new Set(all)].sort();
  }

  /** The old world with some of the changes. Objects keep the order of the world that they are of. */
  public with(isMade: (change: ObjectChange) => boolean): World {
    const made = new Set(this.all.filter(isMade).map(({ object }) => object));
    const isChanged = new Set(this.all.map(({ object }) => object));
    const fromAfter = (key: string) => !isChanged.has(objectOf(key)) || made.has(objectOf(key));
    const resources = [...this.before].flatMap(([key, one]) => {
      if (!fromAfter(key)) return [one];
      const other = this.after.get(key);
      return other ? [other] : [];
    });
    const added = [...this.after].flatMap(([key, one]) => (!this.before.has(key) && fromAfter(key) ? [one] : []));
    return new World(made.has(FACTS) ? this.changed.facts : this.old.facts, [...resources, ...added], this.old.order);
  }
}

const FACTS = 'facts';

function changeOf(key: string, before: Resource | undefined, after: Resource | undefined): ObjectChange {
  const { cluster } = (after ?? before) as Resource;
  const object = objectOf(key);
  if (!before || !after) {
    const what = after ? 'added' : 'removed';
    return { object, cluster, what, refs: [refTo((after ?? before) as Resource, '', what)] };
  }
  const refs = changedFields(before.manifest, after.manifest).map((field) =>
    isIn(after.manifest, field) ? refTo(after, field) : refTo(before, field, 'removed'),
  );
  return { object, cluster, what: 'changed', refs };
}

/** Whether an object has a field. */
function isIn(object: unknown, field: string): boolean {
  const keys = [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, inBrackets, key]) => inBrackets ?? key);
  const value = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], object);
  return value !== undefined;
}

const groupOf = ({ apiVersion }: Resource): string => (apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core');

const keyOf = (one: Resource): string => `${groupOf(one)} ${describe(one)}`;

const objectOf = (key: string): string => key.slice(key.indexOf(' ') + 1);

const sameText = (a: unknown, b: unknown): boolean => stable(a) === stable(b);

/** JSON with sorted keys: the order in which fields are written says nothing. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
