import { MeshError } from './error';
import { requireText } from './kind-of';
import { sha256 } from './sha256';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const HOST = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/i;

/**
 * A DNS label (RFC 1123) such as a namespace, Service or Gateway name: lower case letters, digits and `-`, at most 63
 * characters.
 *
 * @throws MESH1001 when it is none; MESH1006 when it is no text.
 */
export function dnsLabel(value: string, where: string, what: string): string {
  requireText(value, where, what);
  if (value.length > 63) {
    throw new MeshError(
      'MESH1001',
      where,
      `${what} '${value}' has ${value.length} characters, expected at most 63; choose a shorter one`,
    );
  }
  if (!LABEL.test(value)) {
    throw new MeshError(
      'MESH1001',
      where,
      `${what} '${value}' is no DNS label; expected lower case letters, digits and '-', beginning and ending with a letter or digit`,
    );
  }
  return value;
}

/**
 * Name of a Kubernetes Service: a DNS label that begins with a letter (RFC 1035).
 *
 * @throws MESH1001 when it is none.
 */
export function serviceName(value: string, where: string, what: string): string {
  if (/^\d/.test(dnsLabel(value, where, what))) {
    throw new MeshError(
      'MESH1001',
      where,
      `${what} '${value}' begins with a digit; expected a letter, because Kubernetes accepts no such Service (RFC 1035)`,
    );
  }
  return value;
}

/**
 * Name of a Kubernetes object that need not be a label: labels joined by dots.
 *
 * @throws MESH1001 when it is longer than 253 characters.
 */
export function objectName(value: string, where: string): string {
  if (value.length <= 253) return value;
  throw new MeshError(
    'MESH1001',
    where,
    `object name '${value}' has ${value.length} characters, expected at most 253; choose shorter names`,
  );
}

/**
 * A fully qualified host name: at least two labels, no wildcard, no port, no scheme, last label not numeric
 * (istiod's `ValidateFQDN`).
 *
 * @throws MESH1002 when it is none.
 */
export function hostname(value: string, where: string, what = 'host'): string {
  requireText(value, where, what);
  if (value.length > 253 || !HOST.test(value) || /\.\d+$/.test(value)) {
    throw new MeshError(
      'MESH1002',
      where,
      `${what} '${value}' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard`,
    );
  }
  return value.toLowerCase();
}

/**
 * A SPIFFE trust domain: one or more DNS labels.
 *
 * @throws MESH1401 when it is none.
 */
export function trustDomain(value: string, where: string): string {
  requireText(value, where, 'trust domain');
  if (value.length > 255 || !value.split('.').every((label) => label.length <= 63 && LABEL.test(label))) {
    throw new MeshError(
      'MESH1401',
      where,
      `trust domain '${value}' is malformed; expected lower case letters, digits, '-' and '.' such as 'cluster.local', without 'spiffe://'`,
    );
  }
  return value;
}

/**
 * A path of an HTTP request: absolute, without query or fragment; a `*` only as the last character, where it stands
 * for any rest. No braces: newer Istio reads `{*}` in an AuthorizationPolicy as a template, older takes it literally.
 * Nothing that proxies resolve before they compare (Envoy `normalize_path`, which Istio switches on): `/a/../b` is never
 * seen.
 *
 * @throws MESH1004 when it is none.
 */
export function httpPath(value: string, where: string): string {
  requireText(value, where, 'path');
  const star = value.indexOf('*');
  if (!value.startsWith('/') || /[\s?#{}]/.test(value) || (star >= 0 && star !== value.length - 1)) {
    throw new MeshError(
      'MESH1004',
      where,
      `path '${value}' is malformed; expected an absolute path such as '/insurances/London', or one that ends in '*' such as '/insurances/*'`,
    );
  }
  const segments = value.split('/');
  if (value.endsWith('*')) segments.pop();
  if (value.includes('\\') || segments.some((one) => /^(\.|%2e){1,2}$/i.test(one))) {
    throw new MeshError(
      'MESH1004',
      where,
      `path '${value}' is never seen: proxies resolve '.', '..' and '\\' before they compare paths; state what is left of it`,
    );
  }
  return value;
}

/** How Istio and Envoy match such a path. */
export function pathMatch(path: string): { prefix: string } | { exact: string } {
  return path.endsWith('*') ? { prefix: path.slice(0, -1) } : { exact: path };
}

/**
 * One DNS label made of several, so that different parts never give the same label: hyphens of the parts are doubled,
 * parts are joined by a single one (a label neither begins nor ends with a hyphen, so this can be undone).
 *
 * Kinds whose names must be labels (Gateway) and subsets need it; other kinds join with dots.
 */
export function joinLabels(...parts: string[]): string {
  return parts.join('.').replaceAll('-', '--').replaceAll('.', '-');
}

/**
 * A DNS label made of a longer text: as it is while it fits into 63 characters, else its beginning and ten hexadecimal
 * digits of its SHA-256, so that different texts keep different names and the same text has the same one everywhere.
 * Maistra cuts the names of what federation makes likewise.
 */
export function shortLabel(text: string): string {
  if (text.length <= 63) return text;
  const digest = sha256(text).slice(0, 10);
  return `${text.slice(0, 52).replace(/-+$/, '')}-${digest}`;
}
