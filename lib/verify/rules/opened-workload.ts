import { at, type Rule } from '../rule';
import { callersBeside } from '../stated/workloads';

/** An ALLOW that lets callers in to an exposed workload past what exposures state: anybody, or such as may be of another mesh. */
export const openedWorkload: Rule = {
  code: 'MESH3114',
  severity: 'warning',
  title: 'policy that opens an exposed workload',
  why: 'ALLOW policies add up: whoever reaches the pods may call, past the gateway and what it asks, and no exposure shows it',
  fix: 'name the callers (from), narrow the selector of the policy, or remove it',
  inProgram: 'a peering states callers of other meshes (allow), alsoFrom of the exposure those of the own mesh',
  reads: ['AuthorizationPolicy'],
  check: (input) =>
    callersBeside(input).flatMap(({ policy, exposed, everybody, foreign }) => {
      if (everybody.length === 0 && foreign.length === 0) return [];
      const who = [
        ...(everybody.length > 0 ? ['everybody'] : []),
        ...new Set(foreign.map(({ principal }) => principal)),
      ];
      return [
        {
          objects: [...everybody, ...foreign.map(({ field }) => field)].map((field) => at(policy.ref, field)),
          message: `${policy.ref} lets ${who.join(', ')} call ${exposed}, and other policies of its pods let in those whom exposures name`,
        },
      ];
    }),
};
