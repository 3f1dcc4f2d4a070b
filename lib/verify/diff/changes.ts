import { describe, type Resource } from '../world/resource';
import { World } from '../world/world';

/** An object that two worlds have not in common, or one whole set of facts. */
export interface ObjectChange {
  /** `Kind namespace/name @cluster`, or `facts`. */
  readonly object: string;
  /** Empty where facts change. */
  readonly cluster: string;
  readonly what: 'added' | 'removed' | 'changed';
}

/** Two worlds, object by object: any selection of the changes can be made. */
export class Changes {
  /** By object. */
  public readonly all: readonly ObjectChange[];
  private readonly before: ReadonlyMap<string, Resource>;
  private readonly after: ReadonlyMap<string, Resource>;

  constructor(
    public readonly old: World,
    public readonly changed: World,
  ) {
    this.before = new Map(old.resources.map((one) => [keyOf(one), one]));
    this.after = new Map(changed.resources.map((one) => [keyOf(one), one]));
    const found: ObjectChange[] = [];
    for (const key of [...new Set([...this.before.keys(), ...this.after.keys()])].sort()) {
      const [one, other] = [this.before.get(key), this.after.get(key)];
      if (one && other && sameText(one.manifest, other.manifest)) continue;
      const { cluster } = (one ?? other) as Resource;
      found.push({
        object: key.slice(key.indexOf(' ') + 1),
        cluster,
        what: one ? (other ? 'changed' : 'removed') : 'added',
      });
    }
    if (!sameText(old.facts, changed.facts)) found.push({ object: FACTS, cluster: '', what: 'changed' });
    this.all = found;
  }

  /** Clusters of which any object changes. */
  public get clusters(): string[] {
    return [...new Set(this.all.flatMap(({ cluster }) => (cluster === '' ? [] : [cluster])))].sort();
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
