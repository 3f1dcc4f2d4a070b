import { callOf } from '../../lib/verify/calls/expected';
import { type Trace, Tracer } from '../../lib/verify/trace';
import type { World } from '../../lib/verify/world/world';
import type { CallResult } from '../bed/expectation';
import type { Call } from '../bed/scenario';
import { type Agreement, agreementOf } from './agreement';
import type { BedState } from './state';
import { worldOf } from './world';

/** What `lib/verify` foresees of calls in one state of a bed. */
export class Foreseen {
  readonly world: World;
  /** Of proxies that start now. */
  private readonly fresh: Tracer;
  /** Of proxies that have run through a change, where there was one. */
  private readonly running: Tracer | undefined;
  private readonly pods: ReadonlyMap<string, readonly string[]>;

  /** @param prior the state before a change that the proxies have run through */
  constructor(state: BedState, prior?: BedState) {
    this.world = worldOf(state);
    this.fresh = new Tracer(this.world);
    this.running = prior && new Tracer(this.world, worldOf(prior));
    this.pods = podsOf(state, this.world);
  }

  /**
   * What is foreseen of a call. A proxy that runs through a change keeps what it had until the new is there, but no longer
   * than its patience: then it does what one does that starts now.
   */
  traces({ before: _, expect: __, unforeseeable: ___, alpn, ...call }: Call): Trace[] {
    const made = callOf({ ...call, ...(alpn !== undefined && { alpn }) });
    return [...(this.running ? [this.running.trace(made)] : []), this.fresh.trace(made)];
  }

  /** Compares what was foreseen with what came of the call. */
  compare(
    call: Call,
    result: Pick<CallResult, 'code' | 'error' | 'body' | 'hops' | 'spread'>,
    traces: readonly Trace[],
  ): Agreement {
    const all = traces.map((trace) => agreementOf({ call, result, trace, world: this.world, pods: this.pods }));
    return all.find(({ kind }) => kind !== 'differs') ?? all[0];
  }
}

function podsOf({ clusters }: BedState, world: World): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { objects } of Object.values(clusters)) {
    for (const { kind, metadata, status } of objects) {
      const owner = kind === 'Pod' ? world.ownerOf((status as { podIP?: string }).podIP ?? '') : undefined;
      if (owner?.kind !== 'workload') continue;
      found.set(metadata.name, [...(found.get(metadata.name) ?? []), owner.workload.id]);
    }
  }
  return found;
}
