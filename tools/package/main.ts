/**
 * `npm run build`: the package as users get it, in `build/`. Types and `imports/` are a file each, as they are written;
 * the code of `lib/` is one file per entry point, because finding and opening 400 files takes longer than all they do.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle';

const ROOT = join(__dirname, '../..');
const BUILD = join(ROOT, 'build');
const ENVOY_TYPES = 'lib/verify/admission/webhook/envoy-filter/types.json';

rmSync(BUILD, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(ROOT, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
// data of schemas; their code is compiled like all other
cpSync(join(ROOT, 'imports/schema'), join(BUILD, 'imports/schema'), {
  recursive: true,
  filter: (path) => path.endsWith('.d.ts') || !path.endsWith('.ts'),
});
cpSync(join(ROOT, ENVOY_TYPES), join(BUILD, ENVOY_TYPES));
bundle(ROOT, BUILD).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
