import type {
  ExposureSummary,
  FleetDocument,
  GatewayFacts,
  MeshFacts,
  PeeringSummary,
  PlaceSummary,
} from '../../facts/fleet';
import { type Labels, selects } from '../../facts/labels';
import type { Manifest } from '../../facts/manifest';
import { push } from '../../facts/memo';
import type { Protocol } from '../../facts/port';
import { serviceOfHost } from './outside';
import { type Resource, resource } from './resource';
import { templateOf, WORKLOAD_KINDS } from './workloads';

/** Name of the containers of pods that nobody wrote: what they speak is what their port says. */
const IMAGE = 'stand-in';

/**
 * What facts speak of and no manifest holds, because somebody else applies it: namespaces, Services and pods of exposed
 * services, gateways that exist. Each is as simple as the facts allow; nothing of it is ever written.
 */
export function standIns(document: FleetDocument, resources: readonly Resource[]): Resource[] {
  const made = new StandIns(resources);
  for (const mesh of document.meshes) {
    for (const name of namespacesOf(document, mesh)) made.namespace(mesh, name);
    for (const gateway of mesh.gateways) made.gateway(mesh, gateway);
    if (mesh.controlPlane.mtls) made.strict(mesh);
    for (const { host, rules } of mesh.routings ?? []) {
      for (const { port, protocol, to } of rules) {
        for (const place of [{ host, port }, ...to]) made.routed(mesh, place, protocol);
      }
    }
  }
  for (const { provider, exposures } of document.peerings) {
    const mesh = document.meshes.find(({ name }) => name === provider);
    for (const exposure of mesh ? exposures : []) if (mesh) made.service(mesh, exposure);
  }
  return made.all;
}

/** Members, and whatever namespace the facts speak of. */
function namespacesOf(document: FleetDocument, mesh: MeshFacts): string[] {
  const called = document.peerings.flatMap(({ provider, exposures }) =>
    provider === mesh.name ? exposures.map(({ key }) => placeOfKey(key).namespace) : [],
  );
  const calling = document.peerings.flatMap(({ consumer, callers }) =>
    consumer === mesh.name ? (callers?.namespaces ?? []) : [],
  );
  const gateways = mesh.gateways.map(({ namespace }) => namespace);
  const aliases = (mesh.aliases ?? []).map((alias) => alias.split('/')[0]);
  return [...new Set([...mesh.namespaces, ...called, ...calling, ...gateways, ...aliases])].filter(Boolean).sort();
}

/** Namespace and name of the service of an exposure's key. */
export function placeOfKey(key: string): { namespace: string; name: string; port: number } {
  const [, namespace = '', name, port] = /^(?:([^/:]+)\/)?([^/:]+):(\d+)/.exec(key) ?? [];
  return { namespace, name, port: Number(port) };
}

/** What a pod is that stands for those of somebody else. */
export interface StandInPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
  /** Revision of istiod that its proxy is of. @default - that of its namespace */
  readonly revision?: string;
  /** Secret that its sidecar reads as files. */
  readonly mounts?: PeeringSummary['mounts'];
}

/** A pod that has nothing of its own but labels and a service account. */
export function standInPod(
  cluster: string,
  { namespace, name, labels, serviceAccount, revision, mounts }: StandInPod,
): Resource {
  const annotations = mounts && {
    'sidecar.istio.io/userVolume': JSON.stringify({ files: { secret: { secretName: mounts.secret } } }),
    'sidecar.istio.io/userVolumeMount': JSON.stringify({ files: { mountPath: mounts.directory } }),
  };
  const own = { 'sidecar.istio.io/inject': 'true', ...(revision && { 'istio.io/rev': revision }), ...labels };
  return resource(cluster, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: own, ...(annotations && { annotations }) },
    spec: { serviceAccountName: serviceAccount, containers: [{ name: 'app', image: IMAGE }] },
  });
}

class StandIns {
  private readonly made = new Map<string, Resource>();
  private readonly known = new Set<string>();
  private readonly pods = new Map<string, Labels[]>();
  private readonly services = new Map<string, Resource>();

  constructor(given: readonly Resource[]) {
    for (const one of given) this.note(one);
  }

  public get all(): Resource[] {
    return [...this.made.values()];
  }

  public namespace({ cluster, controlPlane: { revision } }: MeshFacts, name: string): void {
    const labels: Labels = revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision };
    this.add(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }

  /** What `mtls` of a control plane says, where no object says it. */
  public strict({ cluster, controlPlane: { namespace } }: MeshFacts): void {
    const metadata = { name: 'default', namespace };
    const spec = { mtls: { mode: 'STRICT' } };
    this.add(cluster, { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec });
  }

  public gateway({ cluster, controlPlane }: MeshFacts, facts: GatewayFacts): void {
    const { namespace, service: name, selector, ports, identity, believesOtherRoots } = facts;
    const metadata = { name, namespace, labels: selector };
    this.add(cluster, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector,
        ports: ports.map((port) => ({ name: port.name, port: port.number, targetPort: port.targetPort })),
      },
    });
    if (this.hasPods(cluster, namespace, selector)) return;
    const serviceAccountName = identity.split('/').pop() ?? name;
    const asks = believesOtherRoots && controlPlane.otherRoots?.believedBy === 'gateways';
    const config = JSON.stringify({ proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } });
    const annotations = { 'inject.istio.io/templates': 'gateway', ...(asks && { 'proxy.istio.io/config': config }) };
    const labels = { ...selector, 'sidecar.istio.io/inject': 'true' };
    this.add(cluster, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        template: {
          metadata: { labels, annotations },
          spec: { serviceAccountName, containers: [{ name: 'istio-proxy', image: 'auto', args: ['proxy', 'router'] }] },
        },
      },
    });
    this.mayReadSecrets(cluster, namespace, serviceAccountName);
  }

  /** Installations let their gateways read Secrets. */
  private mayReadSecrets(cluster: string, namespace: string, account: string): void {
    const rbac = 'rbac.authorization.k8s.io/v1';
    const name = `secrets of ${account}`;
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }];
    this.add(cluster, { apiVersion: rbac, kind: 'Role', metadata: { name, namespace }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
    const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
    this.add(cluster, { apiVersion: rbac, kind: 'RoleBinding', metadata: { name, namespace }, roleRef, subjects });
  }

  /** The Service of an exposure, a port that it lacks included, and pods behind it. */
  public service({ cluster }: MeshFacts, { key, protocol, backend, servers }: ExposureSummary): void {
    if (backend === undefined) return;
    const { namespace, name, port } = placeOfKey(key);
    const place = `${cluster}/${namespace}/${name}`;
    const stated = this.services.get(place);
    const spec = (stated?.spec ?? {}) as { readonly selector?: Labels; readonly ports?: readonly { port: number }[] };
    const isOurs = this.made.has(`${cluster} Service ${namespace}/${name}`);
    if (stated === undefined || (isOurs && !spec.ports?.some((one) => one.port === port))) {
      const ports = [...(spec.ports ?? []), { name: `${protocol}-${port}`, port, targetPort: backend.port }];
      const metadata = { name, namespace };
      this.put(
        resource(cluster, { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: backend.labels, ports } }),
      );
    }
    const labels = { ...spec.selector, ...backend.labels, ...backend.subset };
    if (this.hasPods(cluster, namespace, labels)) return;
    const serviceAccount = servers?.[0]?.split('/').pop() ?? name;
    const podName = backend.subset ? `${name}-${Object.values(backend.subset).join('-')}` : name;
    this.put(standInPod(cluster, { namespace, name: podName, labels, serviceAccount }));
  }

  /** A Service that rules are about, or lead to. */
  public routed({ cluster }: MeshFacts, { host, port }: PlaceSummary, protocol: Protocol): void {
    const place = serviceOfHost(host);
    if (!place || this.services.has(`${cluster}/${place.namespace}/${place.name}`)) return;
    const labels = { app: place.name };
    const ports = [{ name: `${protocol}-${port}`, port, targetPort: port }];
    this.add(cluster, { apiVersion: 'v1', kind: 'Service', metadata: place, spec: { selector: labels, ports } });
    if (this.hasPods(cluster, place.namespace, labels)) return;
    this.put(standInPod(cluster, { labels, serviceAccount: place.name, ...place }));
  }

  private hasPods(cluster: string, namespace: string, labels: Labels): boolean {
    return (this.pods.get(`${cluster}/${namespace}`) ?? []).some((own) => selects(labels, own));
  }

  private add(cluster: string, manifest: Manifest): void {
    const { kind, metadata } = manifest;
    const key = `${cluster} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
    if (!this.known.has(key)) this.put(resource(cluster, manifest));
  }

  private put(one: Resource): void {
    this.made.set(`${one.cluster} ${one.kind} ${one.namespace}/${one.name}`, one);
    this.note(one);
  }

  private note(one: Resource): void {
    const { cluster, kind, namespace, name } = one;
    this.known.add(`${cluster} ${kind} ${namespace}/${name}`);
    if (kind === 'Service') this.services.set(`${cluster}/${namespace}/${name}`, one);
    if (!(WORKLOAD_KINDS as readonly string[]).includes(kind)) return;
    push(this.pods, `${cluster}/${namespace}`, templateOf(one).labels);
  }
}
