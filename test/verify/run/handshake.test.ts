import type { TlsBytes, TlsClient } from '../../../lib/verify/run/bytes';
import { handshake } from '../../../lib/verify/run/handshake';

const server = { name: 'server', ca: 'A', san: ['DNS:x.example', 'DNS:*.w.example', 'URI:spiffe://td/ns/a/sa/b'] };
const client = { name: 'client', ca: 'B', san: ['URI:spiffe://td/ns/c/sa/d'] };
const bytes = (of: TlsClient): TlsBytes => ({
  kind: 'tls',
  layer: 'tls 1',
  alpn: [],
  client: of,
  inner: { kind: 'tcp' },
});
const why = (of: TlsClient, check?: Parameters<typeof handshake>[2], certificate = server) => {
  const reply = handshake(bytes(of), certificate, check);
  return reply?.kind === 'tls-failure' ? `${reply.by} ${reply.phase}: ${reply.why}` : reply;
};

test('a client that checks nothing takes any certificate', () => {
  expect(why({})).toBeUndefined();
});

test('a client rejects a certificate of another authority, for another host, without an expected name, not for servers', () => {
  expect(why({ roots: ['C'] })).toBe(
    'client handshake: certificate verify failed: server is signed by A, trusted is C',
  );
  expect(why({ roots: ['A'], hostname: 'y.example' })).toMatch(
    /^client handshake: server has .*, expected y\.example$/,
  );
  expect(why({ roots: ['A'], names: ['spiffe://td/ns/a/sa/x'] })).toMatch(/^client handshake: verify SAN list: /);
  expect(why({ roots: ['A'] }, undefined, { ...server, eku: ['clientAuth'] } as typeof server)).toMatch(
    /not for servers/,
  );
});

test('an expired certificate is good for nobody who looks', () => {
  const expired = { ...server, expired: true };
  expect(why({ roots: ['A'] }, undefined, expired)).toBe('client handshake: server has expired');
  expect(why({}, undefined, expired)).toBeUndefined();
  const check = { roots: ['B'], isRequired: true };
  expect(why({ certificate: { ...client, expired: true } }, check)).toBe(
    'server after: client certificate client has expired',
  );
});

test('a wildcard in a certificate stands for one label', () => {
  expect(why({ roots: ['A'], hostname: 'a.w.example' })).toBeUndefined();
  expect(why({ roots: ['A'], hostname: 'a.b.w.example' })).toBeDefined();
});

test('a server rejects after the handshake: that is when TLS 1.3 tells', () => {
  const check = { roots: ['B'], isRequired: true };
  expect(why({}, check)).toBe('server after: the client presents no certificate');
  expect(why({ certificate: client }, check)).toBeUndefined();
  expect(why({ certificate: { ...client, ca: 'C' } }, check)).toMatch(
    /^server after: client certificate client is signed by C/,
  );
  expect(why({ certificate: client }, { ...check, trustDomains: ['other'] })).toMatch(/trusted are the domains other$/);
  expect(why({ certificate: client }, { ...check, names: ['x'] })).toMatch(/expected x$/);
  expect(why({ certificate: { ...client, eku: ['serverAuth'] } }, check)).toMatch(/not for clients/);
});

test('a certificate that is not required may be missing, not wrong', () => {
  const check = { roots: ['B'], isRequired: false };
  expect(why({}, check)).toBeUndefined();
  expect(why({ certificate: { ...client, ca: 'C' } }, check)).toBeDefined();
});
