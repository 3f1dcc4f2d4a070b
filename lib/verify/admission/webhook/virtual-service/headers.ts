import type { Headers, HTTPRewrite } from '../../../../../imports/istio/networking';
import { each, type Path } from '../../path';
import { type Report, show } from '../../problem';
import type { Reason } from '../common/names';
import { refuse } from '../common/values';

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO = [':method', ':scheme', ':authority', ':path', ':status'];
const CLAIM = '@request.auth.claims';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** `jwt.ToRoutingClaim`: `@request.auth.claims.group` or `@request.auth.claims[group]` looks at a token, not at a header. */
export function isClaim(name: string): boolean {
  if (!name.toLowerCase().startsWith(CLAIM)) return false;
  const rest = name.slice(CLAIM.length);
  return (rest.startsWith('.') && rest.length > 1) || (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2);
}

/** `validation.ValidateHTTPHeaderNameOrJwtClaimRoute`: a header that a match looks at. */
export function matchedHeaderReason(name: string): Reason {
  if (isClaim(name) || PSEUDO.includes(name) || HEADER_NAME.test(name)) return undefined;
  return `has the key ${show(name)}, expected the name of a header`;
}

/** `validation.ValidateCORSHTTPHeaderName`. */
export function corsHeaderReason(name: string): Reason {
  return HEADER_NAME.test(name) ? undefined : `is ${show(name)}, expected the name of a header or *`;
}

/** Headers that a route or a destination changes. */
export function headerRules(headers: Headers | undefined, at: Path, report: Report): void {
  if (headers === undefined) return;
  for (const direction of ['request', 'response'] as const) {
    const { add, set, remove = [] } = headers[direction] ?? {};
    const place = at.at(direction);
    for (const [field, values] of Object.entries({ add, set })) {
      for (const name in values) {
        const reason = direction === 'request' ? requestReason(name) : changedReason(name);
        refuse(report, place.at(field).at(name), reason);
        refuse(report, place.at(field).at(name), valueReason(values[name] as string));
      }
    }
    each(remove, place.at('remove'), (name, item) => refuse(report, item, changedReason(name)));
  }
}

/** `validation.validateAuthorityRewrite`: one place says what the authority becomes. */
export function authorityRules(
  rewrite: HTTPRewrite | undefined,
  headers: Headers | undefined,
  at: Path,
  report: Report,
): void {
  let current = rewrite?.authority ?? '';
  for (const field of ['set', 'add'] as const) {
    const values = headers?.request?.[field];
    for (const name in values) {
      if (!isAuthority(name)) continue;
      if (current !== '') {
        const place = at.at('headers').at('request').at(field).at(name);
        report.error(place, `is ${show(values[name])}, but the authority is set to ${show(current)} already`);
        return;
      }
      current = values[name] as string;
    }
  }
}

/** `validation.ValidateHTTPHeaderWithAuthorityOperationName`. */
function requestReason(name: string): Reason {
  return name === '' || (isInternal(name) && !isAuthority(name)) ? notAHeader(name) : undefined;
}

/** `validation.ValidateHTTPHeaderOperationName`. */
function changedReason(name: string): Reason {
  return name === '' || isInternal(name) ? notAHeader(name) : undefined;
}

function notAHeader(name: string): string {
  return `is about ${show(name)}, expected a header that a route may change`;
}

function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}

function isAuthority(name: string): boolean {
  return name.toLowerCase() === ':authority' || name.toLowerCase() === 'host';
}

/** `validation.ValidateHTTPHeaderValue`. */
function valueReason(value: string): Reason {
  if (CONTROL.test(value)) return `is ${show(value)}, expected a value without control characters`;
  return isFormat(value)
    ? undefined
    : `is ${show(value)}, expected %COMMAND% or %COMMAND(argument)%, and %% for a percent sign`;
}

/** `validation.validateHeaderValue`: a walk through literal text and commands, as Envoy's header parser does it. */
function isFormat(value: string): boolean {
  let state: State = 'literal';
  for (let i = 0; i < value.length; i++) {
    const char = value[i] as string;
    if ((state === 'literal' && char === '%' && value[i + 1] === '%') || (state === 'string' && char === '\\')) {
      i++;
      if (i >= value.length) return false;
      continue;
    }
    const next: State | undefined = STEPS[state](char);
    if (next === undefined) return false;
    state = next;
  }
  return state === 'literal';
}

type State = 'literal' | 'name' | 'array' | 'expectString' | 'string' | 'delimiter' | 'argumentsEnd' | 'commandEnd';

/** What a character makes of a state; undefined where it may not be. */
const STEPS: Readonly<Record<State, (char: string) => State | undefined>> = {
  literal: (char) => (char === '%' ? 'name' : 'literal'),
  name: (char) => (char === '%' ? 'literal' : char === '(' ? 'array' : 'name'),
  array: (char) => (char === '[' ? 'expectString' : char === ' ' ? 'array' : 'string'),
  expectString: (char) => (char === '"' ? 'string' : char === ' ' ? 'expectString' : undefined),
  string: (char) => (char === ')' ? 'commandEnd' : char === '"' ? 'delimiter' : 'string'),
  delimiter: (char) =>
    char === ',' ? 'expectString' : char === ']' ? 'argumentsEnd' : char === ' ' ? 'delimiter' : undefined,
  argumentsEnd: (char) => (char === ')' ? 'commandEnd' : char === ' ' ? 'argumentsEnd' : undefined),
  commandEnd: (char) => (char === '%' ? 'literal' : char === ' ' ? 'commandEnd' : undefined),
};
