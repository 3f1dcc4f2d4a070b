import type { FleetDocument, PeeringSummary } from '../../facts/fleet';
import { platformNamed } from '../../platform/platforms';
import type { LocatedFinding } from '../located';
import type { Call } from '../run/call';
import type { Way } from '../run/client';
import type { Outcome } from '../run/outcome';
import { type ClusterObjects, Settled } from '../settled';
import { type Trace, Tracer } from '../trace';
import { apart } from '../world/apart';
import { contestedAddresses } from '../world/fleet-facts';
import { fleetWorld } from '../world/fleet-world';
import { OUTSIDE } from '../world/outside';
import { type Resource, resource } from '../world/resource';
import type { World } from '../world/world';
import { type Batch, batches } from './batches';
import { Budget } from './budget';
import { CallerPods } from './callers';
import type { Claim } from './claim';
import { claimsOf } from './claims';
import { Culprits } from './culprit';
import { type Doubt, doubtsOf, ownPolicies, passedBy, type Unmodelled } from './doubts';
import { probeResources } from './entries';
import { Expected } from './expected';
import { type Difference, differences, doubtOf } from './findings';
import { NamedRequests } from './named-requests';
import { clientCertificates } from './outside-claims';
import { clustersWithRivals } from './rivals';
import { RoutedRequests } from './routed-requests';
import { Stated } from './stated';

/** What became of the calls that a program states. */
export interface Proof {
  readonly findings: readonly LocatedFinding[];
  /** How many calls were traced. */
  readonly calls: number;
  /** How many exposures they are of. */
  readonly exposures: number;
  /** How many exposures none is of: most of those of a very large fleet, and those of which nobody here calls. */
  readonly left: number;
  /** Of how many of them nobody can say what becomes of them. */
  readonly doubtful: number;
  /** Objects in the way of calls that go as stated as far as one can say: they are not modelled. */
  readonly unmodelled: readonly Unmodelled[];
  /** Peerings of which nothing was traced, by construct path, and why. */
  readonly unjudged: readonly { readonly peering: string; readonly why: string }[];
}

/**
 * Traces what a program states: for every exposure calls that its access rules allow and that the exposed service must
 * answer, and calls that nothing allows and that it must not.
 *
 * @param settled which calls need not be traced again.
 */
export function prove(fleet: FleetDocument, ofFleet: ClusterObjects, settled = new Settled()): Proof {
  const { document, objects, told } = apart(fleet, ofFleet);
  const stated = new Stated(document);
  const contested = contestedAddresses(document);
  const clusterOf = new Map(fleet.meshes.map(({ name, cluster }) => [name, cluster]));
  const unjudged = document.peerings.flatMap((peering) => {
    const why = notJudged(stated, peering, { contested, clusterOf });
    return why === undefined ? [] : [{ peering: peering.path, why }];
  });
  const left = new Set(unjudged.map(({ peering }) => peering));
  const budget = new Budget(document.peerings);
  const judgeable = document.peerings.filter(({ path }) => !left.has(path));
  const traced = judgeable.filter((peering) => budget.takes(peering));
  const asked = { named: new NamedRequests(objects), routed: new RoutedRequests(objects) };
  const claims = traced.flatMap((peering, turn) =>
    budget
      .exposures(peering, turn)
      .flatMap((exposure) => budget.calls(claimsOf(stated, peering, exposure, asked), turn)),
  );
  const found: (Difference | Doubt)[] = [];
  for (const batch of batches(stated, objects, claims)) {
    const judge = () => {
      const judged = new Judged(stated, batch);
      return batch.claims.flatMap((claim) => judged.judge(claim));
    };
    found.push(...settled.judge(dependsOn(stated, objects, batch), judge, { isJson: isDoubt }));
  }
  const different = found.flatMap((one) => (isDoubt(one) ? [] : [one]));
  const doubts = told(found.filter(isDoubt));
  const exposures = new Set(claims.map(({ exposure }) => exposure)).size;
  const all = judgeable.reduce((sum, peering) => sum + peering.exposures.length, 0);
  return {
    findings: told(differences(different)),
    calls: claims.length,
    doubtful: doubts.length + different.filter(({ doubt }) => doubt !== undefined).length,
    unmodelled: passedBy(doubts),
    exposures,
    left: all - exposures,
    unjudged,
  };
}

const isDoubt = (one: Difference | Doubt): one is Doubt => 'passed' in one;

/** Strategies of the library: what one of a user's own does with a call, it alone knows. */
const STRATEGIES: ReadonlySet<string> = new Set([
  'DirectPeering',
  'EgressGatewayPeering',
  'FederationPeering',
  'PrivateGatewayPeering',
  'SharedRootPeering',
]);

/** What keeps calls from being told apart. */
interface Limits {
  /** Addresses that lead to different gateways. */
  readonly contested: ReadonlySet<string>;
  /** Clusters of meshes, by name. */
  readonly clusterOf: ReadonlyMap<string, string>;
}

/** Why nothing can be said of a peering, if so. */
function notJudged(stated: Stated, peering: PeeringSummary, { contested, clusterOf }: Limits): string | undefined {
  const { consumer, provider } = stated.parties(peering);
  const meshes = [consumer, provider].filter((mesh) => mesh !== undefined);
  if (peering.strategy === 'FederationPeering' && meshes.length < 2) return 'one side of it is not of this fleet';
  if (!STRATEGIES.has(peering.strategy)) return `how ${peering.strategy} leads calls is not known`;
  if (
    peering.strategy === 'FederationPeering' &&
    meshes.some(({ platform }) => platformNamed(platform)?.has('federation'))
  ) {
    return 'control planes of OpenShift Service Mesh 2 make its routes in memory';
  }
  if (peering.strategy === 'FederationPeering' && clusterOf.get(peering.consumer) === clusterOf.get(peering.provider)) {
    return 'both meshes are in one cluster, where their gateways know each other by their Services';
  }
  const places = peering.exposures.flatMap(({ host, endpoint }) =>
    (endpoint?.addresses ?? [host]).map((address) => `${address}:${endpoint?.port}`),
  );
  const several = places.find((place) => contested.has(place));
  if (several) return `${several} is the address of several gateways`;
  return undefined;
}

/** Everything that the calls of a batch can depend on, and the calls. */
const dependsOn =
  (stated: Stated, objects: ClusterObjects, { document, clusters, claims }: Batch) =>
  () => [
    'calls',
    document,
    clusters.map((cluster) => objects.of(cluster)),
    clientCertificates(document, stated.roots),
    claims.map(({ peering, exposure, ...claim }) => [peering.path, exposure.key, claim]),
  ];

class Judged {
  private readonly world: World;
  private readonly culprits: Culprits;
  private readonly tracer: Tracer;
  private readonly pods: CallerPods;
  private readonly expected: Expected;
  private readonly failing: Record<string, number> = {};
  private readonly rivals: ReadonlySet<string>;
  private readonly claims: readonly Claim[];
  private readonly ownPolicies: ReadonlySet<string>;

  constructor(
    private readonly stated: Stated,
    { document, resources, claims }: Batch,
  ) {
    this.claims = claims;
    this.ownPolicies = ownPolicies(resources);
    this.pods = new CallerPods(resources, revisionsOf(document));
    for (const { caller } of claims) if (caller !== 'outside') this.pods.idOf(caller);
    const probed = new Map<object, Resource[]>();
    for (const { peering, exposure } of claims) {
      const { consumer } = stated.parties(peering);
      if (consumer && !probed.has(exposure))
        probed.set(exposure, probeResources(consumer, peering, exposure, stated.domainOf(consumer)));
    }
    const certificates = clientCertificates(document, stated.roots);
    const callers = [...this.pods.resources, ...[...probed.values()].flat(), CLIENT];
    const worldOf = (some: readonly Resource[]) =>
      fleetWorld(document, some, { resources: callers, certificates, failing: this.failing });
    this.world = worldOf(resources);
    this.culprits = new Culprits(resources, worldOf);
    this.tracer = new Tracer(this.world);
    this.rivals = clustersWithRivals(resources);
    this.expected = new Expected(stated, this.world);
  }

  /** How a call differs from what the program says of it, or may; nothing where it does not. */
  public judge(claim: Claim): (Difference | Doubt)[] {
    const { isServed: mustBe, isThorough } = claim;
    const made = this.made(claim);
    const trace = isThorough && this.hasRivals(claim) ? this.tracer.trace(made) : this.tracer.traceOnce(made);
    const servers = this.expected.servers(claim);
    const { ways, ambiguous } = trace;
    const isSame = this.isServed(claim, trace, servers) === mustBe;
    const isSameInBoth = ambiguous === undefined || ambiguous.outcomes.every((one) => isOf(one, servers) === mustBe);
    const isPartly = mustBe && isSame && !claim.exposure.standsBy;
    const changed = isPartly ? ways.find((one) => arrivedAs(one, claim) !== undefined) : undefined;
    const failing = isPartly ? (ways.find(fails) ?? changed) : undefined;
    if (isSame && isSameInBoth && failing === undefined) return doubtsOf(trace, mustBe, this.ownPolicies);
    const way = failing ?? showing(ways, servers, mustBe);
    const arrived = changed && way === changed ? arrivedAs(changed, claim) : undefined;
    const doubt = doubtOf(trace, way, mustBe) ?? (mustBe ? this.elsewhere(claim) : undefined);
    return [
      {
        ...{ claim, trace, way, servers: [...servers] },
        ...(arrived === undefined ? {} : { arrived }),
        ...(doubt === undefined ? {} : { doubt }),
        ...(mustBe ? {} : this.blamed(claim, way, servers)),
      },
    ];
  }

  private made({ caller, call }: Claim): Call {
    return { from: caller === 'outside' ? `${OUTSIDE}/clients/${CLIENT.name}` : this.pods.idOf(caller), ...call };
  }

  /** The policy that lets an open call pass and no stated one needs, if one does. */
  private blamed(claim: Claim, way: Way, servers: ReadonlySet<string>): Pick<Difference, 'culprit'> {
    const stated = this.claims.find((one) => one.exposure === claim.exposure && one.isServed);
    const open = { claim, way, call: this.made(claim), ...(stated && { stated: this.made(stated) }) };
    const culprit = this.culprits.of(open, (one) => answers(one, servers));
    return culprit === undefined ? {} : { culprit };
  }

  /** Of a provider that another repository states little is known: what it answers is no certainty. */
  private elsewhere({ peering, exposure }: Claim): string | undefined {
    const { provider } = this.stated.parties(peering);
    const isServer = exposure.key.startsWith(`${peering.provider}:`);
    return provider || isServer ? undefined : `${peering.provider} is not of this fleet`;
  }

  /** Whether objects in the way may compete. */
  private hasRivals({ peering }: Claim): boolean {
    const { consumer, provider } = this.stated.parties(peering);
    return [consumer, provider].some((mesh) => mesh !== undefined && this.rivals.has(mesh.cluster));
  }

  /** Of several ways one is enough; where another answers while it can, it is made to fail. */
  private isServed({ exposure }: Claim, trace: Trace, servers: ReadonlySet<string>): boolean {
    let found = trace.ways;
    for (let others = 0; exposure.standsBy && others < 4 && !found.some((way) => answers(way, servers)); others++) {
      for (const { outcome } of found) if (outcome.served) this.failing[outcome.served.workload] = 503;
      found = this.tracer.traceOnce(trace.call).ways;
    }
    for (const id of Object.keys(this.failing)) delete this.failing[id];
    return found.some((way) => answers(way, servers));
  }
}

/**
 * Whether a proxy or an application ends it; a part of the calls goes that way, whoever answers the others. Of several
 * addresses of a server the facts may know one.
 */
const fails = ({ hops, outcome }: Way): boolean => {
  const end = hops.find(({ failure }) => failure !== undefined);
  return outcome.served === undefined && end !== undefined && end.role !== 'network';
};

/** The path under which whoever answers is asked, where it is another one than the caller asks for: no strategy changes it. */
function arrivedAs({ outcome }: Way, { caller, call, exposure }: Claim): string | undefined {
  const [, path] = /^https?:\/\/[^/]+(\/.*)$/.exec(call.url) ?? [];
  const arrived = outcome.served?.request?.path;
  if (path === undefined || arrived === undefined) return undefined;
  // what tells exposures apart between the two sides goes at the gateway
  const { prefix = '/' } = (caller === 'outside' && exposure.wire) || {};
  return arrived === `/${path.slice(prefix.length)}` ? undefined : arrived;
}

/** Whether a call reaches one of the servers, whatever it speaks. */
function answers({ hops }: Way, servers: ReadonlySet<string>): boolean {
  const last = hops[hops.length - 1];
  return last.role === 'application' && last.failure === undefined && servers.has(last.at);
}

/** The way that shows what is wrong: the one that is open, or the one that comes farthest. */
function showing(ways: readonly Way[], servers: ReadonlySet<string>, mustBe: boolean): Way {
  const wrong = ways.filter((one) => answers(one, servers) !== mustBe);
  return wrong.reduce((a, b) => (b.hops.length > a.hops.length ? b : a), wrong[0] ?? ways[0]);
}

const isOf = ({ served }: Outcome, servers: ReadonlySet<string>): boolean =>
  served !== undefined && servers.has(served.workload);

function revisionsOf({ meshes }: FleetDocument): Map<string, string> {
  return new Map(
    meshes.flatMap(({ cluster, controlPlane: { revision } }) => (revision === undefined ? [] : [[cluster, revision]])),
  );
}

/** Who calls from outside. */
const CLIENT = resource(OUTSIDE, {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'client', namespace: 'clients' },
  spec: { containers: [{ name: 'client', image: 'client' }] },
});
