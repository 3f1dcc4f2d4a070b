import { generateKeyPairSync, sign } from 'node:crypto';
import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import { deployment, istio, namespace, service, worldOf } from '../support/world';

const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  namespace('b') +
  deployment('b/web') +
  service('b/web', '{ name: http, port: 80, targetPort: 8080 }');
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [own, foreign] = [pair(), pair()];
const jwks = JSON.stringify({ keys: [own.publicKey.export({ format: 'jwk' })] });

function token(claims: object, { privateKey } = own): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'ES256' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const rules = (more = '') =>
  istio('RequestAuthentication', 'b/jwt', `jwtRules: [{ issuer: login, audiences: [web], jwks: '${jwks}'${more} }]`);
const policy = istio(
  'AuthorizationPolicy',
  'b/p',
  `rules: [{ from: [{ source: { requestPrincipals: ["login/*"] } }], when: [{ key: "request.auth.audiences", values: [web] }] }]`,
);
const call = (yaml: string, more: object) =>
  trace(worldOf({ c1: base + yaml }), { from: 'c1/a/client', url: 'http://web.b/', ...more });
const outcome = (yaml: string, more: object) => describeOutcome(call(yaml, more).outcome);
const bearer = (text: string) => ({ headers: { Authorization: `Bearer ${text}` } });
const GOOD = { iss: 'login', sub: 'a', aud: 'web' };

// what real proxies answer: testbed/scenarios/at-the-gateway.ts
test.each<[string, object, string]>([
  ['no token', {}, '403'],
  ['a token', bearer(token(GOOD)), '200'],
  ['a token for several', bearer(token({ ...GOOD, aud: ['x', 'web'] })), '200'],
  ['a token for others', bearer(token({ ...GOOD, aud: 'x' })), '403'],
  ['a token for nobody', bearer(token({ iss: 'login', sub: 'a' })), '403'],
  ['a token of another issuer', bearer(token({ ...GOOD, iss: 'x' })), '401'],
  ['a token that somebody else signed', bearer(token(GOOD, foreign)), '401'],
  ['a token that was never valid', bearer(token({ ...GOOD, iat: 9, exp: 9 })), '401'],
  ['no token at all', bearer('nonsense'), '401'],
  ['something else', { headers: { authorization: 'Basic YTpi' } }, '403'],
  ['a token in the query', { url: `http://web.b/?access_token=${token(GOOD)}` }, '200'],
  ['a stated token', { token: GOOD }, '200'],
  ['a stated token for others', { token: { ...GOOD, aud: 'x' } }, '403'],
  ['a stated token of another issuer', { token: { ...GOOD, iss: 'x' } }, '401'],
  ['a stated token of nobody', { token: { iss: 'login', aud: 'web' } }, '403'],
  ['stated: none', { token: {} }, '403'],
])('%s', (_, more, expected) => {
  expect(outcome(rules() + policy, more)).toBe(expected);
});

test('a token is looked for where the rules say, and nowhere else', () => {
  const own = rules(", fromHeaders: [{ name: X-Token, prefix: 'T ' }], fromParams: [t]") + policy;
  expect(outcome(own, { headers: { 'x-token': `T ${token(GOOD)}` } })).toBe('200');
  expect(outcome(own, { url: `http://web.b/?t=${token(GOOD)}` })).toBe('200');
  expect(outcome(own, bearer(token(GOOD)))).toBe('403');
  // nobody reads it: it opens nothing, and harms nothing
  expect(outcome(own, { token: { ...GOOD, iss: 'x' } })).toBe('403');
});

test('without rules no token is verified', () => {
  expect(outcome(policy, bearer(token(GOOD)))).toBe('403');
  expect(outcome(policy, { token: GOOD })).toBe('403');
});

test('a token goes on only where that is said', () => {
  const at = (more: string) => call(rules(more), { ...bearer(token(GOOD)) }).outcome.served?.request?.headers;
  expect(at('')).not.toHaveProperty('authorization');
  expect(at(', forwardOriginalToken: true')).toHaveProperty('authorization');
});

test('what is believed of tokens is told where the call says nothing of them', () => {
  expect(call(rules() + policy, {}).assumptions).toEqual([
    'no token fulfils request.auth.audiences web',
    'no token fulfils request.auth.principal login/*',
  ]);
  expect(call(rules() + policy, bearer(token(GOOD))).assumptions).toEqual([]);
  expect(call(rules() + policy, { token: {} }).assumptions).toEqual([]);
});

test.each([
  ['*', true],
  ['login/*', true],
  ['login/a', true],
  ['login/b', false],
  ['*/a', true],
  ['*a', true],
  ['log*', true],
  ['x*', false],
  ['login', false],
])('principal %s means a of login: %s', (principal, isMeant) => {
  const asked = istio(
    'AuthorizationPolicy',
    'b/p',
    `rules: [{ from: [{ source: { requestPrincipals: ["${principal}"] } }] }]`,
  );
  expect(outcome(rules() + asked, { token: GOOD })).toBe(isMeant ? '200' : '403');
});

test('whether keys that istiod fetches have signed a token, nobody can say', () => {
  const fetched = istio(
    'RequestAuthentication',
    'b/jwt',
    "jwtRules: [{ issuer: login, audiences: [web], jwksUri: 'https://login/keys' }]",
  );
  const unmodelled = (more: object) => call(fetched + policy, more).unmodelled.map(({ field }) => field);
  expect(unmodelled(bearer(token(GOOD, foreign)))).toEqual(['spec.jwtRules[0]']);
  expect(unmodelled(bearer(token({ ...GOOD, aud: 'x' })))).toEqual(['spec.jwtRules[0]']);
  // what no key decides
  expect(unmodelled(bearer(token({ ...GOOD, iss: 'x' })))).toEqual([]);
  expect(unmodelled({ token: GOOD })).toEqual([]);
  expect(unmodelled({})).toEqual([]);
});
