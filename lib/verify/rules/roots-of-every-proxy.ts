import { at, type Rule } from '../rule';

/** A mesh whose workloads believe other roots than its own. */
export const rootsOfEveryProxy: Rule = {
  code: 'MESH3021',
  severity: 'warning',
  title: 'other roots that every proxy believes',
  why: 'proxies do not compare root and trust domain: whoever holds one of these roots can sign every identity of the mesh itself',
  fix: 'plug intermediates of one root into the meshes, or let gateways alone believe the other root',
  inProgram: 'OtherRoots.byGateways',
  reads: [],
  check: ({ facts }) =>
    facts.meshes.flatMap(({ cluster, name, root, controlPlane: { otherRoots } }) => {
      if (otherRoots?.believedBy !== 'everyProxy') return [];
      // the mesh's own root beside it only says whose identities are accepted
      const others = otherRoots.roots.filter((one) => !root?.sha256.some((sha) => one.sha256.includes(sha)));
      if (others.length === 0) return [];
      return [
        {
          objects: [at(`mesh ${cluster}/${name}`, 'controlPlane.otherRoots')],
          message: `every proxy of mesh ${cluster}/${name} believes ${others.map((one) => `'${one.name}'`).join(', ')} besides its own root`,
        },
      ];
    }),
};
