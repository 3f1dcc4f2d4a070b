import { isIP, isIPv6 } from 'node:net';
import { show } from '../../problem';

/** Why a value is refused; undefined if it is not. */
export type Reason = string | undefined;

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const MAX_LABEL = 63;
const MAX_NAME = 255;

/** Bytes of a string: Go counts those. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** `labels.IsDNS1123Label`: upper case is allowed. */
export function isLabel(text: string): boolean {
  return text.length <= MAX_LABEL && LABEL.test(text);
}

/** `agent.ValidateFQDN`: a domain name without wildcards; one label is enough. */
export function domainReason(name: string): Reason {
  return lengthReason(name) ?? labelsReason(name, name);
}

/** `agent.ValidateWildcardDomain`: a domain name whose first label may begin with a wildcard: `*`, `*.x`, `*-x`, `*x`. */
export function wildcardDomainReason(name: string): Reason {
  const tooLong = lengthReason(name);
  if (tooLong !== undefined) return tooLong;
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  if (first.length > MAX_LABEL || !WILDCARD_LABEL.test(first)) return invalidLabel(name, first);
  return dot < 0 ? undefined : labelsReason(name.slice(dot + 1), name);
}

/** `agent.ValidatePartialWildCard`: a wildcard is a label of its own. */
export function partialWildcardReason(name: string): Reason {
  const partial = name.includes('*') && name.length !== 1 && !name.startsWith('*.');
  return partial ? `is ${show(name)}, expected a wildcard to be a whole label, as in *.example.com` : undefined;
}

/**
 * `agent.ValidateWildcardDomainForVirtualServiceBoundToGateway`: also the SNI of automatic passthrough,
 * `outbound_.80_.v1_.host`.
 */
export function gatewayDomainReason(name: string, sni: boolean): Reason {
  if (!sni || !name.startsWith('outbound_')) return wildcardDomainReason(name);
  const parts = name.split('_');
  const port = parts[1] ?? '';
  const host = parts[3];
  const valid = host !== undefined && /[0-9]/.test(trimDots(port)) && /[a-zA-Z]/.test(trimDots(host));
  return lengthReason(name) ?? (valid ? undefined : `is ${show(name)}, expected outbound_.<port>_.<subset>_.<host>`);
}

/** `netip.ParseAddr`: also with a zone, which may be any text. */
export function isAddress(text: string): boolean {
  const zone = text.indexOf('%');
  return zone < 0 ? isIP(text) !== 0 : zone < text.length - 1 && isIPv6(text.slice(0, zone));
}

/** `agent.ValidateIPAddress`. */
export function addressReason(text: string): Reason {
  return isAddress(text) ? undefined : `is ${show(text)}, expected an IP address`;
}

/** `agent.ValidateIPSubnet`: an address or a CIDR block. */
export function subnetReason(text: string): Reason {
  return text.split('/').length === 2 ? blockReason(text) : addressReason(text);
}

/** `netip.ParsePrefix`. */
export function blockReason(text: string): Reason {
  const slash = text.lastIndexOf('/');
  const version = isIP(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  const valid = version !== 0 && !text.includes('%') && /^(?:0|[1-9]\d{0,2})$/.test(bits);
  if (valid && Number(bits) <= (version === 4 ? 32 : 128)) return undefined;
  return `is ${show(text)}, expected a CIDR block such as 10.0.0.0/8`;
}

/** `agent.ValidatePort`; a port that is not set is 0. */
export function portReason(port: number | undefined): Reason {
  if (port === undefined) return 'is required, expected a port from 1 to 65535';
  return port >= 1 && port <= 65535 ? undefined : `is ${port}, expected a port from 1 to 65535`;
}

function lengthReason(name: string): Reason {
  if (name === '') return 'is empty, expected a domain name';
  return byteLength(name) > MAX_NAME ? `is longer than ${MAX_NAME} bytes, expected a domain name` : undefined;
}

/** `agent.ValidateDNS1123Labels`. */
function labelsReason(domain: string, name: string): Reason {
  const parts = domain.split('.');
  const last = parts.length - 1;
  if (/^[-+]?0*\d{1,18}$/.test(parts[last] as string)) {
    return `is ${show(name)}, expected a domain name that does not end in a number`;
  }
  for (let i = 0; i <= last; i++) {
    const label = parts[i] as string;
    // `example.com.` is a name, too.
    if (i === last && label === '') return undefined;
    if (!isLabel(label)) return invalidLabel(name, label);
  }
  return undefined;
}

function invalidLabel(name: string, label: string): string {
  return `is ${show(name)}, expected a domain name; ${show(label)} in it is no DNS label`;
}

function trimDots(text: string): string {
  return text.replace(/^\.+|\.+$/g, '');
}
