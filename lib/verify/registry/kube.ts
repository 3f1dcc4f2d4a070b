import { serviceHost } from '../../facts/service-host';
import type { ServiceSpec } from '../world/kube-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import { servicePortProtocol } from './protocol';
import type { Service } from './service';

const EXPORT_TO = 'networking.istio.io/exportTo';

/** Services of Kubernetes as istiod knows them (`serviceregistry/kube: ConvertService`). */
export function kubernetesServices(mesh: Mesh): Service[] {
  return mesh.kind<ServiceSpec>('Service').map((from) => convert(mesh, from));
}

function convert(mesh: Mesh, from: Resource<ServiceSpec>): Service {
  const { name, namespace, labels, created, spec } = from;
  const exportTo = from.annotations[EXPORT_TO];
  const externalName = spec.type === 'ExternalName' ? spec.externalName : undefined;
  return {
    name,
    namespace,
    labels,
    from,
    ...(created === undefined ? {} : { created }),
    hostname: serviceHost(name, namespace, mesh.dnsDomain),
    registry: 'Kubernetes',
    address: mesh.serviceAddress(from) ?? '0.0.0.0',
    resolution: externalName ? 'alias' : spec.clusterIP === 'None' ? 'passthrough' : 'static',
    isExternal: externalName !== undefined,
    ports: (spec.ports ?? []).map((port) => ({
      name: port.name ?? '',
      port: port.port,
      protocol: servicePortProtocol(port),
      targetPort: port.targetPort ?? port.port,
    })),
    ...(exportTo ? { exportTo: exportTo.split(',').map((one) => one.trim()) } : {}),
    ...(spec.selector ? { selector: spec.selector } : {}),
    ...(externalName ? { externalName } : {}),
    subjectAltNames: [],
    aliases: [],
  };
}
