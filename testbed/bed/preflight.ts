import { run } from './process';

/** This machine cannot run the testbed; the message says what it lacks. */
export class Unusable extends Error {}

/** Programs that the testbed calls, and the Debian package of each. */
const PROGRAMS: readonly (readonly [program: string, packageName: string])[] = [
  ['ip', 'iproute2'],
  ['ss', 'iproute2'],
  ['iptables', 'iptables'],
  ['nft', 'nftables'],
  ['curl', 'curl'],
  ['haproxy', 'haproxy'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['pivot_root', 'util-linux'],
  ['mount', 'mount'],
];

/** Throws `Unusable` when this machine cannot run the testbed. */
export async function preflight(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new Unusable(`the testbed needs Linux (network namespaces), this is ${process.platform}`);
  }
  if (process.getuid?.() !== 0) {
    throw new Unusable(
      'the testbed needs root (network namespaces, iptables): run it with sudo, or in a container with --privileged',
    );
  }
  const missing: string[] = [];
  for (const [program, packageName] of PROGRAMS) {
    const { code } = await run(['sh', '-c', `command -v ${program}`], { mayFail: true });
    if (code !== 0) missing.push(`${program} (Debian package ${packageName})`);
  }
  if (missing.length > 0) throw new Unusable(`not installed: ${missing.join(', ')}`);
  const probe = ['unshare', '--mount', '--net', '--pid', '--fork', 'true'];
  const { code, stderr } = await run(probe, { mayFail: true });
  if (code !== 0) throw new Unusable(`cannot make namespaces (${stderr.trim()}): a container needs --privileged`);
}
