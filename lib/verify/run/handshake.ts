import type { TlsLimits } from '../view/tls-limits';
import { type CertificateFact, UNKNOWN_AUTHORITY } from '../world/facts';
import type { Certificate, Reply, TlsBytes } from './bytes';
import type { Failure } from './hop';
import { negotiated } from './tls-versions';

/** What a TLS server asks of its clients. */
export interface ClientCheck {
  readonly roots: readonly string[];
  readonly isRequired: boolean;
  readonly trustDomains?: readonly string[];
  readonly names?: readonly string[];
}

/** How a handshake ends that fails. */
export type TlsFailure = Extract<Reply, { kind: 'tls-failure' }>;

/**
 * Why a handshake fails; undefined when it succeeds.
 *
 * @param limits of the server
 */
export function handshake(
  bytes: TlsBytes,
  server: CertificateFact,
  check?: ClientCheck,
  limits?: TlsLimits,
): TlsFailure | undefined {
  const { layer, client } = bytes;
  const common = negotiated(client.limits, limits);
  if ('why' in common) {
    return { kind: 'tls-failure', layer, phase: 'handshake', by: 'server', isUncommon: true, why: common.why };
  }
  const byClient = clientComplaint(bytes, server);
  if (byClient) return { kind: 'tls-failure', layer, phase: 'handshake', by: 'client', why: byClient };
  const byServer = check && serverComplaint(client.certificate, check);
  // before TLS 1.3 the server answers only after it has looked at the client's certificate
  const phase = common.version === '1.3' ? 'after' : 'handshake';
  return byServer ? { kind: 'tls-failure', layer, phase, by: 'server', why: byServer } : undefined;
}

/** The same as reports say it. */
export function complaint({ by, why, isUncommon }: TlsFailure): Failure {
  if (isUncommon) return { code: 'MESH-T211', why };
  return { code: by === 'client' ? 'MESH-T206' : 'MESH-T207', why };
}

function clientComplaint({ client }: TlsBytes, server: CertificateFact): string | undefined {
  const { roots, names, hostname } = client;
  if (roots === undefined) return undefined;
  if (!believes(roots, server.ca)) {
    return `certificate verify failed: ${server.name} is signed by ${server.ca}, trusted is ${list(roots)}`;
  }
  if (server.expired) return `${server.name} has expired`;
  if (!mayBe(server, 'serverAuth')) return `${server.name} is not for servers (extended key usage)`;
  const own = namesOf(server);
  if (names?.length && !isUnnamed(server) && !names.some((name) => own.some((one) => covers(one, name)))) {
    return `verify SAN list: ${server.name} has ${list(own)}, expected ${list(names)}`;
  }
  if (hostname === undefined || isUnnamed(server)) return undefined;
  const isForHost = (server.san ?? []).some(
    (san) => (san.startsWith('DNS:') && covers(san.slice(4), hostname)) || san === `IP:${hostname}`,
  );
  return isForHost ? undefined : `${server.name} has ${list(own)}, expected ${hostname}`;
}

function serverComplaint(certificate: Certificate | undefined, check: ClientCheck): string | undefined {
  if (!certificate) return check.isRequired ? 'the client presents no certificate' : undefined;
  const { name, ca, origin } = certificate;
  const isTrusted = believes(check.roots, ca);
  if (!check.roots.includes(UNKNOWN_AUTHORITY)) origin?.signedBy(check.roots, isTrusted);
  if (!isTrusted) return `client certificate ${name} is signed by ${ca}, trusted is ${list(check.roots)}`;
  if (certificate.expired) return `client certificate ${name} has expired`;
  if (!mayBe(certificate, 'clientAuth')) return `${name} is not for clients (extended key usage)`;
  if (isUnnamed(certificate)) return undefined;
  const uris = urisOf(certificate);
  const { trustDomains, names } = check;
  const isOfDomain = (domain: string): boolean => {
    const value = `spiffe://${domain}/`;
    const answer = uris.some((uri) => uri.startsWith(value));
    origin?.named({ kind: 'prefix', value }, answer);
    return answer;
  };
  if (trustDomains?.length && !trustDomains.some(isOfDomain)) {
    return `client certificate ${name} has ${list(uris)}, trusted are the domains ${list(trustDomains)}`;
  }
  const own = namesOf(certificate);
  const isNamed = (value: string): boolean => {
    origin?.named({ kind: 'exact', value }, own.includes(value));
    return own.includes(value);
  };
  if (names?.length && !names.some(isNamed)) {
    return `client certificate ${name} has ${list(own)}, expected ${list(names)}`;
  }
  return undefined;
}

/** Names of a certificate without their kind. */
export const namesOf = ({ san = [] }: CertificateFact): string[] => san.map((one) => one.replace(/^(URI|DNS|IP):/, ''));

export const urisOf = ({ san = [] }: CertificateFact): string[] =>
  san.filter((one) => one.startsWith('URI:')).map((one) => one.slice(4));

export const dnsNamesOf = ({ san = [] }: CertificateFact): string[] =>
  san.filter((one) => one.startsWith('DNS:')).map((one) => one.slice(4));

const mayBe = ({ eku }: CertificateFact, usage: 'serverAuth' | 'clientAuth'): boolean => !eku || eku.includes(usage);

const believes = (roots: readonly string[], ca: string): boolean =>
  ca === UNKNOWN_AUTHORITY || roots.includes(ca) || roots.includes(UNKNOWN_AUTHORITY);

/** A certificate of which nobody says anything is believed to be right. */
const isUnnamed = ({ ca, san }: CertificateFact): boolean => ca === UNKNOWN_AUTHORITY && san === undefined;

/** A wildcard covers one label. */
const covers = (pattern: string, host: string): boolean =>
  pattern === host || (pattern.startsWith('*.') && host.split('.').slice(1).join('.') === pattern.slice(2));

const list = (names: readonly string[]): string => names.join(', ') || 'nothing';
