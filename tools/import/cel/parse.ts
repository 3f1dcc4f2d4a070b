import { type Token, tokens } from './lex';

/** A CEL expression: the part of the language that CRDs use. */
export type Expression =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'emptyMap' }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'field'; readonly of: Expression; readonly name: string }
  | { readonly type: 'call'; readonly on?: Expression; readonly name: string; readonly args: readonly Expression[] }
  | { readonly type: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'if'; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

/** Binary operators from the loosest to the tightest. */
const LEVELS = [['||'], ['&&'], ['<', '<=', '>', '>=', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Parses a rule of `x-kubernetes-validations`.
 *
 * @throws if it is not CEL, or uses a part of the language that no CRD has used so far.
 */
export function parse(rule: string): Expression {
  const parser = new Parser(tokens(rule));
  const expression = parser.conditional();
  parser.expect('');
  return expression;
}

class Parser {
  private next = 0;

  constructor(private readonly all: readonly Token[]) {}

  public conditional(): Expression {
    const test = this.binary(0);
    if (!this.skip('?')) return test;
    const yes = this.binary(0);
    this.expect(':');
    return { type: 'if', test, yes, no: this.conditional() };
  }

  public expect(text: string): void {
    const token = this.peek();
    if (!this.skip(text)) {
      throw new Error(`character ${token.at + 1}: '${token.text}', expected '${text || 'the end'}'`);
    }
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    while (this.peek().type !== 'string' && operators.includes(this.peek().text)) {
      left = { type: 'binary', operator: this.take().text, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Expression {
    if (this.skip('!')) return { type: 'unary', operator: '!', of: this.unary() };
    if (this.skip('-')) return { type: 'unary', operator: '-', of: this.unary() };
    return this.member();
  }

  private member(): Expression {
    let expression = this.primary();
    while (this.skip('.')) {
      const name = this.word();
      expression = this.skip('(')
        ? { type: 'call', on: expression, name, args: this.list(')') }
        : { type: 'field', of: expression, name };
    }
    return expression;
  }

  private primary(): Expression {
    const token = this.take();
    if (token.type === 'string') return { type: 'literal', value: token.text };
    if (token.type === 'number') return { type: 'literal', value: Number(token.text) };
    if (token.type === 'name') return this.named(token.text);
    if (token.text === '[') return { type: 'list', items: this.list(']') };
    if (token.text === '{') {
      this.expect('}');
      return { type: 'emptyMap' };
    }
    if (token.text !== '(') throw new Error(`character ${token.at + 1}: '${token.text}', expected a value`);
    const inner = this.conditional();
    this.expect(')');
    return inner;
  }

  private named(name: string): Expression {
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return { type: 'literal', value: constant };
    return this.skip('(') ? { type: 'call', name, args: this.list(')') } : { type: 'name', name };
  }

  private list(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.skip(end)) {
      if (items.length > 0) this.expect(',');
      items.push(this.conditional());
    }
    return items;
  }

  private word(): string {
    const token = this.take();
    if (token.type !== 'name') throw new Error(`character ${token.at + 1}: '${token.text}', expected a name`);
    return token.text;
  }

  private peek(): Token {
    return this.all[this.next] as Token;
  }

  private take(): Token {
    const token = this.peek();
    if (token.type !== 'end') this.next++;
    return token;
  }

  private skip(text: string): boolean {
    const token = this.peek();
    if (token.type === 'string' || token.text !== text) return false;
    this.take();
    return true;
  }
}
