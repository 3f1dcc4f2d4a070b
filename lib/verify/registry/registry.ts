import { selects } from '../../facts/labels';
import { Memo, push } from '../../facts/memo';
import { compareText } from '../world/age';
import type { Mesh } from '../world/mesh';
import type { Workload } from '../world/workloads';
import { EndpointFinder, targetPort } from './endpoints';
import { kubernetesServices } from './kube';
import { type NetworkGateway, networkGateways } from './networks';
import { type Endpoint, hasSelector, type Port, portOf, type Service } from './service';
import { serviceEntryServices } from './service-entry';

/** A port of a workload that a service leads to. */
export interface Target {
  readonly service: Service;
  readonly port: Port;
  /** Number at the workload. */
  readonly target: number;
}

/** What istiod's registries hold of one mesh. */
export class Registry {
  /** Oldest first (`model.SortServicesByCreationTime`). */
  public readonly services: readonly Service[];
  /** By hostname, then namespace: the one that istiod's index holds. */
  public readonly byHost: ReadonlyMap<string, ReadonlyMap<string, Service>>;
  /** Where other networks are entered. */
  public readonly networkGateways: ReadonlyMap<string, readonly NetworkGateway[]>;
  private readonly byHostAndNamespace = new Map<string, Service[]>();
  private readonly byNamespace = new Map<string, Service[]>();
  private readonly finder: EndpointFinder;
  private readonly endpointsOf = new Memo<readonly Endpoint[]>();
  private readonly accountsOf = new Memo<readonly string[]>();

  constructor(private readonly mesh: Mesh) {
    this.finder = new EndpointFinder(mesh);
    this.networkGateways = networkGateways(mesh);
    const services = withAliases([...kubernetesServices(mesh), ...serviceEntryServices(mesh)]);
    // two services of one host, namespace and age come in the order of a Go map: in either
    if (mesh.order === 'reversed') services.reverse();
    this.services = services.sort(mesh.compareAge);
    const byHost = new Map<string, Map<string, Service>>();
    for (const service of this.services) {
      push(this.byHostAndNamespace, `${service.hostname}|${service.namespace}`, service);
      push(this.byNamespace, service.namespace, service);
      const ofHost = byHost.get(service.hostname) ?? new Map<string, Service>();
      byHost.set(service.hostname, ofHost);
      const held = ofHost.get(service.namespace);
      // a Kubernetes Service replaces a ServiceEntry, otherwise the first stays (PushContext.initServiceRegistry)
      if (!held || (held.registry !== 'Kubernetes' && service.registry === 'Kubernetes')) {
        ofHost.set(service.namespace, service);
      }
    }
    this.byHost = byHost;
  }

  /** Endpoints that EDS sends: services of one host and namespace share them by the name of the port. */
  public endpoints(service: Service, number: number): readonly Endpoint[] {
    if (service.resolution === 'dns' || service.resolution === 'dns-round-robin')
      return this.instances(service, number);
    const { hostname, namespace, from } = service;
    return this.endpointsOf.get(`${hostname}|${namespace}|${number}|${from.kind}|${from.name}`, () => {
      const name = portOf(service, number)?.name;
      return this.shards(service).flatMap(({ port, endpoint }) => (port.name === name ? [endpoint] : []));
    });
  }

  /**
   * Endpoints that CDS and LDS know: by the number of the port, of the last service of that host and namespace that has
   * some (`push_context.go: initServiceRegistry`, `endpointshards.go: CopyEndpoints`).
   */
  public instances(service: Service, number: number): readonly Endpoint[] {
    const { hostname, namespace } = service;
    return this.endpointsOf.get(`${hostname}|${namespace}|${number}`, () => {
      let found: readonly Endpoint[] = [];
      for (const other of this.sameName(service)) {
        const name = portOf(other, number)?.name;
        const has = this.shards(service).filter(({ service: { registry }, port }) =>
          registry === 'ServiceEntry' ? name !== undefined && port.port === number : port.name === name,
        );
        if (has.length > 0) found = has.map(({ endpoint }) => endpoint);
      }
      return found;
    });
  }

  /**
   * SPIFFE IDs that a server of the service may have: service accounts of all endpoints, subjectAltNames of the last
   * service of that name, each also in the aliases of the trust domain, whatever its own (`push_context.go: addServiceAccounts`,
   * `spiffe.ExpandWithTrustDomains`).
   */
  public serviceAccounts(service: Service): readonly string[] {
    return this.accountsOf.get(`${service.hostname}|${service.namespace}`, () => {
      const same = this.sameName(service);
      const ids = new Set(same[same.length - 1].subjectAltNames);
      for (const other of same) {
        for (const endpoint of other.ports.flatMap((port) => this.finder.of(other, port))) {
          if (endpoint.serviceAccount) ids.add(endpoint.serviceAccount);
        }
      }
      for (const id of [...ids]) {
        const [, account] = WORKLOAD_ID.exec(id) ?? [];
        if (account === undefined) continue;
        for (const alias of this.mesh.trustDomains.slice(1)) ids.add(`spiffe://${alias}/${account}`);
      }
      return [...ids].sort(compareText);
    });
  }

  /** Addresses behind a service without one of its own, as a cluster's DNS server answers: each once, in any order. */
  public podAddresses(service: Service): string[] {
    if (hasSelector(service)) return this.finder.selected(service).map(({ ip }) => ip);
    const endpoints = service.ports.flatMap((port) => this.finder.of(service, port));
    return [...new Set(endpoints.map(({ address }) => address))];
  }

  /** Ports of a workload that services lead to, those of the oldest service first (`Proxy.SetServiceTargets`). */
  public targets(workload: Workload): Target[] {
    const here = this.byNamespace.get(workload.namespace) ?? [];
    const kubernetes = here.filter(({ registry }) => registry === 'Kubernetes');
    const selecting = kubernetes.filter((one) => hasSelector(one) && selects(one.selector, workload.labels));
    let found = selecting.flatMap((service) => targetsBySelector(service, workload));
    if (found.length === 0) {
      // no Service selects the pod: those whose written endpoints name its address
      found = kubernetes.filter((one) => !hasSelector(one)).flatMap((one) => this.targetsByAddress(one, workload));
    }
    const entries = here.filter((one) => one.registry === 'ServiceEntry' && one.selector);
    for (const service of entries.filter((one) => selects(one.selector, workload.labels))) {
      for (const port of service.ports) {
        const target = typeof port.targetPort === 'number' && port.targetPort > 0 ? port.targetPort : port.port;
        found.push({ service, port, target });
      }
    }
    const aged = ({ service: { hostname: name, created } }: Target) => ({
      ...{ name, namespace: '' },
      ...(created === undefined ? {} : { created }),
    });
    return found.sort((a, b) => this.mesh.compareAge(aged(a), aged(b)));
  }

  private targetsByAddress(service: Service, { ip }: Workload): Target[] {
    return service.ports.flatMap((port) => {
      const endpoint = this.endpoints(service, port.port).find(({ address }) => address === ip);
      return endpoint ? [{ service, port, target: endpoint.port }] : [];
    });
  }

  private sameName(service: Service): readonly Service[] {
    return this.byHostAndNamespace.get(`${service.hostname}|${service.namespace}`) ?? [service];
  }

  /**
   * Endpoints of all services of a host and namespace; of DNS_ROUND_ROBIN only the first for a port number
   * (`serviceentry/conversion.go: mergeServicesInstancesByNamespaceHost`).
   */
  private shards(service: Service): { service: Service; port: Port; endpoint: Endpoint }[] {
    const same = this.sameName(service);
    // one service per object: a ServiceEntry with two addresses makes two of one name
    const distinct = same.filter((one, index) => same.findIndex(({ from }) => from === one.from) === index);
    const ports = new Set<number>();
    return distinct
      .sort((a, b) => this.mesh.compareAge(a.from, b.from))
      .flatMap((one) =>
        one.ports.flatMap((port) => this.finder.of(one, port).map((endpoint) => ({ service: one, port, endpoint }))),
      )
      .filter(({ service: { resolution }, port: { port } }) => {
        if (resolution === 'dns-round-robin' && ports.has(port)) return false;
        ports.add(port);
        return true;
      });
  }
}

/** SPIFFE ID of a workload, without its trust domain. */
const WORKLOAD_ID = /^spiffe:\/\/[^/]*\/(ns\/[^/]*\/sa\/[^/]*)$/;

/** Services of type ExternalName stand for the service that they name (`aggregate: mergeService`, aliases). */
function withAliases(services: readonly Service[]): Service[] {
  const aliases = new Map<string, string[]>();
  for (const { externalName, hostname } of services) if (externalName) push(aliases, externalName, hostname);
  return services.map((one) =>
    aliases.has(one.hostname) ? { ...one, aliases: aliases.get(one.hostname) ?? [] } : one,
  );
}

function targetsBySelector(service: Service, workload: Workload): Target[] {
  const seen = new Set<string>();
  return service.ports.flatMap((port) => {
    const target = targetPort(workload, port.targetPort);
    const key = `${target} ${port.protocol}`;
    if (target === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ service, port, target }];
  });
}
