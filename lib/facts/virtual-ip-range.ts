import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { MeshError } from './error';
import { requireText } from './kind-of';

declare const brand: unique symbol;

/** The range of addresses that hosts without an address of their own get in a mesh. Nothing routes them. A value. */
export class VirtualIpRange {
  /**
   * An IPv4 range.
   *
   * @throws MESH1253 for a malformed one, or one in which control planes hand out every address themselves.
   */
  public static of(cidr: string, where: string): VirtualIpRange {
    requireText(cidr, where, 'virtualIpRange');
    const [address, bits, ...rest] = cidr.split('/');
    const length = /^\d{1,2}$/.test(bits ?? '') ? Number(bits) : 0;
    if (!isIPv4(address) || length < 1 || length > 32 || rest.length > 0) {
      throw new MeshError(
        'MESH1253',
        where,
        `virtualIpRange '${cidr}' is malformed; expected an IPv4 range such as '240.0.0.0/9'`,
      );
    }
    const taken = takenRangeOf(address);
    if (taken !== undefined && length >= taken.length) {
      throw new MeshError(
        'MESH1253',
        where,
        `virtualIpRange ${cidr} is in ${taken}, which control planes hand out themselves; expected another one such as '240.0.0.0/9'`,
      );
    }
    return new VirtualIpRange(numberOf(address), length);
  }

  declare protected readonly [brand]: 'VirtualIpRange';
  private readonly first: number;

  /** @internal use `VirtualIpRange.of` */
  constructor(
    address: number,
    /** Bits that all addresses share. */
    public readonly length: number,
  ) {
    this.first = address - (address % this.size);
  }

  /** The address of a host: it follows from the host alone, so it stays as services come and go. */
  public addressOf(host: string): string {
    for (let attempt = 0; ; attempt++) {
      const digest = createHash('sha256')
        .update(attempt === 0 ? host : `${host}#${attempt}`)
        .digest();
      const address = textOf(this.first + (digest.readUInt32BE() % this.size));
      // the range is no part of one that is taken, so it has others
      if (takenRangeOf(address) === undefined) return address;
    }
  }

  /** Whether an IPv4 address is in it. */
  public has(address: string): boolean {
    const place = numberOf(address) - this.first;
    return place >= 0 && place < this.size;
  }

  /** As CIDR. */
  public toString(): string {
    return `${textOf(this.first)}/${this.length}`;
  }

  private get size(): number {
    return 2 ** (32 - this.length);
  }
}

/** Ranges that control planes hand out themselves: istiod, and OpenShift Service Mesh 2 for imported services. */
const TAKEN = ['240.240.0.0', '240.241.0.0'].map((address) => new VirtualIpRange(numberOf(address), 16));

/** The range that control planes hand out themselves and that an IPv4 address is in, if any. */
export function takenRangeOf(address: string): VirtualIpRange | undefined {
  return TAKEN.find((range) => range.has(address));
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
