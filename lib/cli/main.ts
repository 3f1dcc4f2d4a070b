#!/usr/bin/env node
import { writeSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** Writes all of a text at once, also into a pipe; a reader that went away (`| head`) is no error. */
function write(fd: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}

// Node 20 optimizes functions so early that a command of a second ends before it pays: a third of its time. Newer ones
// wait by themselves; an input of 100,000 objects takes as long either way.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=600000');

// Where Node can (22.1 and newer), it keeps what it compiles: the next start costs half.
(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
const { run } = require('./run') as typeof import('./run');

const { NO_COLOR, TERM } = process.env;
process.exitCode = run(process.argv.slice(2), {
  out: (text) => write(1, text),
  err: (text) => write(2, text),
  hasColour: process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb',
});
