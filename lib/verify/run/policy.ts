import { type Condition, matchesText, type Variable } from '../view/condition';
import type { LookedUp } from '../view/policy-index';
import type { Rbac } from '../view/types';
import { inCidr } from '../world/addresses';
import type { Ref } from '../world/resource';
import type { HttpBytes } from './bytes';
import { withoutQuery } from './http';
import type { AddressOrigin, CertificateOrigin } from './origin';
import { hasClaim } from './tokens';

/** What policies see of a connection or request. */
export interface PolicySubject {
  readonly sourceIp: string;
  /** Address of the client, where a proxy before tells another than that of the connection. */
  readonly remoteIp?: string;
  /** Whether the call says which addresses these are. */
  readonly isAddressStated?: true;
  readonly ip: string;
  readonly port: number;
  readonly sni?: string;
  /** Names of the client's certificate; undefined without one. */
  readonly peer?: Peer;
  /** Undefined on TCP. */
  readonly request?: HttpBytes;
  readonly origin?: AddressOrigin;
}

/** Names of a client certificate. */
export interface Peer {
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  readonly subject: string;
  readonly origin?: CertificateOrigin;
}

/** What policies say: the ones that allowed, or the one that denied and why. */
export interface Verdict {
  readonly denied?: string;
  readonly refs: readonly Ref[];
}

/** Asks RBAC filters one after the other: each must allow. */
export function decide(filters: readonly Rbac[], subject: PolicySubject): Verdict {
  const refs: Ref[] = [];
  for (const { action, policies, ref, index } of filters) {
    const hit =
      index && !isExplored(subject)
        ? index.first(lookedUp(subject), (condition) => holds(condition, subject))
        : policies.find(({ condition }) => holds(condition, subject));
    if (action === 'DENY' && hit) return { denied: `DENY ${hit.name} matches`, refs: [hit.ref] };
    if (action === 'ALLOW' && !hit) {
      const names = index?.names ?? policies.map(({ name }) => name).join(', ');
      return { denied: `no ALLOW policy matches (${names || 'there is none'})`, refs: [ref] };
    }
    if (hit) refs.push(hit.ref);
  }
  return { refs };
}

/** Whether somebody is told of each question, also of those that are answered with no. */
const isExplored = ({ origin, peer, request }: PolicySubject): boolean =>
  (origin ?? peer?.origin ?? request?.origins) !== undefined;

const lookedUp = (subject: PolicySubject): LookedUp => ({
  peer: valuesOf('peer', subject),
  host: subject.request?.host,
});

/** Whether a condition holds; what depends on tokens does not, unless the call states one. */
export function holds(condition: Condition, subject: PolicySubject): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, subject));
  if ('any' in condition) return condition.any.some((one) => holds(one, subject));
  if ('not' in condition) return !holds(condition.not, subject);
  if ('variable' in condition) {
    const { variable, match } = condition;
    const answer = valuesOf(variable, subject).some((value) => matchesText(match, value));
    if (variable === 'peer') subject.peer?.origin?.named(match, answer);
    else if (variable !== 'sni') subject.request?.origins?.note(variable, match, answer);
    return answer;
  }
  if ('address' in condition) {
    if (condition.address === 'destination') return inCidr(subject.ip, condition.block);
    const { sourceIp, remoteIp = sourceIp } = subject;
    const answer = inCidr(condition.address === 'remote' ? remoteIp : sourceIp, condition.block);
    subject.origin?.inBlock(condition.block, answer);
    return answer;
  }
  if ('destinationPort' in condition) return condition.destinationPort === subject.port;
  const { claims: token, origins } = subject.request ?? {};
  // what no rule has verified is no token
  if (token === undefined) return false;
  return condition.claims?.every(({ claim, match }) => hasClaim(token, claim, match, origins)) ?? false;
}

function valuesOf(variable: Variable, { request, sni, peer }: PolicySubject): readonly string[] {
  switch (variable) {
    case 'path':
      return request ? [withoutQuery(request.path)] : [];
    case 'method':
      return request ? [request.method] : [];
    case 'host':
      return request ? [request.host] : [];
    case 'sni':
      return [sni ?? ''];
    case 'peer':
      // Envoy asks the URI names, else the DNS names, else the subject
      return peer ? [...peer.uris, ...peer.dns, peer.subject] : [];
    default: {
      const value = request?.headers[variable.slice('header '.length)];
      return value === undefined ? [] : [value];
    }
  }
}

/** What policies ask of tokens, whose content no fact says. */
export const unknownsOf = (filters: readonly Rbac[]): Unknown[] =>
  filters.flatMap(({ policies }) => policies.flatMap(({ condition }) => unknowns(condition)));

/** What a policy asks of tokens, or of what nobody models. */
export type Unknown = Extract<Condition, { readonly unknown: string }>;

function unknowns(condition: Condition): Unknown[] {
  if ('all' in condition) return condition.all.flatMap(unknowns);
  if ('any' in condition) return condition.any.flatMap(unknowns);
  if ('not' in condition) return unknowns(condition.not);
  return 'unknown' in condition ? [condition] : [];
}
