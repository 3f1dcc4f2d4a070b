import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { type Entry, entryOf } from '../../../tools/docs/declarations';

const SOURCE = `
/** Options.
 * More of it.
 *
 * Another paragraph. */
export interface Options extends Base {
  /**
   * How many.
   * @default 1 - one
   */
  readonly count?: number;
  /** @internal */
  readonly hidden: string;
}
interface Base {}
/**
 * A thing.
 *
 * @example
 *
 *   const thing = Thing.of();
 *   thing.go();
 */
export abstract class Thing<T> extends Map<string, T> {
  /**
   * Makes one.
   *
   * @throws MESH1001 for a malformed name;
   * MESH1002 for another.
   */
  public static of(options: Options = {}, ...rest: string[]): Thing<string> { throw options; }
  /** The list. */
  public get list(): T[] { return []; }
  public readonly own?: Base;
  private readonly secret: string;
  /** From a name. */
  constructor(/** The name. */ public readonly name: string) { super(); }
  public go<U extends T>(to: { readonly a: U; readonly b?: number }): void {}
  protected stay(): void {}
}
/** Either. */
export type Either =
  | 'a'
  | 'b';
/** Adds. */
export function add(a: number, b = 1): number { return a + b; }
export const VALUE = 1;
/** Any. */
export interface Open {
  /** Whatever a {@link Thing} has. */
  readonly [field: string]: unknown;
}
export declare class Two {
  /** Of a kind. */
  of(kind: 'a'): 1;
  of(kind: 'b'): 2;
}
`;

function entries(): Record<string, Entry> {
  const file = join(mkdtempSync(join(tmpdir(), 'declarations-')), 'source.ts');
  writeFileSync(file, SOURCE);
  const program = ts.createProgram([file], { target: ts.ScriptTarget.ES2022, types: [] });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  const all = checker.getExportsOfModule(module).map((symbol) => entryOf(checker, symbol));
  return Object.fromEntries(all.map((entry) => [entry.name, entry]));
}

test('describes every kind of export by what is public of it', () => {
  const { Options, Thing, Either, add, VALUE } = entries() as Record<string, Entry>;
  expect(Options).toMatchObject({
    kind: 'interface `extends Base`',
    summary: 'Options. More of it.',
    paragraphs: ['Options. More of it.', 'Another paragraph.'],
    rows: [{ signature: 'count?: number', summary: 'How many. Default: 1 - one.', throws: '' }],
  });
  expect(Options?.mentions.map(({ name }) => name)).toEqual(['Base']);
  expect(Thing).toMatchObject({
    kind: 'abstract class `extends Map<string, T>`',
    summary: 'A thing.',
    example: 'const thing = Thing.of();\nthing.go();',
    rows: [
      { signature: 'new Thing(name: string)', summary: 'From a name.' },
      {
        signature: 'Thing.of(options?: Options, ...rest: string[]): Thing<string>',
        summary: 'Makes one.',
        throws: 'MESH1001 for a malformed name; MESH1002 for another.',
      },
      { signature: 'name: string', summary: 'The name.' },
      { signature: 'list: T[]', summary: 'The list.' },
      { signature: 'own?: Base', summary: '' },
      { signature: 'go<U extends T>(to: { readonly a: U; readonly b?: number }): void', summary: '' },
    ],
  });
  expect(Either).toMatchObject({ kind: 'type', signature: "| 'a' | 'b'", summary: 'Either.' });
  expect(add).toMatchObject({ kind: 'function', signature: 'add(a: number, b?): number' });
  expect(VALUE).toMatchObject({ kind: 'value', rows: [] });
});

test('a docstring stands once for overloads, links are names, and fields of any name have a signature', () => {
  const { Open, Two } = entries() as Record<string, Entry>;
  expect(Open?.rows).toEqual([
    { signature: '[field: string]: unknown', summary: 'Whatever a `Thing` has.', throws: '' },
  ]);
  expect(Two?.rows).toEqual([
    { signature: "of(kind: 'a'): 1", summary: 'Of a kind.', throws: '' },
    { signature: "of(kind: 'b'): 2", summary: 'As above.', throws: '' },
  ]);
});
