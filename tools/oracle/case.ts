import { type Labels, selects } from '../../lib/facts/labels';
import type { ControlPlane } from '../../lib/verify/control-plane';
import type { GatewaySpec } from '../../lib/verify/world/istio-types';
import type { ServiceSpec } from '../../lib/verify/world/kube-types';
import type { Mesh } from '../../lib/verify/world/mesh';
import type { Resource } from '../../lib/verify/world/resource';
import type { Workload } from '../../lib/verify/world/workloads';

/** What istiod's code is asked, as tools/oracle/istiod reads it. */
export interface OracleCase {
  readonly id: string;
  readonly kubernetes: readonly object[];
  readonly istio: readonly object[];
  readonly mesh: object;
  readonly proxies: readonly OracleProxy[];
  readonly networkGateways: readonly { readonly network: string; readonly address: string; readonly port: number }[];
}

interface OracleProxy {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  readonly gateway: boolean;
  readonly serviceAccount: string;
  readonly labels: Labels;
  readonly dnsCapture: boolean;
  readonly locality: string;
  readonly network: string;
}

const isIstio = ({ apiVersion }: Resource): boolean => /^(networking|security)\.istio\.io\//.test(apiVersion);

/** Istio objects of a mesh, in the order in which the oracle numbers them; what istiod itself makes of others is none. */
export function istioResources(mesh: Mesh): Resource[] {
  const given = new Set(mesh.resources);
  return ISTIO_KINDS.flatMap((kind) => mesh.kind(kind)).filter((one) => isIstio(one) && given.has(one));
}

/**
 * Gateways that istiod makes of those of the Gateway API: the oracle has no controller for them. Its webhook would refuse
 * a name without a dot, by which the Gateway API blocks all that is not exported.
 */
function madeGateways(mesh: Mesh): object[] {
  const given = new Set(mesh.resources);
  const made = mesh.kind<GatewaySpec>('Gateway').filter((one) => isIstio(one) && !given.has(one));
  const fullName = (host: string) => (/[.*]/.test(host) ? host : `${host}.invalid`);
  return made.map((one) => {
    const servers = one.spec.servers?.map((server) => ({ ...server, hosts: server.hosts?.map(fullName) }));
    return { ...dated(one), spec: { ...one.spec, servers } };
  });
}

/** Asks for the verdict of the webhook alone. */
export function admissionCase(id: string, mesh: Mesh): OracleCase {
  return { id, kubernetes: [], istio: istioResources(mesh).map(dated), mesh: {}, proxies: [], networkGateways: [] };
}

const ISTIO_KINDS = [
  ...['ServiceEntry', 'WorkloadEntry', 'VirtualService', 'DestinationRule', 'Gateway', 'Sidecar', 'EnvoyFilter'],
  ...['PeerAuthentication', 'AuthorizationPolicy'],
];

const NODE = 'node';

/** When an object was made whose age nothing says. */
const UNKNOWN_AGE = '2026-01-09T00:00:00Z';

/** The objects of one mesh as its istiod would see them, with the pods and endpoints that Kubernetes would make. */
export function oracleCase(id: string, plane: ControlPlane): OracleCase {
  const { mesh, registry } = plane;
  return {
    id,
    kubernetes: [
      ...mesh.kind('Namespace').map(dated),
      ...mesh.kind<ServiceSpec>('Service').map((service) => serviceObject(plane, service)),
      ...mesh.kind<ServiceSpec>('Service').flatMap((service) => endpointSlices(plane, service)),
      ...['EndpointSlice', 'Endpoints'].flatMap((kind) => mesh.kind(kind)).map(dated),
      ...mesh.workloads.slice(0, 1).map(nodeObject),
      ...mesh.workloads.map(podObject),
    ],
    istio: [
      ...istioResources(mesh).map((one) => (one.kind === 'ServiceEntry' ? withAllotted(plane, one) : dated(one))),
      ...madeGateways(mesh),
    ],
    networkGateways: [...registry.networkGateways].flatMap(([network, all]) => all.map((one) => ({ network, ...one }))),
    mesh: mesh.config,
    proxies: mesh.workloads.filter(({ proxy }) => proxy).map((one) => oracleProxy(one, mesh.fact.network ?? '')),
  };
}

function dated({ manifest, created }: Resource): Record<string, unknown> {
  const creationTimestamp =
    created === undefined ? UNKNOWN_AGE : new Date(created * 1000).toISOString().replace('.000', '');
  return { ...manifest, metadata: { ...manifest.metadata, creationTimestamp } };
}

function serviceObject({ mesh }: ControlPlane, service: Resource<ServiceSpec>): object {
  const { spec } = service;
  const ports = (spec.ports ?? []).map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port }));
  return { ...dated(service), spec: { ...spec, clusterIP: spec.clusterIP ?? mesh.serviceAddress(service), ports } };
}

/** What the endpoint controller would write: a slice per pod, because target ports with a name may differ. */
function endpointSlices({ mesh, registry }: ControlPlane, { name, namespace, spec }: Resource<ServiceSpec>): object[] {
  const { selector } = spec;
  if (!selector || Object.keys(selector).length === 0) return [];
  const service = registry.services.find(
    ({ from, registry: of }) => of === 'Kubernetes' && from.name === name && from.namespace === namespace,
  );
  if (!service) return [];
  const pods = mesh.workloads.filter((one) => one.namespace === namespace && selects(selector, one.labels));
  return pods.map((pod) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata: { name: `${name}-${pod.name}`, namespace, labels: { 'kubernetes.io/service-name': name } },
    ports: service.ports.flatMap((port) => {
      const endpoint = registry.endpoints(service, port.port).find(({ address }) => address === pod.ip);
      return endpoint ? [{ name: port.name, port: endpoint.port, protocol: 'TCP' }] : [];
    }),
    endpoints: [
      {
        addresses: [pod.ip],
        conditions: { ready: true },
        nodeName: NODE,
        targetRef: { kind: 'Pod', name: pod.name, namespace },
      },
    ],
  }));
}

/** The node of all pods: where they are. */
function nodeObject({ locality }: Workload): object {
  const [region, zone] = locality.split('/');
  const labels = { 'topology.kubernetes.io/region': region, 'topology.kubernetes.io/zone': zone };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE, labels } };
}

function podObject(pod: Workload): object {
  const { name, namespace, labels, annotations, serviceAccount, containers, ip } = pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations },
    spec: {
      serviceAccountName: serviceAccount,
      nodeName: NODE,
      containers: containers.map((container) => ({
        name: container.name,
        image: container.image,
        ports: [...container.portNames].map(([portName, containerPort]) => ({
          name: portName,
          containerPort,
          protocol: 'TCP',
        })),
      })),
    },
    status: { podIP: ip, podIPs: [{ ip }], phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** The addresses that istiod's controller would have written into the status. */
function withAllotted({ registry }: ControlPlane, entry: Resource): object {
  const services = registry.services.filter(({ from, allotted }) => from === entry && allotted);
  const addresses = services.map(({ hostname, allotted }) => ({ host: hostname, value: allotted }));
  return { ...dated(entry), ...(addresses.length > 0 ? { status: { addresses } } : {}) };
}

function oracleProxy(pod: Workload, network: string): OracleProxy {
  const { name, namespace, ip, serviceAccount, labels, dnsCapture, locality, proxy } = pod;
  return { name, namespace, ip, serviceAccount, labels, dnsCapture, locality, network, gateway: proxy === 'gateway' };
}
