import type { MeshFacts } from '../../facts/fleet';
import { push } from '../../facts/memo';
import { at, type Rule } from '../rule';

/** Two meshes of which one istiod is stated to be the control plane. */
export const sharedControlPlane: Rule = {
  code: 'MESH3053',
  severity: 'error',
  title: 'two meshes with one control plane',
  why: 'there is one istiod, so there is one mesh: hosts, policies and gateways of the two mix, and of what both state one side wins',
  fix: 'give each mesh a control plane of its own, or take both for one mesh',
  inProgram: 'state one Mesh with all namespaces, or the namespace of the other control plane',
  reads: [],
  check: ({ facts }) => {
    const byPlane = new Map<string, MeshFacts[]>();
    for (const mesh of facts.meshes) push(byPlane, `${mesh.cluster}/${mesh.controlPlane.namespace}`, mesh);
    return [...byPlane.values()]
      .filter((meshes) => meshes.length > 1)
      .map((meshes) => {
        const [{ cluster, controlPlane }] = meshes;
        const names = meshes.map(({ name }) => `mesh ${cluster}/${name}`);
        return {
          objects: names.map((name) => at(name, 'controlPlane.namespace')),
          message: `${names.join(' and ')} both have their control plane in namespace '${controlPlane.namespace}'`,
        };
      });
  },
};
