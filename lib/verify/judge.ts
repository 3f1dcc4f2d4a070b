import type { Finding } from '../facts/finding';
import type { FleetDocument } from '../facts/fleet';
import { admit } from './admission/findings';
import { fleetPlaces } from './fleet-places';
import type { VerifyInput } from './input';
import type { LocatedFinding } from './located';
import { gatewaysWithoutPods } from './objects/gateways-without-pods';
import { type Proof, prove } from './proof/prove';
import { findingsOf } from './rule';
import { RULES } from './rules';
import { ClusterObjects } from './settled';
import { annotatedAcceptances, type PlacedAcceptance } from './suppress/annotation';
import { suppress } from './suppress/suppress';
import { type Unanswered, unansweredHosts } from './unanswered/unanswered';
import { unmodelledIn } from './unmodelled';
import { apart } from './world/apart';
import { fleetFacts } from './world/fleet-facts';
import { describe, type Ref, type Resource, refTo } from './world/resource';
import type { Snapshot } from './world/snapshot';
import { World } from './world/world';

/** What is wrong with a snapshot. */
export interface Judgement {
  /** By severity, then in the order of admission and rules. */
  readonly findings: readonly LocatedFinding[];
  /** The clusters as they come to be: without the objects that they would refuse. */
  readonly world: World;
  readonly assumptions: readonly string[];
  /** Objects that change calls in ways that are not modelled. */
  readonly unmodelled: readonly Ref[];
}

const NO_FLEET: FleetDocument = { version: 1, clusters: [], meshes: [], peerings: [], secrets: [] };
const NOTHING: Unanswered = { findings: [], assumptions: [] };
const SEVERITIES = ['error', 'warning', 'info'];

/**
 * Judges a snapshot: whether its clusters would take the objects, what rules find in those that they take, and, where
 * this library wrote them, whether calls do what the program states.
 *
 * @param stated which findings are meant, besides what annotations of objects say.
 */
export function judge(snapshot: Snapshot, stated: readonly PlacedAcceptance[] = []): Judgement {
  const { findings: refused, resources } = admit(snapshot);
  const world = new World(snapshot.facts, resources);
  const input = inputOf(resources, snapshot.fleet ?? NO_FLEET);
  const { fleet, fleetFile } = snapshot;
  const places = fleet && fleetFile !== undefined ? fleetPlaces(fleet, fleetFile) : new Map<string, Ref>();
  for (const one of resources) places.set(describe(one), refTo(one));
  const found = findingsOf(RULES, input).map(({ inProgram, ...finding }) => ({
    // of what no program wrote there is no program to change
    ...{ ...finding, ...(fleet && inProgram !== undefined ? { inProgram } : {}) },
    refs: refsOf(finding, places),
  }));
  const { findings: different, unjudged } = proven(snapshot.fleet, refused, resources);
  // what a program states is proven; of anybody's manifests it is asked whether they lead anywhere
  const unanswered =
    fleet || refused.some(({ severity }) => severity === 'error') ? NOTHING : unansweredHosts(world, snapshot.likely);
  const { acceptances, problems } = annotatedAcceptances(snapshot.resources);
  const all = suppress(
    [...refused, ...problems, ...different, ...unanswered.findings, ...found],
    [...acceptances, ...stated],
    snapshot.fleet?.accepted,
  );
  return {
    findings: SEVERITIES.flatMap((severity) => all.filter((finding) => finding.severity === severity)),
    world,
    assumptions: [
      ...snapshot.assumptions,
      ...leftAside(snapshot.leftAlone),
      ...(fleet ? [] : gatewaysWithoutPods(world)),
      ...unanswered.assumptions,
      ...unjudged.map(
        ({ peering, why }) => `peering ${peering} does what its program states; it is not traced: ${why}`,
      ),
    ],
    unmodelled: unmodelled(fleet, world),
  };
}

/** What is not modelled of a cluster, by each of its control planes. */
function unmodelled(fleet: FleetDocument | undefined, { facts, resources }: World): Ref[] {
  if (fleet === undefined) return unmodelledIn(new World(facts, resources));
  const { document, objects, told } = apart(fleet, new ClusterObjects(resources));
  const { meshes } = fleetFacts(document);
  const found = told(
    unmodelledIn(
      new World(
        { ...facts, meshes: { ...facts.meshes, ...meshes } },
        [...objects.all].flatMap(([, all]) => all),
      ),
    ),
  );
  const byField = new Map(found.map((ref) => [`${ref.object} ${ref.field}`, ref]));
  return [...byField.values()];
}

const MOST_NAMES = 3;

/** Says which files of other programs are left alone. */
function leftAside(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const more = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : '';
  const [is, it] = files.length === 1 ? ['is', 'it holds'] : ['are', 'they hold'];
  return [`${files.slice(0, MOST_NAMES).join(', ')}${more} ${is} left alone: ${it} no Kubernetes object`];
}

/** The fields that a finding is about, then objects of which it names no field. */
function refsOf({ objects, fields = [] }: Finding, places: ReadonlyMap<string, Ref>): Ref[] {
  const rest = objects.filter((object) => !fields.some((one) => one.object === object));
  return [...fields, ...rest.map((object) => ({ object, field: '' }))].flatMap(({ object, field }) => {
    const place = places.get(object);
    return place ? [{ ...place, field: [place.field, field].filter((part) => part !== '').join('.') }] : [];
  });
}

/** Whether calls do what the program states; of what is refused it is known already that they do not. */
function proven(
  fleet: FleetDocument | undefined,
  refused: readonly LocatedFinding[],
  resources: readonly Resource[],
): Pick<Proof, 'findings' | 'unjudged'> {
  const isRefused = refused.some(({ severity }) => severity === 'error');
  return fleet === undefined || isRefused
    ? { findings: [], unjudged: [] }
    : prove(fleet, new ClusterObjects(resources));
}

/** Rules judge data of any origin: the file stands for the construct that would have written it. */
function inputOf(resources: readonly Resource[], facts: FleetDocument): VerifyInput {
  const manifests = resources.map(({ cluster, manifest, source }) => {
    const file = source?.file ?? '';
    return { cluster, file, chart: file, path: file, manifest };
  });
  return { manifests, facts, included: [] };
}
