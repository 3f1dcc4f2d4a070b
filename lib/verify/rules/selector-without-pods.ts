import { groupBy } from '../../facts/group-by';
import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { serviceHost } from '../../facts/service-host';
import { destinationField, destinationsOf } from '../objects/destinations';
import { type ClusterInput, type Found, objectsOf } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { fullName } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
import { isGatewayPod } from '../world/injection';
import type { DestinationRuleSpec, GatewaySpec, VirtualServiceSpec } from '../world/istio-types';
import type { ServiceSpec, WorkloadSpec } from '../world/kube-types';

/**
 * Labels that no pods have, beside pods that nothing selects otherwise: a Gateway beside gateway pods without one, a subset
 * that is routed to beside pods of its Service. Where there are no pods at all, somebody else deploys them.
 */
export const selectorWithoutPods: ClusterRule = {
  code: 'MESH3118',
  severity: 'warning',
  scope: 'cluster',
  title: 'selector of a Gateway, or labels of a routed subset, that no pods have',
  why: 'no proxy listens for what the Gateway says, and calls that are routed to the subset get 503 UH, whoever answers the others',
  fix: 'select labels that the pods have; accept the finding if such pods are deployed by somebody else',
  reads: ['DaemonSet', 'Deployment', 'DestinationRule', 'Gateway', 'Service', 'StatefulSet', 'VirtualService'],
  check: (input) => {
    const pods = (['Deployment', 'StatefulSet', 'DaemonSet'] as const)
      .flatMap((kind) => [...objectsOf<WorkloadSpec>(input, kind, 'apps')])
      .filter(({ spec }) => spec.replicas !== 0);
    return [...gatewaysWithoutPods(input, pods), ...subsetsWithoutPods(input, pods)];
  },
};

type Pods = readonly Found<WorkloadSpec>[];

const clusterOf = ({ cluster }: { readonly cluster: string }): string => cluster;

function gatewaysWithoutPods(input: ClusterInput, pods: Pods): Problem[] {
  const gateways = groupBy(objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'), clusterOf);
  const running = groupBy(
    pods.filter(({ spec }) => isGateway(spec)),
    clusterOf,
  );
  const stated = groupBy(input.facts.meshes, clusterOf);
  return [...gateways].flatMap(([cluster, here]): Problem[] => {
    const all = running.get(cluster) ?? [];
    const known: Labels[] = [
      ...all.map(({ spec }) => labelsOf(spec)),
      ...(stated.get(cluster) ?? []).flatMap((mesh) => mesh.gateways.map(({ selector }) => selector)),
    ];
    const idle = all.find(({ spec }) => !here.some((one) => selects(one.spec.selector, labelsOf(spec))));
    if (idle === undefined) return [];
    return here
      .filter(({ spec }) => !known.some((labels) => selects(spec.selector, labels)))
      .map(({ ref, spec: { selector = {} } }) => ({
        objects: [at(ref, 'spec.selector'), at(idle.ref, 'spec.template.metadata.labels')],
        message: `${ref} selects ${shown(selector)}, and no gateway pods have that; ${idle.ref}, which no Gateway selects, has ${shown(labelsOf(idle.spec))}`,
      }));
  });
}

function subsetsWithoutPods(input: ClusterInput, pods: Pods): Problem[] {
  const planes = planesOf(input);
  const routed = routedSubsets(input, planes);
  if (routed.size === 0) return [];
  const byNamespace = groupBy(pods, ({ cluster, namespace }) => `${cluster}/${namespace}`);
  const services = new Map(
    objectsOf<ServiceSpec>(input, 'Service', '').map((one) => [
      `${one.cluster} ${serviceHost(one.name, one.namespace, planes.domainOf(one.cluster))}`,
      one,
    ]),
  );
  return objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io').flatMap((rule): Problem[] => {
    const host = fullName(rule.spec.host ?? '', rule.namespace, planes.domainOf(rule.cluster));
    const service = services.get(`${rule.cluster} ${host}`);
    const { selector = {} } = service?.spec ?? {};
    if (service === undefined || Object.keys(selector).length === 0) return [];
    const own = (byNamespace.get(`${service.cluster}/${service.namespace}`) ?? []).filter(({ spec }) =>
      selects(selector, labelsOf(spec)),
    );
    if (own.length === 0) return [];
    return (rule.spec.subsets ?? []).flatMap(({ name, labels = {} }, index): Problem[] => {
      const [route] = routed.get(`${rule.cluster} ${host} ${name}`) ?? [];
      if (route === undefined || own.some(({ spec }) => selects(labels, labelsOf(spec)))) return [];
      return [
        {
          objects: [at(rule.ref, `spec.subsets[${index}].labels`), at(route.ref, route.field)],
          message: `${route.ref} leads to subset '${name}' of '${host}', for pods with ${shown(labels)}; those of ${service.ref} are ${own.map(({ ref }) => ref).join(', ')}`,
        },
      ];
    });
  });
}

/** Subsets to which VirtualServices lead a part of the calls, by `<cluster> <host> <subset>`. */
function routedSubsets(input: ClusterInput, planes: Planes) {
  const found = new Map<string, { readonly ref: string; readonly field: string }[]>();
  for (const route of objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io')) {
    for (const one of destinationsOf(route.spec)) {
      const { host = '', subset } = one.destination;
      const isUsed = route.spec[one.block]?.[one.rule]?.route?.[one.index]?.weight !== 0;
      const name = fullName(host, route.namespace, planes.domainOf(route.cluster));
      const place = { ref: route.ref, field: destinationField(one, 'subset') };
      if (subset && isUsed) push(found, `${route.cluster} ${name} ${subset}`, place);
    }
  }
  return found;
}

const labelsOf = ({ template }: WorkloadSpec): Labels => template?.metadata?.labels ?? {};

const isGateway = ({ template }: WorkloadSpec): boolean =>
  isGatewayPod({ annotations: template?.metadata?.annotations ?? {}, pod: template?.spec ?? {} });

const shown = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(', ');
