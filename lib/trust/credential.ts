import { byText } from '../facts/by-text';
import { MeshError } from '../facts/error';
import type { EndFacts } from '../facts/exposure';
import {
  checkOptions,
  declaredRoot,
  type Guards,
  listOf,
  made,
  options as nested,
  number,
  oneOf,
  optional,
  text,
} from '../facts/guard';
import { mark } from '../facts/marks';
import { dnsLabel, hostname } from '../facts/names';
import { goDuration } from './go-duration';
import type { Identity } from './identity';
import { endFacts, IDENTITY } from './peer-end';
import type { TrustBundle } from './trust-bundle';

declare const brand: unique symbol;

/** Key sizes that cert-manager knows. */
const KEY_SIZES = { ECDSA: [256, 384, 521], RSA: [2048, 3072, 4096, 8192] };

/** Life of a certificate where nothing is stated. */
const DEFAULT_DURATION = '2160h';

/** Where a key pair comes from: a Secret that Envoy reads by SDS, or files mounted into the proxy. */
export type CredentialSource = 'sds' | 'file';

/** What every credential states about its certificate. */
export interface CredentialOptions {
  /** Who the certificate says it is: the peer verifies it. */
  readonly identity: Identity;
  /** Who signed it: what the peer has to trust. */
  readonly signer: TrustBundle<'declared'>;
}

/** Algorithm and size of a private key. */
export interface KeyOptions {
  /** Algorithm. */
  readonly algorithm: 'ECDSA' | 'RSA';
  /** Bits. */
  readonly size: number;
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
  readonly privateKey?: KeyOptions;
}

/** A credential that cert-manager issues, with its defaults. */
export type IssuedCertificate = CertManagerOptions &
  Required<Pick<CertManagerOptions, 'dnsNames' | 'duration' | 'privateKey'>>;

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
  static {
    mark(Credential.prototype, 'Credential');
  }

  /**
   * A Secret that exists already, or that something else writes, in the namespace of the proxy that uses it. Keys:
   * `tls.crt`, `tls.key`, and `ca.crt` (the peer's roots) where the peer is verified.
   *
   * @throws MESH1001 for a malformed name.
   */
  public static secret(name: string, options: CredentialOptions): Credential<'sds'> {
    checkOptions<CredentialOptions>(options, 'Credential.secret', CERTIFICATE);
    return new Credential('sds', dnsLabel(name, 'Credential.secret', 'name'), options);
  }

  /**
   * A Secret that cert-manager writes from a Certificate, which the peering emits in the namespace of the proxy.
   *
   * cert-manager puts the issuing CA into `ca.crt`; so both ends of the hop need the same signer, or the peer's roots
   * in a Secret `<name>-cacert` of their own, which Istio prefers (`dist/fleet.json` says where it is needed).
   *
   * @throws MESH1001 for a malformed name; MESH1002 for a malformed DNS name; MESH1406 for a duration or key size that
   * cert-manager would refuse.
   */
  public static certManager(name: string, options: CertManagerOptions): Credential<'sds'> {
    const where = 'Credential.certManager';
    checkOptions<CertManagerOptions>(options, where, {
      ...CERTIFICATE,
      issuer: nested<IssuerReference>({ name: text, kind: optional(oneOf('Issuer', 'ClusterIssuer')) }),
      dnsNames: optional(listOf(text)),
      duration: optional(text),
      renewBefore: optional(text),
      privateKey: optional(nested<KeyOptions>({ algorithm: oneOf('ECDSA', 'RSA'), size: number })),
    });
    dnsLabel(options.issuer.name, where, 'issuer');
    for (const dnsName of options.dnsNames ?? []) hostname(dnsName, where, 'DNS name');
    const duration = goDuration(options.duration ?? DEFAULT_DURATION, where, 'duration');
    const renewBefore = goDuration(options.renewBefore ?? '0h', where, 'renewBefore');
    // cert-manager refuses shorter ones: its webhook asks for an hour and five minutes
    if (duration < 3600 || (options.renewBefore !== undefined && (renewBefore < 300 || renewBefore >= duration))) {
      throw new MeshError(
        'MESH1406',
        where,
        `duration ${options.duration ?? DEFAULT_DURATION} and renewBefore ${options.renewBefore ?? 'by default'} do not fit; expected a duration of at least 1h, renewed at least 5m before its end and after its beginning`,
      );
    }
    const { algorithm, size } = options.privateKey ?? { algorithm: 'ECDSA', size: 256 };
    if (!KEY_SIZES[algorithm].includes(size)) {
      throw new MeshError(
        'MESH1406',
        where,
        `private key ${algorithm} ${size} is unknown; expected ${algorithm} with ${KEY_SIZES[algorithm].join(', ')}`,
      );
    }
    const certManager = {
      ...options,
      dnsNames: options.dnsNames ?? [],
      duration: options.duration ?? DEFAULT_DURATION,
      privateKey: { algorithm, size },
    };
    return new Credential('sds', dnsLabel(name, where, 'name'), options, { certManager });
  }

  /**
   * Files mounted into the sidecar of the calling workloads (`sidecar.istio.io/userVolume`): `directory` holds
   * `tls.crt`, `tls.key` and `ca.crt` of the Secret `name`.
   *
   * @throws MESH1001 for a malformed name; MESH1403 when the directory is not absolute.
   */
  public static files(name: string, options: CredentialOptions & { readonly directory: string }): Credential<'file'> {
    checkOptions<CredentialOptions & { readonly directory: string }>(options, 'Credential.files', {
      ...CERTIFICATE,
      directory: text,
    });
    if (!/^\/[^\s]*[^/\s]$/.test(options.directory)) {
      throw new MeshError(
        'MESH1403',
        'Credential.files',
        `directory '${options.directory}' is not absolute; expected the mount path in the proxy such as '/etc/partner-certs'`,
      );
    }
    const { directory } = options;
    return new Credential('file', dnsLabel(name, 'Credential.files', 'name'), options, { directory });
  }

  /**
   * The pod annotations by which Istio's injection mounts files into a sidecar; `Workload` writes them itself, pods of
   * your own need them in their template.
   *
   * @throws MESH1403 for two credentials with one directory or one Secret.
   */
  public static podAnnotations(...credentials: Credential<'file'>[]): Record<string, string> {
    listOf(made('Credential.files(…)', 'Credential'))(credentials, 'Credential.podAnnotations', 'credentials');
    const volumes: Record<string, object> = {};
    const mounts: Record<string, object> = {};
    const directories = new Set<string>();
    for (const { name, directory } of [...credentials].sort(byText((one) => one.name))) {
      if (directory === undefined) continue;
      if (volumes[name] || directories.has(directory)) {
        throw new MeshError(
          'MESH1403',
          'Credential.podAnnotations',
          `Secret '${name}' or directory '${directory}' is mounted twice; mount each Secret once, to a directory of its own`,
        );
      }
      directories.add(directory);
      volumes[name] = { secret: { secretName: name } };
      mounts[name] = { mountPath: directory, readOnly: true };
    }
    return directories.size === 0
      ? {}
      : {
          'sidecar.istio.io/userVolume': JSON.stringify(volumes),
          'sidecar.istio.io/userVolumeMount': JSON.stringify(mounts),
        };
  }

  declare protected readonly [brand]: S;
  /** What an end of a hop is: a key pair of ours. */
  public readonly kind = 'credential';
  /** Who the certificate says it is. */
  public readonly identity: Identity;
  /** Who signed it. */
  public readonly signer: TrustBundle<'declared'>;
  /** What all exposures say of it. */
  private end?: EndFacts;

  private constructor(
    /** Where the key pair comes from. */
    public readonly source: S,
    /** Name of the Secret. */
    public readonly name: string,
    options: CredentialOptions,
    private readonly more: { readonly directory?: string; readonly certManager?: IssuedCertificate } = {},
  ) {
    this.identity = options.identity;
    this.signer = options.signer;
  }

  /** @internal as contracts hold it. */
  public facts(): EndFacts {
    this.end ??= endFacts(this);
    return this.end;
  }

  /** Where the files are mounted in the proxy, for files. */
  public get directory(): string | undefined {
    return this.more.directory;
  }

  /** Paths in the proxy, for files. */
  public get files(): CredentialFiles | undefined {
    const { directory } = this.more;
    if (directory === undefined) return undefined;
    return {
      certificateChain: `${directory}/tls.crt`,
      privateKey: `${directory}/tls.key`,
      caCertificates: `${directory}/ca.crt`,
    };
  }

  /** What the Certificate says, for cert-manager. */
  public get certManager(): IssuedCertificate | undefined {
    return this.more.certManager;
  }
}

/** What every certificate states. */
const CERTIFICATE: Guards<CredentialOptions> = {
  identity: IDENTITY,
  signer: declaredRoot,
};
