import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PKI, POD_PROGRAMS } from '../bed/paths';
import { Daemon, run, until } from '../bed/process';
import { addNamespace, deleteNamespace } from '../network/network';

const PROGRAMS = path.join(__dirname, '..', 'programs');

/** uid and gid of istio-proxy: its own traffic is not redirected to itself. */
export const PROXY_UID = 1337;

/**
 * What a container runtime gives a pod: a network namespace with its address, and a root directory of its own, in
 * which volumes appear at the very paths that the pod names. All containers of a pod share both; a process that does
 * nothing holds them, as the pause container does.
 */
export class PodSandbox {
  /** The pod's root directory as this process sees it: files written here appear in the pod. */
  readonly root: string;
  private pause: Daemon | undefined;

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
  }

  async create(binaries: string, files: Record<string, string>): Promise<void> {
    mkdirSync(this.root, { recursive: true });
    for (const [file, text] of Object.entries(files)) this.write(file, text);
    await addNamespace(this.netns, this.address);
    const script = path.join(PROGRAMS, 'pod-root.sh');
    const log = path.join(this.directory, 'sandbox.log');
    const pause = new Daemon(
      'pause',
      [
        ...['nsenter', `--net=/run/netns/${this.netns}`, 'unshare', '--mount', '--propagation', 'private'],
        ...['sh', '-eu', script, this.root, binaries, POD_PROGRAMS, PKI, process.execPath, PROGRAMS],
      ],
      { log },
    );
    this.pause = pause;
    await until(`sandbox of ${this.netns}`, 20, async () => {
      if (!pause.running) throw new Error(readFileSync(log, 'utf8').trim());
      return existsSync(path.join(this.root, 'testbed', 'ready')) ? true : undefined;
    });
  }

  /** Process that holds the pod's namespaces. */
  get pid(): number {
    if (this.pause?.pid === undefined || !this.pause.running) throw new Error(`the sandbox ${this.netns} does not run`);
    return this.pause.pid;
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
    return ['nsenter', `--target=${this.pid}`, '--net', '--mount', ...user, ...argv];
  }

  /** Closes the established connections of the pod, except those to the control plane. */
  async cutConnections(): Promise<void> {
    const filter = ['state', 'established', '( dst 10.0.0.0/8 and dport != :15012 and sport != :15012 )'];
    await run(this.enter(['ss', '-K', '-tn', ...filter]), { mayFail: true });
  }

  async remove(): Promise<void> {
    await this.pause?.stop(0);
    await deleteNamespace(this.netns);
    // The directories of the host are mounted in the pod's mount namespace only; the option is a second lock.
    await run(['rm', '-rf', '--one-file-system', this.directory]);
  }
}
