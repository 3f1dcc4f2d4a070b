import { type Box, Boxes } from '../explore/boxes';
import type { Cell } from '../explore/cells';
import { type RequestClass, requestClasses } from '../explore/classes';
import type { Reach, Reached } from '../explore/reach';
import { Survey, type Surveyed } from '../explore/survey';
import { type Callers, callersOf, together } from '../explore/who';
import { Engine } from '../run/engine';
import type { Hop } from '../run/hop';
import type { World } from '../world/world';
import { type Because, Causes } from './causes';
import { Changes, type ObjectChange } from './changes';
import { type ChangeKind, KINDS, kindOf } from './kinds';

/** What becomes of a kind of call. Plain data, deterministic. */
export interface Change {
  readonly kind: ChangeKind;
  readonly callers: Callers;
  /** What they dial, as URLs without path. */
  readonly dials: readonly string[];
  /** Empty where bytes are sent, whatever they are. */
  readonly requests: readonly RequestClass[];
  readonly before: Side;
  readonly after: Side;
  /** Set where this is so only while some clusters have what is new and others do not: `c1 is new, c2 is old`. */
  readonly while?: string;
  /** Objects that make the difference, each alone or only together; absent where there are too many to try. */
  readonly because?: Because;
  readonly isApproximate?: true;
}

/** One side of a change. */
export interface Side {
  readonly reached: readonly Reached[];
  /** Why nobody is reached. */
  readonly failure?: { readonly code: string; readonly why: string; readonly at: string };
  /** Stations of one such call. */
  readonly hops: readonly Hop[];
}

/** Everything that differs. */
export interface Difference {
  readonly changes: readonly Change[];
  readonly objects: readonly ObjectChange[];
  /** Clusters that change, where there are too many to look at what is between two of them. */
  readonly notMixed?: readonly string[];
  readonly calls: number;
}

const MOST_MIXED = 8;

/** One of the worlds that are compared with the old one. */
interface Stage {
  readonly engine: Engine;
  readonly while?: string;
}

/** What becomes of all calls when a world changes; what is between, too, since clusters do not change at once. */
export function differenceOf(old: World, changed: World): Difference {
  const changes = new Changes(old, changed);
  if (changes.all.length === 0) return { changes: [], objects: [], calls: 0 };
  const before = new Engine(old);
  const fresh: Stage = { engine: new Engine(changed) };
  const { clusters } = changes;
  const mixed = clusters.length > 1 && clusters.length <= MOST_MIXED ? mixedStages(changes) : [];
  const running = new Engine(changed, before);
  const survey = new Survey([before, fresh.engine, running, ...mixed.map(({ engine }) => engine)]);
  const causes = new Causes(changes);
  const found: Change[] = [];
  for (const surveyed of survey.all()) found.push(...changesOf(surveyed, survey, mixed, old, causes));
  return {
    changes: [...byCallers(byDials(told(found, changes)))].sort(byKind),
    objects: onceEach(changes.places.told(changes.all), ({ object }) => object),
    ...(clusters.length > MOST_MIXED ? { notMixed: clusters } : {}),
    calls: survey.explorer.calls,
  };
}

/** With names of clusters; what is in no mesh was found beside each mesh of its cluster. */
const told = (found: readonly Change[], { places }: Changes): Change[] =>
  places.told(found).map(({ because, ...one }) => ({
    ...one,
    ...(because && {
      because: {
        ...because,
        objects: [...new Set(because.objects)],
        refs: onceEach(because.refs, ({ object, field }) => `${object} ${field}`),
      },
    }),
  }));

function onceEach<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const found = new Map<string, T>();
  for (const one of all) if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  return [...found.values()];
}

/** Each cluster that changes alone, and all but each. */
function mixedStages(changes: Changes): Stage[] {
  const { clusters } = changes;
  const sets = new Map<string, readonly string[]>();
  for (const one of clusters) {
    for (const set of [[one], clusters.filter((other) => other !== one)]) sets.set(set.join(), set);
  }
  return [...sets.values()].map((set) => {
    const others = clusters.filter((one) => !set.includes(one));
    const world = changes.with(({ cluster }) => cluster === '' || set.includes(changes.places.clusterOf(cluster)));
    const be = (all: readonly string[]) => `${all.join(', ')} ${all.length > 1 ? 'are' : 'is'}`;
    return { engine: new Engine(world), while: `${be(set)} new, ${be(others)} old` };
  });
}

interface Judged {
  readonly kind: ChangeKind;
  readonly before: Reach | undefined;
  readonly after: Reach | undefined;
  readonly while?: string;
}

/** What becomes of a call: in the end, and on the way where that is worse than before and after. */
function judge([old, fresh, running, ...between]: readonly (Reach | undefined)[], mixed: readonly Stage[]): Judged[] {
  const kind = kindOf(old, fresh);
  const isServed = (reach: Reach | undefined) => (reach?.reached.length ?? 0) > 0;
  const rolls = kind && ['breaks', 'closes'].includes(kind) && isServed(running) ? 'rolls' : kind;
  const ends: Judged[] = rolls ? [{ kind: rolls, before: old, after: fresh }] : [];
  const onTheWay = mixed.flatMap((stage, index): Judged[] => {
    const now = between[index];
    const state = { before: old, after: now, ...(stage.while ? { while: stage.while } : {}) };
    const fromOld = kindOf(old, now);
    const toNew = kindOf(fresh, now);
    // what is as before, or as it will be, is no surprise
    if (fromOld === undefined || toNew === undefined || fromOld === 'moves') return [];
    return [{ kind: fromOld, ...state }];
  });
  return [...ends, ...onTheWay];
}

function changesOf(
  surveyed: Surveyed,
  { explorer }: Survey,
  mixed: readonly Stage[],
  world: World,
  causes: Causes,
): Change[] {
  const groups = new Map<string, { judged: Judged; cells: Cell<readonly (Reach | undefined)[]>[] }>();
  for (const cell of surveyed.cells) {
    for (const judged of judge(cell.result, mixed)) {
      const key = JSON.stringify([judged.kind, judged.while, sideKey(judged.before), sideKey(judged.after)]);
      const held = groups.get(key) ?? { judged, cells: [] };
      held.cells.push(cell);
      groups.set(key, held);
    }
  }
  const boxes = new Boxes(explorer, surveyed.domain);
  return [...groups.values()].flatMap(({ judged, cells }) => {
    const because = judged.while ? undefined : causes.of(surveyed, cells[0], judged.kind);
    const byCallers = new Map<string, { callers: Callers; boxes: Box[] }>();
    for (const box of boxes.simplified(cells.map(({ answers }) => answers))) {
      const callers = callersOf(surveyed, box, world);
      const held = byCallers.get(JSON.stringify(callers)) ?? { callers, boxes: [] };
      held.boxes.push(box);
      byCallers.set(JSON.stringify(callers), held);
    }
    const isHttp = surveyed.url.startsWith('http') || surveyed.url.startsWith('mtls:');
    return [...byCallers.values()].map(
      ({ callers, boxes: some }): Change => ({
        kind: judged.kind,
        ...{ callers, dials: [surveyed.url], requests: isHttp ? requestClasses(some) : [] },
        ...{ before: sideOf(judged.before), after: sideOf(judged.after) },
        ...(judged.while ? { while: judged.while } : {}),
        ...(because ? { because } : {}),
        ...(cells.some(({ isApproximate }) => isApproximate) ? { isApproximate: true as const } : {}),
      }),
    );
  });
}

const sideKey = (reach: Reach | undefined) => [
  reach?.reached ?? [],
  reach?.reached.length ? '' : (reach?.failure?.code ?? ''),
];

function sideOf(reach: Reach | undefined): Side {
  const reached = reach?.reached ?? [];
  if (!reach) return { reached, hops: [], failure: { code: '', why: 'there is no such caller', at: '' } };
  const [likely] = [...reach.branches].sort((a, b) => b.probability - a.probability);
  return {
    reached,
    ...(reached.length === 0 && reach.failure ? { failure: reach.failure } : {}),
    hops: likely?.hops ?? [],
  };
}

/** Rows that differ in what is dialled alone are one. */
function byDials(all: readonly Change[]): Iterable<Change> {
  const rows = new Map<string, Change>();
  for (const one of all) {
    const { dials: _, before: __, after: ___, ...rest } = one;
    const key = JSON.stringify([rest, one.before.reached, one.after.reached]);
    const held = rows.get(key);
    rows.set(key, held ? { ...held, dials: [...new Set([...held.dials, ...one.dials])].sort() } : one);
  }
  return rows.values();
}

/** Rows that differ in their callers alone are one. */
function byCallers(rows: Iterable<Change>): Iterable<Change> {
  const found = new Map<string, Change>();
  for (const row of rows) {
    const { callers, before, after, ...rest } = row;
    const key = JSON.stringify([rest, callers.kind, callers.cluster, before.reached, after.reached]);
    const held = found.get(key);
    found.set(key, held ? { ...held, callers: together(held.callers, callers) } : row);
  }
  return found.values();
}

function byKind(a: Change, b: Change): number {
  const key = ({ kind, callers, dials, requests, while: state = '' }: Change) =>
    [KINDS.indexOf(kind), state, callers.cluster, ...dials, JSON.stringify([callers, requests])].join('\0');
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
