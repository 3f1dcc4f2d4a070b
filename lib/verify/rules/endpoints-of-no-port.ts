import { type ClusterInput, objectsOf } from '../objects/objects';
import { at, type ClusterRule, type Problem } from '../rule';
import type { ServiceSpec } from '../world/kube-types';

/** Endpoints that somebody wrote for a Service, whose ports are called otherwise than those of the Service. */
export const endpointsOfNoPort: ClusterRule = {
  code: 'MESH3089',
  severity: 'error',
  scope: 'cluster',
  title: 'endpoints whose ports are called otherwise than those of the Service',
  why: 'istiod brings ports of a Service and of its endpoints together by name: the port has no endpoint, 503 UH',
  fix: 'give the port of the EndpointSlice the name that it has in the Service',
  reads: ['EndpointSlice', 'Service'],
  check: (input) => {
    const services = new Map(
      objectsOf<ServiceSpec>(input, 'Service', '').map((one) => [`${one.cluster}/${one.namespace}/${one.name}`, one]),
    );
    const slices = slicesOf(input);
    return [...slices].flatMap(([place, all]): Problem[] => {
      const service = services.get(place);
      // endpoints of a selector are of the cluster itself
      if (service === undefined || Object.keys(service.spec.selector ?? {}).length > 0) return [];
      const named = new Set(all.flatMap(({ ports }) => ports));
      return (service.spec.ports ?? []).flatMap(({ name = '', port }, index): Problem[] => {
        if (named.has(name)) return [];
        return [
          {
            objects: [...all.map(({ ref }) => at(ref, 'ports')), at(service.ref, `spec.ports[${index}]`)],
            message: `port ${port} of ${service.ref} is called '${name}'; its endpoints have ${[...named].map((one) => `'${one}'`).join(', ') || 'no ports'} (${all.map(({ ref }) => ref).join(', ')})`,
          },
        ];
      });
    });
  },
};

interface Slice {
  readonly ref: string;
  readonly ports: readonly string[];
}

/** EndpointSlices by their Service, `<cluster>/<namespace>/<name>`. */
function slicesOf({ kinds }: ClusterInput): ReadonlyMap<string, readonly Slice[]> {
  const found = new Map<string, Slice[]>();
  for (const { cluster, manifest } of kinds.sorted('EndpointSlice', 'discovery.k8s.io')) {
    const { name, namespace = '', labels = {} } = manifest.metadata;
    const { ports } = manifest as { readonly ports?: readonly { readonly name?: string }[] | null };
    const slice = {
      ref: `EndpointSlice ${namespace}/${name} @${cluster}`,
      ports: (ports ?? []).map((one) => one.name ?? ''),
    };
    const place = `${cluster}/${namespace}/${labels['kubernetes.io/service-name'] ?? ''}`;
    found.set(place, [...(found.get(place) ?? []), slice]);
  }
  return found;
}
