import { generateKeyPairSync } from 'node:crypto';
import { type JwksOptions, type JwksUriOptions, JwtRule } from '../../lib';
import { messageOf } from '../support/model';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = publicKey.export({ format: 'jwk' });
const jwks = JSON.stringify({ keys: [jwk] }, undefined, 2);
const issuer = 'https://login.example';
const inline = (more: Partial<JwksOptions>) => JwtRule.inline({ issuer, audiences: ['orders'], jwks, ...more });
const remote = (more: Partial<JwksUriOptions>) =>
  JwtRule.remote({ issuer, audiences: ['orders'], jwksUri: `${issuer}/keys`, ...more });

test('a rule is written as Istio has it, forwarding stated in any case', () => {
  expect(inline({}).render(['orders'])).toEqual({
    ...{ issuer, audiences: ['orders'], forwardOriginalToken: false },
    jwks: JSON.stringify({ keys: [jwk] }),
  });
  const fromHeaders = [{ name: 'x-token', prefix: 'Token ' }];
  const places = { fromHeaders, fromParams: ['token'], forwardOriginalToken: true };
  expect(remote(places).render(undefined)).toEqual({ issuer, jwksUri: `${issuer}/keys`, ...places });
});

test('what a token must say is asked letter by letter', () => {
  expect(inline({ audiences: ['b', 'a', 'b'] }).conditions()).toEqual([
    { key: 'request.auth.claims[iss]', values: [issuer] },
    { key: 'request.auth.audiences', values: ['a', 'b'] },
  ]);
  expect(inline({ audiences: 'any' }).conditions()).toHaveLength(1);
});

const KEY_SET = 'expected the key set that the issuer publishes: {"keys": [{"kty": "EC", …}]}';

test.each<[string, () => unknown, string]>([
  [
    'an issuer of nothing',
    () => inline({ issuer: '' }),
    "MESH1153 JwtRule.inline: issuer '' is malformed; expected the claim letter by letter, without spaces and '*', such as 'https://login.example'",
  ],
  [
    'an issuer that would be a pattern',
    () => remote({ issuer: '*' }),
    "MESH1153 JwtRule.remote: issuer '*' is malformed; expected the claim letter by letter, without spaces and '*', such as 'https://login.example'",
  ],
  [
    'an audience that would be a pattern',
    () => inline({ audiences: ['orders*'] }),
    "MESH1153 JwtRule.inline: audience 'orders*' is malformed; expected the claim letter by letter, without spaces and '*', such as 'https://login.example'",
  ],
  [
    'no audience',
    () => inline({ audiences: [] }),
    "MESH1153 JwtRule.inline: 'audiences' is empty, so no token would be believed; state whom tokens are for, or 'any'",
  ],
  [
    'no header',
    () => inline({ fromHeaders: [] }),
    "MESH1153 JwtRule.inline: 'fromHeaders' is empty, so no token would be believed; leave it out for the header Authorization",
  ],
  [
    'no parameter',
    () => inline({ fromParams: [] }),
    "MESH1153 JwtRule.inline: 'fromParams' is empty, so no token would be believed; leave it out for the header Authorization",
  ],
  [
    'a header that is none',
    () => inline({ fromHeaders: [{ name: ':authority' }] }),
    "MESH1153 JwtRule.inline: header ':authority' is malformed; expected a name such as 'x-jwt'",
  ],
  [
    'a parameter that is none',
    () => inline({ fromParams: ['a=b'] }),
    "MESH1153 JwtRule.inline: query parameter 'a=b' is malformed; expected a name such as 'token'",
  ],
  ...[
    'http://login.example/keys',
    'login.example/keys',
    'https://user:secret@login.example/keys',
    '',
    'https://login.example/a b',
  ].map((jwksUri): [string, () => unknown, string] => [
    `keys at '${jwksUri}'`,
    () => remote({ jwksUri }),
    `MESH1153 JwtRule.remote: jwksUri '${jwksUri}' is no https URL; expected one such as 'https://login.example/keys': whoever changes keys on the way in clear text can sign tokens`,
  ]),
  ['keys that are no JSON', () => inline({ jwks: '{keys' }), `MESH1154 JwtRule.inline: jwks is no JSON; ${KEY_SET}`],
  ['an empty text', () => inline({ jwks: '' }), `MESH1154 JwtRule.inline: jwks is no JSON; ${KEY_SET}`],
  ['no object', () => inline({ jwks: '[]' }), `MESH1154 JwtRule.inline: jwks is not an object; ${KEY_SET}`],
  ['no keys', () => inline({ jwks: '{"keys": []}' }), `MESH1154 JwtRule.inline: jwks has no list of keys; ${KEY_SET}`],
  [
    'one key',
    () => inline({ jwks: JSON.stringify(jwk) }),
    `MESH1154 JwtRule.inline: jwks has no list of keys; ${KEY_SET}`,
  ],
  [
    'a key of another kind',
    () => inline({ jwks: '{"keys": [{"kty": "X"}]}' }),
    `MESH1154 JwtRule.inline: jwks has a key whose kty is none of RSA, EC, OKP, oct; ${KEY_SET}`,
  ],
  [
    'a private key',
    () => inline({ jwks: JSON.stringify({ keys: [jwk, privateKey.export({ format: 'jwk' })] }) }),
    'MESH1154 JwtRule.inline: jwks has the private part of a key (key 1), which stays with its issuer; expected public keys',
  ],
  [
    'a factor of a private key',
    () => inline({ jwks: JSON.stringify({ keys: [{ kty: 'RSA', e: 'AQAB', n: 'AQAB', p: 'AQAB' }] }) }),
    'MESH1154 JwtRule.inline: jwks has the private part of a key (key 0), which stays with its issuer; expected public keys',
  ],
  [
    'a symmetric key',
    () => inline({ jwks: JSON.stringify({ keys: [{ kty: 'oct', k: 'AQAB' }] }) }),
    'MESH1154 JwtRule.inline: jwks has a symmetric key (key 0): whoever can verify with it can sign; expected public keys',
  ],
])('%s is refused', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

test('no key is told in a message', () => {
  const secret = privateKey.export({ format: 'jwk' });
  expect(messageOf(() => inline({ jwks: JSON.stringify({ keys: [secret] }) }))).not.toContain(String(secret.d));
});

test('a condition that does not exist is not dropped, which would believe more tokens', () => {
  const claims = { claims: { role: 'admin' } };
  expect(messageOf(() => remote(claims as object))).toBe(
    "MESH1006 JwtRule.remote: 'claims' is not an option, expected issuer, audiences, fromHeaders, fromParams, forwardOriginalToken, jwksUri",
  );
});
