import path from 'node:path';
import { POD_PROGRAMS } from '../bed/paths';
import { Daemon, run } from '../bed/process';
import { App, appKind } from './apps';
import type { Kube } from './kube';
import { environmentOf, expand, type PodFacts } from './pod-fields';
import { type PodSandbox, PROXY_UID } from './pod-sandbox';
import type { Container } from './types';
import { Missing, readKeys } from './volumes';

const BOOTSTRAP = path.join(POD_PROGRAMS, 'envoy_bootstrap.json');
const ENVOY = '/testbed/scripts/envoy.sh';

/** The processes that a pod's containers are here: pilot-agent with Envoy, pilot-discovery, or an echo server. */
export class PodProcesses {
  readonly apps: App[] = [];
  private readonly daemons: Daemon[] = [];

  constructor(
    private readonly kube: Kube,
    private readonly slot: string,
    private readonly facts: PodFacts,
    private readonly sandbox: PodSandbox,
  ) {}

  async start(): Promise<void> {
    const { initContainers = [], containers } = this.facts.pod.spec;
    const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
    for (const container of initContainers) {
      if (!sidecars.includes(container)) await this.runToEnd(container);
    }
    for (const container of [...sidecars, ...containers]) await this.startContainer(container);
  }

  async stop(grace: number): Promise<void> {
    for (const app of this.apps) app.stop();
    await Promise.all(this.daemons.map((daemon) => daemon.stop(grace)));
  }

  /** Name of a container whose process has ended although it should run. */
  ended(): string | undefined {
    return this.daemons.find(({ running }) => !running)?.name;
  }

  /** `istio-init` is run as it stands; init containers of applications do nothing here. */
  private async runToEnd(container: Container): Promise<void> {
    if (container.name !== 'istio-init') return;
    const env = { ...(await this.environment(container)), PATH: process.env.PATH };
    const argv = [path.join(POD_PROGRAMS, 'pilot-agent'), ...(container.args ?? [])];
    await run(this.sandbox.enter(argv), { env });
  }

  private async startContainer(container: Container): Promise<void> {
    const env = await this.environment(container);
    const args = (container.args ?? []).map((argument) => expand(argument, env));
    if (container.name === 'istio-proxy') {
      this.spawn(container.name, [path.join(POD_PROGRAMS, 'pilot-agent'), ...args], proxyEnvironment(env), PROXY_UID);
    } else if (baseName(container.image) === 'pilot') {
      this.spawn(container.name, [path.join(POD_PROGRAMS, 'pilot-discovery'), ...args], env, PROXY_UID);
    } else if (baseName(container.image) === 'connect-proxy') {
      // it dials itself, so it runs in the pod, where names are resolved as the cluster resolves them
      const ports = (container.ports ?? []).map(({ containerPort }) => String(containerPort));
      this.spawn(container.name, ['/testbed/node', '/testbed/scripts/connect-proxy.js', ...ports], env, PROXY_UID);
    } else {
      await this.startApp(container, env);
    }
  }

  private async startApp(container: Container, env: Record<string, string>): Promise<void> {
    const { name, labels = {} } = this.facts.pod.metadata;
    const ports = (container.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
    const facts = { pod: name, app: labels.app ?? '', version: labels.version ?? '', env };
    const numbers = ports.map(({ containerPort }) => containerPort);
    this.apps.push(await App.start(appKind(container), numbers, this.sandbox, facts));
  }

  private spawn(name: string, argv: string[], env: Record<string, string>, uid: number): void {
    const log = path.join(this.sandbox.directory, `${name}.log`);
    const marked = { ...env, TESTBED_CLUSTER: this.slot };
    this.daemons.push(new Daemon(name, this.sandbox.enter(argv, uid), { log, env: marked, logOwner: uid }));
  }

  private async environment(container: Container): Promise<Record<string, string>> {
    const namespace = this.facts.pod.metadata.namespace ?? '';
    const own = await environmentOf(this.facts, container, async (kind, name) => {
      const keys = await readKeys(this.kube, namespace, kind, name);
      if (!keys) throw new Missing(`${kind} ${namespace}/${name} does not exist`);
      return Object.fromEntries([...keys].map(([key, value]) => [key, value.toString()]));
    });
    const service = await this.kube.get<{ spec: { clusterIP: string } }>(
      '/api/v1/namespaces/default/services/kubernetes',
    );
    return { KUBERNETES_SERVICE_HOST: service.spec.clusterIP, KUBERNETES_SERVICE_PORT: '443', ...own };
  }
}

const baseName = (image: string) =>
  image
    .split('/')
    .pop()
    ?.replace(/[:@].*$/, '') ?? '';

/** The injected environment, with stock Envoy in the place where the image has Istio's. */
function proxyEnvironment(env: Record<string, string>): Record<string, string> {
  const config = JSON.parse(env.PROXY_CONFIG || '{}');
  const merged = { ...config, binaryPath: ENVOY, proxyBootstrapTemplatePath: BOOTSTRAP, concurrency: 1 };
  return { ...env, PROXY_CONFIG: JSON.stringify(merged), ISTIO_BOOTSTRAP: BOOTSTRAP };
}
