import { byText } from '../../facts/by-text';
import type { Cell } from '../explore/cells';
import type { Reach } from '../explore/reach';
import type { Surveyed } from '../explore/survey';
import { Engine } from '../run/engine';
import type { Ref } from '../world/resource';
import type { Changes, ObjectChange } from './changes';
import { type ChangeKind, kindOf } from './kinds';

const MOST_CHANGES = 20;

/** Objects that make a difference, each alone or only together. */
export interface Because {
  readonly objects: readonly string[];
  readonly isTogether: boolean;
  /** Their fields that differ. */
  readonly refs: readonly Ref[];
}

/** Finds the objects that make a difference, by making each change alone, and all but each. */
export class Causes {
  private readonly engines = new Map<string, Engine>();

  constructor(private readonly changes: Changes) {}

  /** Objects whose change does this to a call; undefined where there are too many changes to try. */
  public of(
    surveyed: Surveyed,
    { sample, result: [old, fresh] }: Cell<readonly (Reach | undefined)[]>,
    kind: ChangeKind,
  ): Because | undefined {
    const { all } = this.changes;
    if (all.length > MOST_CHANGES) return undefined;
    const wanted = kind === 'rolls' ? kindOf(old, fresh) : kind;
    const named = (some: readonly ObjectChange[]) => {
      const sorted = [...some].sort(byText(({ object }) => object));
      return { objects: sorted.map(({ object }) => object), refs: sorted.flatMap(({ refs }) => refs) };
    };
    const callIn = (engine: Engine) => surveyed.makeIn(engine, sample);
    const alone = all.filter(
      (one) => kindOf(old, callIn(this.engine(`only ${one.object}`, (other) => other === one))) === wanted,
    );
    if (alone.length > 0) return { ...named(alone), isTogether: false };
    const needed = all.filter(
      (one) => kindOf(old, callIn(this.engine(`but ${one.object}`, (other) => other !== one))) !== wanted,
    );
    return needed.length > 0 ? { ...named(needed), isTogether: true } : undefined;
  }

  private engine(key: string, isMade: (change: ObjectChange) => boolean): Engine {
    const known = this.engines.get(key) ?? new Engine(this.changes.with(isMade));
    this.engines.set(key, known);
    return known;
  }
}
