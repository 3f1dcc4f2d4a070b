import { X509Certificate } from 'node:crypto';
import { OtherRoots, TrustBundle } from '../../lib';
import { messageOf } from '../support/model';
import { selfSigned } from './self-signed';

const root = TrustBundle.declared('peer-root');
let certificates: string;
let another: string;
const sha256 = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

beforeAll(async () => {
  [certificates, another] = await Promise.all([selfSigned('peer'), selfSigned('another')]);
});

test('MeshConfig holds certificates and trust domains, sorted by name of the root', () => {
  const roots = OtherRoots.byEveryProxy(
    { root, certificates, trustDomains: ['b.example', 'a.example', 'b.example'] },
    { root: TrustBundle.declared('another-root'), certificates: another },
  );
  expect(roots.caCertificates).toEqual([
    { pem: another },
    { pem: certificates, trustDomains: ['a.example', 'b.example'] },
  ]);
  expect(roots.facts()).toEqual({
    believedBy: 'everyProxy',
    roots: [
      { name: 'another-root', sha256: [sha256(another)], trustDomains: [] },
      { name: 'peer-root', sha256: [sha256(certificates)], trustDomains: ['a.example', 'b.example'] },
    ],
  });
});

test('identities of a trust domain are accepted by workloads only where every proxy believes the root', () => {
  const stated = { root, certificates, trustDomains: ['a.example'] };
  expect(OtherRoots.byEveryProxy(stated).accepts('a.example')).toBe(true);
  expect(OtherRoots.byEveryProxy(stated).accepts('b.example')).toBe(false);
  expect(OtherRoots.byGateways(stated).accepts('a.example')).toBe(false);
});

test('a root may be several certificates while it is rotated; fingerprints that are stated are compared', () => {
  const both = certificates + another;
  const rotated = TrustBundle.declared('peer-root', { rootSha256: [sha256(another), sha256(certificates)] });
  expect(OtherRoots.byGateways({ root: rotated, certificates: both }).caCertificates).toEqual([{ pem: both }]);
  expect(messageOf(() => OtherRoots.byGateways({ root: rotated, certificates }))).toBe(
    `MESH1117 OtherRoots peer-root: the certificates have the SHA-256 fingerprints ${sha256(certificates)}, the root is stated with ${rotated.rootSha256.join(', ')}; one of the two is wrong`,
  );
});

test('what is no list of roots is refused', () => {
  expect(messageOf(() => OtherRoots.byGateways())).toBe(
    'MESH1117 OtherRoots: the list of roots is empty; state at least one, or leave otherRoots out',
  );
  const twice = { root, certificates };
  expect(messageOf(() => OtherRoots.byEveryProxy(twice, twice))).toBe(
    "MESH1117 OtherRoots: root 'peer-root' is stated twice; state it once, with all its certificates and trust domains",
  );
  expect(messageOf(() => OtherRoots.byGateways({ root, certificates: 'shared-root.pem' }))).toContain('MESH1405');
  expect(messageOf(() => OtherRoots.byGateways({ root, certificates, trustDomains: ['A'] }))).toContain('MESH1401');
});
