import { readsAuthorization, type TokenRule } from '../view/request-authentication';
import type { Ref } from '../world/resource';
import type { HttpBytes } from './bytes';

/** What a proxy makes of a request that may carry a token: the request with what is verified, or why it is refused. */
export type Authenticated =
  | { readonly request: HttpBytes; readonly refs: readonly Ref[] }
  | { readonly refused: string; readonly refs: readonly Ref[] };

/** A proxy verifies the token that a call states (Envoy's `jwt_authn`); signatures are believed to be right. */
export function authenticated({ claims: _, ...request }: HttpBytes, rules: readonly TokenRule[]): Authenticated {
  const { token = {} } = request;
  if (Object.keys(token).length === 0 || rules.length === 0) return { request, refs: [] };
  const ofIssuer = rules.filter(({ issuer }) => issuer === undefined || issuer === token.iss);
  const found = ofIssuer.find(({ audiences = [] }) => audiences.length === 0 || audiences.includes(token.aud));
  if (found) {
    const left = found.forwardOriginalToken ? token : {};
    return { request: { ...request, token: left, claims: token }, refs: [found.ref] };
  }
  // a token that no rule looks for passes unread
  const looking = ofIssuer.length > 0 ? ofIssuer : rules.filter(readsAuthorization);
  if (looking.length === 0) return { request, refs: [] };
  const expected = ofIssuer.length > 0 ? `audience ${token.aud}` : `issuer ${token.iss}`;
  return { refused: `no rule accepts a token of ${expected}`, refs: looking.map(({ ref }) => ref) };
}
