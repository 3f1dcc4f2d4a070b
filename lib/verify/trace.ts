import type { Call } from './run/call';
import { makeCall, type Way } from './run/client';
import { Engine } from './run/engine';
import type { Hop } from './run/hop';
import { describeOutcome, type Outcome, sameOutcome } from './run/outcome';
import type { Ref } from './world/resource';
import type { World } from './world/world';

/** What a call does, and why. Plain data, deterministic. */
export interface Trace {
  readonly call: Call;
  /** Most likely first. */
  readonly ways: readonly Way[];
  /** What the most likely way ends in. */
  readonly outcome: Outcome;
  /** What was believed because no fact says otherwise. */
  readonly assumptions: readonly string[];
  /** Objects in the way that are not modelled: the outcome may be another. */
  readonly unmodelled: readonly Ref[];
  /** Objects that took no part, and that are why most likely, where somebody asked for them. */
  readonly suspects?: readonly Ref[];
  /** Set where the outcome depends on which of some objects is older, and nothing says it. */
  readonly ambiguous?: Ambiguity;
}

/** Two outcomes, one of which comes true. */
export interface Ambiguity {
  /** Objects that compete; the older one wins. */
  readonly objects: readonly string[];
  readonly outcomes: readonly [Outcome, Outcome];
}

/** Traces calls in a world. Everything that one call computes serves the next. */
export class Tracer {
  private readonly engine: Engine;
  private reversed: Engine | undefined;

  /**
   * @param prior the world before a change, where proxies run through it: they keep the last good Secret, listener and
   * cluster. Without it all of them start now.
   */
  constructor(
    private readonly world: World,
    private readonly prior?: World,
  ) {
    this.engine = new Engine(world, prior && new Engine(prior));
  }

  /**
   * What a call does: in the order of names for objects whose age nothing says, and in the reversed one.
   *
   * @throws MESH1107 when the call names what the world does not have.
   */
  public trace(call: Call): Trace {
    const one = this.run(this.engine, call);
    this.reversed ??= new Engine(this.world.reversed(), this.prior && new Engine(this.prior.reversed()));
    const other = this.run(this.reversed, call);
    if (sameWays(one.ways, other.ways)) return one;
    const outcomes: [Outcome, Outcome] = [one.outcome, other.outcome];
    return { ...one, ambiguous: { objects: competitors(one, other), outcomes } };
  }

  /** What a call does, with objects of unknown age in the order of their names. */
  public traceOnce(call: Call): Trace {
    return this.run(this.engine, call);
  }

  private run(engine: Engine, call: Call): Trace {
    engine.begin();
    const ways = byProbability(makeCall(engine, call));
    return {
      call,
      ways,
      outcome: ways[0].outcome,
      assumptions: [...engine.assumptions].sort(),
      unmodelled: [...engine.unmodelled.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    };
  }
}

/** Traces one call. */
export const trace = (world: World, call: Call): Trace => new Tracer(world).trace(call);

const keyOf = ({ object, field }: Ref): string => `${object} ${field}`;

/** Equal probabilities keep their order. */
const byProbability = (ways: readonly Way[]): Way[] => [...ways].sort((a, b) => b.probability - a.probability);

function sameWays(a: readonly Way[], b: readonly Way[]): boolean {
  const has = (all: readonly Way[], { outcome }: Way) => all.some((way) => sameOutcome(way.outcome, outcome));
  return a.every((way) => has(b, way)) && b.every((way) => has(a, way));
}

/** Objects that decided in only one of two traces: those that stand for each other, where some do. */
function competitors(a: Trace, b: Trace): string[] {
  const decided = ({ ways }: Trace) => [...new Set(ways.flatMap(({ hops }) => hops.flatMap(refsOf)))];
  const [left, right] = [decided(a), decided(b)];
  const onlyLeft = left.filter((one) => !right.includes(one));
  const onlyRight = right.filter((one) => !left.includes(one));
  const places = [onlyLeft, onlyRight].map((list) => new Set(list.map(kindAndCluster)));
  const only = [...onlyLeft, ...onlyRight].sort();
  const rivals = only.filter((one) => places.every((place) => place.has(kindAndCluster(one))));
  return rivals.length > 0 ? rivals : only;
}

/** Of `Kind namespace/name @cluster`. */
const kindAndCluster = (object: string): string => object.replace(/ .* /, ' ');

const refsOf = ({ refs }: Hop): string[] => refs.map(({ object }) => object);

/** As a sentence. */
export const describeAmbiguity = ({ objects, outcomes }: Ambiguity): string =>
  `depends on which is older of ${objects.join(', ')}: ${outcomes.map(describeOutcome).join(' or ')}`;
