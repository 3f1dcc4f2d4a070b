import * as fc from 'fast-check';
import { Access, Address, Callers, DirectPeering, External, Fleet, PeeringTls, Port } from '../../../lib';
import { VirtualIpRange } from '../../../lib/facts/virtual-ip-range';
import { claimVirtualIp } from '../../../lib/peering/hop/virtual-ip';
import { mesh, messageOf, objectsOf } from '../../support/model';

const host = fc.domain();
const range = (cidr: string) => VirtualIpRange.of(cidr, 'here');
const number = (address: string) => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

test('a host has one address, whatever else there is, in the range and outside of what control planes hand out', () => {
  fc.assert(
    fc.property(fc.uniqueArray(host, { maxLength: 30 }), fc.integer({ min: 1, max: 15 }), (hosts, length) => {
      const own = mesh(new Fleet(), 'own', { virtualIpRange: `240.0.0.0/${length}` });
      const claim = (name: string) => claimVirtualIp(own, { host: name, where: 'p' });
      const first = hosts.map(claim);
      expect([...hosts].reverse().map(claim)).toEqual([...first].reverse());
      expect(new Set(first).size).toBe(hosts.length);
      for (const address of first) {
        expect(number(address)).toBeGreaterThanOrEqual(
          Math.floor(number('240.0.0.0') / 2 ** (32 - length)) * 2 ** (32 - length),
        );
        expect(address).not.toMatch(/^240\.24[01]\./);
      }
      // another host beside it changes nothing
      expect(first).toEqual(hosts.map((name) => own.virtualIpRange.addressOf(name)));
    }),
    { numRuns: 50 },
  );
});

test('a range around those that control planes hand out leaves them out', () => {
  const around = range('240.240.0.0/14');
  fc.assert(fc.property(host, (name) => expect(around.addressOf(name)).toMatch(/^240\.24[23]\./)));
});

test('of two hosts with one address the second is refused, with both names', () => {
  const own = mesh(new Fleet(), 'own', { virtualIpRange: '198.18.0.5/32' });
  expect(claimVirtualIp(own, { host: 'a.b', where: 'p' })).toBe('198.18.0.5');
  expect(messageOf(() => claimVirtualIp(own, { host: 'c.d', where: 'q' }))).toBe(
    "MESH1253 q: virtual IP 198.18.0.5 of host 'c.d' is that of host 'a.b' in own-cluster/own; state virtualIp for one of them, or a virtualIpRange of the mesh that is wider than 198.18.0.5/32",
  );
  expect(claimVirtualIp(own, { host: 'c.d', stated: '198.18.0.6', where: 'q' })).toBe('198.18.0.6');
});

test('other meshes have addresses of their own', () => {
  const fleet = new Fleet();
  const stated = { host: 'a.b', stated: '240.0.0.2', where: 'p' };
  claimVirtualIp(mesh(fleet, 'one'), stated);
  expect(claimVirtualIp(mesh(fleet, 'two'), { ...stated, host: 'c.d' })).toBe('240.0.0.2');
});

test.each([
  ['240.0.0', "virtualIp '240.0.0' is no IP address; expected one such as '240.1.2.3'"],
  [
    '240.240.0.1',
    'virtualIp 240.240.0.1 is in 240.240.0.0/16, which control planes hand out themselves; expected one of another range',
  ],
])('a stated address %s is refused', (stated, message) => {
  const own = mesh(new Fleet(), 'own');
  expect(messageOf(() => claimVirtualIp(own, { host: 'a.b', stated, where: 'p' }))).toBe(`MESH1253 p: ${message}`);
});

test('an IPv6 address can be stated', () => {
  expect(claimVirtualIp(mesh(new Fleet(), 'own'), { host: 'a.b', stated: '2001:2::1', where: 'p' })).toBe('2001:2::1');
});

test.each(['', '240.0.0.0', '240.0.0.0/0', '240.0.0.0/33', '240.0.0/9', '240.0.0.0/9/9', 'fd00::/8', '240.0.0.0/x'])(
  'the range %j is refused',
  (cidr) => {
    expect(messageOf(() => range(cidr))).toBe(
      `MESH1253 here: virtualIpRange '${cidr}' is malformed; expected an IPv4 range such as '240.0.0.0/9'`,
    );
  },
);

test('a range that control planes hand out is refused', () => {
  expect(messageOf(() => range('240.241.8.0/24'))).toBe(
    "MESH1253 here: virtualIpRange 240.241.8.0/24 is in 240.241.0.0/16, which control planes hand out themselves; expected another one such as '240.0.0.0/9'",
  );
  expect(`${range('240.129.3.4/9')}`).toBe('240.128.0.0/9');
});

test.each([
  ['0.0.0.0', 'unspecified'],
  ['127.0.0.1', 'loopback'],
  ['169.254.1.1', 'link-local'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['fe80::1', 'link-local'],
  ['ff02::1', 'multicast'],
])('the %s address is refused, which is %s', (stated, use) => {
  const own = mesh(new Fleet(), 'own');
  expect(messageOf(() => claimVirtualIp(own, { host: 'a.b', stated, where: 'p' }))).toBe(
    `MESH1253 p: virtualIp ${stated} is ${use}, so no connection to it is led anywhere; expected one such as '240.1.2.3'`,
  );
});

test('a stated address is what the DNS of callers says: the proxy leads it to where the server is', () => {
  const objects = objectsOf((fleet) => {
    const consumer = mesh(fleet, 'shop');
    consumer.namespace('orders');
    const address = Address.ip('192.0.2.7').at(15432);
    const provider = External.server({ host: 'db.vendor.example', ports: [Port.tcp(5432)], address });
    const sides = { consumer, provider, tls: PeeringTls.plain(), callers: Callers.namespaces('orders') };
    new DirectPeering(fleet, 'db', sides).expose(provider, {
      host: 'db.vendor.example',
      virtualIp: '240.1.2.3',
      allow: [Access.tcp()],
    });
  });
  expect(objects.one('ServiceEntry').spec).toMatchObject({
    addresses: ['240.1.2.3'],
    endpoints: [{ address: '192.0.2.7', ports: { tcp: 15432 } }],
  });
});
