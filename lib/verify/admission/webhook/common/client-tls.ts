import type { ClientTLSSettings } from '../../../../../imports/istio/networking';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';

const CONFIG_MAP = 'configmap://';
/** Files, which a credential replaces. */
const FILES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const;

/** `agent.ValidateTLS`: TLS of a client, in a DestinationRule. */
export function clientTlsRules(tls: ClientTLSSettings | undefined, namespace: string, at: Path, report: Report): void {
  if (tls === undefined) return;
  const { mode = 'DISABLE', credentialName = '' } = tls;
  if (credentialName.startsWith(CONFIG_MAP)) configMapRules(credentialName, namespace, at, report);
  if (tls.insecureSkipVerify) uncheckedRules(tls, at, report);
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName !== '') {
    for (const field of FILES.filter((name) => tls[name])) {
      report.error(at.at(field), `is set beside credentialName ${show(credentialName)}, expected one of them`);
    }
    return;
  }
  if (mode !== 'MUTUAL') return;
  for (const field of ['clientCertificate', 'privateKey'] as const) {
    if (!tls[field]) report.error(at.at(field), 'is missing: mode MUTUAL without a credentialName needs it');
  }
}

/** What is not looked at cannot be expected. */
function uncheckedRules(tls: ClientTLSSettings, at: Path, report: Report): void {
  const { mode = 'DISABLE', caCertificates, credentialName, subjectAltNames = [] } = tls;
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
  const useless = [
    ...(caCertificates ? ['caCertificates'] : []),
    ...(mode === 'SIMPLE' && credentialName ? ['credentialName'] : []),
    ...(subjectAltNames.length > 0 ? ['subjectAltNames'] : []),
  ];
  if (useless.length > 0) {
    report.error(
      at.at(useless[0] as string),
      'is set, but insecureSkipVerify accepts every server; remove one of the two',
    );
  }
}

/** `credentials.ParseResourceName`: `configmap://namespace/name` of the own namespace. */
function configMapRules(credential: string, namespace: string, at: Path, report: Report): void {
  const [owner = '', name = ''] = credential.slice(CONFIG_MAP.length).split('/');
  if (owner === '' || name === '' || owner !== namespace) {
    report.error(at.at('credentialName'), `is ${show(credential)}, expected ${CONFIG_MAP}${namespace}/<name>`);
  }
}
