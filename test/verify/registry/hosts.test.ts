import {
  fullName,
  gatewayName,
  hostsMatch,
  intersection,
  isMoreSpecific,
  isSubsetOf,
  mostSpecific,
} from '../../../lib/verify/registry/hosts';

test('two hosts match when one covers the other', () => {
  expect(hostsMatch('*.a.example', 'x.a.example')).toBe(true);
  expect(hostsMatch('x.a.example', '*.example')).toBe(true);
  expect(hostsMatch('*.example', '*.a.example')).toBe(true);
  expect(hostsMatch('*.b.example', '*.a.example')).toBe(false);
});

test('a host is within a wildcard, not the other way round', () => {
  expect(isSubsetOf('x.example', '*.example')).toBe(true);
  expect(isSubsetOf('*.example', 'x.example')).toBe(false);
  expect(isSubsetOf('*.a.example', '*.example')).toBe(true);
});

test('names come before wildcards, longer ones before shorter', () => {
  expect(isMoreSpecific('a.b', '*.a.b.c')).toBe(true);
  expect(isMoreSpecific('*.a.b', '*.b')).toBe(true);
  const entries = new Map([
    ['*', 1],
    ['*.example', 2],
    ['*.a.example', 3],
  ]);
  expect(mostSpecific('x.a.example', entries)).toBe(3);
  expect(mostSpecific('x.b.example', entries)).toBe(2);
  expect(mostSpecific('x.other', entries)).toBe(1);
});

test('what two lists have in common is the narrower of each two', () => {
  expect(intersection(['*.example', 'x.y'], ['a.example', '*'])).toEqual(['a.example', '*.example', 'x.y']);
});

test('short names are of the namespace of their object', () => {
  expect(fullName('reviews', 'prod', 'corp.internal')).toBe('reviews.prod.svc.corp.internal');
  for (const host of ['*', 'a.b', '1.2.3.4']) expect(fullName(host, 'prod', 'corp.internal')).toBe(host);
});

test('gateways are named with or without their namespace', () => {
  expect(['gw', './gw', 'x/gw', 'gw.x', 'mesh'].map((one) => gatewayName(one, 'own'))).toEqual([
    'own/gw',
    'own/gw',
    'x/gw',
    'x/gw',
    'mesh',
  ]);
});
