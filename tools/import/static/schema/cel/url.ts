import { isIPv6 } from 'node:net';

/** What is asked of a URL. */
export interface Url {
  /** In lower case; empty for a path. */
  readonly scheme: string;
  /** Name or address, with the port if there is one. */
  readonly host: string;
}

/**
 * An absolute URL or a rooted path without a fragment, as Go's url.ParseRequestURI reads it.
 *
 * @throws if it is none.
 */
export function requestUrl(text: string): Url {
  if (text === '') throw new Error('is empty');
  return parse(text, true);
}

/**
 * A URL or a reference to one, as Go's url.Parse reads it.
 *
 * @throws if it is none.
 */
export function anyUrl(text: string): Url {
  const [beforeFragment, fragment] = cut(text, '#');
  const url = parse(beforeFragment, false);
  checkEscapes(fragment);
  return url;
}

function parse(text: string, viaRequest: boolean): Url {
  if (CONTROL.test(text)) throw new Error('has a control character');
  if (text === '*') return { scheme: '', host: '' };
  if (text.startsWith(':')) throw new Error('has no scheme before the colon');
  const written = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? '';
  const scheme = written.toLowerCase();
  const [rest] = cut(written === '' ? text : text.slice(written.length + 1), '?');
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme, host: '' };
    if (viaRequest) throw new Error('has neither a scheme nor a path that begins with /');
    if (cut(rest, '/')[0].includes(':')) throw new Error('has a colon in the first segment of its path');
  }
  if (!rest.startsWith('//') || (scheme === '' && (viaRequest || rest.startsWith('///')))) {
    checkEscapes(rest);
    return { scheme, host: '' };
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const at = authority.lastIndexOf('@');
  if (at >= 0) checkUser(authority.slice(0, at));
  const host = authority.slice(at + 1);
  checkHost(scheme, host);
  if (slash >= 0) checkEscapes(rest.slice(slash));
  return { scheme, host };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x1f\x7f]/;
const ESCAPE_MISSING = /%(?![0-9A-Fa-f]{2})/;
const HOST = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\uffff]|%(?:25|[89A-Fa-f][0-9A-Fa-f]))*$/;
const ZONE = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\uffff]|%[0-9A-Fa-f]{2})*$/;

function checkEscapes(text: string): void {
  if (ESCAPE_MISSING.test(text)) throw new Error('has a % that begins no escape');
}

function checkUser(user: string): void {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new Error('has a character that a user name may not have');
  checkEscapes(user);
}

function checkHost(scheme: string, host: string): void {
  const bracket = host.lastIndexOf('[');
  if (bracket >= 0) {
    checkAddress(host, bracket);
    return;
  }
  const first = host.indexOf(':');
  const colon = scheme === 'http' || scheme === 'https' ? first : host.lastIndexOf(':');
  if (first >= 0) checkPort(host.slice(colon));
  if (!HOST.test(host)) throw new Error('has a character that a host may not have');
}

/** `[2001:db8::1]`, with or without zone and port. */
function checkAddress(host: string, bracket: number): void {
  const end = host.lastIndexOf(']');
  if (bracket > 0 || end < 0) throw new Error('has an address that is not in brackets');
  checkPort(host.slice(end + 1));
  const inside = host.slice(1, end);
  const zone = inside.indexOf('%25');
  const address = zone < 0 ? inside : inside.slice(0, zone);
  const named = zone < 0 || (ZONE.test(inside.slice(zone)) && inside.length > zone + 3);
  if (!isIPv6(address) || !named) throw new Error('has something other than an IPv6 address in brackets');
}

function checkPort(text: string): void {
  if (!/^(?::\d*)?$/.test(text)) throw new Error('has a port that is not a number');
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
