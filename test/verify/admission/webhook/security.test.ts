import { said } from '../support';

type Case = [title: string, spec: unknown, problems: string[]];
const V1 = 'security.istio.io/v1';
const from = (source: object) => ({ rules: [{ from: [{ source }] }] });

test.each<Case>([
  [
    'DENY of nothing',
    { action: 'DENY' },
    ['spec.rules is empty, so that action DENY is never taken; [{}] stands for every request'],
  ],
  ['ALLOW of nothing, which is the way to deny everything', {}, []],
  [
    'a source that is everything',
    from({}),
    ['spec.rules[0].from[0].source is empty, expected at least one list with a value'],
  ],
  [
    'an empty principal',
    from({ principals: [''] }),
    ['spec.rules[0].from[0].source.principals has an empty value, expected one with at least a character'],
  ],
  [
    'accounts beside namespaces',
    from({ serviceAccounts: ['a'], namespaces: ['b'] }),
    ['spec.rules[0].from[0].source Cannot set serviceAccounts with namespaces or principals'],
  ],
  [
    'a trust domain with a path',
    from({ trustDomains: ['a/b'] }),
    ['spec.rules[0].from[0].source.trustDomains has "a/b", expected a trust domain without a slash'],
  ],
  [
    'a block that is none',
    from({ ipBlocks: ['10.0.0.0/40'] }),
    ['spec.rules[0].from[0].source.ipBlocks has "10.0.0.0/40", expected an IP address or a CIDR block'],
  ],
  [
    'a port by name',
    { rules: [{ to: [{ operation: { ports: ['http'] } }] }] },
    ['spec.rules[0].to[0].operation.ports has "http", expected a port from 0 to 65535'],
  ],
  [
    'a template in a segment',
    { rules: [{ to: [{ operation: { paths: ['/a{*}'] } }] }] },
    [
      'spec.rules[0].to[0].operation.paths has "/a{*}", expected a path in which {*} and {**} are whole segments, and none of them comes after {**}',
    ],
  ],
  [
    'an unknown attribute',
    { rules: [{ when: [{ key: 'source.color', values: ['red'] }] }] },
    [
      'spec.rules[0].when[0].values is for "source.color", which istiod does not know',
      'spec.rules[0].when[0].notValues is for "source.color", which istiod does not know',
    ],
  ],
  [
    'a header without brackets',
    { rules: [{ when: [{ key: 'request.headers', values: ['a'] }] }] },
    [
      expect.stringContaining(
        'spec.rules[0].when[0].values is for "request.headers", expected a key in brackets',
      ) as unknown as string,
      expect.anything() as unknown as string,
    ],
  ],
  [
    'a condition without values',
    { rules: [{ when: [{ key: 'source.ip' }] }] },
    ['spec.rules[0].when[0] sets neither values nor notValues of "source.ip", expected one of them'],
  ],
  [
    'DENY by HTTP alone',
    { action: 'DENY', rules: [{ to: [{ operation: { methods: ['GET'] } }] }] },
    [
      'warning: spec.rules[0] looks only at what HTTP requests have, so that it denies all TCP connections; name the ports',
    ],
  ],
  [
    'DENY by HTTP and port',
    { action: 'DENY', rules: [{ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }] },
    [],
  ],
  [
    'a provider without CUSTOM',
    { action: 'ALLOW', provider: { name: 'a' } },
    ['spec.provider is set with action ALLOW, expected CUSTOM'],
  ],
  [
    'CUSTOM that asks who calls',
    { action: 'CUSTOM', provider: { name: 'a' }, ...from({ principals: ['a'] }) },
    ['spec.rules[0].from[0].source.principals is set, which action CUSTOM cannot look at'],
  ],
  [
    'a target of another kind',
    { targetRefs: [{ kind: 'Deployment', name: 'a', group: 'apps' }] },
    ['spec.targetRefs[0] is a Deployment of group "apps", expected a Service, ServiceEntry, Gateway or GatewayClass'],
  ],
  [
    'a selector with a wildcard',
    { selector: { matchLabels: { app: 'a*' } } },
    [expect.stringContaining('wildcard') as unknown as string],
  ],
])('AuthorizationPolicy: %s', (_, spec, problems) => {
  expect(said(V1, 'AuthorizationPolicy', spec)).toEqual(problems);
});

test('only a policy that allows or denies can be tried', () => {
  const annotations = { 'istio.io/dry-run': 'maybe' };
  const spec = { action: 'AUDIT' };
  expect(said(V1, 'AuthorizationPolicy', {}, { annotations })).toEqual([
    'metadata.annotations[istio.io/dry-run] is "maybe", expected "true" or "false"',
  ]);
  expect(said(V1, 'AuthorizationPolicy', spec, { annotations })).toEqual([
    'metadata.annotations[istio.io/dry-run] is set with action AUDIT, expected ALLOW or DENY',
  ]);
  expect(said(V1, 'PeerAuthentication', {}, { annotations })).toEqual([
    'metadata.annotations[istio.io/dry-run] is set, which only an AuthorizationPolicy can have',
  ]);
});

test('annotations of istiod itself are refused', () => {
  const annotations = { 'internal.istio.io/parent-namespace': 'other' };
  expect(said(V1, 'PeerAuthentication', {}, { annotations })).toEqual([
    'metadata.annotations[internal.istio.io/parent-namespace] is set, which only istiod itself may do',
  ]);
});

test.each<Case>([
  [
    'ports without a selector',
    { portLevelMtls: { 80: { mode: 'DISABLE' } } },
    [expect.stringContaining('portLevelMtls requires selector') as unknown as string],
  ],
  [
    'a port that is none',
    { selector: { matchLabels: { a: 'b' } }, portLevelMtls: { 65536: { mode: 'DISABLE' } } },
    [expect.stringContaining('port') as unknown as string],
  ],
  [
    'an empty selector',
    { selector: {} },
    ['warning: spec.selector has no labels: it applies to all workloads of the namespace'],
  ],
])('PeerAuthentication: %s', (_, spec, problems) => {
  expect(said(V1, 'PeerAuthentication', spec)).toEqual(problems);
});

const jwt = (rule: object) => ({ jwtRules: [rule] });

test.each<Case>([
  ['nobody who issues', jwt({}), ['spec.jwtRules[0] sets neither issuer nor jwksUri, expected one of them']],
  ['keys that are no JSON', jwt({ issuer: 'a', jwks: 'x' }), ['spec.jwtRules[0].jwks is no key set: it is not JSON']],
  [
    'a key of an unknown type',
    jwt({ issuer: 'a', jwks: '{"keys":[{"kty":"X"}]}' }),
    ['spec.jwtRules[0].jwks is no key set: has a key whose kty is none of RSA, EC, OKP, oct'],
  ],
  [
    'a key that lacks a parameter',
    jwt({ issuer: 'a', jwks: '{"kty":"RSA","e":"AQAB"}' }),
    ['spec.jwtRules[0].jwks is no key set: has a key of type RSA without n'],
  ],
  [
    'a secret key',
    jwt({ issuer: 'a', jwks: '{"keys":[{"kty":"oct","k":"AQAB"}]}' }),
    ['warning: spec.jwtRules[0].jwks has a private key as key 0; public keys are enough to check a token'],
  ],
  ['a URL of another scheme', jwt({ jwksUri: 'ftp://a' }), [expect.stringContaining('http') as unknown as string]],
])('RequestAuthentication: %s', (_, spec, problems) => {
  expect(said(V1, 'RequestAuthentication', spec)).toEqual(problems);
});
