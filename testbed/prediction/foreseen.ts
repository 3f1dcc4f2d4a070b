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
  private readonly tracer: Tracer;
  private readonly pods: ReadonlyMap<string, readonly string[]>;

  /** @param prior the state before a change that the proxies have run through */
  constructor(state: BedState, prior?: BedState) {
    this.world = worldOf(state);
    this.tracer = new Tracer(this.world, prior && worldOf(prior));
    this.pods = podsOf(state, this.world);
  }

  trace({ before: _, expect: __, unforeseeable: ___, alpn, ...call }: Call): Trace {
    return this.tracer.trace(callOf({ ...call, ...(alpn !== undefined && { alpn }) }));
  }

  /** Compares a prediction with what came of the call. */
  compare(
    call: Call,
    result: Pick<CallResult, 'code' | 'error' | 'body' | 'hops' | 'spread'>,
    trace: Trace,
  ): Agreement {
    return agreementOf({ call, result, trace, world: this.world, pods: this.pods });
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
