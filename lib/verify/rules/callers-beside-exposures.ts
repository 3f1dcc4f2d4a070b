import { at, type Rule } from '../rule';
import { callersBeside } from '../stated/workloads';

/**
 * An ALLOW that names callers of an exposed workload of whom no exposure knows. They are of its own mesh, and somebody has
 * named each: nothing is open that nobody meant, so it is no more than an info.
 */
export const callersBesideExposures: Rule = {
  code: 'MESH3115',
  severity: 'info',
  title: 'callers of an exposed workload whom no exposure names',
  why: 'ALLOW policies add up: these workloads of its own mesh call it, too, past the gateway, and no list of exposures shows it',
  fix: "take them out of the policy; accept the finding if it is the team's own business",
  inProgram: 'state them where the service is exposed (alsoFrom)',
  reads: ['AuthorizationPolicy'],
  check: (input) =>
    callersBeside(input)
      .filter(({ own }) => own.length > 0)
      .map(({ policy, exposed, own }) => ({
        objects: own.map(({ field }) => at(policy.ref, field)),
        message: `${policy.ref} lets ${[...new Set(own.map(({ principal }) => principal))].sort().join(', ')} call ${exposed}, beside whom exposures name`,
      })),
};
