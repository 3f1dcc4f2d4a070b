import { Engine } from '../run/engine';
import type { Hop } from '../run/hop';
import { OUTSIDE } from '../world/outside';
import type { Ref } from '../world/resource';
import type { World } from '../world/world';
import { type Box, Boxes } from './boxes';
import type { Cell } from './cells';
import { type RequestClass, requestClasses } from './classes';
import type { Reach, Reached } from './reach';
import { type Selection, Survey, type Surveyed } from './survey';
import { type Callers, callersOf, together } from './who';
import type { Zone } from './zone';

/** A server, and who may call it with what. Plain data, deterministic. */
export interface Exposure extends Reached {
  readonly callers: Callers;
  /** What they dial, as URLs without path. */
  readonly dials: readonly string[];
  /** Requests that arrive; empty where bytes do, whatever they are. */
  readonly requests: readonly RequestClass[];
  /** Set where requests may be more or fewer: expressions that meet, or something that depends on several parts of a call. */
  readonly isApproximate?: true;
  /** Stations of one such call. */
  readonly hops: readonly Hop[];
}

/** Everything that can be called. */
export interface Exposures {
  readonly exposures: readonly Exposure[];
  /** What was believed because no fact says otherwise. */
  readonly assumptions: readonly string[];
  /** Objects that are not modelled. */
  readonly unmodelled: readonly Ref[];
  /** Calls that were made to find this out. */
  readonly calls: number;
}

/** What to look for. */
export interface ExposureOptions extends Selection {
  /** Calls that are meant; others are marked. @default all are */
  readonly zone?: Zone;
}

/** Who can call what, in a world. */
export function exposuresOf(world: World, { zone, ...selection }: ExposureOptions = {}): Exposures {
  const engine = new Engine(world);
  const survey = new Survey([engine], zone && ((...call) => zone.allows(...call)));
  const rows = new Rows();
  const notes = new Notes();
  for (const surveyed of survey.all(selection)) {
    notes.add(engine);
    for (const row of rowsOf(surveyed, survey, world)) if (!row.server.startsWith(`${OUTSIDE}/`)) rows.add(row);
  }
  const found = world.places.told({ exposures: rows.all(), ...notes.all() });
  // what is in no mesh was found beside each mesh of its cluster
  const told = new Rows();
  for (const row of found.exposures) told.add(row);
  return { ...found, exposures: told.all(), calls: survey.explorer.calls };
}

/** Assumptions and objects that are not modelled, of all calls. */
class Notes {
  private readonly assumptions = new Set<string>();
  private readonly unmodelled = new Map<string, Ref>();

  public add(engine: Engine): void {
    for (const one of engine.assumptions) this.assumptions.add(one);
    for (const [key, ref] of engine.unmodelled) this.unmodelled.set(key, ref);
  }

  public all() {
    const unmodelled = [...this.unmodelled].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
    return { assumptions: [...this.assumptions].sort(), unmodelled };
  }
}

/** Rows of one target: a server per row, and what callers of one kind may send to it. */
function rowsOf(surveyed: Surveyed, { explorer }: Survey, world: World): Exposure[] {
  const { cells, domain, url } = surveyed;
  const servers = new Map<string, { reached: Reached; cells: Cell<readonly (Reach | undefined)[]>[] }>();
  for (const cell of cells) {
    for (const reached of cell.result[0]?.reached ?? []) {
      const key = JSON.stringify(reached);
      const held = servers.get(key) ?? { reached, cells: [] };
      held.cells.push(cell);
      servers.set(key, held);
    }
  }
  const boxes = new Boxes(explorer, domain);
  return [...servers.values()].flatMap(({ reached, cells: own }) => {
    const isApproximate = own.some((cell) => cell.isApproximate) ? { isApproximate: true as const } : {};
    const hops = hopsTo(reached, own[0].result[0]);
    const isHttp = own[0].result[0]?.arrived.some(({ request }) => request !== undefined);
    const byCallers = new Map<string, { callers: Callers; boxes: Box[] }>();
    for (const box of boxes.simplified(own.map(({ answers }) => answers))) {
      const callers = callersOf(surveyed, box, world);
      const key = JSON.stringify(callers);
      const held = byCallers.get(key) ?? { callers, boxes: [] };
      held.boxes.push(box);
      byCallers.set(key, held);
    }
    return [...byCallers.values()].map(({ callers, boxes: some }) => ({
      ...reached,
      ...{ callers, dials: [url], requests: isHttp ? requestClasses(some) : [], hops },
      ...isApproximate,
    }));
  });
}

function hopsTo(reached: Reached, reach: Reach | undefined): readonly Hop[] {
  const index = reach?.arrived.findIndex((one) => JSON.stringify(one.reached) === JSON.stringify(reached)) ?? -1;
  const served = reach?.branches.filter(
    ({ reply }) => (reply.kind === 'http' || reply.kind === 'data') && reply.served,
  );
  return served?.[index]?.hops ?? [];
}

/** Rows, of which those that differ in their callers or in what is dialled alone are one. */
class Rows {
  private readonly rows = new Map<string, Exposure>();

  public add(row: Exposure): void {
    const { callers, dials: _, hops: __, ...rest } = row;
    const key = JSON.stringify([rest, callers]);
    const held = this.rows.get(key);
    this.rows.set(key, held ? { ...held, dials: [...new Set([...held.dials, ...row.dials])].sort() } : row);
  }

  public all(): Exposure[] {
    const byDials = new Map<string, Exposure>();
    for (const row of this.rows.values()) {
      const { callers, hops: _, ...rest } = row;
      const key = JSON.stringify([rest, callers.kind, callers.cluster]);
      const held = byDials.get(key);
      byDials.set(key, held ? { ...held, callers: together(held.callers, callers) } : row);
    }
    return [...byDials.values()].sort(byServer);
  }
}

const KINDS = ['outside', 'network', 'workloads'];

function byServer(a: Exposure, b: Exposure): number {
  const key = ({ server, port, callers, dials, requests }: Exposure) => [
    server,
    String(port).padStart(5, '0'),
    String(KINDS.indexOf(callers.kind)),
    callers.cluster,
    ...dials,
    JSON.stringify(requests),
    JSON.stringify(callers),
  ];
  const [left, right] = [key(a).join('\0'), key(b).join('\0')];
  return left < right ? -1 : left > right ? 1 : 0;
}
