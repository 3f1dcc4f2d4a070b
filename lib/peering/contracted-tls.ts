import type { Contract } from '../facts/contract';
import { MeshError } from '../facts/error';
import type { EndFacts, MutualEnds } from '../facts/exposure';
import type { Credential } from '../trust/credential';
import { Identity } from '../trust/identity';
import { PeerEnd } from '../trust/peer-end';
import {
  type Application,
  type ClientCertificate,
  type Mutual,
  PeeringTls,
  type Plain,
  type Simple,
} from '../trust/peering-tls';
import { TrustBundle } from '../trust/trust-bundle';
import type { ContractedProvider } from './contracted';
import type { HopStrategy } from './hop-peering';

/** The hop that a contract describes, with a key pair of ours at its client's end. */
export type ContractedTls<C extends Credential> = Plain | Simple | Mutual<ClientCertificate, C> | Application;

/**
 * The hop that a contract describes, as its consumer states it.
 *
 * @throws MESH1504 naming the field that does not fit the key pair.
 */
export function contractedTls<C extends Credential>(
  { contract, document }: ContractedProvider<HopStrategy>,
  client: C | undefined,
): ContractedTls<C> {
  const { tls } = document.common;
  if (tls.mode !== 'mutual' && client !== undefined) {
    throw unfit(contract, 'mode', `is '${tls.mode}', which uses no client credential; leave 'client' out`);
  }
  switch (tls.mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'application':
      return PeeringTls.application({ server: Identity.dns(tls.serverName) });
    case 'simple':
      return PeeringTls.simple({ server: peerEnd(tls.server) });
    case 'mutual': {
      if (client === undefined) throw unfit(contract, 'mode', "is 'mutual', which needs our key pair; state 'client'");
      const { clientCertificate = 'required' } = tls;
      return PeeringTls.mutual({ client, server: serverOf(contract, tls, client), clientCertificate });
    }
  }
}

/**
 * The hop of a contract whose strategy knows no other protection than mutual TLS.
 *
 * @throws MESH1504 naming the field that does not fit the key pair.
 */
export function contractedMutualTls<C extends Credential>(
  { contract, document }: ContractedProvider<HopStrategy & { readonly common: { readonly tls: MutualEnds } }>,
  client: C,
): Mutual<'required', C> {
  return PeeringTls.mutual({ client, server: serverOf(contract, document.common.tls, client) });
}

/** The server of a mutual hop, once its provider would accept the key pair that is ours. */
function serverOf(contract: Contract, { client: { subjectAltName, signer }, server }: MutualEnds, client: Credential) {
  const own = client.facts();
  if (own.subjectAltName !== subjectAltName) {
    throw unfit(
      contract,
      'client.subjectAltName',
      `is '${subjectAltName}', our credential '${client.name}' says '${own.subjectAltName}'; one of the two is wrong`,
    );
  }
  // without fingerprints nobody can compare
  const isComparable = own.signer.sha256.length > 0 && signer.sha256.length > 0;
  if (isComparable && !own.signer.sha256.some((root) => signer.sha256.includes(root))) {
    throw unfit(
      contract,
      'client.signer.sha256',
      `is ${signer.sha256.join(', ')}, the signer of our credential '${client.name}' has ${own.signer.sha256.join(', ')}; the provider would refuse the certificate`,
    );
  }
  return peerEnd(server);
}

function unfit(contract: Contract, field: string, message: string): MeshError {
  return new MeshError('MESH1504', contract.where, `field 'common.tls.${field}' ${message}`);
}

/** The end of a hop that somebody else operates, from facts. */
function peerEnd({ subjectAltName, signer }: EndFacts): PeerEnd {
  return new PeerEnd(
    Identity.ofSubjectAltName(subjectAltName),
    signer.name === 'system' ? TrustBundle.system() : TrustBundle.declared(signer.name, { rootSha256: signer.sha256 }),
  );
}
