import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import type { Mesh } from '../world/mesh';
import { type Ref, type Resource, refTo } from '../world/resource';

/** A rule by which a proxy verifies tokens. */
export interface TokenRule {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly jwks?: string;
  readonly fromHeaders?: readonly { readonly name?: string; readonly prefix?: string }[];
  readonly fromParams?: readonly string[];
  readonly fromCookies?: readonly string[];
  readonly forwardOriginalToken?: boolean;
  readonly ref: Ref;
}

interface RequestAuthenticationSpec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly targetRef?: object;
  readonly targetRefs?: readonly object[];
  readonly jwtRules?: readonly Omit<TokenRule, 'ref'>[];
}

/** The RequestAuthentications of a mesh: rules of all that select a workload add up (`authn.ComposeJwtRules`). */
export class RequestAuthentications {
  private readonly byNamespace = new Map<string, Resource<RequestAuthenticationSpec>[]>();

  constructor(private readonly mesh: Mesh) {
    for (const one of mesh.byAge<RequestAuthenticationSpec>('RequestAuthentication')) {
      push(this.byNamespace, one.namespace, one);
    }
  }

  /** Rules of a workload. */
  public of(namespace: string, labels: Labels): TokenRule[] {
    return [...new Set([this.mesh.rootNamespace, namespace])]
      .flatMap((one) => this.byNamespace.get(one) ?? [])
      .filter(({ spec }) => !isTargeted(spec) && selects(spec.selector?.matchLabels, labels))
      .flatMap((one) =>
        (one.spec.jwtRules ?? []).map((rule, index) => ({ ...rule, ref: refTo(one, `spec.jwtRules[${index}]`) })),
      );
  }

  /** Those that are attached to targets, of which nobody here says what they do. */
  public unmodelled(namespace: string): Ref[] {
    return (this.byNamespace.get(namespace) ?? [])
      .filter(({ spec }) => isTargeted(spec))
      .map((one) => refTo(one, one.spec.targetRef ? 'spec.targetRef' : 'spec.targetRefs'));
  }
}

const isTargeted = ({ targetRef, targetRefs }: RequestAuthenticationSpec): boolean =>
  targetRef !== undefined || (targetRefs?.length ?? 0) > 0;

/** Whether a rule looks for tokens where clients have them unless told otherwise: the `Authorization` header. */
export const readsAuthorization = ({ fromHeaders = [], fromParams = [], fromCookies = [] }: TokenRule): boolean =>
  fromHeaders.length + fromParams.length + fromCookies.length === 0 ||
  fromHeaders.some(({ name }) => name?.toLowerCase() === 'authorization');
