import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ratio } from '../target';

const ROOT = join(__dirname, '../../..');
const RUNS = 7;

/** What loading the built package costs; nothing where it is not built. */
export function startRatios(): Ratio[] {
  const main = join(ROOT, 'build/lib/index.js');
  if (!existsSync(main)) {
    console.log('not measured: the start of the built package (npm run build makes it)');
    return [];
  }
  const empty = cpuOf('');
  const loaded = cpuOf(`require(${JSON.stringify(main)})`);
  const peer = cpuOf(`require(${JSON.stringify(require.resolve('cdk8s'))})`);
  const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;
  const beside = `${ms(loaded)}, of which cdk8s takes ${ms(peer - empty)}; ${ms(empty)}`;
  return [{ what: 'first import of the package / empty Node', ratio: loaded / empty, atMost: 1.6, beside }];
}

/** Least CPU seconds of whole processes. */
function cpuOf(program: string): number {
  const costs = Array.from({ length: RUNS }, () => {
    const code = `${program}; process.on('exit', () => console.log(JSON.stringify(process.cpuUsage())))`;
    const { stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    const { user, system } = JSON.parse(stdout) as NodeJS.CpuUsage;
    return (user + system) / 1e6;
  });
  return Math.min(...costs);
}
