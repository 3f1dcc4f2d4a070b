import { show } from '../../problem';
import { blockReason, byteLength, isAddress, type Reason } from './names';

/** The first reason that is found in a list. */
export type ListReason = (values: readonly string[]) => Reason;

/** `security.CheckEmptyValues`. */
export const filledReason: ListReason = (values) =>
  values.includes('') ? 'has an empty value, expected one with at least a character' : undefined;

/** `security.ValidateIPs`. */
export const blocksReason: ListReason = (values) => {
  const wrong = values.find((value) => (value.includes('/') ? blockReason(value) !== undefined : !isAddress(value)));
  return wrong === undefined ? undefined : `has ${show(wrong)}, expected an IP address or a CIDR block`;
};

/** `security.ValidatePorts`. */
export const portsReason: ListReason = (values) => {
  const wrong = values.find((value) => !/^\d+$/.test(value) || Number(value) > 65535);
  return wrong === undefined ? undefined : `has ${show(wrong)}, expected a port from 0 to 65535`;
};

/** `security.CheckWildcardValues`: one wildcard, in front or at the end. */
export const wildcardsReason: ListReason = (values) => {
  const wrong = values.find((value) => {
    const stars = value.split('*').length - 1;
    return stars > 1 || (stars === 1 && !value.startsWith('*') && !value.endsWith('*'));
  });
  return wrong === undefined
    ? filledReason(values)
    : `has ${show(wrong)}, expected at most one *, in front or at the end`;
};

/** `security.CheckTrustDomainValues`. */
export const trustDomainsReason: ListReason = (values) => {
  const wrong = values.find((value) => value.includes('/'));
  return (
    wildcardsReason(values) ??
    (wrong === undefined ? undefined : `has ${show(wrong)}, expected a trust domain without a slash`)
  );
};

/** `security.CheckServiceAccount`: `account` or `namespace/account`. */
export const accountsReason: ListReason = (values) => {
  if (values.length > 16) return `has ${values.length} values, expected at most 16`;
  const wrong = values.find((value) => !/^[^/*]+(?:\/[^/*]+)?$/s.test(value) || byteLength(value) > 320);
  return wrong === undefined
    ? undefined
    : `has ${show(wrong)}, expected <service account> or <namespace>/<service account>`;
};

const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** `security.CheckValidPathTemplate`: `{*}` stands for a segment, `{**}` at the end for any number of them. */
export const templatesReason: ListReason = (values) => {
  const wrong = values.find((value) => !isPath(value));
  return wrong === undefined
    ? undefined
    : `has ${show(wrong)}, expected a path in which {*} and {**} are whole segments, and none of them comes after {**}`;
};

function isPath(path: string): boolean {
  const template = path.includes('{*}') || path.includes('{**}');
  let ended = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (ended) return false;
      ended = segment === '{**}';
    } else if (/[{}]/.test(segment) || (template && !LITERAL.test(segment))) {
      return false;
    }
  }
  return true;
}
