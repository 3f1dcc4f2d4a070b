import type { Finding } from '../facts/finding';
import type { FleetDocument } from '../facts/fleet';
import { Admissions, admissionFindings, platformsOf } from './admission/findings';
import { fleetFindings } from './fleet-rules';
import type { VerifyInput } from './input';
import type { LocatedFinding } from './located';
import { type Proof, prove } from './proof/prove';
import { RULES } from './rules';
import { ClusterObjects, Settled } from './settled';
import { describe, type Resource, resource } from './world/resource';

/** What clusters would do with a fleet. */
export interface FleetVerdict {
  readonly findings: readonly Finding[];
  /** What became of the calls that the program states; undefined where a cluster would refuse an object. */
  readonly proof?: Omit<Proof, 'findings'>;
}

/**
 * Judges a fleet as a whole: whether its clusters would take the objects, and then whether the calls that the program
 * states do what it says of them. Nothing is parsed and nothing is asked.
 *
 * @param settled what need not be judged again.
 * @param clusters the objects of the input.
 */
export function judgeFleet(
  input: VerifyInput,
  settled = new Settled(),
  clusters = new ClusterObjects([...ownOf(input), ...othersOf(input)]),
): FleetVerdict {
  const { facts } = input;
  const admitted = admittedBy(clusters, facts, settled);
  // of what a program writes kubectl may warn whoever applies it: that a kind is delicate is no news to who chose it
  const written = new Set(othersOf(input).map(describe));
  const told = admitted.filter(({ severity, objects }) => severity === 'error' || written.has(objects[0]));
  // hand-written ones last
  const ofOthers = ({ objects }: Finding) => written.has(objects[0]);
  const findings = [...told.filter((one) => !ofOthers(one)), ...told.filter(ofOthers)].map(withoutPlaces);
  // of what is refused it is known already that it does not work
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const { findings: different, ...proof } = prove(facts, clusters, settled);
  return { findings: [...findings, ...different.map(withoutPlaces)], proof };
}

/**
 * Everything that the library finds in a fleet: what its clusters would do with it, and what rules say.
 *
 * @param settled what need not be judged again.
 */
export function verifyFleet(input: VerifyInput, settled = new Settled()): FleetVerdict {
  const clusters = new ClusterObjects([...ownOf(input), ...othersOf(input)]);
  const judge = () => {
    const { findings, proof } = judgeFleet(input, settled, clusters);
    return [{ findings: [...findings, ...fleetFindings(RULES, input, clusters, settled)], proof }];
  };
  const [verdict] = settled.judge(() => everythingOf(input, clusters), judge, { isJson: true });
  return verdict;
}

/** Everything that a verdict can depend on. */
function everythingOf({ manifests, facts, included }: VerifyInput, clusters: ClusterObjects): unknown {
  return [
    'fleet',
    facts,
    Array.from(clusters.all, ([name]) => [name, clusters.of(name)]),
    manifests.map(({ cluster, file, chart, path }) => [cluster, file, chart, path]),
    included.map(({ cluster, file }) => [cluster, file]),
  ];
}

const ownOf = ({ manifests }: VerifyInput): Resource[] =>
  manifests.map(({ cluster, manifest }) => resource(cluster, manifest));

const othersOf = ({ included }: VerifyInput): Resource[] =>
  included.map(({ cluster, file, manifest }) => resource(cluster, manifest, { file, line: 1 }));

/** What clusters say of objects when they are applied. */
function admittedBy(clusters: ClusterObjects, facts: FleetDocument, settled: Settled): LocatedFinding[] {
  const admissions = new Admissions();
  return [...clusters.all].flatMap(([cluster, resources]) => {
    const platforms = platformsOf(cluster, resources, facts);
    const depends = () => ['admission', platforms.map(({ bundles }) => bundles), clusters.of(cluster)];
    return settled.judge(depends, () => admissionFindings(resources, admissions.of(platforms)), { isJson: true });
  });
}

/** Objects of a program are found by their names: no file holds them yet. */
function withoutPlaces({ refs, trace: _, ...finding }: LocatedFinding): Finding {
  const fields = refs.filter(({ field }) => field !== '').map(({ object, field }) => ({ object, field }));
  return fields.length === 0 ? finding : { ...finding, fields };
}
