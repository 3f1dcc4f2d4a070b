import { Memo, push } from '../../facts/memo';
import { serviceHost } from '../../facts/service-host';
import { hostsMatch, isWildcard } from '../registry/hosts';
import { addressFor, portOf, type Service } from '../registry/service';
import type { Egress } from '../scope/egress';
import type { VirtualService } from '../scope/virtual-service';
import { speaksHttp, type VHostSources } from './vhosts';

/**
 * The services and VirtualServices of an egress listener by the names that they may claim: so that the virtual host of
 * one name can be made without making those of all others. The result is the same.
 */
export class HostIndex {
  private readonly services = new Map<string, Service[]>();
  private readonly byAddress = new Map<string, Service[]>();
  private readonly wildcardServices: Service[] = [];
  private readonly virtualServices = new Map<string, VirtualService[]>();
  private readonly wildcardVirtualServices: VirtualService[] = [];
  private readonly position = new Map<Service | VirtualService, number>();
  private readonly covered = new Memo<readonly Service[]>();
  private hasHeadless = false;

  constructor(
    private readonly egress: Egress,
    dnsCapture: boolean,
    private readonly dnsDomain: string,
  ) {
    for (const service of egress.services) {
      this.position.set(service, this.position.size);
      const names = [service.hostname, ...service.aliases].map((name) => name.toLowerCase());
      for (const name of new Set(names)) push(this.services, name, service);
      if (isWildcard(service.hostname)) this.wildcardServices.push(service);
      if (service.resolution === 'passthrough' && service.registry === 'Kubernetes') this.hasHeadless = true;
      const address = addressFor(service, dnsCapture);
      if (address !== '0.0.0.0') push(this.byAddress, address, service);
    }
    for (const one of egress.virtualServices) {
      this.position.set(one, this.position.size);
      for (const host of new Set(one.hosts.map((name) => name.toLowerCase()))) {
        if (!isWildcard(host)) push(this.virtualServices, host, one);
      }
      if (one.hosts.some(isWildcard)) this.wildcardVirtualServices.push(one);
    }
  }

  /** Everything that can have a say in which virtual host of a port takes a name. */
  public slice(host: string, namespace: string, port: number): VHostSources {
    const names = new Set(this.fullNames(host, namespace));
    const services = new Set<Service>(this.wildcardServices);
    const add = (found: readonly Service[] = []) => {
      for (const service of found) services.add(service);
    };
    for (const name of names) add(this.services.get(name));
    add(this.byAddress.get(host));
    for (const { hostname } of services) names.add(hostname.toLowerCase());
    const rules = new Set<VirtualService>(this.wildcardVirtualServices);
    for (const name of names) for (const one of this.virtualServices.get(name) ?? []) rules.add(one);
    for (const one of rules) {
      // the services that share its routes, and those whose ports its destinations ask for
      for (const name of one.hosts) add(this.services.get(name.toLowerCase()));
      for (const { route } of one.http) {
        for (const { destination } of route.route ?? []) add(this.services.get(destination?.host.toLowerCase()));
      }
    }
    for (const one of this.wildcardVirtualServices) add(this.coveredBy(one, port));
    const inOrder = <T extends Service | VirtualService>(all: Set<T>) =>
      [...all].sort((a, b) => (this.position.get(a) ?? 0) - (this.position.get(b) ?? 0));
    return {
      services: inOrder(services),
      virtualServices: inOrder(rules),
      mostSpecific: this.egress.mostSpecific,
    };
  }

  /**
   * Services that say for all others what becomes of the wildcards of a VirtualService: one that covers a service is no
   * virtual host itself, and one that covers no service of HTTP has no routes but on port 80.
   */
  private coveredBy(one: VirtualService, port: number): readonly Service[] {
    return this.covered.get(`${port} ${this.position.get(one)}`, () => {
      const { services, mostSpecific } = this.egress;
      return one.hosts
        .filter(isWildcard)
        .map((host) => host.toLowerCase())
        .flatMap((host) => {
          const found = services.filter((service) => isAt(service, port) && hostsMatch(nameOf(service), host));
          const own = found.filter((service) => mostSpecific.get(nameOf(service))?.from === one.from);
          const speaking = own.find((service) => takesRequests(service, port));
          return [...found.slice(0, 1), ...(speaking ? [speaking] : [])];
        });
    });
  }

  /** Full names that a request's host may be a form of. */
  private fullNames(host: string, namespace: string): string[] {
    const names = expansions(host, namespace, this.dnsDomain);
    if (!this.hasHeadless) return names;
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      names.push(...expansions(host.slice(dot + 1), namespace, this.dnsDomain));
    }
    return names;
  }
}

const nameOf = ({ hostname }: Service): string => hostname.toLowerCase();

const isAt = (service: Service, port: number): boolean => portOf(service, port) !== undefined;

function takesRequests(service: Service, port: number): boolean {
  const one = portOf(service, port);
  return one !== undefined && speaksHttp(one.protocol);
}

function expansions(host: string, namespace: string, dnsDomain: string): string[] {
  const names = [host];
  const dots = host.split('.').length - 1;
  if (host.endsWith('.')) names.push(host.slice(0, -1));
  if (dots === 0) names.push(serviceHost(host, namespace, dnsDomain));
  if (dots === 1) names.push(`${host}.svc.${dnsDomain}`);
  if (host.endsWith('.svc')) names.push(`${host}.${dnsDomain}`);
  return names;
}
