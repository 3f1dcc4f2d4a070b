import { MeshError } from '../../facts/error';
import { type Resource, resource } from '../world/resource';
import { World } from '../world/world';
import type { CallAction } from './expected';

/**
 * The world after something was done in it.
 *
 * @throws MESH4008 for an action that is none, or is about what there is not.
 */
export function after(world: World, actions: readonly CallAction[]): World {
  let current = world;
  for (const action of actions) current = afterOne(current, action);
  return current;
}

function afterOne(world: World, action: CallAction): World {
  const { cluster = '', namespace = '', workload, kubectl, fail } = action;
  if (kubectl !== undefined) return scaled(world, action);
  const found = world.places
    .in(cluster)
    .flatMap((place) => (workload === undefined ? [] : (world.workload(place, namespace, workload) ?? [])));
  if (found.length === 0 || fail === undefined) {
    throw unknown(action, 'expected kubectl, or a workload of the manifests that fails');
  }
  const failing = { ...world.facts.failing };
  for (const { id } of found) {
    if (fail === null) delete failing[id];
    else failing[id] = fail;
  }
  return new World({ ...world.facts, failing }, world.resources, world.order);
}

function scaled(world: World, action: CallAction): World {
  const { cluster = '', kubectl = [] } = action;
  const [verb, target = ''] = kubectl;
  const at = kubectl.findIndex((one) => one === '-n' || one === '--namespace');
  const namespace = at < 0 ? action.namespace : kubectl[at + 1];
  const name = target.split('/').pop();
  const replicas = Number(kubectl.find((one) => one.startsWith('--replicas='))?.split('=')[1]);
  const isMeant = (one: Resource) =>
    world.places.clusterOf(one.cluster) === cluster &&
    one.kind === 'Deployment' &&
    one.name === name &&
    (namespace === undefined || one.namespace === namespace);
  if (verb !== 'scale' || !Number.isInteger(replicas) || !world.resources.some(isMeant)) {
    throw unknown(action, 'expected scale, deployment/<name> of the manifests, --replicas=<n>');
  }
  const resources = world.resources.map((one) => {
    if (!isMeant(one)) return one;
    return resource(one.cluster, { ...one.manifest, spec: { ...(one.spec as object), replicas } }, one.source);
  });
  return new World(world.facts, resources, world.order);
}

const unknown = (action: CallAction, expected: string): MeshError =>
  new MeshError('MESH4008', 'before', `the action is ${JSON.stringify(action)}; ${expected}`);
