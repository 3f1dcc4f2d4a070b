import { Memo } from '../../facts/memo';
import { Istio } from '../../platform/istio';
import { Ossm } from '../../platform/ossm';
import type { Platform } from '../../platform/platform';
import { platformNamed } from '../../platform/platforms';
import type { LocatedFinding } from '../located';
import { describe, type Resource, refTo, resource } from '../world/resource';
import type { Snapshot } from '../world/snapshot';
import { Admission } from './admission';
import { pathText } from './path';
import type { Judge, Problem } from './problem';
import { withoutNulls } from './schema/nulls';

/** What clusters would say of objects when they are applied. */
export interface Admitted {
  readonly findings: readonly LocatedFinding[];
  /** Objects that their cluster takes: the others do not come to be. */
  readonly resources: readonly Resource[];
}

const WHO: Readonly<Record<Judge, string>> = {
  schema: 'the API server refuses the object',
  rule: 'the API server refuses the object by a rule of its definition',
  core: 'the API server refuses the object',
  webhook: 'the validating webhook of istiod refuses the object',
};

/** Judges every object as the platform of its cluster would. */
export function admit({ resources, fleet }: Pick<Snapshot, 'resources' | 'fleet'>): Admitted {
  const admissions = new Admissions();
  const ofClusters = new Memo<Admission>();
  const findings: LocatedFinding[] = [];
  const taken: Resource[] = [];
  for (const one of resources) {
    const platforms = () => platformsOf(one.cluster, resources, fleet);
    const problems = ofClusters.get(one.cluster, () => admissions.of(platforms())).judge(one.manifest);
    if (!problems.some(({ severity }) => severity === 'error')) taken.push(stored(one));
    for (const problem of problems) findings.push(findingOf(one, problem));
  }
  return { findings, resources: taken };
}

/** What a cluster of some platforms says of its objects. */
export function admissionFindings(resources: readonly Resource[], admission: Admission): LocatedFinding[] {
  const findings: LocatedFinding[] = [];
  for (const one of resources) {
    for (const problem of admission.judge(one.manifest)) findings.push(findingOf(one, problem));
  }
  return findings;
}

/** What judges, by platforms: schemas are compiled once for all clusters that share them. */
export class Admissions {
  private readonly byBundles = new Memo<Admission>();

  public of(platforms: readonly Platform[]): Admission {
    const bundles = [...new Set(platforms.flatMap((platform) => platform.bundles))];
    return this.byBundles.get(bundles.join(), () => new Admission(bundles));
  }
}

/** The object as the cluster keeps it: a field that is null is none. */
function stored(one: Resource): Resource {
  const manifest = withoutNulls(one.manifest) as Resource['manifest'];
  return manifest === one.manifest ? one : resource(one.cluster, manifest, one.source);
}

/** Platforms of the meshes in a cluster; without facts, Istio's newest, unless objects of OpenShift Service Mesh show. */
export function platformsOf(cluster: string, resources: readonly Resource[], fleet: Snapshot['fleet']): Platform[] {
  const stated = (fleet?.meshes ?? [])
    .filter((mesh) => mesh.cluster === cluster)
    .flatMap(({ platform }) => platformNamed(platform) ?? []);
  if (stated.length > 0) return stated;
  const isMaistra = resources.some((one) => one.cluster === cluster && /(^|\.)maistra\.io\//.test(one.apiVersion));
  return [isMaistra ? Ossm.v2_6() : Istio.v1_31()];
}

function findingOf(one: Resource, { severity, by, path, message }: Problem): LocatedFinding {
  const field = pathText(path);
  const isError = severity === 'error';
  return {
    code: isError ? 'MESH4010' : 'MESH4011',
    severity,
    objects: [describe(one)],
    message: `${field === '' ? describe(one) : field} ${message}`,
    atRuntime: isError ? WHO[by] : 'the object is taken, and kubectl prints this',
    fix: 'correct the field',
    refs: [refTo(one, field)],
  };
}
