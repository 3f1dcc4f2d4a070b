import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from '../bed/paths';
import type { ControlPlaneSetup } from '../bed/scenario';
import { merge } from '../istio/mesh-config';

/** Values of the chart istiod, as far as fleets print them. */
interface Values {
  meshConfig: Record<string, unknown> & { caCertificates?: { pem: string }[] };
  global?: { network?: string };
  pilot?: { env?: Record<string, string> };
}

/**
 * A control plane installed with the values that a fleet has printed, and nothing else that the scenario depends on.
 *
 * @param fleet folder of `dist/`: `<family>/<variant>`
 * @param setup what is the bed's own business, such as the root; `authorities` are put in the place of the printed
 * `caCertificates`, because the bed makes its own
 * @param meshName the mesh, which has the name of its cluster by default
 */
export function installedWith(
  fleet: string,
  cluster: string,
  { authorities, mesh = {}, ...setup }: ControlPlaneSetup & { authorities?: readonly string[] },
  meshName = cluster,
): ControlPlaneSetup {
  const file = path.join(REPOSITORY, 'dist', fleet, 'values', cluster, `${meshName}.yaml`);
  const { meshConfig, global, pilot }: Values = parse(readFileSync(file, 'utf8'));
  const caCertificates = meshConfig.caCertificates?.map((one, index) => ({
    ...one,
    pem: `ca:${authorities?.[index]}`,
  }));
  return {
    ...setup,
    mesh: merge({ ...meshConfig, ...(caCertificates && { caCertificates }) }, mesh),
    ...(pilot?.env && { env: pilot.env }),
    ...(global?.network !== undefined && { network: global.network }),
  };
}
