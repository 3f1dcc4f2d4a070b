import type { Finding } from '../facts/finding';
import { admit } from './admission/findings';
import type { VerifyInput } from './input';
import type { LocatedFinding } from './located';
import { type Proof, prove } from './proof/prove';
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
 */
export function judgeFleet({ manifests, included, facts }: VerifyInput): FleetVerdict {
  const own: Resource[] = manifests.map(({ cluster, manifest }) => resource(cluster, manifest));
  const others = included.map(({ cluster, file, manifest }) => resource(cluster, manifest, { file, line: 1 }));
  const resources = [...own, ...others];
  const admitted = admit({ resources, fleet: facts });
  // of what a program writes kubectl may warn whoever applies it: that a kind is delicate is no news to who chose it
  const written = new Set(others.map(describe));
  const told = admitted.findings.filter(({ severity, objects }) => severity === 'error' || written.has(objects[0]));
  const findings = told.map(withoutPlaces);
  // of what is refused it is known already that it does not work
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const { findings: different, ...proof } = prove(facts, resources);
  return { findings: [...findings, ...different.map(withoutPlaces)], proof };
}

/** Objects of a program are found by their names: no file holds them yet. */
function withoutPlaces({ refs: _, trace: __, ...finding }: LocatedFinding): Finding {
  return finding;
}
