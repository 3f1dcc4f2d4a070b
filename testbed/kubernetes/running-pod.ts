import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { POD_FILE } from '../bed/paths';
import type { PodProcesses } from './pod-processes';
import type { PodSandbox } from './pod-sandbox';
import type { Pod } from './types';

/** A pod that the kubelet runs. */
export class RunningPod {
  ready = false;
  /** Why it is not ready. */
  message = 'starting';
  stopped = false;
  processes: PodProcesses | undefined;
  /** Versions of the mounted Secrets and ConfigMaps that have been written. */
  sources: string | undefined;

  constructor(
    readonly pod: Pod,
    readonly sandbox: PodSandbox,
    readonly number: number,
  ) {}

  get namespace(): string {
    return this.pod.metadata.namespace ?? '';
  }

  get name(): string {
    return this.pod.metadata.name;
  }

  /** The name that people use for it: its label `app` or `istio`, or its Deployment's name. */
  get workload(): string {
    const { app, istio } = this.pod.metadata.labels ?? {};
    return app ?? istio ?? deploymentOf(this.name);
  }

  /** All names by which a test may mean it. */
  get names(): string[] {
    const { app, istio } = this.pod.metadata.labels ?? {};
    return [app, istio, deploymentOf(this.name), this.name].filter((name) => name !== undefined);
  }

  answersTo(workload: string): boolean {
    return this.names.includes(workload);
  }

  /** Writes down whose directory this is, for commands that look into a kept bed. */
  describe(): void {
    const { pid, directory } = this.sandbox;
    const description = { namespace: this.namespace, names: this.names, pid, directory };
    writeFileSync(path.join(directory, POD_FILE), JSON.stringify(description));
  }

  get proxied(): boolean {
    return this.pod.spec.containers.some(({ name }) => name === 'istio-proxy');
  }

  get proxyLog(): string {
    return path.join(this.sandbox.directory, 'istio-proxy.log');
  }
}

const deploymentOf = (podName: string) => podName.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, '');
