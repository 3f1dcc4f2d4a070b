import { MeshError } from '../../facts/error';
import { callerNamed } from '../explain/caller';
import { type Trace, Tracer } from '../trace';
import type { World } from '../world/world';
import { after } from './actions';
import { disagreement } from './compare';
import { callOf, type ExpectedCall } from './expected';

/** A call that was traced. */
export interface CallResult {
  readonly call: ExpectedCall;
  readonly trace: Trace;
  /** What is not as expected. */
  readonly failure?: string;
}

/**
 * Traces calls one after the other, in a world that changes with what is done before them.
 *
 * @throws MESH4005 for a caller that is not there, MESH1107 for a call that cannot be made, MESH4008 for an action that cannot be done.
 */
export function runCalls(world: World, calls: readonly ExpectedCall[]): CallResult[] {
  let current = world;
  let tracer = new Tracer(world);
  return calls.map((call, index) => {
    const { before } = call;
    if (before) {
      current = numbered(index, () => after(current, before));
      tracer = new Tracer(current);
    }
    const traced = numbered(index, () => tracer.trace({ ...callOf(call), from: callerNamed(current, call.from) }));
    const trace = current.places.told(traced);
    const failure = disagreement(call.expect, trace);
    return { call, trace, ...(failure === undefined ? {} : { failure }) };
  });
}

/** Says which call it is that cannot be made. */
function numbered<T>(index: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'MeshError') throw error;
    const { code, where, message } = error as MeshError;
    throw new MeshError(code, `[${index}] ${where}`, message.slice(`${code} ${where}: `.length));
  }
}
