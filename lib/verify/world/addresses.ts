import { addressBytes, masked } from '../../facts/ip-block';

/** Whether a text is an IPv4 address. */
export const isIp = (text: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(text);

/** Whether an address lies in a CIDR block; a bare address is a block of one. */
export function inCidr(ip: string, block: string): boolean {
  const [base, length = '32'] = block.split('/');
  if (ip.includes(':') && base.includes(':')) return inBlock(ip, base, Number(block.split('/')[1] ?? 128));
  if (!isIp(ip) || !isIp(base)) return false;
  const shift = 2 ** (32 - Number(length));
  return Math.floor(toNumber(ip) / shift) === Math.floor(toNumber(base) / shift);
}

function inBlock(ip: string, base: string, length: number): boolean {
  const [own, first] = [addressBytes(ip), addressBytes(base)];
  return own !== undefined && first !== undefined && masked(own, length).join() === masked(first, length).join();
}

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toIp = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** Addresses that a cluster will choose itself: their values stand for whatever it chooses. */
const SYMBOLIC = { service: '100.0.0.0', workload: '104.0.0.0', loadBalancer: '108.0.0.0' };

/** The n-th address of a kind in a cluster, unique in the world for up to 1024 clusters of 65,535 addresses. */
export function symbolicAddress(kind: keyof typeof SYMBOLIC, cluster: number, n: number): string {
  return toIp(toNumber(SYMBOLIC[kind]) + (cluster % 1024) * 65536 + n);
}

/** Whether an address stands for one that nothing says. */
export const isSymbolic = (ip: string): boolean => Object.values(SYMBOLIC).some((first) => inCidr(ip, `${first}/6`));

/** 198.19.0.0/16: half of what is for tests alone (RFC 2544), for what facts speak of and nobody gives an address. */
export const madeUpAddress = (index: number): string => `198.19.${Math.floor(index / 250)}.${(index % 250) + 1}`;

/** Whether an address is one that nobody has written down. */
export const isStandIn = (ip: string): boolean => isSymbolic(ip) || inCidr(ip, '198.19.0.0/16');

/** What istiod's controller allots to a host that has no address (240.240.0.0/16): only its uniqueness is known. */
export function allottedAddress(key: string): string {
  let hash = 2166136261;
  for (const character of key) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0;
  return toIp(toNumber('240.240.0.0') + (hash % 65536));
}
