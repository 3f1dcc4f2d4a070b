import { Memo } from '../../facts/memo';
import type { VirtualServiceSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { mergeDelegate } from './delegates';
import { resolveVirtualService, type VirtualService, type WrittenRoute } from './virtual-service';

/** The VirtualServices of a mesh, delegates merged, oldest first (`model/virtualservice_controller.go`). */
export class VirtualServices {
  public readonly all: readonly VirtualService[];
  private readonly byGateway = new Memo<readonly VirtualService[]>();

  constructor(mesh: Mesh) {
    const defaultExportTo = mesh.config.defaultVirtualServiceExportTo ?? ['*'];
    const resolved = mesh
      .byAge<VirtualServiceSpec>('VirtualService')
      .map((one) => resolveVirtualService(one, defaultExportTo, mesh.dnsDomain));
    const delegates = new Map(
      resolved.filter(({ hosts }) => hosts.length === 0).map((one) => [`${one.namespace}/${one.name}`, one]),
    );
    const routesOf = (root: VirtualService) => root.http.flatMap((written) => delegated(root, written, delegates));
    const withDelegates = (root: VirtualService): VirtualService =>
      root.http.some(({ route }) => route.delegate) ? { ...root, http: routesOf(root) } : root;
    this.all = resolved.filter(({ hosts }) => hosts.length > 0).map(withDelegates);
  }

  /** Those that proxies of a namespace take for a gateway: own, exported to it, public (`VirtualServicesForGateway`). */
  public forGateway(namespace: string, gateway: string): readonly VirtualService[] {
    return this.byGateway.get(`${namespace} ${gateway}`, () => {
      const found = this.all.filter(({ gateways }) => gateways.includes(gateway));
      const hidden = found.filter((one) => !one.exportTo.includes('*') && one.exportTo.includes(namespace));
      return [
        ...hidden.filter((one) => one.namespace === namespace),
        ...hidden.filter((one) => one.namespace !== namespace),
        ...found.filter((one) => one.exportTo.includes('*')),
      ];
    });
  }
}

function delegated(
  root: VirtualService,
  written: WrittenRoute,
  delegates: ReadonlyMap<string, VirtualService>,
): WrittenRoute[] {
  const { delegate: to } = written.route;
  if (!to) return [written];
  const delegate = delegates.get(`${to.namespace || root.namespace}/${to.name}`);
  if (!delegate || !['*', root.namespace].some((one) => delegate.exportTo.includes(one))) return [];
  return delegate.http.flatMap(({ route, from, field }) => {
    const merged = mergeDelegate(written.route, route);
    return merged ? [{ route: merged, from, field }] : [];
  });
}
