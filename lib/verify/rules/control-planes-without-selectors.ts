import type { MeshFacts } from '../../facts/fleet';
import { push } from '../../facts/memo';
import { objectsOf } from '../objects/objects';
import { at, type Rule } from '../rule';

/** Two control planes of Istio in one cluster, which see each other's namespaces unless they are told not to. */
export const controlPlanesWithoutSelectors: Rule = {
  code: 'MESH3054',
  severity: 'warning',
  title: 'two control planes in one cluster that are not known to keep apart',
  why: 'without discoverySelectors each istiod serves what the other does: services, policies and gateways of the two mix',
  fix: 'give both control planes meshConfig.discoverySelectors',
  inProgram: 'include the Istio object that states them, and accept this finding where Helm or istioctl does',
  reads: ['Istio'],
  check: (input) => {
    const selecting = new Set(
      objectsOf<IstioSpec>(input, 'Istio', 'sailoperator.io')
        .filter(({ spec }) => (spec.values?.meshConfig?.discoverySelectors ?? []).length > 0)
        .map(({ cluster, spec }) => `${cluster}/${spec.namespace ?? 'istio-system'}`),
    );
    const byCluster = new Map<string, MeshFacts[]>();
    for (const mesh of input.facts.meshes) push(byCluster, mesh.cluster, mesh);
    return [...byCluster].flatMap(([cluster, all]) => {
      // OpenShift Service Mesh 2 looks at members only; one control plane for two meshes is another problem
      const meshes = all.filter(({ platform }) => !/Service Mesh 2\b/.test(platform));
      const planes = [...new Set(meshes.map(({ controlPlane }) => controlPlane.namespace))];
      const open = planes.filter((namespace) => !selecting.has(`${cluster}/${namespace}`));
      if (planes.length < 2 || open.length === 0) return [];
      return [
        {
          objects: meshes.map(({ name }) => at(`mesh ${cluster}/${name}`, 'controlPlane.namespace')),
          message: `cluster ${cluster} has control planes in ${planes.join(' and ')}; nothing states discoverySelectors of ${open.join(' and ')}`,
        },
      ];
    });
  },
};

interface IstioSpec {
  readonly namespace?: string;
  readonly values?: { readonly meshConfig?: { readonly discoverySelectors?: readonly object[] } };
}
