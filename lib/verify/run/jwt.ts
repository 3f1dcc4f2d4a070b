import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { TokenRule } from '../view/request-authentication';
import type { Claims, HttpBytes } from './bytes';

/** A token as a request carries it. */
export interface RawToken {
  readonly text: string;
  /** Undefined where it is none. */
  readonly claims?: Claims;
}

const BEARER = /^Bearer\s+(\S+)$/i;

/** The token that a request carries where a rule looks for it; undefined where there is none. */
export function tokenAt({ headers, path }: HttpBytes, rule: TokenRule): RawToken | undefined {
  const { fromHeaders = [], fromParams = [] } = rule;
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  const isUsual = fromHeaders.length + fromParams.length === 0;
  const found = isUsual
    ? [BEARER.exec(headers.authorization ?? '')?.[1], query.get('access_token')]
    : [
        ...fromHeaders.map(({ name = '', prefix = '' }) =>
          headers[name.toLowerCase()]?.trim().slice(prefix.length).trim(),
        ),
        ...fromParams.map((name) => query.get(name)),
      ];
  const text = found.find((one) => one !== undefined && one !== null && one !== '');
  return text ? { text, ...readClaims(text) } : undefined;
}

function readClaims(text: string): { readonly claims?: Claims } {
  try {
    return { claims: JSON.parse(decoded(text.split('.')[1]).toString()) };
  } catch {
    return {};
  }
}

const decoded = (part = '') => Buffer.from(part, 'base64url');

/** Whether one of some keys signed a token. Keys that nobody states are believed to have. */
export function isSigned({ text }: RawToken, { jwks }: TokenRule): boolean {
  if (jwks === undefined) return true;
  const [header, payload, signature] = text.split('.');
  try {
    const { alg } = JSON.parse(decoded(header).toString());
    const { keys } = JSON.parse(jwks) as { readonly keys: readonly JsonWebKey[] };
    const hash = String(alg).startsWith('Ed') ? null : `sha${String(alg).slice(2)}`;
    return keys.some((jwk) => {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      return verify(hash, Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, decoded(signature));
    });
  } catch {
    return false;
  }
}
