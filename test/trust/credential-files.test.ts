import { Credential, Identity, TrustBundle } from '../../lib';

const options = { identity: Identity.dns('a.example.com'), signer: TrustBundle.declared('ca') };
const files = (name: string, directory: string) => Credential.files(name, { ...options, directory });

test('the annotations mount what the paths of the credential name', () => {
  const credential = files('partner-client', '/etc/partner-certs');
  expect(credential.files).toEqual({
    certificateChain: '/etc/partner-certs/tls.crt',
    privateKey: '/etc/partner-certs/tls.key',
    caCertificates: '/etc/partner-certs/ca.crt',
  });
  const annotations = Credential.podAnnotations(credential);
  expect(JSON.parse(annotations['sidecar.istio.io/userVolume'])).toEqual({
    'partner-client': { secret: { secretName: 'partner-client' } },
  });
  // `readOnly`: Kubernetes ignores a key that it does not know
  expect(JSON.parse(annotations['sidecar.istio.io/userVolumeMount'])).toEqual({
    'partner-client': { mountPath: '/etc/partner-certs', readOnly: true },
  });
});

test('several credentials, in any order', () => {
  const [a, b] = [files('a', '/etc/a'), files('b', '/etc/b')];
  expect(Credential.podAnnotations(b, a)).toEqual(Credential.podAnnotations(a, b));
  expect(Object.keys(JSON.parse(Credential.podAnnotations(b, a)['sidecar.istio.io/userVolume']))).toEqual(['a', 'b']);
});

test('none', () => {
  expect(Credential.podAnnotations()).toEqual({});
});

test.each([
  [files('a', '/etc/a'), files('a', '/etc/b'), "Secret 'a' or directory '/etc/b'"],
  [files('a', '/etc/a'), files('b', '/etc/a'), "Secret 'b' or directory '/etc/a'"],
])('two mounts in one place are refused', (first, second, what) => {
  expect(() => Credential.podAnnotations(first, second)).toThrow(
    `MESH1403 Credential.podAnnotations: ${what} is mounted twice; mount each Secret once, to a directory of its own`,
  );
});
