import * as fc from 'fast-check';
import { addressBytes, ipBlocks, masked } from '../../lib/facts/ip-block';
import { inCidr } from '../../lib/verify/world/addresses';
import { messageOf } from '../support/model';

const blocks = (...list: string[]) => ipBlocks(list, 'peering', 'ipBlocks');

test('addresses and blocks of both families are each kept once, sorted', () => {
  const stated = ['203.0.113.4', '2001:db8::/32', '10.0.0.0/8', '203.0.113.4', '::1', '2001:db8::7', '::/1'];
  expect(blocks(...stated)).toEqual(['10.0.0.0/8', '2001:db8::/32', '2001:db8::7', '203.0.113.4', '::/1', '::1']);
  expect(ipBlocks(undefined, 'peering', 'ipBlocks')).toBeUndefined();
});

const NO_BLOCK = (what: string) =>
  `MESH1151 peering: 'ipBlocks' has '${what}', which is no IP address or block of them; expected one such as '203.0.113.4', '203.0.113.0/24' or '2001:db8::/32'`;

test.each<[string[], string]>([
  [
    [],
    "MESH1151 peering: 'ipBlocks' is empty, so nobody could call; name blocks such as '203.0.113.0/24', or leave it out for all addresses",
  ],
  ...[
    '',
    '10.0.0/8',
    '10.0.0.0/33',
    '010.0.0.1',
    '10.0.0.1/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::/129',
    'a.example',
    '10.*',
    'fe80::1%eth0',
    '10.0.0.1 ',
    '10.0.0.0-10.0.0.9',
  ].map((one): [string[], string] => [[one], NO_BLOCK(one)]),
  [
    ['203.0.113.0/24', '203.0.113.7/24'],
    "MESH1151 peering: 'ipBlocks' has '203.0.113.7/24', which has bits beyond its length, so it may be meant as '203.0.113.0/24' or as '203.0.113.7'; state one of them",
  ],
  [
    ['2001:db8:0:1::7/64'],
    "MESH1151 peering: 'ipBlocks' has '2001:db8:0:1::7/64', which has bits beyond its length, so it may be meant as '2001:db8:0:1::/64' or as '2001:db8:0:1::7'; state one of them",
  ],
  [
    ['::ffff:10.0.0.1'],
    "MESH1151 peering: 'ipBlocks' has '::ffff:10.0.0.1', which is an IPv4 address in IPv6; expected the IPv4 address itself",
  ],
  [
    ['0.0.0.0/0'],
    "MESH1151 peering: 'ipBlocks' has '0.0.0.0/0', which is every IPv4 address: the weaker choice, which limits nothing; leave ipBlocks out, which says so",
  ],
  [
    ['::/0'],
    "MESH1151 peering: 'ipBlocks' has '::/0', which is every IPv6 address: the weaker choice, which limits nothing; leave ipBlocks out, which says so",
  ],
])('%j is refused', (list, message) => {
  expect(messageOf(() => blocks(...list))).toBe(message);
});

test.each([null, '10.0.0.0/8', 7, {}, [7], [null], ['10.0.0.0/8', undefined]])('%j is no list of texts', (list) => {
  expect(messageOf(() => ipBlocks(list as never, 'peering', 'ipBlocks'))).toMatch(/^MESH1006 peering: 'ipBlocks'/);
});

test('a block is taken if and only if it begins with its first address, which lies in it', () => {
  const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 }));
  const v6 = fc.tuple(fc.ipV6(), fc.integer({ min: 1, max: 128 }));
  fc.assert(
    fc.property(fc.oneof(v4, v6), ([address, length]) => {
      const bytes = addressBytes(address);
      if (bytes === undefined) throw new Error(address);
      const isFirst = masked(bytes, length).join() === bytes.join();
      const isMapped = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
      const isTaken = !messageOf(() => {
        blocks(`${address}/${length}`);
        throw new Error('taken');
      }).startsWith('MESH');
      expect(isTaken).toBe(isFirst && !isMapped);
      expect(inCidr(address, `${address}/${length}`)).toBe(true);
    }),
  );
});

test.each([
  ['2001:db8:7::1', '2001:db8:7::/48', true],
  ['2001:db8:8::1', '2001:db8:7::/48', false],
  ['2001:db8:7::1', '2001:db8:7::1', true],
  ['2001:db8:7::1', '::/1', true],
  ['10.0.0.1', '::/1', false],
  ['::1', '10.0.0.0/8', false],
])('%s lies in %s: %s', (address, block, isIn) => {
  expect(inCidr(address, block)).toBe(isIn);
});
