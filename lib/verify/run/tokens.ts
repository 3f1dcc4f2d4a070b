import { matchesText, quote, type TextMatch } from '../view/condition';
import { readsAuthorization, type TokenRule } from '../view/request-authentication';
import type { Ref } from '../world/resource';
import type { Claims, HttpBytes } from './bytes';
import { isSigned, tokenAt } from './jwt';
import type { RequestOrigins } from './origin';

/** What a proxy makes of a request that may carry a token: the request with what is verified, or why it is refused. */
export type Authenticated = (
  | { readonly request: HttpBytes; readonly refs: readonly Ref[] }
  | { readonly refused: string; readonly status: 401 | 403; readonly refs: readonly Ref[] }
) & {
  /** The rule whose keys are believed to have signed the token: nobody but istiod, who fetches them, knows. */
  readonly believed?: Ref;
};

/** A proxy verifies the token of a request (Envoy's `jwt_authn`), be it in its headers or stated by the call. */
export function authenticated({ claims, ...bytes }: HttpBytes, rules: readonly TokenRule[]): Authenticated {
  const { token, origins } = bytes;
  // the proxy before has taken it away: that there is none is no choice of the client
  const isTaken = claims !== undefined && token !== undefined && Object.keys(token).length === 0;
  const request = isTaken && origins ? { ...bytes, origins: origins.with('token', 'fixed') } : bytes;
  return request.token === undefined ? carried(request, rules) : stated(request, request.token, rules);
}

/** A token in a header or the query: any rule that finds one there may accept it. */
function carried(request: HttpBytes, rules: readonly TokenRule[]): Authenticated {
  const found = rules.flatMap((rule) => {
    const token = tokenAt(request, rule);
    return token ? [{ rule, token }] : [];
  });
  if (found.length === 0) return { request, refs: [] };
  const refs = found.map(({ rule }) => rule.ref);
  for (const { rule, token } of found) {
    const { claims } = token;
    if (!claims || !isOfIssuer(rule, claims) || !isSigned(token, rule)) continue;
    const believed = rule.jwks === undefined ? { believed: rule.ref } : {};
    if (!isForUs(rule, claims)) {
      return { refused: 'no rule is about the audiences of the token', status: 403, refs, ...believed };
    }
    const verified = { ...request, claims };
    return { request: rule.forwardOriginalToken ? verified : without(verified, rule), refs: [rule.ref], ...believed };
  }
  return { refused: 'no rule accepts the token', status: 401, refs };
}

/** The request without the header that the token was in. */
function without(request: HttpBytes, { fromHeaders = [{ name: 'authorization' }] }: TokenRule): HttpBytes {
  const names = fromHeaders.map(({ name = '' }) => name.toLowerCase());
  const headers = Object.entries(request.headers).filter(([name]) => !names.includes(name));
  return { ...request, headers: Object.fromEntries(headers) };
}

/** A token of which a call says what is in it: it is where the rules of its issuer look, and well signed. */
function stated(request: HttpBytes, token: Claims, rules: readonly TokenRule[]): Authenticated {
  const accepting = rules.find((rule) => accepts(rule, token, request));
  if (Object.keys(token).length === 0 || rules.length === 0) return { request, refs: [] };
  if (accepting) {
    const left = accepting.forwardOriginalToken ? token : {};
    return { request: { ...request, token: left, claims: token }, refs: [accepting.ref] };
  }
  // a token that no rule looks for passes unread
  const ofIssuer = rules.filter(({ issuer }) => issuer === token.iss);
  const looking = ofIssuer.length > 0 ? ofIssuer : rules.filter(readsAuthorization);
  if (looking.length === 0) return { request, refs: [] };
  const status = ofIssuer.length > 0 ? 403 : 401;
  return {
    refused: `no rule accepts a token of ${token.iss} for ${token.aud}`,
    status,
    refs: looking.map(({ ref }) => ref),
  };
}

/** Whether a rule accepts a token that a call states; whoever explores calls is told what it asks. */
function accepts({ issuer, audiences = [] }: TokenRule, token: Claims, { origins }: HttpBytes): boolean {
  const isOfIssuer =
    issuer === undefined
      ? hasClaim(token, 'iss', { kind: 'present', value: '' }, origins) || Object.keys(token).length > 0
      : hasClaim(token, 'iss', { kind: 'exact', value: issuer }, origins);
  if (!isOfIssuer || isOver(token)) return false;
  return audiences.length === 0 || hasClaim(token, 'aud', oneOf(audiences), origins);
}

/** One question instead of several: what is asked multiplies what is explored. */
const oneOf = (texts: readonly string[]): TextMatch =>
  texts.length === 1
    ? { kind: 'exact', value: texts[0] }
    : { kind: 'regex', value: [...texts].sort().map(quote).join('|') };

/** Whether a claim, or one of its values, is as somebody asks. */
export function hasClaim(token: Claims, claim: string, match: TextMatch, origins?: RequestOrigins): boolean {
  const answer = valuesOf(token[claim]).some((one) => matchesText(match, one));
  origins?.note(`claim ${claim}`, match, answer);
  return answer;
}

const isOfIssuer = ({ issuer }: TokenRule, token: Claims): boolean =>
  !isOver(token) && (issuer === undefined || issuer === token.iss);

/** Nobody knows what time it is: over is only what never began. */
const isOver = ({ exp, iat = 0 }: Claims): boolean => exp !== undefined && Number(exp) <= Number(iat);

const isForUs = ({ audiences = [] }: TokenRule, { aud }: Claims): boolean =>
  audiences.length === 0 || valuesOf(aud).some((one) => audiences.includes(one));

/** A claim as a list: many have one value, or several. */
const valuesOf = (claim: Claims[string] | undefined): readonly string[] =>
  claim === undefined ? [] : typeof claim === 'object' ? claim : [String(claim)];
