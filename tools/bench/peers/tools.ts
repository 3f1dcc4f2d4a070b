import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, GO_ENVIRONMENT } from '../../go';

/** Programs that others render manifests with, from public Go modules. */
const MODULES = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.19.0',
  jsonnet: 'github.com/google/go-jsonnet/cmd/jsonnet@v0.22.0',
} as const;

/** The paths of the programs; undefined for those that are not built. */
export type Tools = { readonly [name in keyof typeof MODULES]?: string };

/**
 * The programs that are there, of those versions.
 *
 * @param build makes those that are missing, where Go is: minutes the first time.
 */
export function tools(build: boolean): Tools {
  return Object.fromEntries(
    Object.entries(MODULES).flatMap(([name, module]) => {
      const folder = cacheFolder(`bench/${module.replace(/.*\/cmd\//, '')}`);
      const path = join(folder, name);
      if (!existsSync(path) && build && hasGo()) {
        execFileSync('go', ['install', '-ldflags', '-s -w', module], {
          env: { ...process.env, ...GO_ENVIRONMENT, GOBIN: folder },
          stdio: ['ignore', 'inherit', 'inherit'],
        });
      }
      return existsSync(path) ? [[name, path]] : [];
    }),
  );
}

const hasGo = (): boolean => spawnSync('go', ['version']).status === 0;
