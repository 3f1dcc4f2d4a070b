import type * as istio from '../../imports/istio';
import { CIPHER_SUITES } from '../facts/cipher-suites';
import { MeshError } from '../facts/error';
import { type Guards, listOf, oneOf, optional, text } from '../facts/guard';

/** What TLS a gateway's server speaks (Istio's `ServerTLSSettings`). */
export interface ServerTls {
  /**
   * Oldest version. Below `TLSV1_2` is the weaker choice, which MESH3112 reports, and needs `cipherSuites`.
   * @default - Istio's own: TLSV1_2
   */
  readonly minProtocolVersion?: 'TLSV1_0' | 'TLSV1_1' | 'TLSV1_2' | 'TLSV1_3';
  /**
   * Newest version; proxies of meshes speak none older than `TLSV1_2`.
   * @default - Istio's own: TLSV1_3
   */
  readonly maxProtocolVersion?: 'TLSV1_2' | 'TLSV1_3';
  /**
   * Cipher suites in the order of preference, by OpenSSL's names; those of TLS 1.3 cannot be chosen.
   * @default - Envoy's own
   */
  readonly cipherSuites?: readonly (typeof CIPHER_SUITES)[number][];
}

/** What these options may be. */
export const SERVER_TLS: Guards<ServerTls> = {
  minProtocolVersion: optional(oneOf('TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3')),
  maxProtocolVersion: optional(oneOf('TLSV1_2', 'TLSV1_3')),
  cipherSuites: optional(listOf(text)),
};

/** As a server of a Gateway states it. */
export type ServerTlsSettings = Pick<
  istio.ServerTLSSettings,
  'minProtocolVersion' | 'maxProtocolVersion' | 'cipherSuites'
>;

/**
 * Versions and ciphers that fit together.
 *
 * @throws MESH1159 for those that do not.
 */
export function serverTlsSettings(stated: ServerTls, where: string): ServerTlsSettings {
  const refuse = (message: string) => new MeshError('MESH1159', where, `serverTls ${message}`);
  const { minProtocolVersion: min, maxProtocolVersion: max, cipherSuites } = stated;
  if (min === undefined && max === undefined && cipherSuites === undefined) {
    throw refuse('says nothing; state minProtocolVersion, maxProtocolVersion or cipherSuites, or leave it out');
  }
  if (min === 'TLSV1_3' && max === 'TLSV1_2') {
    throw refuse('has minProtocolVersion TLSV1_3 above maxProtocolVersion TLSV1_2; no client could connect');
  }
  if ((min === 'TLSV1_0' || min === 'TLSV1_1') && cipherSuites === undefined) {
    throw refuse(`has minProtocolVersion ${min}, for which Envoy has no cipher by default; state cipherSuites, too`);
  }
  if (cipherSuites !== undefined) checkCiphers(cipherSuites, min, refuse);
  return {
    ...(min && { minProtocolVersion: min }),
    ...(max && { maxProtocolVersion: max }),
    ...(cipherSuites && { cipherSuites }),
  };
}

/** As messages say it. */
export const describeServerTls = (settings: ServerTlsSettings | undefined): string =>
  settings === undefined ? 'nothing' : JSON.stringify(settings);

function checkCiphers(suites: readonly string[], min: ServerTls['minProtocolVersion'], refuse: (m: string) => Error) {
  if (suites.length === 0) throw refuse('has no cipherSuites, so no client could connect; leave them out for all');
  if (min === 'TLSV1_3') {
    throw refuse(
      'chooses cipherSuites, but those of TLS 1.3 alone (minProtocolVersion TLSV1_3) cannot be chosen; leave them out',
    );
  }
  const known: readonly string[] = CIPHER_SUITES;
  const unknown = suites.find((suite) => !known.includes(suite));
  if (unknown !== undefined) {
    throw refuse(
      `has cipher suite '${unknown}', which istiod would leave out silently; expected some of ${known.join(', ')}`,
    );
  }
  const twice = suites.find((suite, index) => suites.indexOf(suite) !== index);
  if (twice !== undefined) throw refuse(`has cipher suite '${twice}' twice; state it once`);
}
