import { Memo } from '../../facts/memo';
import type { Call } from '../run/call';
import type { Way } from '../run/client';
import { Tracer } from '../trace';
import { describe, type Ref, type Resource } from '../world/resource';
import type { World } from '../world/world';
import type { Claim } from './claim';

/** An open call, as it was traced. */
export interface OpenCall {
  readonly claim: Claim;
  readonly call: Call;
  readonly way: Way;
  /** A call that the program states of the same exposure, if any. */
  readonly stated?: Call;
}

/**
 * Finds which of the policies that let an open call pass is to blame: without it the call ends, and what the program states
 * goes on. So a policy that somebody added is named, not ours that stands beside it or at the next proxy.
 */
export class Culprits {
  private readonly tracers = new Memo<Tracer>();
  private readonly found = new Memo<Ref | undefined>();

  constructor(
    private readonly resources: readonly Resource[],
    private readonly worldOf: (resources: readonly Resource[]) => World,
  ) {}

  /** @param isServed whether a way answers the call. */
  public of({ claim, call, way, stated }: OpenCall, isServed: (way: Way) => boolean): Ref | undefined {
    const policies = policiesOf(way);
    if (policies.length < 2) return undefined;
    const key = [claim.peering.path, claim.exposure.key, ...policies.map(({ object, field }) => `${object} ${field}`)];
    return this.found.get(key.join('\n'), () =>
      policies.find(({ object }) => {
        const reaches = (one: Call) => this.without(object, way).traceOnce(one).ways.some(isServed);
        return !reaches(call) && (stated === undefined || reaches(stated));
      }),
    );
  }

  private without(object: string, { hops }: Way): Tracer {
    const clusters = [...new Set(hops.map(({ at }) => at.split('/')[0]))].sort();
    return this.tracers.get([object, ...clusters].join('\n'), () => {
      const passed = new Set(clusters);
      const others = this.resources.filter((one) => passed.has(one.cluster) && describe(one) !== object);
      return new Tracer(this.worldOf(others));
    });
  }
}

/** Policies that let a call pass, each once, from the last to the first. */
function policiesOf({ hops }: Way): Ref[] {
  const refs = hops
    .flatMap((hop) => hop.refs)
    .filter(({ object }) => /^(AuthorizationPolicy|EnvoyFilter) /.test(object));
  return [...new Map(refs.map((ref) => [ref.object, ref])).values()].reverse();
}
