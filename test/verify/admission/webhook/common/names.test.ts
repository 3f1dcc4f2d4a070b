import { isSubset, overlap } from '../../../../../lib/verify/admission/webhook/common/hosts';
import {
  blockReason,
  domainReason,
  gatewayDomainReason,
  isAddress,
  isLabel,
  portReason,
  subnetReason,
  wildcardDomainReason,
} from '../../../../../lib/verify/admission/webhook/common/names';

test('ports are from 1 to 65535', () => {
  expect([undefined, 0, 1, 65535, 65536].map((port) => portReason(port) === undefined)).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
});

test('a label has at most 63 letters, digits and dashes, upper case as well', () => {
  expect(['a', 'A-1', 'x'.repeat(63)].every(isLabel)).toBe(true);
  expect(['', '-a', 'a-', 'a_b', 'a.b', 'x'.repeat(64)].some(isLabel)).toBe(false);
});

test('a domain name has at most 255 bytes and does not end in a number', () => {
  expect(['a', 'a.b.', 'a.1b', `${'a.'.repeat(126)}abc`].map(domainReason)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  for (const name of ['', 'a..b', '*.a', 'a.1', 'a.-1', `${'a.'.repeat(127)}ab`, `${'a.'.repeat(126)}abcd`])
    expect(domainReason(name)).toBeDefined();
});

test('a wildcard is in the first label', () => {
  for (const name of ['*', '*.a', '*-a.b', '*a.b']) expect(wildcardDomainReason(name)).toBeUndefined();
  for (const name of ['a.*', 'a*.b', '**', '*.*']) expect(wildcardDomainReason(name)).toBeDefined();
});

test('the SNI of automatic passthrough is a name only where TLS is routed at a gateway', () => {
  expect(gatewayDomainReason('outbound_.80_._.a.b', true)).toBeUndefined();
  expect(gatewayDomainReason('outbound_.80_._.a.b', false)).toBeDefined();
  expect(gatewayDomainReason('outbound_.x_._.a.b', true)).toBeDefined();
  expect(gatewayDomainReason('outbound_.80_._.1', true)).toBeDefined();
});

test('addresses, with zones, and blocks, without', () => {
  for (const text of ['1.2.3.4', '::', '::ffff:1.2.3.4', 'fe80::1%any/thing']) expect(isAddress(text)).toBe(true);
  for (const text of ['', '1.2.3', '01.2.3.4', 'fe80::1%', '1.2.3.4%a', '1.2.3.4/8'])
    expect(isAddress(text)).toBe(false);
  for (const text of ['1.2.3.4/0', '1.2.3.4/32', '::/128']) expect(blockReason(text)).toBeUndefined();
  for (const text of ['1.2.3.4/33', '::/129', '1.2.3.4/08', '1.2.3.4/', '1.2.3.4/-1', 'fe80::1%a/64'])
    expect(blockReason(text)).toBeDefined();
  expect(subnetReason('1.2.3.4')).toBeUndefined();
  expect(subnetReason('1.2.3.4/8/8')).toBeDefined();
});

test.each([
  ['a.b', 'a.b', true, true],
  ['a.b', 'b.b', false, false],
  ['a.b', '*.b', true, true],
  ['*.b', 'a.b', true, false],
  ['*.a.b', '*.b', true, true],
  ['*.b', '*.a.b', true, false],
  ['*.a', '*.b', false, false],
  ['*', '*.b', true, false],
  ['*.b', '*', true, true],
  ['*.a.b', 'a.b', false, false],
])('%s and %s overlap: %s, the first within the second: %s', (a, b, overlaps, within) => {
  expect(overlap(a, b)).toBe(overlaps);
  expect(isSubset(a, b)).toBe(within);
});
