import { type Labels, selects } from '../../facts/labels';
import type { Service } from '../registry/service';
import type { Mesh } from '../world/mesh';
import { type Ref, type Resource, refTo } from '../world/resource';
import type { Workload } from '../world/workloads';

/** Kinds of `extensions.istio.io`: code of others that runs in proxies. */
const EXTENSIONS = ['TrafficExtension', 'WasmPlugin'];

/** Kinds of the Gateway API that lead calls of Services elsewhere. */
export const ROUTES: readonly string[] = ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'];

interface ExtensionSpec {
  readonly selector?: { readonly matchLabels?: Labels };
}

interface RouteSpec {
  readonly parentRefs?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

/** Extensions that run in the proxy of a workload. */
export function extensionsOf(mesh: Mesh, { namespace, labels }: Pick<Workload, 'namespace' | 'labels'>): Ref[] {
  return EXTENSIONS.flatMap((kind) => mesh.kind<ExtensionSpec>(kind))
    .filter((one) => one.namespace === namespace || one.namespace === mesh.rootNamespace)
    .filter(({ spec }) => selects(spec.selector?.matchLabels, labels))
    .map((one) => refTo(one, 'spec'));
}

/**
 * Routes of the Gateway API that lead calls of a service: for all callers in the service's namespace, in others for those
 * of the route's.
 */
export function routesOf(mesh: Mesh, { namespace, from }: Service, caller: string): Ref[] {
  const isOf = (one: Resource<RouteSpec>) =>
    (one.namespace === namespace || one.namespace === caller) &&
    (one.spec.parentRefs ?? []).some(
      (parent) =>
        parent.kind === from.kind && parent.name === from.name && (parent.namespace ?? one.namespace) === namespace,
    );
  return ROUTES.flatMap((kind) => mesh.kind<RouteSpec>(kind))
    .filter(isOf)
    .map((one) => refTo(one, 'spec'));
}
