import { type Guard, type Guards, listOf, made, only, optional, refused, text } from '../facts/guard';
import type { CallersKind } from './callers';
import type { ContractConsumer } from './contracted';
import { AT_GATEWAY } from './ingress/at-gateway';
import { ONWARD } from './ingress/onward';

/** A gateway of ours. */
export const GATEWAY = made('a Gateway', 'Gateway');

/** Workloads of the consumer, of the kinds that a strategy can tell apart. */
export function callersOf(...kinds: CallersKind[]): Guard {
  return optional(only('Callers', 'kind', kinds, kinds.map((kind) => `Callers.${kind}(…)`).join(' or ')));
}

/** What the consumer of a contract states whatever the strategy. */
export const CONTRACT_CONSUMER: Guards<ContractConsumer> = {
  consumer: made('a Mesh of ours', 'Mesh'),
  contract: made("the contract of the peering: Contract.file('…'), not that of a mesh", 'Contract'),
};

/** A key pair of ours. */
export const KEY_PAIR = made('a Credential', 'Credential');

/** A key pair of ours that a gateway can read. */
export const GATEWAY_KEY_PAIR = only(
  'Credential',
  'source',
  ['sds'],
  'Credential.secret(…) or Credential.certManager(…)',
);

/** Options of an egress gateway. */
export const EGRESS = {
  egress: optional(GATEWAY),
  callers: callersOf('namespaces', 'serviceAccounts'),
  onlyWayOut: optional(listOf(text)),
};

/** What is asked of, or said about, an exposure at a host of its own: only strategies that have one take it. */
export const OF_A_HOST = {
  credential: optional(made('a Credential or PeerEnd', 'Credential', 'PeerEnd')),
  mirrorOf: optional(listOf(text)),
  onward: ONWARD,
  paths: optional(listOf(text)),
  ...AT_GATEWAY,
};

/**
 * Such options, where the strategy has no hosts: they would limit nothing.
 *
 * @param taken options of which the strategy makes something.
 */
export function noOptionsOfHosts(strategy: string, taken: object = {}): Record<string, Guard> {
  const guard = refused(
    `no option of an exposure of ${strategy}, which would do nothing with it; leave it out, or use DirectPeering or EgressGatewayPeering`,
  );
  const names = Object.keys(OF_A_HOST).filter((name) => !(name in taken));
  return Object.fromEntries(names.map((name) => [name, guard]));
}
