import { type ClaimMatch, type Condition, quote, type TextMatch, type Variable } from './condition';

const HEADER = /^request\.headers\[(.*)\]$/;

/** What one value of an attribute asks (`security/authz/model/generator.go`). */
export function attributeCondition(key: string, value: string, namespace: string): Condition {
  const condition = connectionCondition(key, value, namespace);
  if (condition) return condition;
  const [, header] = HEADER.exec(key) ?? [];
  if (header !== undefined) return { variable: headerVariable(header), match: text(value) };
  switch (key) {
    case 'host':
      return { variable: 'host', match: { ignoreCase: true, ...text(value) } };
    case 'path':
      return { variable: 'path', match: value.includes('{') ? template(value) : text(value) };
    case 'method':
      return { variable: 'method', match: text(value) };
  }
  // claims of tokens, and filters that nobody models
  const claims = claimsAsked(key, value);
  return { unknown: `${key} ${value}`, ...(claims ? { claims } : {}) };
}

const CLAIM = /^request\.auth\.claims\[([^[\]]+)\]$/;

/** Claims that an attribute of a token is about (`requestPrincipalGenerator` and its neighbours). */
function claimsAsked(key: string, value: string): ClaimMatch[] | undefined {
  if (key === 'request.auth.principal') return requestPrincipal(value);
  const claim =
    key === 'request.auth.audiences' ? 'aud' : key === 'request.auth.presenter' ? 'azp' : CLAIM.exec(key)?.[1];
  return claim === undefined ? undefined : [{ claim, match: text(value) }];
}

/** `<issuer>/<subject>`: an issuer may have slashes, too. */
function requestPrincipal(value: string): ClaimMatch[] {
  const slash = value.lastIndexOf('/');
  const [issuer, subject] = slash >= 0 ? [value.slice(0, slash), value.slice(slash + 1)] : [value, undefined];
  if (subject !== undefined) return principalOf(issuer, subject);
  if (value.startsWith('*')) return principalOf('*', value);
  return principalOf(value, value.endsWith('*') ? '*' : '');
}

const principalOf = (issuer: string, subject: string): ClaimMatch[] => [
  { claim: 'iss', match: text(issuer) },
  { claim: 'sub', match: text(subject) },
];

const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  ...['destination.ip', 'source.ip', 'remote.ip', 'destination.port', 'connection.sni'],
  ...['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'],
]);

/** Whether a TCP connection has an attribute, too. */
export const isOfConnections = (key: string): boolean =>
  OF_CONNECTIONS.has(key) || key.startsWith('experimental.envoy.filters.');

function connectionCondition(key: string, value: string, namespace: string): Condition | undefined {
  switch (key) {
    case 'destination.ip':
      return { address: 'destination', block: value };
    case 'source.ip':
      return { address: 'source', block: value };
    case 'remote.ip':
      return { address: 'remote', block: value };
    case 'destination.port':
      return { destinationPort: Number(value) };
    case 'connection.sni':
      return { variable: 'sni', match: text(value) };
    case 'source.namespace':
      return { variable: 'peer', match: regex(`.*/ns/${value.split('*').map(quote).join('.*')}/.*`) };
    case 'source.serviceAccount':
      return { variable: 'peer', match: serviceAccount(value, namespace) };
    case 'source.trustDomain':
      return { variable: 'peer', match: trustDomain(value) };
    case 'source.principal':
      return { variable: 'peer', match: principal(value) };
  }
  return key.startsWith('experimental.envoy.filters.') ? { unknown: key } : undefined;
}

/** `*` is anything that is there, `*x` a suffix, `x*` a prefix (`matcher.StringMatcher`). */
function text(value: string): TextMatch {
  if (value === '*') return { kind: 'present', value: '' };
  if (value.startsWith('*')) return { kind: 'suffix', value: value.slice(1) };
  if (value.endsWith('*')) return { kind: 'prefix', value: value.slice(0, -1) };
  return { kind: 'exact', value };
}

const regex = (value: string): TextMatch => ({ kind: 'regex', value });

/** `{*}` is one segment of a path, `{**}` any number. */
function template(value: string): TextMatch {
  const segments = value.split('/').map((one) => (one === '{*}' ? '[^/]+' : one === '{**}' ? '.*' : quote(one)));
  return regex(segments.join('/'));
}

function principal(value: string): TextMatch {
  if (value === '*') return { kind: 'present', value: '' };
  if (value.startsWith('*')) return regex(`spiffe://.*${quote(value.slice(1))}`);
  const match = text(value);
  return { ...match, value: `spiffe://${match.value}` };
}

function serviceAccount(value: string, ownNamespace: string): TextMatch {
  const [namespace, name] = value.includes('/') ? value.split('/') : [ownNamespace, value];
  return regex(`spiffe://.+/ns/${quote(namespace)}/(.+/|)sa/${quote(name)}(/.+)?`);
}

function trustDomain(value: string): TextMatch {
  if (value === '*') return { kind: 'prefix', value: 'spiffe://' };
  if (!value.includes('*')) return { kind: 'prefix', value: `spiffe://${value}/` };
  return regex(`spiffe://${value.split('*').map(quote).join('[^/]*')}/.*`);
}

/** Pseudo-headers are parts of the request. */
export function headerVariable(name: string): Variable {
  const lower = name.toLowerCase();
  if (lower === ':authority' || lower === 'host') return 'host';
  if (lower === ':path') return 'path';
  return lower === ':method' ? 'method' : `header ${lower}`;
}
