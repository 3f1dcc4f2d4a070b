import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The module of the testbed's control planes: oracles run the same istiod. */
export const ISTIO_MODULE = join(__dirname, '..', 'testbed', 'go', 'istio');

/** As the testbed builds its programs: so all share what Go has compiled. */
export const GO_ENVIRONMENT: Readonly<Record<string, string>> = {
  CGO_ENABLED: '0',
  GOFLAGS: '-trimpath -mod=readonly',
};

/** A folder for programs and documents that are kept between runs: never in the repository. */
export function cacheFolder(name: string): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-multimesh', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
