import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import type { MeshChart } from '../../fleet/mesh-chart';
import { exportTo } from './egress-callers';
import type { EgressSide } from './egress-side';
import { type HostRoutes, onwardOf, type RoutedPassage, routesOf } from './host-routes';
import { portOf, type SeenAs, writeGateway, writeSubset } from './passage-parts';
import { type PassageName, writePassagePolicy } from './passage-policy';
import type { PortPassage, WrittenPassage } from './port-passage';

/**
 * The ways of one host's ports through a gateway, which tells them apart: requests of several ports by their authority,
 * `host` or `host:port`, in one server; the application's own TLS by its SNI, which is the host; bytes by an SNI, which is
 * made of host and port where the host has several.
 */
export class HostPassages {
  private readonly byPort = new Map<number, WrittenPassage>();
  /** Ports of bytes whose way on has a VirtualService of its own. */
  private readonly apart = new Set<number>();

  constructor(
    private readonly chart: MeshChart,
    private readonly side: EgressSide,
    private readonly host: string,
  ) {}

  /**
   * Adds a port of the host.
   *
   * @throws MESH1240 for one that the gateway cannot tell from another one.
   */
  public add(stated: PortPassage): NextHop {
    const { egress, callers } = this.side;
    const { port, label, as, isHttp2, letDial } = stated;
    if (!this.byPort.has(port)) {
      const passage: WrittenPassage = { ...stated, egress };
      this.checkBeside(passage);
      if (this.byPort.size === 0) this.writeRoutes(label);
      if (as !== 'http' || this.of('http').length === 0) this.writeServer(passage);
      this.byPort.set(port, passage);
      if (this.byPort.size > 1) this.writeOnward();
      writeSubset(this.chart, passage, { sni: () => this.nameOf(passage).sni, isHttp2 });
      writePassagePolicy(this.chart, { ...passage, callers }, () => this.nameOf(passage));
    }
    const known = this.byPort.get(port);
    letDial?.({
      host: this.host,
      port,
      namespace: egress.namespace,
      exportTo: exportTo(egress, callers),
      lead: (rules) => {
        if (known) known.rules = rules;
      },
    });
    return {
      host: egress.host,
      port: portOf({ egress, as }).number,
      subset: label,
      ...(as !== 'tcp' && { authority: as === 'http' ? authorityOf(this.host, port) : this.host }),
      ...(callers && { callers }),
    };
  }

  /** Those that a gateway sees alike, by port. */
  private of(as: SeenAs): WrittenPassage[] {
    return this.all.filter((one) => one.as === as);
  }

  private get all(): WrittenPassage[] {
    return [...this.byPort.values()].sort((a, b) => a.port - b.port);
  }

  /** What the gateway tells a passage apart by. */
  private nameOf({ as, port }: WrittenPassage): PassageName {
    const { host } = this;
    const isOfSeveral = this.byPort.size > 1;
    const sni = as === 'tcp' && isOfSeveral ? `${port}.${host}` : host;
    // a client may send the port along with the host
    const authorities = this.of('http').length > 1 ? authoritiesOf(host, port) : [host, `${host}:*`];
    return { sni, authorities, ...(isOfSeveral && { isOfSeveral }) };
  }

  /** One server takes the requests of all ports, each other one the bytes of its own. */
  private writeServer(passage: WrittenPassage): void {
    const first = () => (passage.as === 'http' ? this.of('http')[0] : passage);
    writeGateway(this.chart, passage, {
      name: () => first().label,
      hosts: () => [this.nameOf(first()).sni],
    });
  }

  private writeRoutes(id: string): void {
    const { egress, callers } = this.side;
    const routes = (): HostRoutes => ({
      host: this.host,
      egress,
      passages: this.all.map((passage) => this.routed(passage)),
    });
    new istio.VirtualService(this.chart, `VirtualService ${id}`, {
      apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
      metadata: { name: Lazy.any({ produce: () => this.all[0].label }), namespace: egress.namespace },
      spec: Lazy.any({ produce: () => ({ ...routesOf(routes(), exportTo(egress, callers)) }) }),
    });
  }

  private routed(passage: WrittenPassage): RoutedPassage {
    const requests = this.of('http');
    return {
      passage,
      name: this.nameOf(passage),
      server: passage.as === 'http' ? requests[0].label : passage.label,
      isToldByAuthority: passage.as === 'http' && requests.length > 1,
    };
  }

  /** Bytes with an SNI of their own go on by a VirtualService that sidecars do not see: they would take requests for it. */
  private writeOnward(): void {
    const { egress } = this.side;
    for (const passage of this.of('tcp').filter(({ port }) => !this.apart.has(port))) {
      this.apart.add(passage.port);
      const { label } = passage;
      new istio.VirtualService(this.chart, `VirtualService ${label} onward`, {
        apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
        metadata: { name: `${label}.onward`, namespace: egress.namespace },
        spec: onwardOf(this.host, this.routed(passage)),
      });
    }
  }

  private checkBeside({ as, port, egress }: WrittenPassage): void {
    const own = portOf({ egress, as });
    const other = this.all.find(
      (one) => one.as !== 'tcp' && as !== 'tcp' && (one.as !== 'http' || as !== 'http') && portOf(one) === own,
    );
    if (other === undefined) return;
    const isOne = other.as === as;
    throw new MeshError(
      'MESH1240',
      this.side.peering.where,
      `ports ${[other.port, port].sort((a, b) => a - b).join(' and ')} of host '${this.host}' arrive at port ${own.number} of egress gateway ${egress.node.path}, and ${
        isOne
          ? "the application's own TLS names the host at both, and nothing else; use DirectPeering for one of them"
          : "the application's own TLS names the host, as the way of requests does; add GatewayPort.tls() to the gateway"
      }`,
    );
  }
}

/** How requests to a port of a host name it: HTTP leaves out the usual port. */
function authorityOf(host: string, port: number): string {
  return port === 80 ? host : `${host}:${port}`;
}

function authoritiesOf(host: string, port: number): string[] {
  return port === 80 ? [host, `${host}:80`] : [`${host}:${port}`];
}
