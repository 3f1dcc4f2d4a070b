import { existsSync, readFileSync, statSync } from 'node:fs';
import { type Hop, inOrder, parseHops } from '../istio/hops';
import type { RunningPod } from '../kubernetes/running-pod';
import { curlCommand } from './curl';
import type { Outcome } from './expectation';
import { pause, run } from './process';
import type { CallOptions } from './scenario';
import { alpnRequest, lineOutcome, lineRequest } from './socket';

/** Makes a call from a pod: a real client in its namespaces, so that iptables, DNS and the sidecar are all in the way. */
export async function callFrom(pod: RunningPod, url: string, options: CallOptions): Promise<Outcome> {
  const start = Date.now();
  const outcome = await outcomeOf(pod, url, options);
  return { ...outcome, duration: Date.now() - start };
}

async function outcomeOf(pod: RunningPod, url: string, options: CallOptions): Promise<Omit<Outcome, 'duration'>> {
  if (options.alpn !== undefined) return program(pod, 'https-call.js', alpnRequest(url, options));
  if (/^(tcp|tls):/.test(url)) return lineOutcome(await program(pod, 'socket-call.js', lineRequest(url, options)));
  const input = options.body === undefined ? undefined : Buffer.from(options.body, 'base64');
  const { code, stdout, stderr } = await run(pod.sandbox.enter(curlCommand(url, options)), { mayFail: true, input });
  const end = stdout.lastIndexOf('\n');
  const body = stdout.slice(0, end);
  if (code !== 0) return { error: `curl ${code}: ${firstLine(stderr.replace(/^curl: \(\d+\) /, ''))}`, body };
  return { code: Number(stdout.slice(end + 1)), body };
}

/** Runs one of programs/ in the pod and gives what it prints. */
async function program<T>(pod: RunningPod, name: string, request: object): Promise<T> {
  const argv = ['/testbed/node', `/testbed/scripts/${name}`, JSON.stringify(request)];
  const { stdout } = await run(pod.sandbox.enter(argv));
  return JSON.parse(stdout);
}

const firstLine = (text: string) => text.trim().split('\n')[0];

/** The access logs of proxies from one moment on. */
export class LogWatch {
  private readonly from: Map<RunningPod, number>;

  /** @param nameOf `cluster/namespace/workload` of a pod */
  constructor(
    pods: readonly RunningPod[],
    private readonly nameOf: (pod: RunningPod) => string,
  ) {
    const proxied = pods.filter((pod) => pod.proxied && existsSync(pod.proxyLog));
    this.from = new Map(proxied.map((pod) => [pod, statSync(pod.proxyLog).size]));
  }

  /** What has been logged by now, in the order of the call's way. */
  hops(): Hop[] {
    const found = [...this.from].flatMap(([pod, offset]) => {
      if (!existsSync(pod.proxyLog)) return [];
      return parseHops(readFileSync(pod.proxyLog).subarray(offset).toString(), this.nameOf(pod));
    });
    return inOrder(found);
  }

  /** Reads until the hops are as wanted, or the proxies have had the time to write all there is. */
  async until(enough: (hops: Hop[]) => boolean, milliseconds: number): Promise<Hop[]> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const hops = this.hops();
      if (enough(hops) || Date.now() > deadline) return hops;
      await pause(15);
    }
  }
}
