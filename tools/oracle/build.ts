import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, GO_ENVIRONMENT, ISTIO_MODULE } from '../go';

const SOURCES = join(__dirname, 'istiod');
/** Builds the program around istiod's code; takes seconds once the testbed has been built, minutes before. */
export function buildOracle(): string {
  const program = join(cacheFolder('oracle'), 'istiod');
  const files = readdirSync(SOURCES).filter((name) => name.endsWith('.go'));
  const sources = files.sort().map((name) => join(SOURCES, name));
  execFileSync('go', ['build', '-ldflags', '-s -w', '-o', program, ...sources], {
    cwd: ISTIO_MODULE,
    env: { ...process.env, ...GO_ENVIRONMENT },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return program;
}
