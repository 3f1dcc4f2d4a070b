import { MeshError } from '../facts/error';
import { dnsLabel } from '../facts/names';
import type { Identity } from './identity';
import type { TrustBundle } from './trust-bundle';

declare const brand: unique symbol;

/** Where a key pair comes from: a Secret that Envoy reads by SDS, or files mounted into the proxy. */
export type CredentialSource = 'sds' | 'file';

/** What every credential states about its certificate. */
export interface CredentialOptions {
  /** Who the certificate says it is: the peer verifies it. */
  readonly identity: Identity;
  /** Who signed it: what the peer has to trust. */
  readonly signer: TrustBundle<'declared'>;
}

/** A credential that cert-manager issues. */
export interface CertManagerOptions extends CredentialOptions {
  /** The issuer. */
  readonly issuer: IssuerReference;
  /**
   * Further DNS names in the certificate.
   * @default - none
   */
  readonly dnsNames?: string[];
  /**
   * Life of a certificate, as a Go duration such as `2160h`.
   * @default - 2160h (90 days, cert-manager's own default)
   */
  readonly duration?: string;
  /**
   * How long before its end it is renewed, as a Go duration such as `720h`.
   * @default - a third of the duration (cert-manager's own default)
   */
  readonly renewBefore?: string;
  /**
   * Algorithm and size of the private key; a new key is made at every renewal.
   * @default - ECDSA 256
   */
  readonly privateKey?: { readonly algorithm: 'ECDSA' | 'RSA'; readonly size: number };
}

/** A cert-manager issuer. */
export interface IssuerReference {
  readonly name: string;
  /** @default 'Issuer' */
  readonly kind?: 'Issuer' | 'ClusterIssuer';
}

/** Key pair files inside a proxy container. */
export interface CredentialFiles {
  /** Absolute path of the certificate chain in PEM. */
  readonly certificateChain: string;
  /** Absolute path of the private key in PEM. */
  readonly privateKey: string;
  /** Absolute path of the roots that the peer is verified with. */
  readonly caCertificates: string;
}

/**
 * A key pair by reference: where it is, who it says it is, who signed it. Never key material. The peer's trust follows
 * from `signer`. A value.
 */
export class Credential<S extends CredentialSource = CredentialSource> {
  /**
   * A Secret that exists already, or that something else writes, in the namespace of the proxy that uses it. Keys:
   * `tls.crt`, `tls.key`, and `ca.crt` (the peer's roots) where the peer is verified.
   *
   * @throws MESH1001 for a malformed name.
   */
  public static secret(name: string, options: CredentialOptions): Credential<'sds'> {
    return new Credential('sds', dnsLabel(name, 'Credential.secret', 'name'), options);
  }

  /**
   * A Secret that cert-manager writes from a Certificate, which the peering emits in the namespace of the proxy.
   *
   * cert-manager puts the issuing CA into `ca.crt`; so both ends of the hop need the same signer, or the peer's roots
   * in a Secret `<name>-cacert` of their own.
   *
   * @throws MESH1001 for a malformed name.
   */
  public static certManager(name: string, options: CertManagerOptions): Credential<'sds'> {
    dnsLabel(options.issuer.name, 'Credential.certManager', 'issuer');
    return new Credential('sds', dnsLabel(name, 'Credential.certManager', 'name'), options, undefined, options);
  }

  /**
   * Files mounted into the sidecar of the calling workloads (`sidecar.istio.io/userVolume`): `directory` holds
   * `tls.crt`, `tls.key` and `ca.crt` of the Secret `name`.
   *
   * @throws MESH1001 for a malformed name; MESH1403 when the directory is not absolute.
   */
  public static files(name: string, options: CredentialOptions & { readonly directory: string }): Credential<'file'> {
    if (!/^\/[^\s]*[^/\s]$/.test(options.directory)) {
      throw new MeshError(
        'MESH1403',
        'Credential.files',
        `directory '${options.directory}' is not absolute; expected the mount path in the proxy such as '/etc/partner-certs'`,
      );
    }
    const file = (key: string) => `${options.directory}/${key}`;
    return new Credential('file', dnsLabel(name, 'Credential.files', 'name'), options, {
      certificateChain: file('tls.crt'),
      privateKey: file('tls.key'),
      caCertificates: file('ca.crt'),
    });
  }

  declare protected readonly [brand]: S;
  /** Who the certificate says it is. */
  public readonly identity: Identity;
  /** Who signed it. */
  public readonly signer: TrustBundle<'declared'>;

  private constructor(
    public readonly source: S,
    /** Name of the Secret. */
    public readonly name: string,
    options: CredentialOptions,
    /** Paths in the proxy, for files. */
    public readonly files?: CredentialFiles,
    /** What the Certificate says, for cert-manager. */
    public readonly certManager?: CertManagerOptions,
  ) {
    this.identity = options.identity;
    this.signer = options.signer;
  }
}

/** The end of a hop that somebody else operates: facts only. */
export class PeerEnd<K extends 'declared' | 'system' = 'declared' | 'system'> {
  declare protected readonly [brand]: K;

  constructor(
    /** Who its certificate says it is. */
    public readonly identity: Identity,
    /** Who signed it. */
    public readonly signer: TrustBundle<K>,
  ) {}
}
