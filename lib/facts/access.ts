import { MeshError } from './error';
import { checkOptions, type Guards, listOf, optional, text } from './guard';
import { methodMisfit } from './http-method';
import { requireListOrNothing, requireText } from './kind-of';
import { mark } from './marks';
import { httpPath } from './names';

const PRINCIPAL = /^[^/\s*]+(\/[^/\s*]+)*\/([^/\s*]+|\*)$/;

/** What `Access.http` takes. */
export interface HttpAccessOptions {
  /**
   * HTTP methods in capitals.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * Absolute paths; a `*` at the end stands for any rest.
   * @default - every path
   */
  readonly paths?: string[];
  /**
   * SPIFFE identities without `spiffe://`, as in AuthorizationPolicy principals (`mesh.principal()` gives them); `/*`
   * at the end stands for all of a namespace or trust domain. Only strategies that carry the caller's own identity to
   * the provider can tell callers apart.
   * @default - whoever comes through the peering
   */
  readonly from?: string[];
}

/** What `Access.tcp` takes. */
export interface TcpAccessOptions {
  /**
   * SPIFFE identities without `spiffe://`, or with `/*` at the end.
   * @default - whoever comes through the peering
   */
  readonly from?: string[];
}

const TEXTS = optional(listOf(text));
const HTTP: Guards<HttpAccessOptions> = { methods: TEXTS, paths: TEXTS, from: TEXTS };
const TCP: Guards<TcpAccessOptions> = { from: TEXTS };

/**
 * Who may call an exposure, and what. Several add up. A rule that a strategy cannot enforce is an error, never
 * widened.
 */
export class Access {
  static {
    mark(Access.prototype, 'Access');
  }

  /**
   * HTTP calls with these methods and paths.
   *
   * @throws MESH1202 for a malformed method or identity, or an empty list; MESH1004 for a malformed path.
   */
  public static http(options: HttpAccessOptions = {}): Access {
    checkOptions<HttpAccessOptions>(options, 'Access.http', HTTP);
    for (const path of options.paths ?? []) httpPath(path, 'Access.http');
    for (const method of options.methods ?? []) {
      const misfit = methodMisfit(method);
      if (misfit !== undefined) throw new MeshError('MESH1202', 'Access.http', misfit);
    }
    return new Access('http', nonEmpty(options.methods), nonEmpty(options.paths), principals(options.from));
  }

  /**
   * Any bytes.
   *
   * @throws MESH1202 for a malformed identity or an empty list.
   */
  public static tcp(options: TcpAccessOptions = {}): Access {
    checkOptions<TcpAccessOptions>(options, 'Access.tcp', TCP);
    return new Access('tcp', undefined, undefined, principals(options.from));
  }

  private constructor(
    /** Whether it is about requests or about bytes. */
    public readonly kind: 'http' | 'tcp',
    /** HTTP methods; absent: every method. */
    public readonly methods: string[] | undefined,
    /** Paths; absent: every path. */
    public readonly paths: string[] | undefined,
    /** SPIFFE identities of callers; absent: whoever comes through the peering. */
    public readonly from: string[] | undefined,
  ) {}

  /** The rule as facts. */
  public facts(): AccessFacts {
    return {
      kind: this.kind,
      ...(this.methods && { methods: [...this.methods].sort() }),
      ...(this.paths && { paths: [...this.paths].sort() }),
      ...(this.from && { from: [...this.from].sort() }),
    };
  }
}

/** One access rule as JSON. */
export interface AccessFacts {
  /** Whether it is about requests or about bytes. */
  readonly kind: 'http' | 'tcp';
  /** HTTP methods, sorted; absent: every method. */
  readonly methods?: string[];
  /** Paths, sorted; absent: every path. */
  readonly paths?: string[];
  /** SPIFFE identities of callers without `spiffe://`, sorted; absent: whoever comes through the peering. */
  readonly from?: string[];
}

/**
 * SPIFFE identities as AuthorizationPolicies name them.
 *
 * @throws MESH1202 for a malformed one, or an empty list.
 */
export function principals(from: string[] | undefined, where = 'Access'): string[] | undefined {
  requireListOrNothing(from, where, 'identities');
  for (const principal of from ?? []) {
    requireText(principal, 'Access', 'identity');
    if (principal.startsWith('spiffe://') || !PRINCIPAL.test(principal)) {
      throw new MeshError(
        'MESH1202',
        where,
        `identity '${principal}' is malformed; expected one without 'spiffe://' such as 'cluster.local/ns/foo/sa/sleep' or 'cluster.local/ns/foo/*'`,
      );
    }
  }
  return nonEmpty(from);
}

/** An empty list would read as "nothing" here and as "everything" in an AuthorizationPolicy. */
function nonEmpty(list: string[] | undefined): string[] | undefined {
  if (list?.length === 0) {
    throw new MeshError(
      'MESH1202',
      'Access',
      "an empty list says neither 'all' nor 'none'; leave it out for all, or give `allow: []` to deny every call",
    );
  }
  return list;
}
