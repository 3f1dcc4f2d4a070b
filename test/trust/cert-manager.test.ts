import { type CertManagerOptions, Credential, Identity, TrustBundle } from '../../lib';

const certificate = (options: Partial<CertManagerOptions>) =>
  Credential.certManager('client', {
    identity: Identity.spiffe('a/b'),
    signer: TrustBundle.declared('ca'),
    issuer: { name: 'ca' },
    ...options,
  });

test.each<Partial<CertManagerOptions>>([
  {},
  { duration: '1h' },
  { duration: '2160h', renewBefore: '720h' },
  { duration: '1h30m', renewBefore: '300s' },
  { privateKey: { algorithm: 'RSA', size: 4096 } },
  { privateKey: { algorithm: 'ECDSA', size: 521 } },
])('%j is accepted', (options) => {
  expect(certificate(options).certManager).toMatchObject(options);
});

test.each<[Partial<CertManagerOptions>, string]>([
  [{ duration: '90d' }, "duration '90d' is malformed; expected a Go duration such as '2160h'"],
  [{ duration: '' }, "duration '' is malformed; expected a Go duration such as '2160h'"],
  [{ renewBefore: 'soon' }, "renewBefore 'soon' is malformed; expected a Go duration such as '2160h'"],
  [
    { duration: '59m' },
    'duration 59m and renewBefore by default do not fit; expected a duration of at least 1h, renewed at least 5m before its end and after its beginning',
  ],
  [
    { duration: '24h', renewBefore: '24h' },
    'duration 24h and renewBefore 24h do not fit; expected a duration of at least 1h, renewed at least 5m before its end and after its beginning',
  ],
  [
    { renewBefore: '4m' },
    'duration 2160h and renewBefore 4m do not fit; expected a duration of at least 1h, renewed at least 5m before its end and after its beginning',
  ],
  [
    { privateKey: { algorithm: 'ECDSA', size: 2048 } },
    'private key ECDSA 2048 is unknown; expected ECDSA with 256, 384, 521',
  ],
  [
    { privateKey: { algorithm: 'RSA', size: 1024 } },
    'private key RSA 1024 is unknown; expected RSA with 2048, 3072, 4096, 8192',
  ],
])('%j is refused, as cert-manager would', (options, message) => {
  expect(() => certificate(options)).toThrow(`MESH1406 Credential.certManager: ${message}`);
});

test('a DNS name that is none is refused', () => {
  expect(() => certificate({ dnsNames: ['*.example.com'] })).toThrow('MESH1002 Credential.certManager');
});
