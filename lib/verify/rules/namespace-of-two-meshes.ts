import type { MeshFacts } from '../../facts/fleet';
import { push } from '../../facts/memo';
import { at, type Rule } from '../rule';

/** A namespace that two meshes of a cluster declare. */
export const namespaceOfTwoMeshes: Rule = {
  code: 'MESH3055',
  severity: 'error',
  title: 'namespace of two meshes',
  why: 'a pod has one sidecar, of one control plane: to the other mesh it is a pod without mTLS, and its policies and routes do not reach it',
  fix: 'declare the namespace in one of them',
  reads: [],
  check: ({ facts }) => {
    const declaring = new Map<string, MeshFacts[]>();
    for (const mesh of facts.meshes) {
      for (const namespace of mesh.namespaces) push(declaring, `${mesh.cluster}/${namespace}`, mesh);
    }
    return [...declaring]
      .filter(([, meshes]) => meshes.length > 1)
      .map(([place, meshes]) => {
        const names = meshes.map(({ cluster, name }) => `mesh ${cluster}/${name}`);
        const namespace = place.split('/')[1];
        const objects = meshes.map(({ cluster, name, namespaces }) =>
          at(`mesh ${cluster}/${name}`, `namespaces[${namespaces.indexOf(namespace)}]`),
        );
        return { objects, message: `${names.join(' and ')} both declare namespace '${namespace}'` };
      });
  },
};
