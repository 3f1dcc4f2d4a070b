import { YamlOutputType } from 'cdk8s';
import { MeshError } from '../facts/error';

/** What a fleet has that only one output type can write. */
interface Needs {
  /** Name of a cluster. */
  readonly cluster?: string;
  /** Path of an output that is no manifest. */
  readonly output?: string;
  readonly hasChecks: boolean;
  readonly dryRun: boolean;
}

/**
 * Refuses output types that mix or overwrite the objects of clusters, or that cdk8s writes without being asked anything.
 *
 * @throws MESH2008 where something needs FILE_PER_CHART.
 */
export function refuseOutputType(type: YamlOutputType, { cluster, output, hasChecks, dryRun }: Needs): void {
  const [reason] = [
    cluster && `the cluster '${cluster}' has a folder of its own`,
    output && `there is an output '${output}'`,
    hasChecks && 'there are checks',
    dryRun && 'a dry run compares no other',
  ].filter(Boolean);
  if (reason) {
    throw new MeshError(
      'MESH2008',
      'Fleet',
      `yamlOutputType is ${YamlOutputType[type]}, but ${reason}; expected FILE_PER_CHART, the default`,
    );
  }
}
