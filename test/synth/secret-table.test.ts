import type { SecretFacts } from '../../lib/facts/fleet';
import { formatSecrets } from '../../lib/synth/secret-table';

const roots = (name: string, ...sha256: string[]) => ({ name, sha256 });

const server: SecretFacts = {
  cluster: 'c2',
  namespace: 'gateways',
  name: 'server',
  keys: ['ca.crt', 'tls.crt', 'tls.key'],
  identity: 'web.example.com',
  signer: roots('server-ca'),
  trusts: roots('client-ca'),
  writtenBy: 'cert-manager',
  neededBy: 'a',
};

const bundle: SecretFacts = {
  cluster: 'c1',
  namespace: 'app',
  name: 'server-ca',
  keys: ['ca.crt'],
  trusts: roots('server-ca', 'old', 'new'),
  writtenBy: 'somebody else',
  neededBy: 'a',
};

test('no Secrets, no table', () => {
  expect(formatSecrets([])).toBe('');
});

test('one line each, aligned, by cluster, namespace and name', () => {
  const text = `Secrets that must exist before the objects are applied:
  cluster  namespace  secret     keys                      certificate of   signed by  roots in it          written by
  c1       app        server-ca  ca.crt                    -                -          server-ca (2 roots)  somebody else
  c2       gateways   server     ca.crt, tls.crt, tls.key  web.example.com  server-ca  client-ca            cert-manager
`;
  expect(formatSecrets([server, bundle])).toBe(text);
  expect(formatSecrets([bundle, server])).toBe(text);
});

test('one line for a Secret that two peerings need, with the roots of both', () => {
  const other = { ...server, trusts: roots('another-ca'), keys: ['ca.crt', 'tls.crt'], neededBy: 'b' };
  const lines = formatSecrets([server, other]).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain('  another-ca, client-ca  ');
  expect(lines[2]).toContain('  ca.crt, tls.crt, tls.key  ');
});

test('a ConfigMap says that it is one, and stands beside a Secret of its name', () => {
  const roots: SecretFacts = { ...bundle, kind: 'ConfigMap', keys: ['root-cert.pem'] };
  const text = `Secrets and ConfigMaps that must exist before the objects are applied:
  cluster  namespace  secret                 keys           certificate of  signed by  roots in it          written by
  c1       app        server-ca              ca.crt         -               -          server-ca (2 roots)  somebody else
  c1       app        server-ca (ConfigMap)  root-cert.pem  -               -          server-ca (2 roots)  somebody else
`;
  expect(formatSecrets([roots, bundle])).toBe(text);
});
