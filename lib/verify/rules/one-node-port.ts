import type { FindingField } from '../../facts/finding';
import { objectsOf } from '../objects/objects';
import { at, type ClusterRule, type Problem } from '../rule';
import type { ServiceSpec } from '../world/kube-types';

/** Two Services of a cluster with one port of its nodes, whatever their protocols: nodes have each port once. */
export const oneNodePort: ClusterRule = {
  code: 'MESH3130',
  severity: 'error',
  scope: 'cluster',
  title: 'two Services with one port of the nodes',
  why: 'the API server refuses the second one: the port is already allocated, and nobody gets through to it',
  fix: 'give one of them another port of the range for nodes (30000 to 32767 by default), or leave the choice to the cluster',
  reads: ['Service'],
  check: (input) => {
    const taken = new Map<string, FindingField>();
    return objectsOf<ServiceSpec>(input, 'Service', '').flatMap(({ cluster, ref, spec }): Problem[] =>
      (spec.ports ?? []).flatMap(({ nodePort }, index): Problem[] => {
        if (!nodePort) return [];
        const own = at(ref, `spec.ports[${index}].nodePort`);
        const key = `${cluster} ${nodePort}`;
        const before = taken.get(key);
        if (before === undefined) taken.set(key, own);
        // within one Service protocols may share it, and what may not is refused as it stands
        if (before === undefined || before.object === ref) return [];
        return [
          {
            objects: [own, at(before.object, before.field)],
            message: `${ref} takes port ${nodePort} of the nodes, which is that of ${before.object}`,
          },
        ];
      }),
    );
  },
};
