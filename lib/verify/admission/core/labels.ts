import { noText, show } from '../problem';

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const MAX_NAME = 63;
const MAX_PREFIX = 253;

/** Whether a text is a name, or a domain, a slash and a name (`validation.IsQualifiedName`). */
export function isQualifiedName(key: string): boolean {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  return (slash < 0 || isSubdomain(key.slice(0, slash))) && name.length <= MAX_NAME && QUALIFIED.test(name);
}

/** Whether a text is a domain name in lower case (`validation.IsDNS1123Subdomain`). */
export function isSubdomain(text: string): boolean {
  return text.length <= MAX_PREFIX && SUBDOMAIN.test(text);
}

/** Why a label cannot have a key. */
export function labelKeyReason(key: string): string | undefined {
  return isQualifiedName(key) ? undefined : `has the key ${show(key)}, expected a label's name`;
}

/** Why a label cannot have a value. */
export function labelValueReason(value: unknown): string | undefined {
  if (typeof value !== 'string') return noText(value);
  if (value === '' || (value.length <= MAX_NAME && QUALIFIED.test(value))) return undefined;
  return `is ${show(value)}, expected at most 63 letters, digits, dashes, dots and underscores`;
}
