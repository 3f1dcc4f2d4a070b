import { groupBy } from '../../facts/group-by';
import { at, type Rule } from '../rule';

/** An access rule about paths at a mesh whose policies see escaped slashes as they are. */
export const decodablePath: Rule = {
  code: 'MESH3011',
  severity: 'warning',
  title: 'paths in an access rule, and slashes that stay escaped',
  why: "'/public/..%2fsecret' passes a rule for '/public/*' and reaches the application as it is; one that decodes it serves '/secret'",
  fix: 'state meshConfig.pathNormalization.normalization DECODE_AND_MERGE_SLASHES at the control plane whose gateway or workload enforces the rule, or leave paths out',
  inProgram: "pathNormalization: 'DECODE_AND_MERGE_SLASHES' of the ControlPlane",
  reads: [],
  check: ({ facts }) => {
    const meshes = groupBy(facts.meshes, ({ name }) => name);
    return facts.peerings.flatMap(({ path, decidedBy, consumer, provider, exposures }) => {
      const decider = decidedBy === 'egress' ? consumer : provider;
      // who is not ours says nothing of its control plane
      const open = (meshes.get(decider) ?? []).filter(
        ({ controlPlane }) => controlPlane.pathNormalization !== 'DECODE_AND_MERGE_SLASHES',
      );
      if (open.length === 0) return [];
      const [{ cluster, name, controlPlane }] = open;
      return exposures.flatMap(({ key, access }, index) => {
        const rule = access.findIndex(({ paths }) => paths !== undefined);
        if (rule < 0) return [];
        return [
          {
            objects: [
              at(`peering ${path}`, `exposures[${index}].access[${rule}].paths`),
              at(`mesh ${cluster}/${name}`, 'controlPlane'),
            ],
            message: `exposure ${key} of peering ${path} limits paths, and ${decider} has pathNormalization ${controlPlane.pathNormalization ?? 'BASE (by default)'}`,
          },
        ];
      });
    });
  },
};
