import type { JWTRule, RequestAuthenticationSpec } from '../../../../imports/istio/security';
import { anyUrl } from '../../../../imports/schema/cel/url';
import { isPrivate, parseJwks } from '../../../facts/jwks';
import { each, type Path } from '../path';
import { type Report, show } from '../problem';
import type { Reason } from './common/names';
import { selectionRules } from './common/selectors';
import { durationReason, refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

/** `validation.ValidateRequestAuthentication`. */
export function requestAuthenticationRules({ spec }: IstioObject<RequestAuthenticationSpec>, report: Report): void {
  selectionRules(spec, SPEC, report);
  each(spec.jwtRules, SPEC.at('jwtRules'), (rule, item) => jwtRules(rule, item, report));
}

/** `validation.validateJwtRule`, `warnPrivateJwksKeys`. */
function jwtRules(rule: JWTRule, at: Path, report: Report): void {
  const { issuer, jwks = '' } = rule;
  const uri = rule.jwksUri ?? rule.jwks_uri ?? '';
  if (!issuer && uri === '') report.error(at, 'sets neither issuer nor jwksUri, expected one of them');
  if (uri !== '') refuse(report, at.at('jwksUri'), uriReason(uri));
  if (jwks !== '') jwksRules(jwks, at.at('jwks'), report);
  for (const field of ['audiences', 'fromParams', 'fromCookies'] as const) {
    rule[field]?.forEach((value, i) => {
      if (value === '') report.error(at.at(field).at(i), 'is empty, expected at least a character');
    });
  }
  rule.fromHeaders?.forEach(({ name }, i) => {
    if (name === '') report.error(at.at('fromHeaders').at(i).at('name'), 'is empty, expected the name of a header');
  });
  rule.outputClaimToHeaders?.forEach(({ claim, header }, i) => {
    const place = at.at('outputClaimToHeaders').at(i);
    if (claim === '') report.error(place.at('claim'), 'is empty, expected the name of a claim');
    if (!/^[-_A-Za-z0-9]+$/.test(header))
      report.error(place.at('header'), `is ${show(header)}, expected the name of a header`);
  });
  refuse(report, at.at('timeout'), durationReason(rule.timeout));
}

/** `security.ParseJwksURI`. */
function uriReason(uri: string): Reason {
  try {
    const { scheme, host } = anyUrl(uri);
    const port = /:(\d*)$/.exec(host)?.[1] ?? '';
    if ((scheme === 'http' || scheme === 'https') && port.length < 19) return undefined;
  } catch {
    // Said below.
  }
  return `is ${show(uri)}, expected a URL of scheme http or https`;
}

function jwksRules(jwks: string, at: Path, report: Report): void {
  try {
    parseJwks(jwks).forEach((key, i) => {
      if (isPrivate(key)) report.warning(at, `has a private key as key ${i}; public keys are enough to check a token`);
    });
  } catch (error) {
    report.error(at, `is no key set: ${error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message}`);
  }
}
