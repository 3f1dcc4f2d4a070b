import { isRecord } from './record';

/** Parameters that a key must have, by its type. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['e', 'n'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};
const BINARY = ['e', 'n', 'x', 'y', 'k', 'd'];

/**
 * The keys of a JSON Web Key Set, or of a single key.
 *
 * @throws if it is none (`jwk.Parse`).
 */
export function parseJwks(text: string): Record<string, unknown>[] {
  const parsed: unknown = JSON.parse(text);
  if (!isRecord(parsed)) throw new Error('is not an object');
  if (!('keys' in parsed)) return [checkedKey(parsed)];
  if (!Array.isArray(parsed.keys)) throw new Error('has keys that are not a list');
  return parsed.keys.map(checkedKey);
}

/** Whether a key can sign. */
export function isPrivate(key: Record<string, unknown>): boolean {
  return key.kty === 'oct' || key.d !== undefined;
}

function checkedKey(key: unknown): Record<string, unknown> {
  if (!isRecord(key)) throw new Error('has a key that is not an object');
  const parameters = typeof key.kty === 'string' ? PARAMETERS[key.kty] : undefined;
  if (parameters === undefined) throw new Error('has a key whose kty is none of RSA, EC, OKP, oct');
  for (const name of parameters) {
    if (typeof key[name] !== 'string') throw new Error(`has a key of type ${key.kty} without ${name}`);
  }
  for (const name of BINARY) {
    if (key[name] !== undefined && !/^[A-Za-z0-9+/_-]*={0,2}$/.test(String(key[name]))) {
      throw new Error(`has a key whose ${name} is not base64`);
    }
  }
  return key;
}
