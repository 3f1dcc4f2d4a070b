import type { ServerTLSSettings } from '../../../../../imports/istio/networking';
import { CIPHER_SUITES } from '../../../../facts/cipher-suites';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';

/** What a server may be given to prove who it is. */
const SOURCES = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'credentialName',
  'credentialNames',
];

/** `security.ValidCipherSuites`: those that BoringSSL knows by name. */
const CIPHERS: ReadonlySet<string> = new Set(CIPHER_SUITES);

/** `validation.validateTLSOptions`: TLS of a Gateway's server, or of a Sidecar's ingress listener. */
export function serverTlsRules(tls: ServerTLSSettings | undefined, at: Path, report: Report): void {
  if (tls === undefined) return;
  const mode = tls.mode ?? 'PASSTHROUGH';
  versionRules(tls, at, report);
  cipherRules(tls.cipherSuites ?? [], at.at('cipherSuites'), report);
  if (mode === 'ISTIO_MUTUAL') {
    for (const field of SOURCES.filter((name) => isSet(tls, name))) {
      report.error(at.at(field), 'is set, but with mode ISTIO_MUTUAL the proxy has its certificate from istiod');
    }
    return;
  }
  if (
    (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') &&
    [...SOURCES, 'caCrl'].some((name) => isSet(tls, name))
  ) {
    report.warning(at, `sets certificates, which mode ${mode} does not use`);
  }
  const ways = [
    isSet(tls, 'serverCertificate') && isSet(tls, 'privateKey'),
    ...['credentialName', 'credentialNames', 'tlsCertificates'].map((name) => isSet(tls, name)),
  ];
  if (ways.filter(Boolean).length > 1) {
    report.error(
      at,
      'names two sources of certificates, expected one of credentialName, credentialNames, tlsCertificates, or serverCertificate with privateKey',
    );
  }
  const terminates = mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  if (terminates && (isSet(tls, 'credentialName') || isSet(tls, 'credentialNames'))) return;
  if (terminates) fileRules(tls, mode, at, report);
  if (isSet(tls, 'caCrl') && isSet(tls, 'credentialName')) {
    report.error(at.at('caCrl'), 'is set beside credentialName, expected the list in that credential');
  }
  if (isSet(tls, 'caCrl') && mode === 'SIMPLE') {
    report.error(at.at('caCrl'), 'is set, but mode SIMPLE asks clients for no certificate');
  }
}

/** Certificates that the proxy reads from files. */
function fileRules(tls: ServerTLSSettings, mode: string, at: Path, report: Report): void {
  if (mode !== 'SIMPLE' && !isSet(tls, 'caCertificates')) {
    report.error(at.at('caCertificates'), `is missing: mode ${mode} without a credentialName needs the clients' CA`);
  }
  const several = tls.tlsCertificates ?? [];
  if (several.length > 2) report.warning(at.at('tlsCertificates'), 'has more than two certificates');
  const certificates = several.length > 0 ? several : [tls];
  certificates.forEach((certificate, i) => {
    const place = several.length > 0 ? at.at('tlsCertificates').at(i) : at;
    for (const field of ['serverCertificate', 'privateKey'] as const) {
      if (!isSet(certificate, field))
        report.error(place.at(field), `is missing: mode ${mode} without a credentialName needs it`);
    }
  });
}

function versionRules(tls: ServerTLSSettings, at: Path, report: Report): void {
  const { minProtocolVersion: version, cipherSuites = [] } = tls;
  if ((version === 'TLSV1_0' || version === 'TLSV1_1') && cipherSuites.length === 0) {
    report.warning(
      at.at('minProtocolVersion'),
      `is ${version}, for which the default ciphers have none; set cipherSuites`,
    );
  }
}

function cipherRules(suites: readonly string[], at: Path, report: Report): void {
  const known = suites.filter(isCipher);
  const unknown = suites.filter((suite) => !isCipher(suite));
  const twice = known.filter((suite, i) => known.indexOf(suite) !== i);
  if (unknown.length > 0)
    report.warning(at, `has ${unknown.map(show).join(', ')}, which Envoy does not know and ignores`);
  if (twice.length > 0) report.warning(at, `has ${twice.map(show).join(', ')} twice`);
}

/** `security.IsValidCipherSuite`: operators such as `-` and `+` in front are let through. */
function isCipher(suite: string): boolean {
  return suite === '' || suite === 'ALL' || !/^[\p{L}\p{N}]/u.test(suite) || CIPHERS.has(suite);
}

function isSet(settings: object, field: string): boolean {
  const value = (settings as Record<string, unknown>)[field];
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}
