import type { FleetDocument, PeeringSummary } from '../../facts/fleet';
import { platformNamed } from '../../platform/platforms';
import type { LocatedFinding } from '../located';
import type { Way } from '../run/client';
import type { Outcome } from '../run/outcome';
import { type Trace, Tracer } from '../trace';
import { contestedAddresses, endsTls, sharedClusters } from '../world/fleet-facts';
import { fleetWorld } from '../world/fleet-world';
import { OUTSIDE } from '../world/outside';
import { type Resource, resource } from '../world/resource';
import type { World } from '../world/world';
import { CallerPods } from './callers';
import type { Claim } from './claim';
import { claimsOf } from './claims';
import { probeResources } from './entries';
import { Expected } from './expected';
import { type Difference, differences, doubtOf } from './findings';
import { clientCertificates } from './outside-claims';
import { Stated } from './stated';

/** What became of the calls that a program states. */
export interface Proof {
  readonly findings: readonly LocatedFinding[];
  /** How many calls were traced. */
  readonly calls: number;
  /** Of how many of them nobody can say what becomes of them. */
  readonly doubtful: number;
  /** Peerings of which nothing was traced, by construct path, and why. */
  readonly unjudged: readonly { readonly peering: string; readonly why: string }[];
}

/**
 * Traces what a program states: for every exposure calls that its access rules allow and that the exposed service must
 * answer, and calls that nothing allows and that it must not.
 */
export function prove(document: FleetDocument, resources: readonly Resource[]): Proof {
  const stated = new Stated(document);
  const limits = { shared: sharedClusters(document), contested: contestedAddresses(document) };
  const unjudged = document.peerings.flatMap((peering) => {
    const why = notJudged(stated, peering, limits);
    return why === undefined ? [] : [{ peering: peering.path, why }];
  });
  const left = new Set(unjudged.map(({ peering }) => peering));
  const claims = document.peerings.flatMap((peering) =>
    left.has(peering.path) ? [] : peering.exposures.flatMap((exposure) => claimsOf(stated, peering, exposure)),
  );
  if (claims.length === 0) return { findings: [], calls: 0, doubtful: 0, unjudged };
  const judged = new Judged(stated, resources, claims);
  const found = claims.map((claim) => judged.judge(claim)).filter((one) => one !== undefined);
  const doubtful = found.filter(({ doubt }) => doubt !== undefined).length;
  return { findings: differences(found), calls: claims.length, doubtful, unjudged };
}

/** What one engine for all clusters cannot tell apart. */
interface Limits {
  /** Clusters with several meshes. */
  readonly shared: readonly string[];
  /** Addresses that lead to different gateways. */
  readonly contested: ReadonlySet<string>;
}

/** Strategies of the library: what one of a user's own does with a call, it alone knows. */
const STRATEGIES: ReadonlySet<string> = new Set([
  'DirectPeering',
  'EgressGatewayPeering',
  'FederationPeering',
  'PrivateGatewayPeering',
  'SharedRootPeering',
]);

/** Why nothing can be said of a peering, if so. */
function notJudged(stated: Stated, peering: PeeringSummary, { shared, contested }: Limits): string | undefined {
  const { consumer, provider } = stated.parties(peering);
  const meshes = [consumer, provider].filter((mesh) => mesh !== undefined);
  const { clusters } = stated.document;
  const ofTwo = meshes.find(({ cluster }) => shared.includes(cluster));
  const renamed = clusters.find(
    ({ name, domain }) => domain !== 'cluster.local' && meshes.some(({ cluster }) => cluster === name),
  );
  if (!STRATEGIES.has(peering.strategy)) return `how ${peering.strategy} leads calls is not known`;
  if (
    peering.strategy === 'FederationPeering' &&
    meshes.some(({ platform }) => platformNamed(platform)?.has('federation'))
  ) {
    return 'control planes of OpenShift Service Mesh 2 make its routes in memory';
  }
  const router = peering.exposures.flatMap(
    ({ arrival }) => provider?.gateways.find(({ name }) => name === arrival?.gateway) ?? [],
  );
  if (router.some(endsTls)) return 'a router of OpenShift ends its TLS';
  if (ofTwo) return `cluster ${ofTwo.cluster} has several meshes`;
  const places = peering.exposures.flatMap(({ host, endpoint }) =>
    (endpoint?.addresses ?? [host]).map((address) => `${address}:${endpoint?.port}`),
  );
  const several = places.find((place) => contested.has(place));
  if (several) return `${several} is the address of several gateways`;
  const wild = peering.exposures.find(({ host }) => host?.startsWith('*'));
  if (wild) return `${wild.host} is resolved for each call, which is not modelled`;
  if (renamed) return `cluster ${renamed.name} has the DNS domain ${renamed.domain}`;
  return undefined;
}

class Judged {
  private readonly world: World;
  private readonly tracer: Tracer;
  private readonly pods: CallerPods;
  private readonly expected: Expected;
  private readonly failing: Record<string, number> = {};

  constructor(stated: Stated, resources: readonly Resource[], claims: readonly Claim[]) {
    this.pods = new CallerPods(resources);
    for (const { caller } of claims) if (caller !== 'outside') this.pods.idOf(caller);
    const probed = new Map<object, Resource[]>();
    for (const { peering, exposure } of claims) {
      const { consumer } = stated.parties(peering);
      if (consumer && !probed.has(exposure)) probed.set(exposure, probeResources(consumer, peering, exposure));
    }
    this.world = fleetWorld(stated.document, resources, {
      resources: [...this.pods.resources, ...[...probed.values()].flat(), CLIENT],
      certificates: clientCertificates(stated),
      failing: this.failing,
    });
    this.tracer = new Tracer(this.world);
    this.expected = new Expected(stated, this.world);
  }

  /** How a call differs from what the program says of it; undefined where it does not. */
  public judge(claim: Claim): Difference | undefined {
    const { caller, call, isServed: mustBe, isThorough } = claim;
    const from = caller === 'outside' ? `${OUTSIDE}/clients/${CLIENT.name}` : this.pods.idOf(caller);
    const made = { from, ...call };
    const trace = isThorough ? this.tracer.trace(made) : this.tracer.traceOnce(made);
    const servers = this.expected.servers(claim);
    const { ways, ambiguous } = trace;
    const isSame = this.isServed(claim, trace, servers) === mustBe;
    const isSameInBoth = ambiguous === undefined || ambiguous.outcomes.every((one) => isOf(one, servers) === mustBe);
    if (isSame && isSameInBoth) return undefined;
    const way = showing(ways, servers, mustBe);
    const doubt = doubtOf(trace, mustBe);
    return { claim, trace, way, servers: [...servers], ...(doubt === undefined ? {} : { doubt }) };
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

/** Who calls from outside. */
const CLIENT = resource(OUTSIDE, {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'client', namespace: 'clients' },
  spec: { containers: [{ name: 'client', image: 'client' }] },
});
