import type { GatewayFacts, MeshFacts } from '../../facts/fleet';
import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { objectsOf, type RuleInput } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { at, type Problem, type Rule } from '../rule';
import { isGatewayPod } from '../world/injection';
import type { ServiceEntrySpec, WorkloadEntrySpec } from '../world/istio-types';
import type { EndpointSliceManifest } from '../world/kube-types';
import { describe, type Resource, resource } from '../world/resource';
import { placeOfKey } from '../world/stand-ins';
import { templateOf, WORKLOAD_KINDS } from '../world/workloads';

/** Pods, machines or addresses of somebody else that a Service of a gateway, or of an exposure, leads to, too. */
export const besideThePods: Rule = {
  code: 'MESH3116',
  severity: 'warning',
  title: 'endpoint of somebody else behind a gateway or an exposed service',
  why: 'a part of the calls goes there: it is refused, or read by whom no peering names and no policy of the mesh guards',
  fix: 'give it labels that the Service does not select, or a Service of its own; accept the finding if it is meant',
  reads: ['EndpointSlice', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  check: (input) => {
    const doors = doorsOf(input);
    if (doors.size === 0) return [];
    const planes = planesOf(input);
    const here = (cluster: string, namespace: string) => {
      const mesh = planes.meshOf({ cluster, namespace });
      return mesh === undefined ? [] : (doors.get(`${mesh.name} ${namespace}`) ?? []);
    };
    return [
      ...podsBeside(input, here),
      ...entriesBeside(input, here),
      ...slicesBeside(input, here),
      ...hostsBeside(input, here, planes),
    ];
  },
};

/** A Service that callers of other meshes come to, or go through. */
interface Door {
  readonly service: string;
  readonly labels: Labels;
  /** Undefined for the service of an exposure: all its pods answer. */
  readonly gateway?: GatewayFacts;
}

type Here = (cluster: string, namespace: string) => readonly Door[];

/** Services of gateways, and of exposures, by `<mesh> <namespace>`. */
function doorsOf({ facts }: RuleInput): Map<string, Door[]> {
  const found = new Map<string, Door[]>();
  const byName = new Map<string, MeshFacts>();
  for (const mesh of facts.meshes) {
    byName.set(mesh.name, mesh);
    for (const gateway of mesh.gateways) {
      const { namespace, service, selector: labels } = gateway;
      push(found, `${mesh.name} ${namespace}`, { service, labels, gateway });
    }
  }
  for (const { provider, exposures } of facts.peerings) {
    for (const { key, backend } of byName.has(provider) ? exposures : []) {
      const { namespace, name } = placeOfKey(key);
      const doors = found.get(`${provider} ${namespace}`) ?? [];
      if (!backend || doors.some(({ service }) => service === name)) continue;
      push(found, `${provider} ${namespace}`, { service: name, labels: backend.labels });
    }
  }
  return found;
}

/** Pods with the labels of a gateway that are none, or that have another identity; those of an exposed service without a proxy. */
function podsBeside({ kinds }: RuleInput, here: Here): Problem[] {
  const all = WORKLOAD_KINDS.flatMap((kind) => kinds.sorted(kind, GROUPS[kind]));
  return all.flatMap(({ cluster, manifest }): Problem[] => {
    const from = resource(cluster, manifest);
    const { labels, annotations, pod } = templateOf(from);
    const { namespace } = from;
    const field = from.kind === 'Pod' ? 'metadata.labels' : 'spec.template.metadata.labels';
    return here(cluster, namespace).flatMap(({ gateway, service, labels: selector }): Problem[] => {
      if (!selects(selector, labels)) return [];
      if (!gateway) {
        const switches = [labels, annotations].map((all) => all['sidecar.istio.io/inject']);
        if (!switches.includes('false') && pod.hostNetwork !== true) return [];
        const message = `${describe(from)} has the labels of exposed service ${service}, and no proxy that asks who calls (${pod.hostNetwork === true ? 'hostNetwork' : 'sidecar.istio.io/inject'})`;
        return [{ objects: [at(describe(from), field)], message }];
      }
      const isGateway = isGatewayPod({ annotations, pod });
      const account = pod.serviceAccountName ?? 'default';
      const own = gateway.identity.split('/').pop();
      const isSame = !gateway.identity.includes('/ns/') || account === own;
      if (isGateway && isSame) return [];
      const what = isGateway ? `runs as ${account}, not as ${own}` : 'is no gateway';
      return [
        {
          objects: [at(describe(from), field)],
          message: `${describe(from)} has the labels of gateway ${namespace}/${gateway.name}, whose Service leads to it, and ${what}`,
        },
      ];
    });
  });
}

const GROUPS: Readonly<Record<(typeof WORKLOAD_KINDS)[number], string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  ReplicaSet: 'apps',
  Job: 'batch',
  Pod: '',
};

/** Machines with the labels of a gateway, and those without a proxy with the labels of an exposed service. */
function entriesBeside(input: RuleInput, here: Here): Problem[] {
  return objectsOf<WorkloadEntrySpec>(input, 'WorkloadEntry', 'networking.istio.io').flatMap((entry): Problem[] => {
    const { cluster, namespace, spec, ref } = entry;
    const labels = { ...spec.labels, ...entry.labels };
    return here(cluster, namespace)
      .filter(({ labels: selector }) => Object.keys(selector).length > 0 && selects(selector, labels))
      .filter(({ gateway }) => gateway !== undefined || spec.serviceAccount === undefined)
      .map(({ gateway, service }) => ({
        objects: [at(ref, 'spec.labels')],
        message: `${ref}, ${spec.address ?? 'without an address'}, has the labels of ${nameOf(gateway, service)}, whose Service leads to it${gateway ? '' : ', and states no serviceAccount: it has no proxy that asks who calls'}`,
      }));
  });
}

/** Addresses that somebody writes beside those that Kubernetes keeps. */
function slicesBeside({ kinds }: RuleInput, here: Here): Problem[] {
  return kinds.sorted('EndpointSlice', 'discovery.k8s.io').flatMap(({ cluster, manifest }): Problem[] => {
    const slice: Resource = resource(cluster, manifest);
    const { namespace, labels } = slice;
    if (labels['endpointslice.kubernetes.io/managed-by']?.endsWith('.k8s.io')) return [];
    const { endpoints = [] } = manifest as unknown as EndpointSliceManifest;
    const addresses = endpoints.flatMap(({ addresses: some }) => some).join(', ');
    const ref = describe(slice);
    return here(cluster, namespace)
      .filter(({ service }) => service === labels[SERVICE])
      .map(({ gateway, service }) => ({
        objects: [at(ref, `metadata.labels[${SERVICE}]`)],
        message: `${ref} adds ${addresses || 'addresses'} to ${nameOf(gateway, service)}`,
      }));
  });
}

/** ServiceEntries for the host of such a Service: of one host, proxies know the endpoints of both, or of one. */
function hostsBeside(input: RuleInput, here: Here, planes: Planes): Problem[] {
  return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry): Problem[] =>
    (entry.spec.hosts ?? []).flatMap((host, index): Problem[] => {
      const [name, namespace, ...rest] = host.split('.');
      if (rest.join('.') !== `svc.${planes.domainOf(entry.cluster)}`) return [];
      const door = here(entry.cluster, namespace).find(({ service }) => service === name);
      if (door === undefined) return [];
      const message = `${entry.ref} states endpoints for '${host}', the host of ${nameOf(door.gateway, name)}`;
      return [{ objects: [at(entry.ref, `spec.hosts[${index}]`)], message }];
    }),
  );
}

const SERVICE = 'kubernetes.io/service-name';

const nameOf = (gateway: GatewayFacts | undefined, service: string): string =>
  gateway ? `gateway ${gateway.namespace}/${gateway.name}` : `exposed service ${service}`;
