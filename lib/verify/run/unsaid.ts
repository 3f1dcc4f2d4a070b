import type { Condition } from '../view/condition';
import type { Rbac } from '../view/types';
import { holds, type PolicySubject } from './policy';

/**
 * What the denial of a call depends on that the call does not say: the address that it comes from, headers, tokens of end
 * users. Empty where it is denied whatever these are.
 */
export function unsaidIn(filters: readonly Rbac[], subject: PolicySubject): string[] {
  const asked = new Set(
    filters.flatMap(({ policies, index }) =>
      (index?.open ?? policies).flatMap(({ condition }) => left(condition, subject)),
    ),
  );
  if (asked.size === 0) return [];
  const quiet = withoutOrigins(subject);
  const mayPass = filters.every(({ action, policies }) =>
    action === 'DENY'
      ? policies.every(({ condition }) => mayBe(condition, quiet, false))
      : policies.some(({ condition }) => mayBe(condition, quiet, true)),
  );
  return mayPass ? [...asked].sort() : [];
}

/** Whether a condition holds, or does not, for some of what the call leaves open. */
function mayBe(condition: Condition, subject: PolicySubject, wanted: boolean): boolean {
  if ('all' in condition) {
    return wanted
      ? condition.all.every((one) => mayBe(one, subject, true))
      : condition.all.some((one) => mayBe(one, subject, false));
  }
  if ('any' in condition) {
    return wanted
      ? condition.any.some((one) => mayBe(one, subject, true))
      : condition.any.every((one) => mayBe(one, subject, false));
  }
  if ('not' in condition) return mayBe(condition.not, subject, !wanted);
  return left(condition, subject).length > 0 || holds(condition, subject) === wanted;
}

/** What a condition asks that the call leaves open. */
function left(condition: Condition, subject: PolicySubject): string[] {
  if ('all' in condition) return condition.all.flatMap((one) => left(one, subject));
  if ('any' in condition) return condition.any.flatMap((one) => left(one, subject));
  if ('not' in condition) return left(condition.not, subject);
  if ('unknown' in condition) {
    const { token, claims } = subject.request ?? {};
    const isStated = condition.claims !== undefined && (token ?? claims) !== undefined;
    return isStated ? [] : [condition.unknown];
  }
  if ('address' in condition) {
    return condition.address === 'destination' || subject.isAddressStated ? [] : ['the address of the caller'];
  }
  if (!('variable' in condition) || !condition.variable.startsWith(HEADER)) return [];
  // headers that proxies write are no choice of the caller
  const name = condition.variable.slice(HEADER.length);
  const isOpen = subject.request !== undefined && !(name in subject.request.headers) && name !== XFCC;
  return isOpen ? [condition.variable] : [];
}

const HEADER = 'header ';
const XFCC = 'x-forwarded-client-cert';

/** Without what notes questions: these are none of the call's own. */
const withoutOrigins = ({ origin: _, peer, request, ...others }: PolicySubject): PolicySubject => ({
  ...others,
  ...(peer && { peer: { ...peer, origin: undefined } }),
  ...(request && { request: { ...request, origins: undefined } }),
});
