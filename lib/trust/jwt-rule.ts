import type * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { checkOptions, flag, type Guard, type Guards, listOf, options as nested, optional, text } from '../facts/guard';
import { parseJwks } from '../facts/jwks';
import { wrongKind } from '../facts/kind-of';
import { mark } from '../facts/marks';

declare const brand: unique symbol;

/** A header that holds a token. */
export interface JwtHeader {
  /** Name of the header. */
  readonly name: string;
  /**
   * What stands before the token.
   * @default - nothing
   */
  readonly prefix?: string;
}

/** What is stated of the tokens of an issuer, wherever its keys come from. */
export interface JwtRuleOptions {
  /** Who issues them: claim `iss`, letter by letter. */
  readonly issuer: string;
  /**
   * Whom they are for: one of these must be in the claim `aud`. `'any'` is the weaker choice: a token that its bearer got
   * for another service of the issuer is let in, too.
   */
  readonly audiences: string[] | 'any';
  /**
   * Headers that hold them. The header `Authorization` is then not looked at, unless it is named.
   * @default - `Authorization: Bearer <token>`, and query parameter `access_token`
   */
  readonly fromHeaders?: JwtHeader[];
  /**
   * Query parameters that hold them: the weaker choice, as logs and referrers show them.
   * @default - as for `fromHeaders`
   */
  readonly fromParams?: string[];
  /**
   * Whether the service gets the token, too: it could use it in the name of the caller.
   * @default false - the gateway takes it out of the request
   */
  readonly forwardOriginalToken?: boolean;
}

/** Tokens whose issuer publishes its keys. */
export interface JwksUriOptions extends JwtRuleOptions {
  /** Where the issuer publishes its keys: https. istiod fetches them, so it must get there. */
  readonly jwksUri: string;
}

/** Tokens whose keys are stated. */
export interface JwksOptions extends JwtRuleOptions {
  /** JSON Web Key Set with the public keys of the issuer. A new key of the issuer is a change of the program. */
  readonly jwks: string;
}

const audiences: Guard = (value, where, what) => {
  if (value === 'any') return;
  if (typeof value === 'string') throw wrongKind(value, where, what, "a list of audiences, or 'any'");
  listOf(text)(value, where, what);
};

const RULE: Guards<JwtRuleOptions> = {
  issuer: text,
  audiences,
  fromHeaders: optional(listOf(nested<JwtHeader>({ name: text, prefix: optional(text) }))),
  fromParams: optional(listOf(text)),
  forwardOriginalToken: optional(flag),
};

/** Where the keys of an issuer come from. */
type Keys = Pick<istio.JWTRule, 'jwks' | 'jwksUri'>;

/** JSON Web Tokens of one issuer that are believed (Istio's `JWTRule`). A value; no secret is in it. */
export class JwtRule {
  static {
    mark(JwtRule.prototype, 'JwtRule');
  }

  /**
   * Tokens of an issuer that publishes its keys.
   *
   * @throws MESH1153 for a malformed issuer, audience, place or URI.
   */
  public static remote(options: JwksUriOptions): JwtRule {
    const where = 'JwtRule.remote';
    checkOptions<JwksUriOptions>(options, where, { ...RULE, jwksUri: text });
    const { jwksUri } = options;
    if (!isHttps(jwksUri)) {
      throw new MeshError(
        'MESH1153',
        where,
        `jwksUri '${jwksUri}' is no https URL; expected one such as 'https://login.example/keys': whoever changes keys on the way in clear text can sign tokens`,
      );
    }
    return new JwtRule(where, options, { jwksUri });
  }

  /**
   * Tokens that some keys verify: nothing is fetched.
   *
   * @throws MESH1153 for a malformed issuer, audience or place; MESH1154 for keys that are none, or that are secret.
   */
  public static inline(options: JwksOptions): JwtRule {
    const where = 'JwtRule.inline';
    checkOptions<JwksOptions>(options, where, { ...RULE, jwks: text });
    return new JwtRule(where, options, { jwks: publicKeys(options.jwks, where) });
  }

  declare protected readonly [brand]: 'JwtRule';
  /** Who issues the tokens. */
  public readonly issuer: string;
  /** Whom they are for, sorted; absent: anybody. */
  public readonly audiences?: readonly string[];
  private readonly places: Pick<istio.JWTRule, 'fromHeaders' | 'fromParams'>;
  private readonly forwardOriginalToken: boolean;

  private constructor(
    where: string,
    options: JwtRuleOptions,
    private readonly keys: Keys,
  ) {
    const { issuer, fromHeaders, fromParams, forwardOriginalToken = false } = options;
    this.issuer = compared(issuer, where, 'issuer');
    if (options.audiences !== 'any') {
      const stated = nonEmpty(options.audiences, where, 'audiences', "state whom tokens are for, or 'any'");
      this.audiences = [...new Set(stated.map((one) => compared(one, where, 'audience')))].sort();
    }
    const others = 'leave it out for the header Authorization';
    const headers = fromHeaders && nonEmpty(fromHeaders, where, 'fromHeaders', others);
    const params = fromParams && nonEmpty(fromParams, where, 'fromParams', others);
    for (const { name } of headers ?? []) checkName(HEADER, name, where, 'header', 'x-jwt');
    for (const name of params ?? []) checkName(PARAMETER, name, where, 'query parameter', 'token');
    this.places = { ...(headers && { fromHeaders: headers }), ...(params && { fromParams: params }) };
    this.forwardOriginalToken = forwardOriginalToken;
  }

  /**
   * @internal as Istio writes it, for the audiences of all who believe the issuer.
   *
   * @param forWhom absent: anybody.
   */
  public render(forWhom: readonly string[] | undefined): istio.JWTRule {
    const { issuer, keys, places, forwardOriginalToken } = this;
    return { issuer, ...(forWhom && { audiences: forWhom }), ...keys, ...places, forwardOriginalToken };
  }

  /** @internal what must hold of a token besides its issuer's signature: whoever else is believed is not meant. */
  public conditions(): istio.Condition[] {
    return [
      // a principal ends at its last slash in new versions only: the claim says it letter by letter
      { key: 'request.auth.claims[iss]', values: [this.issuer] },
      ...(this.audiences ? [{ key: 'request.auth.audiences', values: this.audiences }] : []),
    ];
  }
}

function isHttps(uri: string): boolean {
  try {
    const { protocol, username, password, hash } = new URL(uri);
    return protocol === 'https:' && username === '' && password === '' && hash === '' && !/\s/.test(uri);
  } catch {
    return false;
  }
}

/** Policies read a star as any rest. */
function compared(value: string, where: string, what: string): string {
  if (value !== '' && !/[\s*]/.test(value)) return value;
  throw new MeshError(
    'MESH1153',
    where,
    `${what} '${value}' is malformed; expected the claim letter by letter, without spaces and '*', such as 'https://login.example'`,
  );
}

function nonEmpty<T>(list: readonly T[], where: string, what: string, fix: string): readonly T[] {
  if (list.length > 0) return list;
  throw new MeshError('MESH1153', where, `'${what}' is empty, so no token would be believed; ${fix}`);
}

const HEADER = /^[A-Za-z0-9!#$%&'+.^_`|~-]+$/;
const PARAMETER = /^[A-Za-z0-9._~-]+$/;

function checkName(form: RegExp, name: string, where: string, what: string, example: string): void {
  if (form.test(name)) return;
  throw new MeshError('MESH1153', where, `${what} '${name}' is malformed; expected a name such as '${example}'`);
}

/** Parts of keys that nobody but their owner knows (RFC 7518). */
const SECRET = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The keys as one line of JSON. */
function publicKeys(jwks: string, where: string): string {
  const refuse = (reason: string) => new MeshError('MESH1154', where, `jwks ${reason}`);
  let keys: Record<string, unknown>[];
  try {
    keys = parseJwks(jwks);
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is no JSON' : (error as Error).message;
    throw refuse(`${reason}; expected the key set that the issuer publishes: {"keys": [{"kty": "EC", …}]}`);
  }
  const set: unknown = JSON.parse(jwks);
  if (!('keys' in (set as object)) || keys.length === 0) {
    throw refuse('has no list of keys; expected the key set that the issuer publishes: {"keys": [{"kty": "EC", …}]}');
  }
  keys.forEach((key, index) => {
    if (key.kty === 'oct') {
      throw refuse(`has a symmetric key (key ${index}): whoever can verify with it can sign; expected public keys`);
    }
    if (SECRET.some((part) => part in key)) {
      throw refuse(`has the private part of a key (key ${index}), which stays with its issuer; expected public keys`);
    }
  });
  return JSON.stringify(set);
}
