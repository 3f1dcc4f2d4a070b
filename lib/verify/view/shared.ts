import { Memo } from '../../facts/memo';
import { hasAddress, type Port, type Service } from '../registry/service';
import type { Egress } from '../scope/egress';
import type { Scope } from '../scope/scope';
import type { VirtualService } from '../scope/virtual-service';
import type { Workload } from '../world/workloads';
import type { OutboundEntry } from './outbound';
import { HostIndex } from './slice';
import type { VirtualHost } from './types';

/** A port of a service that an egress listener has. */
export interface ServicePort {
  readonly service: Service;
  readonly port: Port;
}

/** What proxies that see the same share: nothing of it depends on which of them asks. */
export class SharedViews {
  private readonly indexes = new Memo<HostIndex>();
  private readonly ports = new Memo<ReadonlyMap<number, readonly ServicePort[]>>();
  private readonly entries = new Memo<ReadonlyMap<string, OutboundEntry>>();
  private readonly hosts = new Memo<VirtualHost | undefined>();
  private readonly asks = new Memo<boolean>();
  private readonly headless = new Memo<boolean>();
  private readonly names = new Memo<ReadonlyMap<string, string>>();

  /** Services and VirtualServices of an egress listener by name. */
  public index({ lists }: Scope, egress: Egress, { dnsCapture, dnsDomain }: Workload): HostIndex {
    return this.indexes.get(
      `${lists} ${egress.index} ${dnsCapture}`,
      () => new HostIndex(egress, dnsCapture, dnsDomain),
    );
  }

  /** Services of an egress listener on a port. */
  public onPort({ lists }: Scope, egress: Egress, number: number): readonly ServicePort[] {
    const byPort = this.ports.get(`${lists} ${egress.index}`, () => {
      const found = new Map<number, ServicePort[]>();
      for (const service of egress.services) {
        for (const port of service.ports) {
          const list = found.get(port.port);
          if (list) list.push({ service, port });
          else found.set(port.port, [{ service, port }]);
        }
      }
      return found;
    });
    return byPort.get(number) ?? [];
  }

  /** Outbound listeners of a port. */
  public outboundEntries(scope: Scope, workload: Workload, port: number, make: () => Map<string, OutboundEntry>) {
    // a headless service does not listen for the client itself
    const isOwn = this.headless.get(`${scope.lists} ${port}`, () =>
      scope.egress.some((one) => one.spec.port?.number === port || this.onPort(scope, one, port).some(isHeadless)),
    );
    const key = `${scope.lists} ${port} ${workload.dnsCapture} ${isOwn ? workload.id : this.caller(scope, workload)}`;
    return this.entries.get(key, make);
  }

  /** The virtual host of a name. */
  public virtualHost(scope: Scope, workload: Workload, name: string, make: () => VirtualHost | undefined) {
    return this.hosts.get(`${scope.key} ${workload.dnsCapture} ${this.caller(scope, workload)} ${name}`, make);
  }

  /** Addresses of names that proxies with DNS capture answer themselves. */
  public capturedNames({ lists, egress }: Scope): ReadonlyMap<string, string> {
    return this.names.get(lists, () => {
      const found = new Map<string, string>();
      for (const service of egress.flatMap(({ services }) => services)) {
        const address = hasAddress(service) ? service.address : service.allotted;
        if (address && !address.includes('/') && !found.has(service.hostname)) found.set(service.hostname, address);
      }
      return found;
    });
  }

  /** Whatever of a caller its rules ask for. */
  private caller(scope: Scope, { namespace, labels }: Workload): string {
    const asks = this.asks.get(scope.lists, () => scope.egress.some(asksForCallers));
    return asks ? `${namespace} ${JSON.stringify(labels)}` : '';
  }
}

const isHeadless = ({ service }: ServicePort): boolean => service.resolution === 'passthrough';

/** Rules that ask for labels or namespace, and aliases, whose short forms depend on the namespace. */
const asksForCallers = ({ virtualServices, services }: Egress): boolean =>
  virtualServices.some(asksForCaller) || services.some(({ aliases }) => aliases.length > 0);

function asksForCaller({ http, tcp, tls }: VirtualService): boolean {
  const matches = [...http.map(({ route }) => route), ...tcp, ...tls].flatMap(({ match = [] }) => [...match]);
  return matches.some(({ sourceLabels, sourceNamespace }) => sourceLabels || sourceNamespace);
}
