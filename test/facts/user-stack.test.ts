import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Cluster, CODES, Fleet, MeshError } from '../../lib';
import { pageOf } from '../../lib/facts/user-stack';

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const framesOf = ({ stack = '' }: Error) => stack.split('\n').filter((line) => line.startsWith('    at '));

test('the stack of an error begins at the line that called the library, however deep it was thrown', () => {
  const error = errorOf(() => new Cluster(new Fleet(), 'No Label'));
  expect(framesOf(error)[0]).toMatch(/user-stack\.test\.ts:\d+:\d+/);
  expect(framesOf(error).length).toBeLessThanOrEqual(Error.stackTraceLimit);
});

test('it ends with the first line of the program', () => {
  const error = errorOf(() => new Cluster(new Fleet(), 'No Label'));
  expect(framesOf(error).at(-1)).toMatch(/user-stack\.test\.ts:\d+:\d+/);
});

test('so it does where more frames than Node keeps lie between the two', () => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  try {
    const error = errorOf(() => [1].map(() => new Cluster(new Fleet(), 'No Label')));
    expect(framesOf(error)).toEqual([expect.stringMatching(/user-stack\.test\.ts/)]);
    expect(Error.stackTraceLimit).toBe(1);
  } finally {
    Error.stackTraceLimit = limit;
  }
});

test('Node prints the message once, and the page that explains it', () => {
  const error = new MeshError('MESH1001', 'east/production', 'what, expected, fix');
  const printed = inspect(error);
  expect(printed.split('MESH1001 east/production: what, expected, fix')).toHaveLength(2);
  expect(printed).toContain(`\n    explained in ${pageOf('MESH1001')}\n    at `);
  expect(printed).not.toMatch(/where:|code:/);
});

test('every code has its place on the page', () => {
  const path = fileURLToPath(pageOf());
  expect(existsSync(path)).toBe(true);
  const headings = readFileSync(path, 'utf8').match(/^## .*$/gm) ?? [];
  for (const code of Object.keys(CODES)) {
    expect(headings).toContain(`## ${code}`);
    expect(pageOf(code)).toMatch(new RegExp(`/docs/errors\\.md#${code.toLowerCase()}$`));
  }
});
