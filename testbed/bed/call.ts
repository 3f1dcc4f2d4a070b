import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Hop, inOrder, parseHops } from '../istio/hops';
import type { RunningPod } from '../kubernetes/running-pod';
import type { Outcome } from './expectation';
import { pause, run } from './process';

export interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  as?: string;
  ca?: string;
  /** Seconds that curl waits. @default 6 */
  timeout?: number;
}

/** Makes a call from a pod: a real curl in its namespaces, so that iptables, DNS and the sidecar are all in the way. */
export function callFrom(pod: RunningPod, url: string, options: CallOptions): Promise<Outcome> {
  return /^(tcp|tls):/.test(url) ? callTcp(pod, url, options) : callHttp(pod, url, options);
}

async function callHttp(pod: RunningPod, url: string, options: CallOptions): Promise<Outcome> {
  const { method = 'GET', headers = {}, as, ca, timeout = 6 } = options;
  const argv = [
    ...[
      'curl',
      '--silent',
      '--show-error',
      '--http0.9',
      '--max-time',
      String(timeout),
      '--write-out',
      '\n%{http_code}',
    ],
    ...(method === 'HEAD' ? ['--head'] : ['--request', method]),
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(as ? ['--cert', pki(`${as}.crt`), '--key', pki(`${as}.key`)] : []),
    ...(url.startsWith('https:') ? (ca ? ['--cacert', pki(`${ca}.crt`)] : ['--insecure']) : []),
    url,
  ];
  const start = Date.now();
  const { code: exit, stdout, stderr } = await run(pod.sandbox.enter(argv), { mayFail: true });
  const duration = Date.now() - start;
  const end = stdout.lastIndexOf('\n');
  const body = stdout.slice(0, end);
  const status = Number(stdout.slice(end + 1));
  if (exit !== 0) return { error: `curl ${exit}: ${firstLine(stderr.replace(/^curl: \(\d+\) /, ''))}`, body, duration };
  return { code: status, body, duration };
}

async function callTcp(pod: RunningPod, url: string, { as }: CallOptions): Promise<Outcome> {
  const { protocol, hostname, port } = new URL(url);
  const tls = protocol === 'tls:' ? [hostname, ...(as ? [pki(`${as}.crt`), pki(`${as}.key`)] : [])] : [];
  const argv = ['/testbed/node', '/testbed/scripts/tcp-call.js', hostname, port, ...tls];
  const start = Date.now();
  const { stdout } = await run(pod.sandbox.enter(argv));
  const { body, error } = JSON.parse(stdout) as { body: string; error: string | null };
  const duration = Date.now() - start;
  return error === null ? { code: 'ok', body, duration } : { error: firstLine(error), body, duration };
}

const firstLine = (text: string) => text.trim().split('\n')[0];

const pki = (file: string) => path.posix.join('/testbed/pki', file);

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
