import type { Finding } from '../../lib/facts/finding';
import { formatFindings, SynthError } from '../../lib/synth/synth-error';

const finding: Finding = {
  code: 'MESH2001',
  severity: 'error',
  objects: ['Service a/b @c1', 'Service a/c @c1'],
  message: 'two of them',
  atRuntime: 'the last one wins',
  fix: 'rename one',
};

const BLOCK = `error MESH2001: two of them
    Service a/b @c1
    Service a/c @c1
  at run time: the last one wins
  fix: rename one`;

test('formatFindings', () => {
  expect(formatFindings([finding, { ...finding, severity: 'warning', objects: [] }])).toBe(
    `${BLOCK}\nwarning MESH2001: two of them\n  at run time: the last one wins\n  fix: rename one`,
  );
});

test('SynthError lists its findings', () => {
  const error = new SynthError([finding]);
  expect(error.message).toBe(`synthesis failed with 1 error, nothing was written\n${BLOCK}`);
  expect(error.name).toBe('SynthError');
  expect(error.findings).toEqual([finding]);
  expect(new SynthError([finding, finding]).message).toMatch(/^synthesis failed with 2 errors, nothing/);
});
