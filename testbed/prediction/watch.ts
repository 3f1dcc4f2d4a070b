import type { Cluster } from '../kubernetes/cluster';
import { Informer } from '../kubernetes/kube';
import type { KubeObject } from '../kubernetes/types';

/** Kinds that decide where calls go, by the path of their API group. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  '/api/v1': ['ConfigMap', 'Namespace', 'Node', 'Pod', 'Secret', 'Service'],
  '/apis/apps/v1': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  '/apis/discovery.k8s.io/v1': ['EndpointSlice'],
  '/apis/extensions.istio.io/v1alpha1': ['WasmPlugin'],
  '/apis/gateway.networking.k8s.io/v1': ['Gateway', 'HTTPRoute'],
  '/apis/networking.istio.io/v1': [
    ...['DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'VirtualService', 'WorkloadEntry'],
  ],
  '/apis/networking.istio.io/v1alpha3': ['EnvoyFilter'],
  '/apis/networking.k8s.io/v1': ['NetworkPolicy'],
  '/apis/rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  '/apis/route.openshift.io/v1': ['Route'],
  '/apis/security.istio.io/v1': ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'],
};

interface Served {
  resources: { name: string; kind: string }[];
}

interface Watched {
  apiVersion: string;
  kind: string;
  informer: Informer<KubeObject>;
}

/** All objects of a cluster that a prediction needs, as its API server has them at any moment. */
export class ObjectWatch {
  private constructor(private readonly watched: readonly Watched[]) {}

  /** @param changed called after every change */
  static async start({ kube }: Cluster, changed: () => void): Promise<ObjectWatch> {
    const watched = await Promise.all(
      Object.entries(KINDS).map(async ([path, kinds]): Promise<Watched[]> => {
        const served = await kube.find<Served>(path);
        const apiVersion = path.replace(/^\/apis?\//, '');
        return (served?.resources ?? [])
          .filter(({ name, kind }) => !name.includes('/') && kinds.includes(kind))
          .map(({ name, kind }) => ({ apiVersion, kind, informer: new Informer(kube, `${path}/${name}`, changed) }));
      }),
    );
    const all = watched.flat();
    await Promise.all(all.map(({ informer }) => informer.start()));
    return new ObjectWatch(all);
  }

  /** Waits until everything is known that exists at this moment. */
  async current(): Promise<void> {
    await Promise.all(this.watched.map(({ informer }) => informer.current()));
  }

  objects(): KubeObject[] {
    return this.watched.flatMap(({ apiVersion, kind, informer }) =>
      [...informer.items.values()].map((object) => ({ ...object, apiVersion, kind })),
    );
  }

  stop(): void {
    for (const { informer } of this.watched) informer.stop();
  }
}
