import { importsOf } from '../../../tools/check/imports';

const specifiers = (text: string) =>
  importsOf('a.ts', text).map(({ specifier, isTypeOnly }) => [specifier, isTypeOnly]);

test.each([
  ["import a from 'x';", false],
  ["import 'x';", false],
  ["import * as a from 'x';", false],
  ["import { a, type B } from 'x';", false],
  ["import {} from 'x';", false],
  ["import a, { type B } from 'x';", false],
  ["export { a } from 'x';", false],
  ["export * from 'x';", false],
  ["import a = require('x');", false],
  ["const a = require('x');", false],
  ["const a = require.resolve('x');", false],
  ["const a = () => import('x');", false],
  ['const a = import(`x`);', false],
  ["import type { A } from 'x';", true],
  ["import type A from 'x';", true],
  ["import { type A, type B } from 'x';", true],
  ["export type { A } from 'x';", true],
  ["export type * from 'x';", true],
  ["export { type A } from 'x';", true],
  ["import type a = require('x');", true],
  ["let a: import('x').A;", true],
])('%s', (text, isTypeOnly) => {
  expect(specifiers(text)).toEqual([['x', isTypeOnly]]);
});

test('a computed name is reported as one', () => {
  expect(specifiers('const name = "x"; require(name); import("a" + name);')).toEqual([
    [undefined, false],
    [undefined, false],
  ]);
});

test('texts and comments that look like imports are none', () => {
  expect(
    specifiers('// import a from "x"\nconst b = "require(\'x\')"; path.resolve("x"); export const c = b;'),
  ).toEqual([]);
});

test('names the line', () => {
  expect(importsOf('a.ts', "/** Doc. */\nimport 'x';\n\nimport 'y';\n").map(({ line }) => line)).toEqual([2, 4]);
});
