import { X509Certificate } from 'node:crypto';
import { byText } from '../facts/by-text';
import { MeshError } from '../facts/error';
import type { OtherRootFacts, OtherRootsFacts } from '../facts/fleet';
import { checkOptions, declaredRoot, listOf, optional, text } from '../facts/guard';
import { mark } from '../facts/marks';
import { trustDomain } from '../facts/names';
import { certificatesPem } from './certificate-pem';
import type { TrustBundle } from './trust-bundle';

declare const brand: unique symbol;

/** A root besides the mesh's own. */
export interface OtherRoot {
  /** The root as its mesh states it; fingerprints, where stated, are compared with `certificates`. */
  readonly root: TrustBundle<'declared'>;
  /** Its certificates in PEM: MeshConfig takes them inline only. Public; a private key is refused. */
  readonly certificates: string;
  /**
   * Trust domains whose identities workloads accept besides those of their own. They are no limit of the root: proxies
   * believe every identity that any of their roots has signed.
   * @default - none: gateways that end mutual TLS do not compare trust domains, workloads refuse the identities
   */
  readonly trustDomains?: string[];
}

/** Which proxies believe other roots. */
export type OtherRootsReach = 'gateways' | 'everyProxy';

/**
 * Roots of trust that proxies of a mesh believe besides the mesh's own (`ISTIO_MULTIROOT_MESH`, `caCertificates`). A
 * value.
 */
export class OtherRoots {
  static {
    mark(OtherRoots.prototype, 'OtherRoots');
  }

  /**
   * Believed by those gateways alone that say `believesOtherRoots`: the workloads of the mesh go on to believe its own
   * root and no other.
   *
   * @throws MESH1117 for an empty list, a root stated twice, or certificates of another root; MESH1405 when they are no
   * certificates; MESH1401 for a malformed trust domain.
   */
  public static byGateways(...roots: OtherRoot[]): OtherRoots {
    return new OtherRoots('gateways', roots.map(believed));
  }

  /**
   * Believed by every proxy of the mesh. Whoever holds one of the roots can then sign every identity, also those of this
   * mesh: proxies do not compare root and trust domain.
   *
   * @throws as `byGateways`.
   */
  public static byEveryProxy(...roots: OtherRoot[]): OtherRoots {
    return new OtherRoots('everyProxy', roots.map(believed));
  }

  declare protected readonly [brand]: 'OtherRoots';

  private constructor(
    /** Which proxies believe them. */
    public readonly reach: OtherRootsReach,
    private readonly roots: readonly BelievedRoot[],
  ) {
    const names = roots.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (names.length === 0 || twice !== undefined) {
      throw new MeshError(
        'MESH1117',
        'OtherRoots',
        twice === undefined
          ? 'the list of roots is empty; state at least one, or leave otherRoots out'
          : `root '${twice}' is stated twice; state it once, with all its certificates and trust domains`,
      );
    }
  }

  /** As MeshConfig holds them: `caCertificates`. */
  public get caCertificates(): { readonly pem: string; readonly trustDomains?: string[] }[] {
    return this.sorted.map(({ pem, trustDomains }) => ({ pem, ...(trustDomains.length > 0 && { trustDomains }) }));
  }

  /** Whether workloads accept identities of a trust domain because of them. */
  public accepts(domain: string): boolean {
    return this.reach === 'everyProxy' && this.roots.some(({ trustDomains }) => trustDomains.includes(domain));
  }

  /** @internal as `dist/fleet.json` holds them. */
  public facts(): OtherRootsFacts {
    const roots = this.sorted.map(({ name, sha256, trustDomains }): OtherRootFacts => ({ name, sha256, trustDomains }));
    return { believedBy: this.reach, roots };
  }

  private get sorted(): BelievedRoot[] {
    return [...this.roots].sort(byText(({ name }) => name));
  }
}

interface BelievedRoot extends OtherRootFacts {
  readonly pem: string;
}

function believed(stated: OtherRoot): BelievedRoot {
  checkOptions<OtherRoot>(stated, 'OtherRoots', {
    root: declaredRoot,
    certificates: text,
    trustDomains: optional(listOf(text)),
  });
  const { root, certificates, trustDomains = [] } = stated;
  const where = `OtherRoots ${root.name}`;
  const pem = certificatesPem(certificates, where);
  const sha256 = [...new Set(fingerprints(pem))].sort();
  const isStated = root.rootSha256.length > 0;
  if (isStated && sha256.join() !== root.rootSha256.join()) {
    throw new MeshError(
      'MESH1117',
      where,
      `the certificates have the SHA-256 fingerprints ${sha256.join(', ')}, the root is stated with ${root.rootSha256.join(', ')}; one of the two is wrong`,
    );
  }
  for (const domain of trustDomains) trustDomain(domain, where);
  return { name: root.name, sha256, pem, trustDomains: [...new Set(trustDomains)].sort() };
}

function fingerprints(pem: string): string[] {
  return pem
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .map((block) => new X509Certificate(block).fingerprint256.replaceAll(':', '').toLowerCase());
}
