import { allottedAddress } from '../world/addresses';
import type { ServiceEntrySpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import { isWildcard } from './hosts';
import { parseProtocol } from './protocol';
import type { Resolution, Service } from './service';

const RESOLUTIONS: Readonly<Record<string, Resolution>> = {
  DNS: 'dns',
  STATIC: 'static',
  DNS_ROUND_ROBIN: 'dns-round-robin',
  DYNAMIC_DNS: 'dynamic-dns',
};

/** Label with which a ServiceEntry refuses, or asks for, an address of its own. */
const ALLOTS = 'networking.istio.io/enable-autoallocate-ip';

/** Services of ServiceEntries: one per host and address (`serviceregistry/serviceentry: convertServices`). */
export function serviceEntryServices(mesh: Mesh): Service[] {
  return mesh.kind<ServiceEntrySpec>('ServiceEntry').flatMap(convert);
}

function convert(from: Resource<ServiceEntrySpec>): Service[] {
  const { namespace, name, labels, created, spec } = from;
  const resolution = RESOLUTIONS[spec.resolution ?? 'NONE'] ?? 'passthrough';
  const addresses = spec.addresses?.length ? spec.addresses.map((one) => one.replace(/\/32$/, '')) : ['0.0.0.0'];
  const isAllotted =
    !spec.addresses?.length && resolution !== 'passthrough' && labels[ALLOTS]?.toLowerCase() !== 'false';
  // what differs comes first: an object that begins with a copy, and has more, gets a shape of its own (V8 of Node 20)
  const common = {
    namespace,
    labels,
    from,
    resolution,
    ...(created === undefined ? {} : { created }),
    registry: 'ServiceEntry' as const,
    isExternal: spec.location !== 'MESH_INTERNAL',
    ports: (spec.ports ?? []).map(({ name: portName, number, protocol, targetPort }) => ({
      name: portName,
      port: number,
      protocol: parseProtocol(protocol),
      ...(targetPort ? { targetPort } : {}),
    })),
    ...(spec.exportTo?.length ? { exportTo: spec.exportTo } : {}),
    ...(spec.workloadSelector?.labels ? { selector: spec.workloadSelector.labels } : {}),
    subjectAltNames: spec.subjectAltNames ?? [],
  };
  return (spec.hosts ?? []).flatMap((hostname) =>
    addresses.map((address) => ({
      hostname,
      name: hostname,
      address,
      aliases: [],
      // a wildcard has one where each name of it is resolved by itself (`ipallocate: keepHost`)
      ...(isAllotted && (!isWildcard(hostname) || resolution === 'dynamic-dns')
        ? { allotted: allottedAddress(`${namespace}/${name}/${hostname}`) }
        : {}),
      ...common,
    })),
  );
}
