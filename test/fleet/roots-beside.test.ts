import type { RootFacts, SecretFacts } from '../../lib/facts/fleet';
import { gatherRoots } from '../../lib/fleet/roots-beside';

const root = (name: string): RootFacts => ({ name, sha256: [] });
const keyPair = (neededBy: string, trusts?: RootFacts, namespace = 'gateways'): SecretFacts => ({
  cluster: 'east',
  namespace,
  name: 'client',
  keys: [...(trusts ? ['ca.crt'] : []), 'tls.crt', 'tls.key'],
  identity: 'web.example',
  signer: root('own-ca'),
  ...(trusts && { trusts }),
  writtenBy: 'cert-manager',
  neededBy,
});
const beside = (neededBy: string, trusts: RootFacts): SecretFacts => ({
  cluster: 'east',
  namespace: 'gateways',
  name: 'client-cacert',
  keys: ['ca.crt'],
  trusts,
  writtenBy: 'somebody else',
  neededBy,
});

test('while every peer is of the authority that signed the key pair, its ca.crt holds the root', () => {
  const secrets = [keyPair('a', root('own-ca')), keyPair('b', root('own-ca'))];
  expect(gatherRoots(secrets)).toEqual(secrets);
});

test('as soon as one is not, the roots of all peers stand in the Secret beside it, and none in ca.crt', () => {
  expect(gatherRoots([keyPair('a', root('own-ca')), keyPair('b'), beside('b', root('other-ca'))])).toEqual([
    keyPair('a'),
    beside('a', root('own-ca')),
    keyPair('b'),
    beside('b', root('other-ca')),
  ]);
});

test('a Secret of that name elsewhere is none of its business', () => {
  const secrets = [keyPair('a', root('own-ca'), 'other'), beside('b', root('other-ca'))];
  expect(gatherRoots(secrets)).toEqual(secrets);
});
