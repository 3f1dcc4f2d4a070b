import { Credential, Identity, TrustBundle } from '../../../lib';
import type { TlsFacts } from '../../../lib/facts/exposure';
import { clientTlsSettings } from '../../../lib/peering/hop/client-tls';

const end = (subjectAltName: string, name = 'ca') => ({ subjectAltName, signer: { name, sha256: [] } });
const server = end('spiffe://partner.example/ns/gateways/sa/public');
const sni = 'insurances.partner.example';
const signer = TrustBundle.declared('ca');
const identity = Identity.dns('agency.example.com');

describe('clientTlsSettings', () => {
  test('clear text and the TLS of the application are left alone', () => {
    expect(clientTlsSettings({ mode: 'plain' })).toBeUndefined();
    expect(clientTlsSettings({ mode: 'application', serverName: sni, sni })).toBeUndefined();
  });

  test('simple: SNI, verified name and roots are always stated', () => {
    expect(clientTlsSettings({ mode: 'simple', sni, server })).toEqual({
      mode: 'SIMPLE',
      credentialName: 'ca',
      sni,
      subjectAltNames: ['spiffe://partner.example/ns/gateways/sa/public'],
    });
    expect(clientTlsSettings({ mode: 'simple', sni, server: end('api.bank.example', 'system') })).toEqual({
      mode: 'SIMPLE',
      caCertificates: 'system',
      sni,
      subjectAltNames: ['api.bank.example'],
    });
  });

  test('mutual: a Secret, or files; the roots are in it', () => {
    const tls: TlsFacts = { mode: 'mutual', sni, server, client: end('agency.example.com') };
    const verified = { sni, subjectAltNames: [server.subjectAltName] };
    expect(clientTlsSettings(tls, Credential.secret('client', { identity, signer }))).toEqual({
      mode: 'MUTUAL',
      credentialName: 'client',
      ...verified,
    });
    expect(clientTlsSettings(tls, Credential.files('client', { identity, signer, directory: '/etc/certs' }))).toEqual({
      mode: 'MUTUAL',
      clientCertificate: '/etc/certs/tls.crt',
      privateKey: '/etc/certs/tls.key',
      caCertificates: '/etc/certs/ca.crt',
      ...verified,
    });
  });
});
