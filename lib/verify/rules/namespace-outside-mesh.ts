import { apiGroup, describeManifest } from '../../facts/manifest';
import { objectsOf, type RuleInput } from '../objects/objects';
import { namespacesOf, Planes } from '../objects/planes';
import { at, type Rule } from '../rule';

/** Groups whose objects istiod reads. */
const READ = new Set(['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io']);

/** Objects that a finding names, of all that are in the namespace. */
const SHOWN = 5;

/** An object for a control plane of OpenShift Service Mesh 2 in a namespace that is no member of its mesh. */
export const namespaceOutsideMesh: Rule = {
  code: 'MESH3052',
  severity: 'error',
  title: 'namespace that is no member of the mesh',
  why: 'istiod of OpenShift Service Mesh 2 looks at members only: the object is taken and changes nothing, and pods there get no sidecar',
  fix: 'name it in the ServiceMeshMemberRoll, or by a ServiceMeshMember in it',
  inProgram: "declare it: mesh.namespace('…'), or include the ServiceMeshMemberRoll that names it",
  reads: ['*'],
  check: (input) => {
    const { facts, manifests, included } = input;
    const clusters = clustersOfMembers(input);
    if (clusters.size === 0) return [];
    const planes = new Planes(facts);
    const outside = new Map<string, string[]>();
    for (const { cluster, manifest } of [...manifests, ...included]) {
      const { namespace } = manifest.metadata;
      const members = clusters.get(cluster);
      if (namespace === undefined || members === undefined || !READ.has(apiGroup(manifest))) continue;
      if (members.has(namespace) || members.has('*')) continue;
      const place = `${cluster}/${namespace}`;
      outside.set(place, [...(outside.get(place) ?? []), describeManifest(manifest, cluster)].slice(0, SHOWN));
    }
    return [...outside].map(([place, objects]) => {
      const [cluster, namespace] = place.split('/');
      const mesh = planes.meshOf({ cluster, namespace });
      const which = mesh ? `mesh ${cluster}/${mesh.name}` : `a mesh of cluster ${cluster}`;
      return {
        objects: objects.map((object) => at(object, 'metadata.namespace')),
        message: `namespace '${namespace}' is no member of ${which} (OpenShift Service Mesh 2); members are ${[...(clusters.get(cluster) ?? [])].sort().join(', ')}`,
        inProgram: `declare it: mesh.namespace('${namespace}'), or include the ServiceMeshMemberRoll that names it`,
      };
    });
  },
};

/** Members by cluster, where all meshes of the cluster have such: facts, and rolls and memberships of anybody. */
function clustersOfMembers(input: RuleInput): Map<string, Set<string>> {
  const { meshes } = input.facts;
  const others = new Set(
    meshes.filter(({ platform }) => !/Service Mesh 2\b/.test(platform)).map(({ cluster }) => cluster),
  );
  const members = new Map<string, Set<string>>();
  for (const mesh of meshes) {
    if (others.has(mesh.cluster)) continue;
    const here = members.get(mesh.cluster) ?? new Set<string>();
    members.set(mesh.cluster, here);
    for (const namespace of namespacesOf({ ...mesh, gateways: [] })) here.add(namespace);
  }
  for (const { cluster, namespace } of objectsOf(input, 'ServiceMeshMember', 'maistra.io'))
    members.get(cluster)?.add(namespace);
  for (const { cluster, spec } of objectsOf<Roll>(input, 'ServiceMeshMemberRoll', 'maistra.io')) {
    for (const member of spec.members ?? []) members.get(cluster)?.add(member);
  }
  return members;
}

interface Roll {
  readonly members?: string[];
}
