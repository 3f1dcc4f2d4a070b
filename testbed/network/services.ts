import { keyOf } from '../kubernetes/kube';
import type { EndpointSlice, Service, ServicePort } from '../kubernetes/types';

export interface Endpoint {
  address: string;
  port: number;
}

/** One virtual address and port, and the endpoints behind it. */
export interface VirtualPort {
  address: string;
  port: number;
  protocol: 'tcp' | 'udp';
  endpoints: Endpoint[];
}

/** What kube-proxy and the cluster's DNS make of Services. */
export interface ServiceView {
  ports: VirtualPort[];
  /** Fully qualified names with their addresses, or the name that an ExternalName Service stands for. */
  names: Map<string, readonly string[] | string>;
  /** Addresses of Services of type LoadBalancer, by `namespace/name`. */
  loadBalancers: Map<string, string>;
}

/**
 * @param nodeAddress where NodePorts are reachable
 * @param allocate gives a Service of type LoadBalancer its address, the same one every time
 */
export function viewServices(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  nodeAddress: string,
  allocate: (service: string) => string,
): ServiceView {
  const endpoints = endpointsByService(slices);
  const view: ServiceView = { ports: [], names: new Map(), loadBalancers: new Map() };
  for (const service of services) {
    const key = keyOf(service);
    const { type, clusterIP, externalName, loadBalancerIP } = service.spec;
    const name = `${service.metadata.name}.${service.metadata.namespace}.svc.cluster.local`;
    if (type === 'ExternalName') {
      view.names.set(name, externalName ?? '');
      continue;
    }
    const behind = (port: ServicePort) => endpoints.get(`${key}/${port.name ?? ''}`) ?? [];
    if (clusterIP === 'None') {
      const all = (service.spec.ports ?? []).flatMap((port) => behind(port).map(({ address }) => address));
      view.names.set(name, [...new Set(all)].sort());
      continue;
    }
    if (!clusterIP) continue;
    view.names.set(name, [clusterIP]);
    const addresses = [clusterIP];
    if (type === 'LoadBalancer') {
      const address = loadBalancerIP || allocate(key);
      view.loadBalancers.set(key, address);
      addresses.push(address);
    }
    for (const port of service.spec.ports ?? []) {
      const protocol = (port.protocol ?? 'TCP').toLowerCase() as 'tcp' | 'udp';
      const targets = behind(port);
      for (const address of addresses) view.ports.push({ address, port: port.port, protocol, endpoints: targets });
      if (port.nodePort) view.ports.push({ address: nodeAddress, port: port.nodePort, protocol, endpoints: targets });
    }
  }
  return view;
}

/** Ready endpoints by `namespace/service/port name`. */
export function endpointsByService(slices: readonly EndpointSlice[]): Map<string, Endpoint[]> {
  const found = new Map<string, Endpoint[]>();
  for (const slice of slices) {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'];
    if (!service) continue;
    const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    for (const { name = '', port } of slice.ports ?? []) {
      const key = `${slice.metadata.namespace}/${service}/${name}`;
      const list = found.get(key) ?? [];
      for (const address of ready.flatMap(({ addresses }) => addresses)) {
        if (port !== undefined) list.push({ address, port });
      }
      found.set(key, list);
    }
  }
  return found;
}

/**
 * The nftables table that translates virtual addresses. A Service without endpoints answers with a reset: the packet
 * stays untranslated, and the bed refuses what goes to a virtual address.
 *
 * @param pods addresses of the cluster's pods: one that reaches itself through a Service needs its answer back
 */
export function serviceRules(table: string, ports: readonly VirtualPort[], pods: readonly string[]): string {
  const served = ports.filter(({ endpoints }) => endpoints.length > 0);
  const chains = served.map(({ protocol, endpoints }, index) => {
    const targets = endpoints.map(({ address, port }, n) => `${n} : ${address} . ${port}`).join(', ');
    const choice = `numgen random mod ${endpoints.length} map { ${targets} }`;
    return `  chain service-${index} { meta l4proto ${protocol} dnat ip to ${choice}; }`;
  });
  const seen = new Set<string>();
  const elements = served.flatMap(({ address, port, protocol }, index) => {
    const key = `${address} . ${protocol} . ${port}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [`${key} : goto service-${index}`];
  });
  const map = elements.length > 0 ? `elements = { ${elements.join(', ')} }` : '';
  const hairpin = pods.length > 0 ? `elements = { ${pods.map((pod) => `${pod} . ${pod}`).join(', ')} }` : '';
  return `table ip ${table}
delete table ip ${table}
table ip ${table} {
${chains.join('\n')}
  map services { type ipv4_addr . inet_proto . inet_service : verdict; ${map}; }
  set hairpin { type ipv4_addr . ipv4_addr; ${hairpin}; }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr . meta l4proto . th dport vmap @services
  }
  chain output {
    type nat hook output priority -100; policy accept;
    ip daddr . meta l4proto . th dport vmap @services
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ct status dnat ip saddr . ip daddr @hairpin masquerade
  }
}
`;
}
