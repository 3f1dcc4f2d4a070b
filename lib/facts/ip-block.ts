import { isIPv4, isIPv6 } from 'node:net';
import { MeshError } from './error';
import { listOf, text } from './guard';

const LIST = listOf(text);

/** An IP address as its bytes, four or sixteen; undefined for a text that is none. */
export function addressBytes(text: string): number[] | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  // a zone is of one machine
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head, tail] = text.split('::').map((half) => half.split(':').filter(Boolean).flatMap(groupBytes));
  return tail === undefined ? head : [...head, ...Array(16 - head.length - tail.length).fill(0), ...tail];
}

/** Two bytes of an IPv6 address, or the four of the IPv4 address at its end. */
function groupBytes(group: string): number[] {
  if (group.includes('.')) return group.split('.').map(Number);
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}

/**
 * Blocks of IP addresses as AuthorizationPolicies name them, each once and sorted: an address (`203.0.113.4`), or a block
 * in CIDR notation (`203.0.113.0/24`, `2001:db8::/32`).
 *
 * @param what the option, for messages.
 * @throws MESH1151 for an empty list, a malformed block, one that has bits beyond its length, or one of every address.
 */
export function ipBlocks(blocks: readonly string[] | undefined, where: string, what: string): string[] | undefined {
  if (blocks === undefined) return undefined;
  LIST(blocks, where, `'${what}'`);

  const refuse = (reason: string) => new MeshError('MESH1151', where, `'${what}' ${reason}`);
  if (blocks.length === 0) {
    throw refuse(
      `is empty, so nobody could call; name blocks such as '203.0.113.0/24', or leave it out for all addresses`,
    );
  }
  for (const block of blocks) {
    const reason = unfit(block, what);
    if (reason !== undefined) throw refuse(`has '${block}', ${reason}`);
  }
  return [...new Set(blocks)].sort();
}

/** Why a block is none that a policy should name, if so. */
function unfit(block: string, what: string): string | undefined {
  const [address, length, ...rest] = block.split('/');
  const bytes = addressBytes(address);
  const most = bytes && bytes.length * 8;
  const isLength = length === undefined || (/^(0|[1-9]\d*)$/.test(length) && Number(length) <= (most ?? 0));
  if (bytes === undefined || rest.length > 0 || !isLength) {
    return "which is no IP address or block of them; expected one such as '203.0.113.4', '203.0.113.0/24' or '2001:db8::/32'";
  }
  if (isMapped(bytes)) return 'which is an IPv4 address in IPv6; expected the IPv4 address itself';
  if (length === undefined) return undefined;
  if (Number(length) === 0) {
    return `which is every ${bytes.length === 4 ? 'IPv4' : 'IPv6'} address: the weaker choice, which limits nothing; leave ${what} out, which says so`;
  }
  const first = masked(bytes, Number(length));
  if (first.every((byte, index) => byte === bytes[index])) return undefined;
  return `which has bits beyond its length, so it may be meant as '${addressText(first)}/${length}' or as '${address}'; state one of them`;
}

const isMapped = (bytes: readonly number[]): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

/** The first address of the block that an address is in. */
export function masked(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, index) => byte & (256 - 2 ** Math.min(8, Math.max(0, (index + 1) * 8 - length))));
}

function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[2 * index] * 256 + bytes[2 * index + 1]).toString(16));
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
