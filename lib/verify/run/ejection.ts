import type { Cluster } from '../view/types';
import type { Branch } from './hop';
import type { Surroundings } from './stations';

/**
 * Outlier detection ejects endpoints that fail: where all ways do, the calls that come after some find no endpoint (503 UH),
 * as soon as it may eject all of them (`maxEjectionPercent`; the only one always).
 */
export function ejecting(
  engine: Surroundings,
  name: string,
  { ejectsOutliers }: Cluster,
  branches: Branch[],
): Branch[] {
  if (!ejectsOutliers || !branches.every(fails)) return branches;
  engine.assume(`no endpoint of ${name} is ejected: after some failed calls outlier detection may make it 503 UH`);
  return branches.map(({ hops: [first, ...rest], ...branch }) => ({
    ...branch,
    hops: [{ ...first, onceEjected: 'UH' }, ...rest],
  }));
}

/** Whether the first of the hops counts it as a failure of the endpoint. */
const fails = ({ reply, hops: [{ flag }] }: Branch): boolean =>
  flag === 'UF' || (reply.kind === 'http' && reply.status >= 500);
