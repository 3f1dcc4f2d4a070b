import { duration } from '../../../imports/schema/cel/duration';
import { has, int, isURL, lowerAscii, size, substring, url } from '../../../imports/schema/cel/library';
import { anyUrl } from '../../../imports/schema/cel/url';

test.each([
  ['1s', 1_000_000_000n],
  ['1h30m', 5_400_000_000_000n],
  ['1.5s', 1_500_000_000n],
  ['.5ms', 500_000n],
  ['-2m', -120_000_000_000n],
  ['+3us', 3_000n],
  ['0', 0n],
  ['1µs1ns', 1_001n],
  ['2562047h47m16.854775807s', 2n ** 63n - 1n],
])('duration %s', (text, nanoseconds) => {
  expect(duration(text)).toBe(nanoseconds);
});

test.each(['', '-', '5', '1', 's', '.s', '1 s', '1S', '1d', '1s ', '2562048h', '1..5s'])(
  '"%s" is no duration',
  (text) => {
    expect(() => duration(text)).toThrow(`${text} is not a duration`);
  },
);

test.each([
  ['http://a.example.com/x?y', 'http'],
  ['HTTPS://user:pass@a:80', 'https'],
  ['http://[2001:db8::1]:80/', 'http'],
  ['http://[fe80::1%25eth0]/', 'http'],
  ['oci:rootless', 'oci'],
  ['/path', ''],
  ['a:80/x', 'a'],
  ['//no-authority-without-scheme', ''],
])('the scheme of %s', (text, scheme) => {
  expect(url(text).scheme).toBe(scheme);
  expect(isURL(text)).toBe(true);
});

test.each([
  ['', 'is empty'],
  ['a/b', 'has neither a scheme nor a path'],
  [':x', 'has no scheme before the colon'],
  ['http://a b/', 'has a character that a host may not have'],
  ['http://a/%zz', 'has a % that begins no escape'],
  ['http://a:b/', 'has a port that is not a number'],
  ['http://a:80:80/', 'has a port that is not a number'],
  ['http://[::1', 'has an address that is not in brackets'],
  ['http://[1.2.3.4]/', 'has something other than an IPv6 address in brackets'],
  ['http://u ser@a/', 'has a character that a user name may not have'],
  ['http://a\n', 'has a control character'],
])('%j is no URL: it %s', (text, reason) => {
  expect(() => url(text)).toThrow(reason);
  expect(isURL(text)).toBe(false);
});

test('a reference may be relative, but for a colon in its first segment', () => {
  expect(anyUrl('a/b#c')).toEqual({ scheme: '', host: '' });
  expect(() => anyUrl('1a:b')).toThrow('has a colon in the first segment of its path');
});

test('sizes and substrings count code points', () => {
  expect(size('a😀')).toBe(2);
  expect(size([1, 2])).toBe(2);
  expect(size({ a: 1 })).toBe(1);
  expect(substring('a😀b', 1, 3)).toBe('😀b');
  expect(() => substring('abc', 2, 4)).toThrow('substring 2 to 4 of abc');
});

test('a field that is null is not set', () => {
  expect(has({ a: null }, 'a')).toBe(false);
  expect(has({ a: '' }, 'a')).toBe(true);
});

test('only ASCII letters are lowered, only whole numbers are read', () => {
  expect(lowerAscii('AÉ')).toBe('aÉ');
  expect(int('-42')).toBe(-42);
  expect(() => int('4.2')).toThrow('4.2 is not a number');
});
