import type { Contract } from '../facts/contract';
import { MeshError } from '../facts/error';
import type { EndFacts } from '../facts/exposure';
import type { Mesh } from '../fleet/mesh';
import { type Credential, PeerEnd } from '../trust/credential';
import { Identity } from '../trust/identity';
import {
  type Application,
  type ClientCertificate,
  type Mutual,
  PeeringTls,
  type Plain,
  type Simple,
} from '../trust/peering-tls';
import { TrustBundle } from '../trust/trust-bundle';

declare const brand: unique symbol;

/** A provider that is known by its contract alone. A value. */
export class ContractedProvider {
  declare protected readonly [brand]: 'ContractedProvider';

  constructor(public readonly name: string) {}
}

/** What the consumer's side of a contract adds to it. */
export interface ContractConsumer<C extends Credential = Credential> {
  readonly consumer: Mesh;
  readonly contract: Contract;
  /** Our key pair, where the hop is mutual. */
  readonly client?: C;
}

/**
 * The peering that a contract describes, as seen by its consumer.
 *
 * @throws MESH1504 naming the field that does not fit the consumer.
 */
export function fromContract<C extends Credential>(
  strategy: string,
  { consumer, contract, client }: ContractConsumer<C>,
) {
  const { provider, exposures } = contract.document;
  contract.require('strategy', strategy);
  contract.require('consumer.name', consumer.name);
  if (contract.document.consumer.trustDomain !== undefined) {
    contract.require('consumer.trustDomain', consumer.trustDomain);
  }
  if (exposures.length === 0) {
    throw new MeshError(
      'MESH1504',
      contract.where,
      "field 'exposures' is empty; the provider exposes nothing to this mesh",
    );
  }
  return {
    consumer,
    contract,
    provider: new ContractedProvider(provider.name),
    tls: peeringTls(contract, client),
  };
}

function peeringTls<C extends Credential>(
  contract: Contract,
  client: C | undefined,
): Plain | Simple | Mutual<ClientCertificate, C> | Application {
  const { tls, host } = contract.document.exposures[0];
  if (tls.mode !== 'mutual' && client !== undefined) {
    throw new MeshError(
      'MESH1504',
      contract.where,
      `field 'tls.mode' is '${tls.mode}', which uses no client credential; leave 'client' out`,
    );
  }
  switch (tls.mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'application':
      return PeeringTls.application({ server: Identity.dns(host) });
    case 'simple':
      return PeeringTls.simple({ server: peerEnd(tls.server) });
    case 'mutual':
      if (client === undefined) {
        throw new MeshError(
          'MESH1504',
          contract.where,
          "field 'tls.mode' is 'mutual', which needs our key pair; state 'client'",
        );
      }
      if (client.identity.subjectAltName !== tls.client.subjectAltName) {
        throw new MeshError(
          'MESH1504',
          contract.where,
          `field 'tls.client.subjectAltName' is '${tls.client.subjectAltName}', our credential '${client.name}' says '${client.identity.subjectAltName}'; one of the two is wrong`,
        );
      }
      checkSigner(contract, client, tls.client.signer.sha256);
      return PeeringTls.mutual({
        client,
        server: peerEnd(tls.server),
        clientCertificate: tls.clientCertificate ?? 'required',
      });
  }
}

/** The provider verifies our certificate with the roots it knows us by; without fingerprints nobody can compare. */
function checkSigner({ where }: Contract, { name, signer }: Credential, trusted: string[]): void {
  const own = signer.rootSha256;
  if (own.length === 0 || trusted.length === 0 || own.some((root) => trusted.includes(root))) return;
  throw new MeshError(
    'MESH1504',
    where,
    `field 'tls.client.signer.sha256' is ${trusted.join(', ')}, the signer of our credential '${name}' has ${own.join(', ')}; the provider would refuse the certificate`,
  );
}

function peerEnd({ subjectAltName, signer }: EndFacts): PeerEnd {
  const spiffe = 'spiffe://';
  const identity = subjectAltName.startsWith(spiffe)
    ? Identity.spiffe(subjectAltName.slice(spiffe.length))
    : Identity.dns(subjectAltName);
  return new PeerEnd(
    identity,
    signer.name === 'system' ? TrustBundle.system() : TrustBundle.declared(signer.name, { rootSha256: signer.sha256 }),
  );
}
