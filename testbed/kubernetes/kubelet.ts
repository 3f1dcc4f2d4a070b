import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { podsDirectory } from '../bed/paths';
import { pause } from '../bed/process';
import { dnsAddress, FIRST_POD, LAST_POD, nodeAddress, podAddress } from '../network/addresses';
import { Informer, type Kube, KubeError, keyOf } from './kube';
import type { PodFacts } from './pod-fields';
import { PodProcesses } from './pod-processes';
import { PodSandbox } from './pod-sandbox';
import { succeeds } from './probes';
import { RunningPod } from './running-pod';
import type { ConfigMap, Pod, Secret } from './types';
import { Missing, readMounts, sourcesOf, writeMounts } from './volumes';

/** Runs the pods of one cluster: a network namespace and a root directory each, its containers processes in them. */
export class Kubelet {
  private readonly running = new Map<string, RunningPod>();
  private readonly numbers = new Set<number>();
  private lastNumber = FIRST_POD - 1;
  private readonly pods: Informer<Pod>;
  private readonly secrets: Informer<Secret>;
  private readonly configMaps: Informer<ConfigMap>;
  private readonly stopping = new Set<Promise<void>>();

  /**
   * @param slot name of the cluster in file and interface names
   */
  constructor(
    private readonly kube: Kube,
    readonly slot: string,
    private readonly index: number,
    private readonly binaries: string,
  ) {
    this.pods = new Informer<Pod>(kube, '/api/v1/pods', () => this.sync());
    const refresh = () => void this.refreshVolumes();
    this.secrets = new Informer<Secret>(kube, '/api/v1/secrets', refresh);
    this.configMaps = new Informer<ConfigMap>(kube, '/api/v1/configmaps', refresh);
  }

  async start(): Promise<void> {
    await Promise.all([this.pods, this.secrets, this.configMaps].map((informer) => informer.start()));
  }

  async stop(): Promise<void> {
    for (const informer of [this.pods, this.secrets, this.configMaps]) informer.stop();
    await Promise.all([...this.running.values()].map((running) => this.end(running, 0)));
  }

  /** The pods that run, oldest first. */
  list(): RunningPod[] {
    return [...this.running.values()].filter(({ stopped }) => !stopped);
  }

  /** All pods that the API server holds. */
  known(): Pod[] {
    return [...this.pods.items.values()];
  }

  find(namespace: string, workload: string): RunningPod | undefined {
    const candidates = this.list().filter((pod) => pod.namespace === namespace && pod.answersTo(workload));
    return candidates.find(({ ready }) => ready) ?? candidates[0];
  }

  /** Ends all pods at once: for a cluster whose objects have gone. Resolves when nothing of them is left. */
  async killAll(): Promise<void> {
    await Promise.all(this.list().map((running) => this.end(running, 0)));
    await Promise.all(this.stopping);
  }

  private sync(): void {
    const present = new Set<string>();
    for (const pod of this.pods.items.values()) {
      const uid = pod.metadata.uid ?? '';
      present.add(uid);
      const running = this.running.get(uid);
      if (pod.metadata.deletionTimestamp) {
        if (running) void this.end(running, 2000).then(() => this.forget(pod));
        else void this.forget(pod);
      } else if (!running && !pod.metadata.annotations?.[STATIC_POD]) {
        void this.begin(pod);
      }
    }
    for (const [uid, running] of this.running) {
      if (!present.has(uid)) void this.end(running, 0);
    }
  }

  private async begin(pod: Pod): Promise<void> {
    const number = this.nextNumber();
    const sandbox = new PodSandbox(
      `${this.slot}-${number}`,
      podAddress(this.index, number),
      path.join(podsDirectory(this.slot), String(number)),
    );
    const running = new RunningPod(pod, sandbox, number);
    this.running.set(pod.metadata.uid ?? '', running);
    try {
      await this.run(running);
    } catch (error) {
      running.message = (error as Error).message;
      if (!running.stopped) console.error(`${this.slot}: pod ${keyOf(pod)}: ${(error as Error).stack}`);
    }
  }

  private async run(running: RunningPod): Promise<void> {
    const { pod, sandbox } = running;
    if (!pod.spec.nodeName) await this.bind(pod);
    await sandbox.create(this.binaries, {
      '/etc/resolv.conf': resolvConf(running.namespace, dnsAddress(this.index)),
      '/etc/hosts': `127.0.0.1 localhost\n${sandbox.address} ${running.name}\n`,
      '/etc/passwd': 'root:x:0:0:root:/:/bin/sh\nistio-proxy:x:1337:1337::/:/bin/sh\n',
    });
    running.describe();
    if (running.stopped) return;
    makeMountPoints(sandbox.root, pod);
    await this.awaitVolumes(running);
    if (running.stopped) return;
    const processes = new PodProcesses(this.kube, this.slot, this.factsOf(running), sandbox);
    running.processes = processes;
    await processes.start();
    running.message = 'containers are not ready';
    await this.report(running);
    await this.awaitReady(running);
    if (running.stopped) return;
    running.ready = true;
    running.message = '';
    await this.report(running);
  }

  private async bind({ metadata: { namespace, name } }: Pod): Promise<void> {
    await this.kube.post(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { namespace, name },
      target: { apiVersion: 'v1', kind: 'Node', name: NODE_NAME },
    });
  }

  /** A pod waits for the Secrets and ConfigMaps it mounts, as in a real cluster. */
  private async awaitVolumes(running: RunningPod): Promise<void> {
    while (!running.stopped) {
      try {
        await this.writeVolumes(running);
        return;
      } catch (error) {
        if (running.stopped) return;
        if (!(error instanceof Missing)) throw error;
        running.message = error.message;
        await pause(100);
      }
    }
  }

  private async awaitReady(running: RunningPod): Promise<void> {
    const probes = running.pod.spec.containers.flatMap((container) =>
      [container.startupProbe, container.readinessProbe].flatMap((probe) => (probe ? [{ container, probe }] : [])),
    );
    for (const { container, probe } of probes) {
      while (!running.stopped && !(await succeeds(probe, container, running.sandbox.address))) {
        const ended = running.processes?.ended();
        if (ended) throw new Error(`container ${ended} has ended, see ${running.sandbox.directory}/${ended}.log`);
        running.message = `container ${container.name} is not ready`;
        await pause(100);
      }
    }
  }

  private async report(running: RunningPod): Promise<void> {
    const { pod, sandbox, ready, message } = running;
    const condition = (type: string, holds: boolean) => ({ type, status: holds ? 'True' : 'False', message });
    const startedAt = new Date().toISOString();
    const status = {
      phase: 'Running',
      podIP: sandbox.address,
      podIPs: [{ ip: sandbox.address }],
      hostIP: nodeAddress(this.index),
      conditions: [
        condition('Initialized', true),
        condition('PodScheduled', true),
        condition('ContainersReady', ready),
        condition('Ready', ready),
      ],
      containerStatuses: pod.spec.containers.map(({ name, image }) => ({
        ...{ name, image, imageID: '', ready, started: true, restartCount: 0 },
        state: { running: { startedAt } },
      })),
    };
    const { namespace, name } = pod.metadata;
    try {
      await this.kube.merge(`/api/v1/namespaces/${namespace}/pods/${name}/status`, { status });
    } catch (error) {
      if (!running.stopped) throw error;
    }
  }

  /** Ends a pod. `grace` is how many milliseconds its processes have to end by themselves. */
  private end(running: RunningPod, grace: number): Promise<void> {
    if (running.stopped) return Promise.resolve();
    running.stopped = true;
    running.ready = false;
    const done = (async () => {
      await running.processes?.stop(grace);
      await running.sandbox.remove();
      this.numbers.delete(running.number);
      this.running.delete(running.pod.metadata.uid ?? '');
    })();
    this.stopping.add(done);
    return done.finally(() => this.stopping.delete(done));
  }

  /** Tells the API server that a deleted pod has ended. */
  private async forget({ metadata: { namespace, name } }: Pod): Promise<void> {
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 };
    await this.kube.delete(`/api/v1/namespaces/${namespace}/pods/${name}`, options).catch(() => {});
  }

  /** Writes the volumes of running pods again when their sources change, as a real kubelet does. */
  private async refreshVolumes(): Promise<void> {
    for (const running of this.list()) {
      if (running.sources === undefined || running.sources === this.sourceVersions(running.pod)) continue;
      try {
        await this.writeVolumes(running);
      } catch (error) {
        // What a pod mounts may be deleted under it: it keeps what it has.
        if (!running.stopped && !(error instanceof Missing || error instanceof KubeError)) console.error(error);
      }
    }
  }

  private async writeVolumes(running: RunningPod): Promise<void> {
    const { pod, sandbox } = running;
    const versions = this.sourceVersions(pod);
    writeMounts(sandbox.root, await readMounts(this.kube, this.factsOf(running)));
    running.sources = versions;
  }

  /** Changes whenever a Secret or ConfigMap changes that a pod mounts. */
  private sourceVersions({ metadata, spec }: Pod): string {
    const versions = [...sourcesOf(spec.volumes ?? [])].map((source) => {
      const [kind, name] = source.split('/');
      const informer = kind === 'secrets' ? this.secrets : this.configMaps;
      return `${source}@${informer.items.get(`${metadata.namespace}/${name}`)?.metadata.resourceVersion}`;
    });
    return versions.join();
  }

  private factsOf({ pod, sandbox }: RunningPod): PodFacts {
    return { pod, address: sandbox.address, nodeAddress: nodeAddress(this.index) };
  }

  /** The next free address: the one of a pod that has just ended is not used again at once. */
  private nextNumber(): number {
    for (let tries = FIRST_POD; tries <= LAST_POD; tries++) {
      this.lastNumber = this.lastNumber < LAST_POD ? this.lastNumber + 1 : FIRST_POD;
      if (!this.numbers.has(this.lastNumber)) {
        this.numbers.add(this.lastNumber);
        return this.lastNumber;
      }
    }
    throw new Error(`more than ${LAST_POD - FIRST_POD + 1} pods in cluster ${this.slot}`);
  }
}

/** The node that all pods of a cluster are bound to. */
export const NODE_NAME = 'node';

/** Annotation of pods that stand for something the testbed runs itself: the kubelet leaves them alone. */
export const STATIC_POD = 'testbed/static';

const resolvConf = (namespace: string, server: string) =>
  [
    `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local`,
    `nameserver ${server}`,
    'options ndots:5 timeout:1 attempts:3',
    '',
  ].join('\n');

/** Every mount path is a directory that any user of the pod may write to, as emptyDir is. */
function makeMountPoints(root: string, { spec }: Pod): void {
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const { mountPath, subPath } of container.volumeMounts ?? []) {
      if (subPath !== undefined) continue;
      const directory = path.join(root, mountPath);
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, 0o777);
    }
  }
}
