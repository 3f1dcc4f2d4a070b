import { readdirSync, readFileSync } from 'node:fs';
import type { Report } from './runner';

/**
 * Memory of the processes of each cluster, MiB; those that serve all clusters count as `all`. It is the proportional
 * set size: pages that several processes share (the text of eight Envoys) are counted once, as the machine has them.
 */
export function clusterMemory(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, slot] = /(?:^|\0)TESTBED_CLUSTER=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? [];
      const [, kibibytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
      if (slot && kibibytes) sums[slot] = (sums[slot] ?? 0) + Number(kibibytes) / 1024;
    } catch {
      // the process has ended meanwhile
    }
  }
  return sums;
}

/** The run in figures, for people; what failed comes last, where a log that is cut still has it. */
export function describeReport(
  { times, memory, failures, predicted }: Report,
  built: Record<string, number>,
): string[] {
  const lines = ['', 'figures'];
  const builds = Object.entries(built);
  if (builds.length > 0) {
    const total = builds.reduce((sum, [, seconds]) => sum + seconds, 0);
    const steps = builds.map(([name, seconds]) => `${name} ${seconds.toFixed(0)} s`).join(', ');
    lines.push(`  build ${total.toFixed(0)} s: ${steps}`);
  }
  const width = Math.max(0, ...times.map(({ what }) => what.length));
  for (const { what, seconds } of times) {
    const up = (seconds.start ?? 0) + (seconds.control ?? 0);
    const rest = ['apply', 'ready', 'calls'].reduce((sum, step) => sum + (seconds[step] ?? 0), 0);
    lines.push(`  ${what.padEnd(width)}  clusters up ${up.toFixed(1)} s, scenario ${rest.toFixed(1)} s`);
  }
  const sizes = Object.entries(memory)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slot, mebibytes]) => `${slot} ${mebibytes.toFixed(0)} MiB`);
  if (predicted.calls > 0) lines.push(`  ${predicted.describe()}`);
  lines.push(`  memory at most: ${sizes.join(', ')} (all: etcd)`);
  if (failures.length > 0) lines.push('', 'failed', ...failures.map((failure) => `  ${failure}`));
  return lines;
}
