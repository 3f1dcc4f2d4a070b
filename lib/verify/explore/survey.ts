import type { Engine } from '../run/engine';
import type { Recorder } from '../run/origin';
import type { Workload } from '../world/workloads';
import { callerGroups } from './callers';
import type { Caller, Cell, Listen, Sample } from './cells';
import { Domain } from './domain';
import { Explorer } from './explorer';
import { type Dialler, type Judge, NOWHERE, type Reach, reach, rootsOf } from './reach';
import { doors, pods, type Target, targetsOf } from './targets';

/** Who calls: workloads, or strangers from outside or in a cluster's network. */
export type CallerKind = 'workloads' | 'outside' | 'network';

const ALL: readonly CallerKind[] = ['workloads', 'outside', 'network'];

/** Everything that some callers can make of one target. */
export interface Surveyed {
  readonly kind: CallerKind;
  /** Cluster of the workloads; cluster that strangers come into. */
  readonly cluster: string;
  /** Whether strangers present a certificate. */
  readonly hasCertificate: boolean;
  readonly domain: Domain;
  readonly url: string;
  /** What each of the worlds makes of a call; undefined where one has no such caller. */
  readonly make: (sample: Sample, listen: Listen) => readonly (Reach | undefined)[];
  /** What any other world makes of it. */
  readonly makeIn: (engine: Engine, sample: Sample) => Reach | undefined;
  /** The same of all calls, by what is asked of them. */
  readonly cells: readonly Cell<readonly (Reach | undefined)[]>[];
}

/** What to leave out. */
export interface Selection {
  /** Only callers of these kinds. @default all */
  readonly kinds?: readonly CallerKind[];
  /** Only what workloads dial by some URLs. @default all */
  readonly isDialled?: (url: string) => boolean;
}

/**
 * Explores all calls of one or several worlds. Worlds that are explored together are asked the same: what one of them
 * tells apart is a cell of its own in all of them.
 */
export class Survey {
  public readonly explorer = new Explorer();

  private readonly targets = new Map<Engine, Map<string, ReadonlyMap<string, Target>>>();

  /** @param isMeant what tells calls that are meant from others; of one world alone. */
  constructor(
    private readonly engines: readonly Engine[],
    private readonly isMeant?: Judge,
  ) {}

  public *all({ kinds = ALL, isDialled = () => true }: Selection = {}): Generator<Surveyed> {
    if (kinds.includes('workloads')) yield* this.ofWorkloads(isDialled);
    if (kinds.includes('outside')) yield* this.ofStrangers('outside', doors);
    if (kinds.includes('network')) yield* this.ofStrangers('network', pods);
  }

  private *ofStrangers(kind: CallerKind, find: (engine: Engine) => Target[]): Generator<Surveyed> {
    const domain = new Domain([], [...new Set(this.engines.flatMap(rootsOf))].sort());
    for (const [url, targets] of byUrl(this.engines.map(find))) {
      const { cluster, tls } = targets.find((one) => one !== undefined) as Target;
      for (const hasCertificate of tls ? [false, true] : [false]) {
        const dialler: Dialler = { kind: 'stranger', hasCertificate, ...(kind === 'network' ? { cluster } : {}) };
        const make = (sample: Sample, listen: Listen) =>
          targets.map((target, world) =>
            target ? reach(this.engines[world], dialler, target, sample, listen(world), this.isMeant) : NOWHERE,
          );
        const makeIn = (engine: Engine, sample: Sample) => {
          const target = this.targetOf(engine, kind, url, () => find(engine));
          return target ? reach(engine, dialler, target, sample, DEAF) : NOWHERE;
        };
        const cells = this.explorer.explore(domain, make);
        yield { kind, cluster, hasCertificate, domain, url, make, makeIn, cells };
      }
    }
  }

  private *ofWorkloads(isDialled: (url: string) => boolean): Generator<Surveyed> {
    for (const { cluster, members } of this.groups()) {
      const domain = new Domain(members.map((workloads) => this.caller(workloads)));
      const byId = new Map(members.map((workloads, index) => [domain.callers[index].id, workloads]));
      const targets = this.engines.map((engine, world) => {
        const [first] = members.flatMap((workloads) => workloads[world] ?? []);
        return first ? targetsOf(engine, { cluster, key: '', workloads: [first] }) : [];
      });
      for (const [url, each] of byUrl(targets)) {
        if (!isDialled(url)) continue;
        const make = (sample: Sample, listen: Listen) =>
          each.map((target, world) => {
            const workload = byId.get(sample.caller?.id ?? '')?.[world];
            if (!workload) return undefined;
            if (!target) return NOWHERE;
            return reach(
              this.engines[world],
              { kind: 'workload', workload },
              target,
              sample,
              listen(world),
              this.isMeant,
            );
          });
        const makeIn = (engine: Engine, sample: Sample) => {
          const [itsCluster, namespace, name] = (sample.caller?.id ?? '').split('/');
          const workload = engine.world.workload(itsCluster, namespace, name);
          if (!workload) return undefined;
          const all = () => targetsOf(engine, { cluster, key: '', workloads: [workload] });
          const target = this.targetOf(engine, workload.id, url, all);
          return target ? reach(engine, { kind: 'workload', workload }, target, sample, DEAF) : NOWHERE;
        };
        const cells = this.explorer.explore(domain, make);
        yield { kind: 'workloads', cluster, hasCertificate: false, domain, url, make, makeIn, cells };
      }
    }
  }

  /** What a URL is for some callers of any world. */
  private targetOf(engine: Engine, callers: string, url: string, all: () => Target[]): Target | undefined {
    const known = this.targets.get(engine) ?? new Map<string, ReadonlyMap<string, Target>>();
    this.targets.set(engine, known);
    const targets = known.get(callers) ?? new Map(all().map((one) => [one.url, one]));
    known.set(callers, targets);
    return targets.get(url);
  }

  /** Workloads that every world takes for one group, as what each of the worlds has of them. */
  private groups(): { cluster: string; members: (Workload | undefined)[][] }[] {
    const keys = new Map<string, { cluster: string; keys: string[]; workloads: (Workload | undefined)[] }>();
    for (const [world, engine] of this.engines.entries()) {
      for (const { cluster, key, workloads } of callerGroups(engine)) {
        for (const workload of workloads) {
          const none = {
            cluster,
            keys: this.engines.map(() => 'absent'),
            workloads: this.engines.map(() => undefined),
          };
          const held = keys.get(workload.id) ?? none;
          held.keys[world] = key;
          held.workloads[world] = workload;
          keys.set(workload.id, held);
        }
      }
    }
    const groups = new Map<string, { cluster: string; members: (Workload | undefined)[][] }>();
    for (const { cluster, keys: all, workloads } of keys.values()) {
      const key = JSON.stringify([cluster, ...all]);
      const group = groups.get(key) ?? { cluster, members: [] };
      group.members.push(workloads);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  private caller(workloads: readonly (Workload | undefined)[]): Caller {
    const names = workloads.map((workload, world) => {
      if (workload?.proxy !== 'sidecar') return [];
      const { name, san = [] } = this.engines[world].secrets(workload).workloadCertificate(workload);
      return [...san.map((one) => one.replace(/^URI:/, '')), `CN=${name}`];
    });
    return { id: workloads.find((one) => one !== undefined)?.id ?? '', names };
  }
}

/** What is asked again is not noted again. */
const DEAF: Recorder = { note: () => undefined, blur: () => undefined };

/** Targets of all worlds by their URL, in the order in which they are found. */
function byUrl(worlds: readonly (readonly Target[])[]): Map<string, (Target | undefined)[]> {
  const found = new Map<string, (Target | undefined)[]>();
  for (const [world, targets] of worlds.entries()) {
    for (const target of targets) {
      const held = found.get(target.url) ?? worlds.map(() => undefined);
      held[world] = target;
      found.set(target.url, held);
    }
  }
  return found;
}
