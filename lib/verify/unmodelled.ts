import { apiGroup } from '../facts/manifest';
import { ControlPlane } from './control-plane';
import { ambientRef } from './objects/ambient';
import { ROUTES } from './view/extensions';
import { type Ref, type Resource, refTo } from './world/resource';
import type { World } from './world/world';

/** Kinds that change calls and are not modelled, by API group; `*` stands for all kinds of the group. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'extensions.istio.io': ['*'],
  'gateway.networking.k8s.io': ROUTES,
  'networking.k8s.io': ['NetworkPolicy'],
};

/** Kinds that may be attached to waypoints and to Gateways of the Gateway API. */
const TARGETED = ['AuthorizationPolicy', 'RequestAuthentication'];

interface TargetedSpec {
  readonly targetRef?: object;
  readonly targetRefs?: readonly object[];
}

function targets(one: Resource<TargetedSpec>): Ref[] {
  const { targetRef, targetRefs = [] } = one.spec;
  if (targetRef !== undefined) return [refTo(one, 'spec.targetRef')];
  return targetRefs.length > 0 ? [refTo(one, 'spec.targetRefs')] : [];
}

/** Kinds of which parts are not modelled. */
const READ = ['AuthorizationPolicy', 'EnvoyFilter', 'RequestAuthentication'];

/**
 * Objects that change calls in ways that are not modelled: a call that passes one may end otherwise than it is said to.
 * Whole kinds, and parts of EnvoyFilters and policies that reach a proxy.
 */
export function unmodelledIn(world: World): Ref[] {
  const found = new Map<string, Ref>();
  const add = (ref: Ref) => found.set(`${ref.object} ${ref.field}`, ref);
  for (const one of world.resources) {
    const kinds = KINDS[apiGroup(one.manifest)] ?? [];
    const isKnown = one.kind === 'NetworkPolicy' && world.meshes.get(one.cluster)?.fact.networkPolicies !== undefined;
    if (!isKnown && (kinds.includes('*') || kinds.includes(one.kind))) add(refTo(one, 'spec'));
  }
  for (const mesh of world.meshes.values()) {
    for (const workload of mesh.workloads) {
      const ref = ambientRef(mesh, workload);
      if (ref) add(ref);
    }
    for (const kind of TARGETED)
      for (const one of mesh.kind<TargetedSpec>(kind)) for (const ref of targets(one)) add(ref);
    // of a world without such objects, no proxy need be looked at
    if (READ.every((kind) => mesh.kind(kind).length === 0)) continue;
    const plane = new ControlPlane(mesh);
    for (const workload of mesh.workloads) {
      if (workload.proxy !== undefined) for (const ref of plane.proxy(workload).unmodelled) add(ref);
    }
  }
  return [...found.values()].sort((a, b) => (`${a.object} ${a.field}` < `${b.object} ${b.field}` ? -1 : 1));
}
