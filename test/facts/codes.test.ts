import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES } from '../../lib';

const ROOT = join(__dirname, '..', '..');

function textOf(folder: string, matching: RegExp): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => matching.test(name))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');
}

const codes = Object.keys(CODES);

test('codes stand in order, so that two of one number cannot be missed', () => {
  expect(codes).toEqual([...codes].sort());
});

test('every code is said in the words of users: lower case, without a full stop', () => {
  for (const [code, { title, why, fix }] of Object.entries(CODES)) {
    for (const text of [title, why, fix]) expect([code, text]).toEqual([code, text.trim().replace(/\.$/, '')]);
    // names of things keep their capitals: mTLS, Istio, `kubectl`
    expect([code, title]).toEqual([code, expect.stringMatching(/^[a-z]/)]);
  }
});

test('every code is used by the library', () => {
  const lib = textOf('lib', /^(?!facts[\\/]codes\.ts$).*\.ts$/);
  expect(codes.filter((code) => !lib.includes(`'${code}'`))).toEqual([]);
});

test('every code is asserted by a test', () => {
  const tests = textOf('test', /^(?!testbed).*\.test\.ts$|^cli[\\/]scripts[\\/].*\.txt$/);
  expect(codes.filter((code) => !tests.includes(code))).toEqual([]);
});
