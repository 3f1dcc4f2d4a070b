import { Credential, Identity, PeerEnd, TrustBundle } from '../../lib';
import { messageOf } from '../support/model';

const signer = TrustBundle.declared('ca');
const options = { identity: Identity.dns('a.example'), signer };

describe('Credential', () => {
  test('a Secret by name', () => {
    expect(Credential.secret('server', options)).toMatchObject({ source: 'sds', name: 'server', ...options });
  });

  test('a Secret that cert-manager writes', () => {
    const made = Credential.certManager('server', { ...options, issuer: { name: 'issuer' }, dnsNames: ['b.example'] });
    expect(made).toMatchObject({ source: 'sds', name: 'server', certManager: { issuer: { name: 'issuer' } } });
  });

  test('mounted files, under the names that Secrets of type kubernetes.io/tls have', () => {
    expect(Credential.files('client', { ...options, directory: '/etc/partner-certs' })).toMatchObject({
      source: 'file',
      name: 'client',
      files: {
        certificateChain: '/etc/partner-certs/tls.crt',
        privateKey: '/etc/partner-certs/tls.key',
        caCertificates: '/etc/partner-certs/ca.crt',
      },
    });
  });

  test.each(['etc/certs', '', '/', '/etc/certs/', './certs', '/etc/my certs'])('%j is no directory', (directory) => {
    expect(messageOf(() => Credential.files('client', { ...options, directory }))).toBe(
      `MESH1403 Credential.files: directory '${directory}' is not absolute; expected the mount path in the proxy such as '/etc/partner-certs'`,
    );
  });

  test('malformed names are refused', () => {
    expect(messageOf(() => Credential.secret('a/b', options))).toContain(
      "MESH1001 Credential.secret: name 'a/b' is no",
    );
    expect(messageOf(() => Credential.files('A', { ...options, directory: '/a' }))).toContain(
      "MESH1001 Credential.files: name 'A' is no",
    );
    expect(messageOf(() => Credential.certManager('A', { ...options, issuer: { name: 'i' } }))).toContain(
      "MESH1001 Credential.certManager: name 'A' is no",
    );
    expect(messageOf(() => Credential.certManager('a', { ...options, issuer: { name: 'I' } }))).toContain(
      "MESH1001 Credential.certManager: issuer 'I' is no",
    );
  });
});

test('PeerEnd: who it is and who signed it, nothing else', () => {
  const end = new PeerEnd(Identity.dns('api.bank.example'), TrustBundle.system());
  expect(Object.keys(end).sort()).toEqual(['identity', 'kind', 'signer']);
});
