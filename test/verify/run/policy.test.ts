import { decide, type PolicySubject } from '../../../lib/verify/run/policy';
import { unsaidIn } from '../../../lib/verify/run/unsaid';
import type { ExtensionProvider } from '../../../lib/verify/world/mesh-config-types';
import { deployment, istio, namespace, planeOf } from '../support/world';

const web = namespace('a') + deployment('a/web');

function verdict(policies: string, subject: Partial<PolicySubject>, forTcp = false, aliases: string[] = []) {
  const plane = planeOf(web + policies, { meshConfig: { trustDomainAliases: aliases } });
  const filters = plane.authorizationPolicies.of('a', { app: 'web' }, forTcp);
  const { denied } = decide(filters, { sourceIp: '10.0.0.1', ip: '10.0.0.2', port: 8080, ...subject });
  return denied ?? 'allowed';
}

const policy = (spec: string, id = 'a/p') => istio('AuthorizationPolicy', id, spec);
const peer = (...uris: string[]) => ({ peer: { uris, dns: [], subject: '' } });
const caller = peer('spiffe://cluster.local/ns/b/sa/c');
const request = (method: string, path: string) => ({
  request: { kind: 'http' as const, method, path, host: 'h', headers: { 'x-a': '1' } },
});

test('without policies everything is allowed, an ALLOW policy without rules denies everything', () => {
  expect(verdict('', caller)).toBe('allowed');
  expect(verdict(policy('{}'), caller)).toBe('no ALLOW policy matches (ns[a]-policy[p]-rule[0])');
});

test('DENY comes before ALLOW', () => {
  const deny = policy('action: DENY\nrules: [{ to: [{ operation: { methods: [POST] } }] }]', 'a/deny');
  expect(verdict(policy('rules: [{}]') + deny, request('POST', '/'))).toBe('DENY ns[a]-policy[deny]-rule[0] matches');
  expect(verdict(policy('rules: [{}]') + deny, request('GET', '/'))).toBe('allowed');
});

test.each([
  ['from: [{ source: { principals: [cluster.local/ns/b/sa/c] } }]', caller, true],
  ['from: [{ source: { principals: ["cluster.local/ns/b/*"] } }]', caller, true],
  ['from: [{ source: { principals: ["*/sa/c"] } }]', caller, true],
  ['from: [{ source: { principals: ["*"] } }]', {}, false],
  ['from: [{ source: { principals: ["*"] } }]', caller, true],
  ['from: [{ source: { notPrincipals: [cluster.local/ns/b/sa/c] } }]', caller, false],
  ['from: [{ source: { namespaces: [b] } }]', caller, true],
  ['from: [{ source: { serviceAccounts: [b/c] } }]', caller, true],
  ['from: [{ source: { ipBlocks: [10.0.0.0/8] } }]', {}, true],
  ['from: [{ source: { ipBlocks: [11.0.0.0/8] } }]', {}, false],
  ['to: [{ operation: { ports: ["8080"] } }]', {}, true],
  ['to: [{ operation: { paths: [/status/*] } }]', request('GET', '/status/200?x'), true],
  ['to: [{ operation: { paths: ["/a/{*}/c"] } }]', request('GET', '/a/b/c'), true],
  ['to: [{ operation: { paths: ["/a/{*}/c"] } }]', request('GET', '/a/b/b/c'), false],
  ['to: [{ operation: { hosts: [H] } }]', request('GET', '/'), true],
  ['when: [{ key: "request.headers[X-A]", values: ["1"] }]', request('GET', '/'), true],
  ['when: [{ key: connection.sni, values: [x.example] }]', { sni: 'x.example' }, true],
  ['when: [{ key: "request.auth.claims[sub]", values: [x] }]', request('GET', '/'), false],
] as const)('%s on %j', (rule, subject, allowed) => {
  expect(verdict(policy(`rules: [{ ${rule} }]`), subject) === 'allowed').toBe(allowed);
});

test('on TCP an ALLOW rule that asks for HTTP is dropped, a DENY rule only loses what it cannot ask', () => {
  const rule = 'rules: [{ from: [{ source: { namespaces: [b] } }], to: [{ operation: { methods: [GET] } }] }]';
  expect(verdict(policy(rule), caller, true)).toBe('no ALLOW policy matches (there is none)');
  expect(verdict(policy(`action: DENY\n${rule}`), caller, true)).toBe('DENY ns[a]-policy[p]-rule[0] matches');
});

test('a principal of the own trust domain is meant in its aliases, too', () => {
  const rule = policy('rules: [{ from: [{ source: { principals: [cluster.local/ns/b/sa/c] } }] }]');
  const old = peer('spiffe://old/ns/b/sa/c');
  expect([verdict(rule, old), verdict(rule, old, false, ['old'])]).toEqual([
    'no ALLOW policy matches (ns[a]-policy[p]-rule[0])',
    'allowed',
  ]);
});

test('policies of the root namespace count everywhere, those that only watch nowhere', () => {
  expect(verdict(policy('{}', 'istio-system/p'), {})).toMatch(/^no ALLOW/);
  expect(
    verdict(policy('{}').replace('namespace: a', 'namespace: a, annotations: { istio.io/dry-run: "true" }'), {}),
  ).toBe('allowed');
});

test.each([
  ['from: [{ source: { ipBlocks: [11.0.0.0/8] } }]', ['the address of the caller']],
  ['from: [{ source: { requestPrincipals: ["*"] } }]', ['request.auth.principal *']],
  ['when: [{ key: "request.headers[X-Token]", values: [x] }]', ['header x-token']],
  ['when: [{ key: "request.headers[X-Token]", notValues: [x] }]\n  to: [{ operation: { methods: [POST] } }]', []],
  ['when: [{ key: "request.headers[X-A]", values: ["2"] }]', []],
  ['from: [{ source: { namespaces: [c] } }]', []],
  ['from: [{ source: { namespaces: [c], ipBlocks: [11.0.0.0/8] } }]', []],
])('what a call does not say and %s asks: %j', (rule, expected) => {
  expect(unsaid(policy(`rules:\n- ${rule}`), request('GET', '/'))).toEqual(expected);
});

test('a denial by what a call does not say may be none; one by what it says is one', () => {
  const open = policy('rules: [{}]');
  const others = policy('action: DENY\nrules: [{ from: [{ source: { notIpBlocks: [11.0.0.0/8] } }] }]', 'a/deny');
  const reads = policy('action: DENY\nrules: [{ to: [{ operation: { methods: [GET] } }] }]', 'a/reads');
  expect(unsaid(open + others, request('GET', '/'))).toEqual(['the address of the caller']);
  expect(unsaid(open + others + reads, request('GET', '/'))).toEqual([]);
});

function unsaid(policies: string, subject: Partial<PolicySubject>): string[] {
  const filters = planeOf(web + policies).authorizationPolicies.of('a', { app: 'web' }, false);
  return unsaidIn(filters, { ...caller, sourceIp: '10.0.0.1', ip: '10.0.0.2', port: 8080, ...subject });
}

test('a CUSTOM policy denies what it is about where the mesh does not have its provider (getBadCustomDenyRules)', () => {
  const custom = policy(
    'action: CUSTOM\nprovider: { name: ask-me }\nrules: [{ to: [{ operation: { paths: [/admin/*] } }] }]',
  );
  const plane = (extensionProviders?: readonly ExtensionProvider[]) =>
    planeOf(web + custom, { meshConfig: extensionProviders ? { extensionProviders } : {} }).authorizationPolicies;
  const denied = (policies: ReturnType<typeof plane>, path: string) =>
    decide(policies.of('a', { app: 'web' }, false), { sourceIp: '', ip: '', port: 1, ...request('GET', path) }).denied;
  const logs = plane([{ name: 'ask-me' }]);
  expect(denied(logs, '/admin/x')).toBe('DENY ns[a]-policy[p]-rule[0] matches');
  expect(denied(logs, '/')).toBeUndefined();
  expect(logs.unmodelled('a', { app: 'web' })).toEqual([]);
  // with its provider, and where nobody states the providers, nobody knows
  for (const known of [plane([{ name: 'ask-me', envoyExtAuthzGrpc: {} }]), plane()]) {
    expect(denied(known, '/admin/x')).toBeUndefined();
    expect(known.unmodelled('a', { app: 'web' })).toHaveLength(1);
  }
});
