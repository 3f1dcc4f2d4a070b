import type { Duration } from 'cdk8s';
import type * as istio from '../../imports/istio';
import { duration, durationText } from '../facts/duration';
import { MeshError } from '../facts/error';
import { type Guards, number, optional, options } from '../facts/guard';

/**
 * What goes wrong on purpose, to see what callers make of it. The caller's own proxy does it: the destination does not
 * see what is aborted, and neither timeout nor retries of the rule apply.
 */
export interface Fault {
  /**
   * Status code that a part of the calls gets at once.
   * @default - none
   */
  readonly abort?: { readonly status: number; readonly percent: number };
  /**
   * Time that a part of the calls waits before it goes on.
   * @default - none
   */
  readonly delay?: { readonly by: Duration; readonly percent: number };
}

/** What faults may be. */
export const FAULT: Guards<Fault> = {
  abort: optional(options<NonNullable<Fault['abort']>>({ status: number, percent: number })),
  delay: optional(options<NonNullable<Fault['delay']>>({ by: duration, percent: number })),
};

/**
 * Faults as Istio writes them.
 *
 * @throws MESH1309 for a status that is none, a percentage out of range, or nothing at all.
 */
export function renderFault(fault: Fault, where: string): istio.HTTPFaultInjection {
  const { abort, delay } = fault;
  const refuse = (message: string) => new MeshError('MESH1309', where, message);
  if (abort === undefined && delay === undefined) throw refuse('the fault is empty; state abort or delay');
  if (abort && (!Number.isInteger(abort.status) || abort.status < 200 || abort.status > 599)) {
    throw refuse(`status ${abort.status} of the fault is malformed; expected a status code from 200 to 599`);
  }
  return {
    ...(delay && {
      delay: { fixedDelay: durationText(delay.by, where, 'delay'), percentage: percentage(delay.percent, where) },
    }),
    ...(abort && { abort: { httpStatus: abort.status, percentage: percentage(abort.percent, where) } }),
  };
}

/**
 * Percent as Istio writes it.
 *
 * @throws MESH1309 when it is none: of 0, nothing would happen.
 */
export function percentage(percent: number, where: string): istio.Percent {
  if (typeof percent === 'number' && percent > 0 && percent <= 100) return { value: percent };
  throw new MeshError('MESH1309', where, `percent ${percent} is out of range; expected more than 0, at most 100`);
}
