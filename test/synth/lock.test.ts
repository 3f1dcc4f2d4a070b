import { spawnSync } from 'node:child_process';
import fs, { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LOCK_FILE, withLock } from '../../lib/synth/lock';
import { temporaryFolder } from '../support/model';

/** Id of a process that has ended. */
const DEAD = spawnSync('true').pid;

const lockOf = (folder: string) => join(folder, LOCK_FILE);

test('while it is held the lock names process and host; afterwards it is gone', () => {
  const folder = temporaryFolder();
  const text = withLock(folder, () => readFileSync(lockOf(folder), 'utf8'));
  expect(text).toBe(`${process.pid} ${hostname()}\n`);
  expect(existsSync(lockOf(folder))).toBe(false);
});

test('it is gone after a failure, too', () => {
  const folder = temporaryFolder();
  const fail = () => {
    throw new Error('disk full');
  };
  expect(() => withLock(folder, fail)).toThrow('disk full');
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  // The parent of a test's process lives as long as the test.
  ['of a running process', () => `${process.ppid} ${hostname()}`],
  ['of another host, which nobody can ask', () => `${DEAD} elsewhere.example`],
  ['that is being written', () => ''],
])('a lock %s is respected', (_, text) => {
  const folder = temporaryFolder();
  writeFileSync(lockOf(folder), text() && `${text()}\n`);
  expect(() => withLock(folder, () => {})).toThrow(
    `MESH2015 ${folder}: another synth (process and host: ${text() || 'unknown'}) is writing into the directory; wait for it, or delete ${lockOf(folder)} if no synth runs`,
  );
  expect(existsSync(lockOf(folder))).toBe(true);
});

test('a lock that a killed process left behind is taken over', () => {
  const folder = temporaryFolder();
  writeFileSync(lockOf(folder), `${DEAD} ${hostname()}\n`);
  expect(withLock(folder, () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

test('of two that find the same lock left behind, the slower one leaves the lock of the other', () => {
  const folder = temporaryFolder();
  writeFileSync(lockOf(folder), `${DEAD} ${hostname()}\n`);
  const other = `${process.ppid} ${hostname()}\n`;
  const { renameSync } = fs;
  jest.spyOn(fs, 'renameSync').mockImplementationOnce((from, to) => {
    // The other one has taken it over in between.
    writeFileSync(lockOf(folder), other);
    renameSync(from, to);
  });
  expect(() => withLock(folder, () => {})).toThrow(/^MESH2015 /);
  expect(readFileSync(lockOf(folder), 'utf8')).toBe(other);
  expect(readdirSync(folder)).toEqual([LOCK_FILE]);
});
