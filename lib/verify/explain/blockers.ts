import type { Call } from '../run/call';
import type { Failure, Hop } from '../run/hop';
import type { Outcome } from '../run/outcome';
import { type Trace, Tracer } from '../trace';
import type { HttpRoute, VirtualServiceSpec } from '../world/istio-types';
import { describe, type Resource, resource } from '../world/resource';
import { World } from '../world/world';

/** One thing that ends a call, and what was taken away to see what comes after it. */
export interface Blocker {
  /** Where the call ended. */
  readonly at: Hop;
  readonly failure: Failure;
  /** What was taken away; undefined where nothing that could be taken away ends the call. */
  readonly lifted?: string;
}

/** Everything that ends a call, one after the other. */
export interface Blockers {
  readonly blockers: readonly Blocker[];
  /** What the call ends in without them. */
  readonly outcome: Outcome;
}

/** A call meets no more policies and gateways than this. */
const MOST = 10;

/**
 * What ends a call, and what would end it next once that is lifted: a policy removed, clear text permitted, a Secret there
 * and right, unknown hosts allowed, a fault removed. The last one is what cannot be lifted, such as a missing route.
 */
export function blockersOf(world: World, call: Call): Blockers {
  const blockers: Blocker[] = [];
  let current = world;
  let trace = new Tracer(current).traceOnce(call);
  while (blockers.length < MOST) {
    const at = failedHop(trace);
    if (!at?.failure) break;
    const { failure } = at;
    const lift = lifted(current, at, failure);
    const next = lift && new Tracer(lift.world).traceOnce(call);
    if (!lift || !next || isSame(at, failedHop(next))) {
      blockers.push({ at, failure });
      break;
    }
    blockers.push({ at, failure, lifted: lift.what });
    current = lift.world;
    trace = next;
  }
  return { blockers, outcome: trace.outcome };
}

/** The last hop that failed: those before it only pass on what it says. */
export const failedHop = ({ ways }: Trace): Hop | undefined =>
  [...ways[0].hops].reverse().find(({ failure }) => failure);

/** Whether lifting changed nothing; a proxy may deny by one policy after the other. */
const isSame = (a: Hop, b: Hop | undefined): boolean =>
  a.at === b?.at &&
  a.failure?.code === b.failure?.code &&
  (a.failure?.code !== 'MESH-T301' || a.failure.why === b.failure?.why);

interface Lift {
  readonly world: World;
  readonly what: string;
}

function lifted(world: World, hop: Hop, { code, why }: Failure): Lift | undefined {
  const [cluster, namespace] = hop.at.split('/');
  const object = hop.refs.at(-1)?.object;
  const root = world.meshes.get(cluster)?.rootNamespace;
  const isAround = (one: Resource) => one.cluster === cluster && [namespace, root].includes(one.namespace);
  switch (code) {
    case 'MESH-T301': {
      const isAllow = why.startsWith('no ALLOW') && object?.startsWith('AuthorizationPolicy ');
      return isAllow
        ? without(world, (one) => isAround(one) && isAllowPolicy(one), `the ALLOW policies of ${namespace}`)
        : without(world, (one) => describe(one) === object, `${object}`);
    }
    case 'MESH-T201':
    case 'MESH-T205':
      if (hop.role !== 'sidecar inbound') return undefined;
      return without(
        world,
        (one) => isAround(one) && one.kind === 'PeerAuthentication',
        `the PeerAuthentications of ${namespace}: clear text is permitted`,
      );
    case 'MESH-T204':
    case 'MESH-T206':
    case 'MESH-T207':
    case 'MESH-T406':
      return { world: withSecrets(world), what: 'what is known of Secrets: all are there and right' };
    case 'MESH-T403':
      return { world: allowingAny(world, cluster), what: `REGISTRY_ONLY of ${cluster}: unknown hosts are allowed` };
    case 'MESH-T108': {
      const failing = Object.fromEntries(Object.entries(world.facts.failing ?? {}).filter(([id]) => id !== hop.at));
      return { world: new World({ ...world.facts, failing }, world.resources), what: `the failure of ${hop.at}` };
    }
    case 'MESH-T408':
      return { world: faultless(world, object), what: `the faults of ${object}` };
    default:
      return undefined;
  }
}

function isAllowPolicy({ kind, spec }: Resource): boolean {
  return kind === 'AuthorizationPolicy' && ((spec as { action?: string }).action ?? 'ALLOW') === 'ALLOW';
}

function without(world: World, isGone: (one: Resource) => boolean, what: string): Lift | undefined {
  const resources = world.resources.filter((one) => !isGone(one));
  return resources.length === world.resources.length ? undefined : { world: new World(world.facts, resources), what };
}

const withSecrets = ({ facts, resources }: World): World =>
  new World({ ...facts, secrets: [], secretsAreComplete: false }, resources);

function allowingAny({ facts, resources }: World, cluster: string): World {
  const fact = facts.meshes[cluster];
  const meshConfig = { ...fact?.meshConfig, outboundTrafficPolicy: { mode: 'ALLOW_ANY' as const } };
  return new World({ ...facts, meshes: { ...facts.meshes, [cluster]: { ...fact, meshConfig } } }, resources);
}

function faultless({ facts, resources }: World, object: string | undefined): World {
  const withoutFault = ({ fault: _, ...route }: HttpRoute): HttpRoute => route;
  return new World(
    facts,
    resources.map((one) => {
      if (describe(one) !== object) return one;
      const spec = one.spec as VirtualServiceSpec;
      return resource(
        one.cluster,
        { ...one.manifest, spec: { ...spec, http: spec.http?.map(withoutFault) } },
        one.source,
      );
    }),
  );
}
