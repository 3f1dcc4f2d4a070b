import type { Reason } from './names';

const SPACE = /(?:\s+|\/\/[^\n]*)+/y;
const TOKEN = new RegExp(
  [
    String.raw`(?<string>[rRbB]{0,2}(?:"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'))`,
    String.raw`(?<number>(?:\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\.\d+(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+u?|\d+u?))`,
    String.raw`(?<name>[A-Za-z_]\w*)`,
    String.raw`(?<symbol>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}])`,
  ].join('|'),
  'y',
);
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const OPERATORS = [['||'], ['&&'], ['<', '<=', '>', '>=', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];
/** Macros over a list, with the number of their arguments. */
const MACROS: ReadonlyMap<string, readonly number[]> = new Map([
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
  ['map', [2, 3]],
  ['filter', [2]],
]);

/** Why a text is no expression of the Common Expression Language; its types are not looked at (`cel.Env.Parse`). */
export function expressionReason(text: string): Reason {
  try {
    new Parser(tokens(text)).parse();
    return undefined;
  } catch (error) {
    return `is no CEL expression: ${(error as Error).message}`;
  }
}

interface Token {
  readonly text: string;
  readonly literal: boolean;
  readonly name: boolean;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`character ${at + 1} is unexpected`);
    const { string, number, name } = match.groups ?? {};
    const word = name !== undefined && !['in', 'true', 'false', 'null'].includes(name);
    const constant = name === 'true' || name === 'false' || name === 'null';
    found.push({ text: match[0], literal: string !== undefined || number !== undefined || constant, name: word });
    at += match[0].length;
  }
  return found;
}

/** What an expression is, as far as macros ask. */
type Shape = 'name' | 'field' | 'other';

class Parser {
  private next = 0;

  constructor(private readonly all: readonly Token[]) {}

  public parse(): void {
    this.conditional();
    const rest = this.all[this.next];
    if (rest !== undefined) throw new Error(`'${rest.text}' is unexpected`);
  }

  private conditional(): Shape {
    const shape = this.binary(0);
    if (!this.skip('?')) return shape;
    this.binary(0);
    this.expect(':');
    this.conditional();
    return 'other';
  }

  private binary(level: number): Shape {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.unary();
    let shape = this.binary(level + 1);
    while (operators.some((operator) => this.skip(operator))) {
      this.binary(level + 1);
      shape = 'other';
    }
    return shape;
  }

  private unary(): Shape {
    const operator = ['!', '-'].find((candidate) => this.skip(candidate));
    if (operator === undefined) return this.member();
    while (this.skip(operator));
    this.member();
    return 'other';
  }

  private member(): Shape {
    let shape = this.primary();
    for (;;) {
      if (this.skip('.')) {
        const name = this.word();
        shape = this.skip('(') ? this.call(name, true) : 'field';
      } else if (this.skip('[')) {
        this.conditional();
        this.expect(']');
        shape = 'other';
      } else if (shape !== 'other' && this.skip('{')) {
        this.fields(() => this.word());
        shape = 'other';
      } else {
        return shape;
      }
    }
  }

  private primary(): Shape {
    if (this.all[this.next]?.literal) {
      this.next++;
      return 'other';
    }
    if (this.skip('(')) {
      this.conditional();
      this.expect(')');
      return 'other';
    }
    if (this.skip('[')) {
      this.list(']');
      return 'other';
    }
    if (this.skip('{')) {
      this.fields(() => this.conditional());
      return 'other';
    }
    this.skip('.');
    const name = this.word();
    if (RESERVED.has(name)) throw new Error(`'${name}' is a reserved word`);
    return this.skip('(') ? this.call(name, false) : 'name';
  }

  private call(name: string, method: boolean): Shape {
    const shapes = this.list(')');
    if (name === 'has' && !method && (shapes.length !== 1 || shapes[0] !== 'field'))
      throw new Error('has() expects a field');
    if (method && MACROS.get(name)?.includes(shapes.length) && shapes[0] !== 'name') {
      throw new Error(`${name}() expects a name first`);
    }
    return 'other';
  }

  private list(end: string): Shape[] {
    const shapes: Shape[] = [];
    while (!this.skip(end)) {
      if (shapes.length > 0) this.expect(',');
      if (end === ']' && shapes.length > 0 && this.skip(end)) break;
      shapes.push(this.conditional());
    }
    return shapes;
  }

  private fields(key: () => void): void {
    for (let first = true; !this.skip('}'); first = false) {
      if (!first) this.expect(',');
      if (!first && this.skip('}')) break;
      key();
      this.expect(':');
      this.conditional();
    }
  }

  private word(): string {
    const token = this.all[this.next];
    if (token === undefined || !token.name) throw new Error(`'${token?.text ?? 'the end'}' is unexpected`);
    this.next++;
    return token.text;
  }

  private expect(text: string): void {
    if (!this.skip(text))
      throw new Error(`'${this.all[this.next]?.text ?? 'the end'}' is unexpected, expected '${text}'`);
  }

  private skip(text: string): boolean {
    const token = this.all[this.next];
    if (token === undefined || token.literal || token.text !== text) return false;
    this.next++;
    return true;
  }
}
