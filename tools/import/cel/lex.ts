/** A token of a CEL expression. */
export interface Token {
  readonly type: 'name' | 'number' | 'string' | 'symbol' | 'end';
  /** The token as written; of a string, its value. */
  readonly text: string;
  readonly at: number;
}

const SPACE = /\s+/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const SYMBOL = /&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}]/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Splits an expression into tokens; the last one is of type `end`.
 *
 * @throws if a character begins no token of the part of CEL that CRDs use.
 */
export function tokens(expression: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < expression.length; ) {
    const token = spaceAt(expression, at) ?? tokenAt(expression, at);
    if (typeof token === 'number') {
      at += token;
      continue;
    }
    found.push(token.token);
    at += token.length;
  }
  return [...found, { type: 'end', text: '', at: expression.length }];
}

function spaceAt(text: string, at: number): number | undefined {
  return match(SPACE, text, at)?.length;
}

function tokenAt(text: string, at: number): { token: Token; length: number } {
  for (const [type, pattern] of [
    ['name', NAME],
    ['number', NUMBER],
    ['symbol', SYMBOL],
  ] as const) {
    const written = match(pattern, text, at);
    if (written !== undefined) return { token: { type, text: written, at }, length: written.length };
  }
  const quoted = match(STRING, text, at);
  if (quoted === undefined) throw new Error(`character ${at + 1}, ${text[at]}: no token of CEL begins with it`);
  return { token: { type: 'string', text: unquote(quoted), at }, length: quoted.length };
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/g, (written, char: string) => {
    if (/[A-Za-z0-9]/.test(char) && !(char in ESCAPES)) throw new Error(`${written}: an escape that is not supported`);
    return ESCAPES[char] ?? char;
  });
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
