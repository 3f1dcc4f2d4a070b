import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addNamespace, deleteNamespace } from './network';
import { PKI, POD_PROGRAMS } from './paths';
import { run } from './process';

const PROGRAMS = path.join(__dirname, 'programs');

/** uid and gid of istio-proxy: its own traffic is not redirected to itself. */
export const PROXY_UID = 1337;

/**
 * What a container runtime gives a pod: a network namespace with its address, and a root directory of its own, in
 * which volumes appear at the very paths that the pod names. All containers of a pod share both.
 */
export class PodSandbox {
  /** The pod's root directory as this process sees it: files written here appear in the pod. */
  readonly root: string;
  /** File that holds the mount namespace. */
  readonly mounts: string;

  /**
   * @param netns name of the network namespace, at most 15 characters
   * @param directory the pod's directory: root directory, logs
   */
  constructor(
    readonly netns: string,
    readonly address: string,
    readonly directory: string,
  ) {
    this.root = path.join(directory, 'root');
    this.mounts = path.join(directory, 'mounts');
  }

  async create(binaries: string, files: Record<string, string>): Promise<void> {
    mkdirSync(this.root, { recursive: true });
    for (const [file, text] of Object.entries(files)) this.write(file, text);
    writeFileSync(this.mounts, '');
    await addNamespace(this.netns, this.address);
    const script = path.join(PROGRAMS, 'pod-root.sh');
    await run([
      ...['nsenter', `--net=/run/netns/${this.netns}`, 'unshare', `--mount=${this.mounts}`, '--propagation', 'private'],
      ...['sh', '-eu', script, this.root, binaries, POD_PROGRAMS, PKI, process.execPath, PROGRAMS],
    ]);
  }

  /** Writes a file at an absolute path of the pod. */
  write(file: string, content: string | Buffer): void {
    const target = path.join(this.root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  /** The command line that runs a command in the pod. */
  enter(argv: readonly string[], uid?: number): string[] {
    const user = uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    return ['nsenter', `--net=/run/netns/${this.netns}`, `--mount=${this.mounts}`, ...user, ...argv];
  }

  /** Closes the established connections of the pod, except those to the control plane. */
  async cutConnections(): Promise<void> {
    const filter = ['state', 'established', '( dst 10.0.0.0/8 and dport != :15012 and sport != :15012 )'];
    await run(this.enter(['ss', '-K', '-tn', ...filter]), { mayFail: true });
  }

  async remove(): Promise<void> {
    await deleteNamespace(this.netns);
    await run(['umount', '--lazy', this.mounts], { mayFail: true });
    // The directories of the host are mounted in the pod's mount namespace only; the option is a second lock.
    await run(['rm', '-rf', '--one-file-system', this.directory]);
  }
}
