import { MeshError } from '../facts/error';
import type { RootFacts } from '../facts/fleet';
import { checkOptions, listOf, optional, text } from '../facts/guard';
import { mark } from '../facts/marks';
import { dnsLabel } from '../facts/names';

declare const brand: unique symbol;
const SHA256 = /^[0-9a-f]{64}$/;

/** What a declared bundle may state. */
export interface TrustBundleOptions {
  /**
   * SHA-256 fingerprints of the root certificates (64 hexadecimal digits, DER encoding, as `openssl x509
   * -fingerprint -sha256` prints them without colons). Two while a CA is rotated: old and new.
   * @default - not stated, so that two sides cannot be compared
   */
  readonly rootSha256?: string[];
}

/** Root certificates that are believed, by reference. A value; no certificate is in it. */
export class TrustBundle<K extends 'declared' | 'system' = 'declared' | 'system'> {
  static {
    mark(TrustBundle.prototype, 'TrustBundle');
  }

  /**
   * The roots of one certificate authority; `name` is how messages, contracts and `dist/fleet.json` call it.
   *
   * @throws MESH1001 for a malformed name; MESH1402 for a malformed fingerprint.
   */
  public static declared(name: string, options: TrustBundleOptions = {}): TrustBundle<'declared'> {
    dnsLabel(name, 'TrustBundle.declared', 'name');
    checkOptions<TrustBundleOptions>(options, `TrustBundle.declared ${name}`, { rootSha256: optional(listOf(text)) });
    const roots = (options.rootSha256 ?? []).map((root) => root.replaceAll(':', '').toLowerCase());
    for (const root of roots) {
      if (!SHA256.test(root)) {
        throw new MeshError(
          'MESH1402',
          `TrustBundle.declared ${name}`,
          `'${root}' is no SHA-256 fingerprint; expected 64 hexadecimal digits, as 'openssl x509 -noout -fingerprint -sha256' prints`,
        );
      }
    }
    return new TrustBundle('declared', name, [...new Set(roots)].sort());
  }

  /** The operating system's roots, as the proxy image carries them: for public servers only, never to verify clients. */
  public static system(): TrustBundle<'system'> {
    return new TrustBundle('system', 'system', []);
  }

  declare protected readonly [brand]: K;

  private constructor(
    /** Whether the roots are stated or the operating system's. */
    public readonly kind: K,
    /** How messages, contracts and Secrets call it. */
    public readonly name: string,
    /** SHA-256 fingerprints of the accepted roots, sorted. */
    public readonly rootSha256: string[],
  ) {}

  /** @internal as contracts and `dist/fleet.json` hold it. */
  public facts(): RootFacts {
    return { name: this.name, sha256: this.rootSha256 };
  }
}
