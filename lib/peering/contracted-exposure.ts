import { MeshError } from '../facts/error';
import { type ExposureFacts, exposureKey } from '../facts/exposure';
import { isHttp, type Protocol } from '../facts/port';
import type { Consumer, Provider } from './parties';
import type { Strategy } from './strategy';

/** Which exposure of a contract is meant, and by which method. */
interface Asked {
  /** `<namespace>/<service>:<port>[/<subset>]` */
  readonly key: string;
  /** What the method is for. */
  readonly fits: (protocol: Protocol) => boolean;
  /** Construct path of the peering. */
  readonly where: string;
}

/**
 * What the provider's contract says of an exposure.
 *
 * @throws MESH1504 when it has none of that name; MESH1505 without a contract; MESH1506 when another method is for what
 * flows.
 */
export function contractedFacts<S extends Strategy>(provider: Provider<S>, { key, fits, where }: Asked): S['facts'] {
  if (provider.kind !== 'contracted') {
    throw new MeshError(
      'MESH1505',
      where,
      'the peering was not made from a contract; expose the service with expose()',
    );
  }
  // of this strategy: ContractedProvider.of() insists on it
  const facts = provider.contract.exposure(key) as S['facts'];
  const { protocol } = facts.service;
  if (fits(protocol)) return facts;
  const use = isHttp(protocol) ? 'exposure' : `${protocol}Exposure`;
  throw new MeshError('MESH1506', where, `'${key}' carries ${protocol}; use ${use}()`);
}

/** @throws MESH1505 for a provider whose contract says all that is exposed. */
export function refuseExposingMore({ kind }: Provider, where: string): void {
  if (kind !== 'contracted') return;
  throw new MeshError(
    'MESH1505',
    where,
    "the peering was made from a contract, which says all that is exposed; use exposure('<namespace>/<service>:<port>')",
  );
}

/**
 * What a schema cannot say of an exposure that somebody else's contract states.
 *
 * @throws MESH1504 naming the field that does not fit.
 */
export function checkContractedFacts(facts: ExposureFacts, consumer: Consumer, provider: Provider): void {
  if (provider.kind !== 'contracted' || consumer.kind !== 'mesh') return;
  const unfit = (field: string, message: string) =>
    new MeshError('MESH1504', provider.contract.where, `field '${field}' of exposure '${facts.key}' ${message}`);
  const key = exposureKey(facts.service);
  if (key !== facts.key) throw unfit('service', `is that of '${key}'; the contract contradicts itself`);
  const { domain } = consumer.cluster;
  if (facts.host?.endsWith(`.svc.${domain}`)) {
    throw unfit(
      'host',
      `is '${facts.host}', a name of our own cluster (${domain}), whose calls would go to the provider; ask for another host`,
    );
  }
}
