import path from 'node:path';
import type { Hop } from '../istio/hops';
import type { Cluster } from '../kubernetes/cluster';
import { keyOf } from '../kubernetes/kube';
import type { RunningPod } from '../kubernetes/running-pod';
import type { KubeObject, Pod, Service } from '../kubernetes/types';
import { selects } from '../network/networkpolicy';
import { callFrom, LogWatch } from './call';
import type { Certificates } from './certificates';
import { answeredBy, type CallResult, mismatch, needsHops } from './expectation';
import { clusterDirectory, kubeconfigFile } from './paths';
import { type Result, run, until } from './process';
import type { Action, Call, CallOptions, Expectation, SecretSetup } from './scenario';

/** The API server, or a webhook, has refused an object. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export interface CallRequest extends CallOptions {
  /** `cluster/namespace/workload`. */
  from: string;
  url: string;
  /** @default 1 */
  repeat?: number;
  /** Closes the pooled connections first. @default false */
  fresh?: boolean;
  /** What is waited for in the proxies' logs. @default - hops are read as soon as there is an answer */
  expect?: Expectation;
}

/** Clusters under the names of one scenario, and what a test does with them. */
export class Bed {
  private watch: LogWatch | undefined;

  constructor(
    private readonly binaries: string,
    readonly clusters: ReadonlyMap<string, Cluster>,
    readonly certificates: Certificates,
    private readonly judge: (bed: Bed, call: Call) => Promise<void>,
  ) {}

  cluster(name: string): Cluster {
    const cluster = this.clusters.get(name);
    if (!cluster) throw new Error(`no cluster '${name}', there are ${[...this.clusters.keys()].join(', ')}`);
    return cluster;
  }

  /**
   * Applies a file or folder (in name order), or objects, as users do: `kubectl apply --server-side`.
   *
   * @returns what was applied, one line per object
   * @throws Refused with the messages of kubectl, API server and webhooks, when any object is not taken
   */
  async apply(cluster: string, what: string | readonly KubeObject[]): Promise<string[]> {
    const objects =
      typeof what === 'string' ? undefined : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: what });
    const file = typeof what === 'string' ? what : '-';
    const argv = ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', file];
    const { code, stdout, stderr } = await this.kubectl(cluster, argv, objects);
    if (code !== 0) throw new Refused(`${cluster}: ${file === '-' ? 'objects' : file} refused: ${stderr.trim()}`);
    return stdout.trim().split('\n');
  }

  /** Deletes what a file or folder holds. */
  async delete(cluster: string, what: string): Promise<void> {
    const { code, stderr } = await this.kubectl(cluster, ['delete', '--ignore-not-found', '--wait=false', '-f', what]);
    if (code !== 0) throw new Error(`${cluster}: ${stderr.trim()}`);
  }

  /** Runs kubectl with the rights of the cluster's administrator. */
  kubectl(cluster: string, args: readonly string[], input?: string): Promise<Result> {
    const { slot } = this.cluster(cluster);
    const config = [`--kubeconfig=${kubeconfigFile(slot)}`, `--cache-dir=${clusterDirectory(slot)}/kubectl-cache`];
    return run([path.join(this.binaries, 'kubectl'), ...config, ...args], { mayFail: true, input });
  }

  /**
   * Waits until all Deployments run, all endpoints are known, and every proxy has acknowledged the latest configuration.
   *
   * @param seconds limit
   */
  async ready(seconds = 60): Promise<void> {
    const started = [...this.clusters].filter(([, { istiod }]) => istiod);
    await Promise.all(started.map(([name, cluster]) => this.workloadsReady(name, cluster, seconds)));
    await Promise.all(started.map(([, { istiod, resolve }]) => istiod?.synchronized(seconds, resolve)));
  }

  /** Creates or changes a Secret made of certificates. */
  async secret(cluster: string, { namespace, name, type = 'Opaque', data }: SecretSetup): Promise<void> {
    const stringData: Record<string, string> = {};
    for (const [key, value] of Object.entries(data)) stringData[key] = await this.certificates.pem(value);
    const metadata = { namespace, name };
    await this.cluster(cluster).kube.apply({ apiVersion: 'v1', kind: 'Secret', metadata, type, stringData });
  }

  /** Makes a call of a scenario and compares what comes of it: one more test of the run. */
  async expect(call: Call): Promise<void> {
    await this.judge(this, call);
  }

  /** Makes a call and reads what the proxies logged of it. */
  async call(request: CallRequest): Promise<CallResult> {
    const pod = this.pod(request.from);
    const { expect, repeat = 1 } = request;
    if (request.fresh) await this.cut();
    const watch = new LogWatch(this.pods(), (each) => this.nameOf(each));
    this.watch = watch;
    if (repeat > 1) return this.callOften(pod, request, repeat, watch);
    const outcome = await callFrom(pod, request.url, request);
    let hops: Hop[] = [];
    if (expect && needsHops(expect)) {
      hops = await watch.until((seen) => mismatch(expect, { ...outcome, hops: seen }) === undefined, 300);
      if (mismatch(expect, { ...outcome, hops }) !== undefined) {
        // A proxy that passes bytes on logs a connection when it ends: pooled ones are ended for that.
        await this.cut();
        hops = await watch.until((seen) => mismatch(expect, { ...outcome, hops: seen }) === undefined, 1000);
      }
    } else {
      hops = watch.hops();
    }
    return { ...outcome, hops };
  }

  /** Does what a call wants done before, and waits until it has had its effect. */
  async act(actions: readonly Action[]): Promise<void> {
    for (const action of actions) {
      if ('cut' in action) {
        await this.cut();
      } else if ('kubectl' in action) {
        const { code, stderr } = await this.kubectl(action.cluster, action.kubectl);
        if (code !== 0) throw new Error(`${action.cluster}: kubectl ${action.kubectl.join(' ')}: ${stderr.trim()}`);
      } else {
        this.fail(action.cluster, action.namespace, action.workload, action.fail);
      }
    }
    await this.ready();
  }

  /** Makes a workload answer every request with a code; null: as before. */
  fail(cluster: string, namespace: string, workload: string, code: number | null): void {
    const pods = this.cluster(cluster)
      .kubelet.list()
      .filter((pod) => pod.namespace === namespace && pod.answersTo(workload));
    if (pods.length === 0) throw new Error(`no pod ${cluster}/${namespace}/${workload}`);
    for (const app of pods.flatMap(({ processes }) => processes?.apps ?? [])) app.failure = code ?? undefined;
  }

  /** Codes that pods of a cluster answer whatever they are asked, by address. */
  failing(cluster: string): Record<string, number> {
    const found = this.cluster(cluster)
      .kubelet.list()
      .flatMap(({ processes, sandbox }): [string, number][] => {
        const code = processes?.apps.find(({ failure }) => failure !== undefined)?.failure;
        return code === undefined ? [] : [[sandbox.address, code]];
      });
    return Object.fromEntries(found);
  }

  /** What proxies have logged of the last call; read until it is enough, or they have had the time to write all there is. */
  async hops(enough: (hops: Hop[]) => boolean, milliseconds: number): Promise<Hop[]> {
    return (await this.watch?.until(enough, milliseconds)) ?? [];
  }

  /** Closes the connections between pods: the next call makes new ones, with the Secrets and policies of now. */
  async cut(): Promise<void> {
    await Promise.all(this.pods().map(({ sandbox }) => sandbox.cutConnections()));
  }

  /** A pod by `cluster/namespace/workload`; the workload is its label `app` or `istio`, its Deployment or its name. */
  pod(name: string): RunningPod {
    const [cluster, namespace, workload, ...rest] = name.split('/');
    if (!workload || rest.length > 0) throw new Error(`'${name}', expected cluster/namespace/workload`);
    const pod = this.cluster(cluster).kubelet.find(namespace, workload);
    if (!pod) throw new Error(`no pod ${name}`);
    return pod;
  }

  pods(): RunningPod[] {
    return [...this.clusters.values()].flatMap(({ kubelet }) => kubelet.list());
  }

  nameOf(pod: RunningPod): string {
    const [cluster] = [...this.clusters].find(([, { kubelet }]) => kubelet.list().includes(pod)) ?? ['?'];
    return `${cluster}/${pod.namespace}/${pod.workload}`;
  }

  private async callOften(pod: RunningPod, call: CallRequest, repeat: number, watch: LogWatch): Promise<CallResult> {
    const spread: Record<string, number> = {};
    let duration = 0;
    let last: CallResult = { body: '', duration: 0, hops: [] };
    for (let n = 0; n < repeat; n++) {
      const outcome = await callFrom(pod, call.url, call);
      const answer = answeredBy(outcome);
      spread[answer] = (spread[answer] ?? 0) + 1;
      duration += outcome.duration / repeat;
      last = { ...outcome, hops: [] };
    }
    return { ...last, duration: Math.round(duration), spread, hops: watch.hops() };
  }

  private async workloadsReady(name: string, cluster: Cluster, seconds: number): Promise<void> {
    let waiting: string[] = [];
    await until(
      `workloads of ${name}`,
      seconds,
      async () => {
        waiting = await unready(cluster);
        return waiting.length === 0 ? true : undefined;
      },
      () => waiting.join('; '),
    );
    await cluster.networkReady();
  }
}

/** What a cluster still waits for. */
async function unready({ kube, kubelet }: Cluster): Promise<string[]> {
  const deployments = await kube.get<{ items: Deployment[] }>('/apis/apps/v1/deployments');
  const waiting = deployments.items
    .filter(({ metadata, spec, status }) => {
      const wanted = spec.replicas ?? 1;
      const current = status?.observedGeneration === metadata.generation;
      return !current || (status?.readyReplicas ?? 0) !== wanted || (status?.replicas ?? 0) !== wanted;
    })
    .map((deployment) => {
      const { namespace, name } = deployment.metadata;
      const pod = kubelet.find(namespace ?? '', name);
      const failure = deployment.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
      return `${namespace}/${name}: ${pod?.message || failure?.message || 'no pod'}`;
    });
  for (const pod of kubelet.list()) {
    if (pod.stopped || !pod.ready) waiting.push(`pod ${pod.namespace}/${pod.name}: ${pod.message}`);
  }
  if (waiting.length > 0) return waiting;
  const pods = await kube.get<{ items: Pod[] }>('/api/v1/pods');
  const services = await kube.get<{ items: Service[] }>('/api/v1/services');
  const slices = await kube.get<{ items: KubeObject[] }>('/apis/discovery.k8s.io/v1/endpointslices');
  return missingEndpoints(pods.items, services.items, slices.items);
}

interface Deployment extends KubeObject {
  spec: { replicas?: number };
  status?: {
    observedGeneration?: number;
    readyReplicas?: number;
    replicas?: number;
    conditions?: { type: string; message?: string }[];
  };
}

/** Services whose endpoints are not yet the ready pods that they select. */
function missingEndpoints(pods: readonly Pod[], services: readonly Service[], slices: readonly KubeObject[]): string[] {
  return services.flatMap((service) => {
    const { selector } = service.spec as { selector?: Record<string, string> };
    if (!selector || service.spec.type === 'ExternalName') return [];
    const { namespace, name } = service.metadata;
    const wanted = pods.filter(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        !metadata.deletionTimestamp &&
        selects({ matchLabels: selector }, metadata.labels),
    );
    const known = slices
      .filter(
        ({ metadata }) => metadata.namespace === namespace && metadata.labels?.['kubernetes.io/service-name'] === name,
      )
      .flatMap((slice) => (slice.endpoints as { addresses: string[]; conditions?: { ready?: boolean } }[] | null) ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses);
    const expected = wanted.flatMap(({ status }) => status?.podIP ?? []);
    const same = [...known].sort().join() === [...expected].sort().join();
    return same ? [] : [`endpoints of Service ${keyOf(service)}`];
  });
}
