import type { ServicePortSpec, ServiceSpec } from '../world/kube-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';

/** A Route of OpenShift, as far as it says where calls go. */
export interface RouteSpec {
  readonly host?: string;
  readonly path?: string;
  readonly to: RouteTarget;
  readonly alternateBackends?: readonly RouteTarget[];
  readonly port?: { readonly targetPort: number | string };
  readonly tls?: {
    readonly termination: 'edge' | 'passthrough' | 'reencrypt';
    readonly insecureEdgeTerminationPolicy?: string;
    readonly certificate?: string;
    readonly destinationCACertificate?: string;
  };
}

interface RouteTarget {
  readonly name: string;
  readonly weight?: number | null;
}

export type Route = Resource<RouteSpec>;

/** A port of a Service behind a Route. */
export interface RouteBackend {
  readonly service: string;
  readonly weight: number;
  readonly port?: ServicePortSpec;
}

/** Routes of a cluster, in the order in which a router looks at them: longer paths first, then by name. */
export function routesOf(mesh: Mesh): Route[] {
  const pathLength = ({ spec }: Route) => spec.path?.length ?? 0;
  const idOf = ({ namespace, name }: Route) => `${namespace}.${name}`;
  return [...mesh.kind<RouteSpec>('Route')].sort(
    (a, b) => pathLength(b) - pathLength(a) || (idOf(a) < idOf(b) ? -1 : 1),
  );
}

/** Services that a Route leads to; the port is named, or stated as the Service's or the pod's number. */
export function backendsOf(mesh: Mesh, { namespace, spec }: Route): RouteBackend[] {
  return [spec.to, ...(spec.alternateBackends ?? [])].map(({ name, weight }) => {
    const ports = mesh.find<ServiceSpec>('Service', namespace, name)?.spec.ports ?? [];
    const wanted = spec.port?.targetPort;
    const port = ports.find(
      (one) => wanted === undefined || [one.name, one.targetPort, one.port].includes(wanted as never),
    );
    return { service: name, weight: weight ?? 100, ...(port ? { port } : {}) };
  });
}
