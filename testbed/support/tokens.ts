import { createPrivateKey, sign } from 'node:crypto';

// Private keys of issuers that exist in the testbed alone; those of agency and bank have public halves in scenarios/.
const KEYS = {
  agency: {
    x: 'IEv2PsP1JsX_fak9IuZrwfj2RZhPT_9pXH3adbdXfkQ',
    y: 'sHVapZJJqvUDfT32qUo78DPnQxW5aYeQxDbjFdHHoWY',
    d: 'T56OG1ujqUyMCMbq6REZ7wfArWaaxnZ7z34KfsqkFhk',
  },
  bank: {
    x: 'Di-OrXT1SjcCWi53D11TIe7oKqRX2wO1MiKgAGvuVBs',
    y: 'aEOrLfHX5xmYLsVfScJ4DHsD5Sbri_Gxl55qoJDaf4g',
    d: 'E5fv3uazVgJ-2o6iHnB985ByFVeQGc8nUJPzHd7Tokg',
  },
  stranger: {
    x: 'ltQmTdPj1ooTpZO9Z3NqY8XfXx8IjhAcZBqhUCcRSWU',
    y: 'wePQyb4WWxanyinwAAv6_NhRsf77JNKXJ-GegULW79g',
    d: 'ZVaqM-90B_PnVN9YzWf6NLYZOgV0HHhWGU8uYyIsHg8',
  },
};

/** A JSON Web Token (ES256) of an issuer, which never ends unless its claims say so. */
export function token(issuer: keyof typeof KEYS, claims: Record<string, unknown>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const kid = issuer === 'stranger' ? 'agency' : issuer;
  const signed = `${part({ alg: 'ES256', typ: 'JWT', kid })}.${part({ iat: 1, exp: 4_102_444_800, ...claims })}`;
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', ...KEYS[issuer] }, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** The key set that an issuer publishes. */
export function published(issuer: keyof typeof KEYS, kid: string = issuer): string {
  const { x, y } = KEYS[issuer];
  return JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid, x, y }] });
}
