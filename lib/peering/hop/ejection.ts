import type * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';

/** When an endpoint counts as failed, and for how long. Durations are Go durations such as `30s`. */
export interface Ejection {
  /**
   * Failed calls in a row (5xx, refused or broken connections) after which an endpoint is left out.
   * @default 5 - Istio's own default
   */
  readonly consecutive5xxErrors?: number;
  /**
   * How often Envoy looks whether an endpoint may come back.
   * @default '10s' - Istio's own default
   */
  readonly interval?: string;
  /**
   * How long an endpoint is left out at least; each time it fails again, that much longer.
   * @default '30s' - Istio's own default
   */
  readonly baseEjectionTime?: string;
}

/**
 * Outlier detection that can leave out every endpoint of a locality: only then calls go to the next one. By itself Envoy
 * leaves out a tenth of them.
 *
 * @throws MESH1255 for a malformed number or duration.
 */
export function outlierDetection(ejection: Ejection, where: string): istio.OutlierDetection {
  const { consecutive5xxErrors = 5, interval = '10s', baseEjectionTime = '30s' } = ejection;
  if (!Number.isInteger(consecutive5xxErrors) || consecutive5xxErrors < 1) {
    throw new MeshError(
      'MESH1255',
      where,
      `consecutive5xxErrors ${consecutive5xxErrors} is malformed; expected a whole number, 1 or more`,
    );
  }
  for (const [name, value] of Object.entries({ interval, baseEjectionTime })) {
    if (!/^([1-9]\d*(ms|s|m|h))+$/.test(value)) {
      throw new MeshError('MESH1255', where, `${name} '${value}' is malformed; expected a Go duration such as '30s'`);
    }
  }
  return { consecutive5xxErrors, interval, baseEjectionTime, maxEjectionPercent: 100 };
}
