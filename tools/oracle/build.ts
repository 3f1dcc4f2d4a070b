import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const SOURCES = join(__dirname, 'istiod');
/** The module of the testbed's control planes: the same istiod. */
const MODULE = join(__dirname, '..', '..', 'testbed', 'go', 'istio');

/** As the testbed builds its programs: so both share what Go has compiled. */
const ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-trimpath -mod=readonly' };

/** Builds the program around istiod's code; takes seconds once the testbed has been built, minutes before. */
export function buildOracle(): string {
  if (!existsSync(MODULE)) throw new Error(`${MODULE} does not exist; the oracle is built in the testbed's Go module`);
  const { TESTBED_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = TESTBED_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-multimesh', 'testbed');
  mkdirSync(cache, { recursive: true });
  const program = join(cache, 'istiod-oracle');
  const files = readdirSync(SOURCES).filter((name) => name.endsWith('.go'));
  const sources = files.sort().map((name) => join(SOURCES, name));
  execFileSync('go', ['build', '-ldflags', '-s -w', '-o', program, ...sources], {
    cwd: MODULE,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return program;
}
