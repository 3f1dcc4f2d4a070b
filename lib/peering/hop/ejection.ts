import { Duration } from 'cdk8s';
import type * as istio from '../../../imports/istio';
import { duration, durationText } from '../../facts/duration';
import { MeshError } from '../../facts/error';
import { type Guards, number, optional } from '../../facts/guard';

/** When an endpoint counts as failed, and for how long. */
export interface Ejection {
  /**
   * Failed calls in a row (5xx, refused or broken connections) after which an endpoint is left out.
   * @default 5 - Istio's own default
   */
  readonly consecutive5xxErrors?: number;
  /**
   * How often Envoy looks whether an endpoint may come back.
   * @default - 10 s, Istio's own default
   */
  readonly interval?: Duration;
  /**
   * How long an endpoint is left out at least; each time it fails again, that much longer.
   * @default - 30 s, Istio's own default
   */
  readonly baseEjectionTime?: Duration;
}

/** What these may be. */
export const EJECTION: Guards<Ejection> = {
  consecutive5xxErrors: optional(number),
  interval: optional(duration),
  baseEjectionTime: optional(duration),
};

/**
 * Outlier detection that can leave out every endpoint of a locality: only then calls go to the next one. By itself Envoy
 * leaves out a tenth of them.
 *
 * @throws MESH1255 for a malformed number; MESH1309 for a malformed duration.
 */
export function outlierDetection(ejection: Ejection, where: string): istio.OutlierDetection {
  const {
    consecutive5xxErrors = 5,
    interval = Duration.seconds(10),
    baseEjectionTime = Duration.seconds(30),
  } = ejection;
  if (!Number.isInteger(consecutive5xxErrors) || consecutive5xxErrors < 1) {
    throw new MeshError(
      'MESH1255',
      where,
      `consecutive5xxErrors ${consecutive5xxErrors} is malformed; expected a whole number, 1 or more`,
    );
  }
  return {
    consecutive5xxErrors,
    interval: durationText(interval, where, 'interval'),
    baseEjectionTime: durationText(baseEjectionTime, where, 'baseEjectionTime'),
    maxEjectionPercent: 100,
  };
}
