import { MeshError } from '../facts/error';
import { requireText } from '../facts/kind-of';
import { mark } from '../facts/marks';
import { hostname } from '../facts/names';
import { spiffeIdOf, spiffeUri } from '../facts/principal';

declare const brand: unique symbol;
const SPIFFE = /^[a-z0-9._-]+(\/[a-zA-Z0-9._-]+)+$/;

/** Who a certificate says it is: the Subject Alternative Name that the other side verifies. A value. */
export class Identity<K extends 'dns' | 'spiffe' = 'dns' | 'spiffe'> {
  static {
    mark(Identity.prototype, 'Identity');
  }

  /**
   * A DNS name.
   *
   * @throws MESH1002 for a malformed name.
   */
  public static dns(name: string): Identity<'dns'> {
    return new Identity('dns', hostname(name, 'Identity.dns', 'name'));
  }

  /**
   * A SPIFFE ID without `spiffe://`, as in AuthorizationPolicy principals: `cluster.local/ns/foo/sa/sleep`.
   *
   * @throws MESH1401 for a malformed one.
   */
  public static spiffe(id: string): Identity<'spiffe'> {
    requireText(id, 'Identity.spiffe', 'identity');
    if (spiffeIdOf(id) !== undefined || !SPIFFE.test(id)) {
      throw new MeshError(
        'MESH1401',
        'Identity.spiffe',
        `'${id}' is no SPIFFE ID without scheme; expected '<trust domain>/<path>' such as 'cluster.local/ns/foo/sa/sleep'`,
      );
    }
    return new Identity('spiffe', id);
  }

  /** @internal from what a certificate and `subjectAltNames` write. */
  public static ofSubjectAltName(text: string): Identity {
    const id = spiffeIdOf(text);
    return id === undefined ? Identity.dns(text) : Identity.spiffe(id);
  }

  declare protected readonly [brand]: K;

  private constructor(
    /** Whether it is a DNS name or a SPIFFE ID. */
    public readonly kind: K,
    /** DNS name, or SPIFFE ID without `spiffe://`. */
    public readonly value: string,
  ) {}

  /** As a certificate and `subjectAltNames` write it: the DNS name, or the URI with its scheme. */
  public get subjectAltName(): string {
    return this.kind === 'spiffe' ? spiffeUri(this.value) : this.value;
  }
}
