import type * as kubernetes from '../../imports/kubernetes';
import { MeshError } from '../facts/error';
import { type Guard, optional, options, text } from '../facts/guard';
import { bytes, milliCpus } from '../facts/quantity';

/** Amounts of what a node has, as Kubernetes writes them. */
export interface ResourceAmounts {
  /**
   * CPUs: `250m` is a quarter of one.
   * @default - nothing stated
   */
  readonly cpu?: string;
  /**
   * Memory: `128Mi`, `1Gi`.
   * @default - nothing stated
   */
  readonly memory?: string;
  /**
   * Storage of the node, for logs and files that nobody keeps.
   * @default - nothing stated
   */
  readonly 'ephemeral-storage'?: string;
}

/** What a container asks of its node. */
export interface Resources {
  /**
   * What it is guaranteed, by which the scheduler finds a node.
   * @default - the limits, as Kubernetes has it
   */
  readonly requests?: ResourceAmounts;
  /**
   * What it gets at most: beyond it CPU is throttled, and a container with more memory is ended.
   * @default - no limits
   */
  readonly limits?: ResourceAmounts;
}

const AMOUNT = { cpu: milliCpus, memory: bytes, 'ephemeral-storage': bytes } as const;
type Kind = keyof typeof AMOUNT;
const EXAMPLE: Record<Kind, string> = { cpu: "'250m' or '1.5'", memory: "'128Mi'", 'ephemeral-storage': "'1Gi'" };

const AMOUNTS = optional(
  options<ResourceAmounts>({ cpu: optional(text), memory: optional(text), 'ephemeral-storage': optional(text) }),
);

/** What resources may be. */
export const RESOURCES: Guard = options<Resources>({ requests: AMOUNTS, limits: AMOUNTS });

/**
 * Resources as a container has them.
 *
 * @throws MESH1164 for a quantity that is malformed, a request beyond its limit, or nothing at all.
 */
export function containerResources(
  resources: Resources | undefined,
  where: string,
): kubernetes.ResourceRequirements | undefined {
  if (resources === undefined) return undefined;
  const { requests, limits } = resources;
  const stated = { ...(requests && { requests }), ...(limits && { limits }) };
  const refuse = (message: string) => new MeshError('MESH1164', where, message);
  if (Object.keys(stated).length === 0)
    throw refuse('resources states nothing; state requests or limits, or leave it out');
  for (const [list, amounts] of Object.entries(stated)) checkAmounts(`resources.${list}`, amounts, refuse);
  for (const kind of Object.keys(AMOUNT) as Kind[]) {
    const [wanted, most] = [requests?.[kind], limits?.[kind]];
    if (wanted === undefined || most === undefined) continue;
    if (Number(AMOUNT[kind](wanted)) <= Number(AMOUNT[kind](most))) continue;
    throw refuse(`resources.requests has ${kind} ${wanted}, more than its limit ${most}; expected at most that`);
  }
  return Object.fromEntries(Object.entries(stated).map(([list, amounts]) => [list, withoutGaps(amounts)]));
}

function checkAmounts(what: string, amounts: ResourceAmounts, refuse: (message: string) => MeshError): void {
  const stated = Object.entries(withoutGaps(amounts));
  if (stated.length === 0) throw refuse(`${what} states nothing; state cpu or memory, or leave it out`);
  for (const [kind, amount] of stated) {
    const value = AMOUNT[kind as Kind](amount);
    if (value === undefined || value <= 0) {
      throw refuse(
        `${what} has ${kind} '${amount}', which is no amount of it; expected one such as ${EXAMPLE[kind as Kind]}`,
      );
    }
  }
}

const withoutGaps = (amounts: ResourceAmounts): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== undefined));
