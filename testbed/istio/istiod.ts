import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run, until } from '../bed/process';
import { refusal } from '../kubernetes/apiserver';
import type { Kube } from '../kubernetes/kube';
import type { Kubelet } from '../kubernetes/kubelet';
import type { RunningPod } from '../kubernetes/running-pod';
import type { Container, KubeObject } from '../kubernetes/types';
import { meshConfig } from './mesh-config';
import { DEFAULT_REVISION, probePod, revise } from './revision';
import { type Resolve, Synchronization } from './synchronization';

/** Namespace that the rendered installation is made for. */
const RENDERED_NAMESPACE = 'istio-system';

/** What a scenario chooses about the control plane of a cluster. */
export interface ControlPlane {
  /** Cluster id. */
  cluster: string;
  /** Namespace of istiod, also the mesh's root namespace. */
  namespace: string;
  /** MeshConfig, merged over the testbed's. */
  mesh: Record<string, unknown>;
  /** More environment of istiod. */
  env: Record<string, string>;
  /** Istio network of the cluster. */
  network: string;
  /** Revision, as namespaces and pods ask for it. */
  revision: string;
  /** Files of the plugged-in CA. */
  cacerts: Record<string, string>;
}

/** The installation that istioctl rendered, as objects. */
export class IstioInstallation {
  private readonly text: string;

  constructor(binaries: string) {
    this.text = readFileSync(path.join(binaries, 'istio.json'), 'utf8');
  }

  crds(): KubeObject[] {
    return this.objects(RENDERED_NAMESPACE).filter(({ kind }) => kind === 'CustomResourceDefinition');
  }

  /** Everything but the CustomResourceDefinitions, for one control plane; the Deployment comes last. */
  controlPlane(settings: ControlPlane): KubeObject[] {
    const objects = this.objects(settings.namespace).filter(({ kind }) => kind !== 'CustomResourceDefinition');
    const revised = settings.revision === DEFAULT_REVISION ? settings : inRevision(settings);
    for (const object of objects) {
      adapt(object, revised);
      if (settings.revision !== DEFAULT_REVISION) revise(object, settings.revision);
    }
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cacerts', namespace: settings.namespace },
      stringData: settings.cacerts,
    };
    const isDeployment = ({ kind }: KubeObject) => kind === 'Deployment';
    return [secret, ...objects.filter((object) => !isDeployment(object)), ...objects.filter(isDeployment)];
  }

  private objects(namespace: string): KubeObject[] {
    return JSON.parse(this.text.replaceAll(RENDERED_NAMESPACE, namespace));
  }
}

/** istiod learns its revision from its environment. */
const inRevision = (settings: ControlPlane): ControlPlane => ({
  ...settings,
  env: { REVISION: settings.revision, ...settings.env },
});

function adapt(object: KubeObject, settings: ControlPlane): void {
  const { kind, metadata } = object;
  const data = object.data as Record<string, string>;
  if (kind === 'ConfigMap' && metadata.name === 'istio') {
    data.mesh = JSON.stringify(meshConfig(settings.mesh, settings.namespace));
  } else if (kind === 'ConfigMap' && metadata.name === 'istio-sidecar-injector') {
    const values = JSON.parse(data.values);
    values.global.multiCluster.clusterName = settings.cluster;
    values.global.network = settings.network;
    data.values = JSON.stringify(values);
  } else if (kind === 'Deployment') {
    const spec = (object.spec as { template: { spec: { containers: Container[] } } }).template.spec;
    const override = { CLUSTER_ID: settings.cluster, ...settings.env };
    for (const container of spec.containers) {
      const kept = (container.env ?? []).filter(({ name }) => !(name in override));
      container.env = [...kept, ...Object.entries(override).map(([name, value]) => ({ name, value }))];
    }
  } else if (kind === 'ValidatingWebhookConfiguration') {
    // Every object is judged, not only those with a revision label.
    for (const webhook of object.webhooks as Record<string, unknown>[]) {
      delete webhook.objectSelector;
      webhook.timeoutSeconds = 10;
    }
  }
}

/** A running istiod. */
export class Istiod {
  private readonly synchronization: Synchronization;

  constructor(
    private readonly kube: Kube,
    private readonly kubelet: Kubelet,
    readonly namespace: string,
    private readonly revision: string,
  ) {
    this.synchronization = new Synchronization(kube, this, namespace);
  }

  /** Waits until both webhooks judge objects: only then does applying a scenario prove anything. */
  async ready(): Promise<void> {
    await until(
      `istiod of ${this.kubelet.slot}`,
      60,
      async () => {
        const ended = this.pod()?.processes?.ended();
        if (ended) throw new Error(`${ended} has ended`);
        return (await this.webhooksReady()) ? true : undefined;
      },
      () => this.pod()?.message ?? 'no pod yet',
    );
  }

  pod(): RunningPod | undefined {
    return this.kubelet.find(this.namespace, 'istiod');
  }

  private async webhooksReady(): Promise<boolean> {
    const root = '/apis/admissionregistration.k8s.io/v1';
    const validator = `${root}/validatingwebhookconfigurations/istio-validator-${this.namespace}`;
    const { webhooks } = await this.kube.get<Webhooks>(validator);
    if (webhooks.some(({ failurePolicy, clientConfig }) => failurePolicy !== 'Fail' || !clientConfig.caBundle)) {
      return false;
    }
    const pod = await this.kube.post<{ spec: { containers: unknown[] } }>(
      '/api/v1/namespaces/default/pods?dryRun=All',
      probePod(this.revision),
    );
    if (pod.spec.containers.length < 2) return false;
    const services = '/apis/networking.istio.io/v1/namespaces/default/virtualservices?dryRun=All';
    return (await refusal(this.kube.post(services, WRONG_VIRTUAL_SERVICE)))?.includes('denied') ?? false;
  }

  /**
   * Waits until every proxy runs what the API server holds, names looked up and secrets included.
   *
   * @param seconds limit
   * @param resolves addresses of a name, in the cluster's DNS
   */
  async synchronized(seconds: number, resolves: Resolve): Promise<void> {
    const proxies = this.kubelet.list().filter(({ proxied }) => proxied);
    await this.synchronization.complete(proxies, resolves, seconds);
  }

  /** A page of the debug interface: without a token, it answers on its own loopback only. */
  async page(name: string): Promise<string> {
    const pod = this.pod();
    if (!pod) throw new Error('istiod has no pod');
    const argv = ['curl', '--silent', '--fail', '--max-time', '10', `http://127.0.0.1:15014/debug/${name}`];
    return (await run(pod.sandbox.enter(argv))).stdout;
  }
}

interface Webhooks {
  webhooks: { failurePolicy: string; clientConfig: { caBundle?: string } }[];
}

const WRONG_VIRTUAL_SERVICE = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'probe', namespace: 'default' },
  spec: { hosts: ['probe'], http: [{}] },
};
