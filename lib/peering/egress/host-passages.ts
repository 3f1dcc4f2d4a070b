import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import type { MeshChart } from '../../fleet/mesh-chart';
import { isDomain, nameBelow, writeDomainFilter } from './domain-filter';
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

  private readonly host: string;
  /** Hosts under which copies of requests arrive. */
  private readonly copies: readonly string[];

  constructor(
    private readonly chart: MeshChart,
    private readonly side: EgressSide,
    { host, copies }: { readonly host: string; readonly copies: readonly string[] },
  ) {
    this.host = host;
    this.copies = copies;
  }

  /**
   * Adds a port of the host.
   *
   * @throws MESH1172 for requests to all names of a domain at an open gateway; MESH1240 for one that the gateway cannot tell
   * from another one.
   */
  public add(stated: PortPassage): NextHop {
    const { egress, callers } = this.side;
    const { port, label, as, isHttp2, letDial } = stated;
    if (!this.byPort.has(port)) {
      const passage: WrittenPassage = { egress, ...stated };
      this.checkClosed(passage);
      this.checkBeside(passage);
      if (this.byPort.size === 0) this.writeRoutes(label);
      if (as !== 'http' || this.of('http').length === 0) this.writeServer(passage);
      this.byPort.set(port, passage);
      if (this.byPort.size > 1) this.writeOnward();
      if (as === 'http' && this.copies.length > 0) this.writeCopies(passage);
      writeSubset(this.chart, passage, { sni: () => this.nameOf(passage).sni, isHttp2 });
      writePassagePolicy(this.chart, { callers, ...passage }, () => this.nameOf(passage));
      if (isDomain(this.host) && as === 'passthrough') writeDomainFilter(this.chart, { passage, host: this.host });
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
      port: portOf({ egress, as, port }).number,
      subset: label,
      ...this.called(as, port),
      ...(callers && { callers }),
    };
  }

  /** What rules make calls name; of all names of a domain each call names its own. */
  private called(as: SeenAs, port: number): Pick<NextHop, 'authority' | 'domain'> {
    if (isDomain(this.host)) return { domain: this.host };
    if (as === 'tcp') return {};
    return { authority: as === 'http' ? authorityOf(this.host, port) : this.host };
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
    // a client may send the port along with the host
    if (isDomain(host)) return { server: host, sni: nameBelow(host), authorities: [host, `${host}:${port}`] };
    const server = as === 'tcp' && this.byPort.size > 1 ? `${port}.${host}` : host;
    const names = [host, ...this.copies].flatMap((name) => [name, `${name}:*`]);
    const authorities = this.of('http').length > 1 ? authoritiesOf(host, port) : names;
    return { server, sni: server, authorities };
  }

  /** One server takes the requests of all ports, each other one the bytes of its own. */
  private writeServer(passage: WrittenPassage): void {
    const first = () => (passage.as === 'http' ? this.of('http')[0] : passage);
    writeGateway(this.chart, passage, {
      name: () => first().label,
      hosts: () => [this.nameOf(first()).server, ...(passage.as === 'http' ? this.copies : [])],
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

  /** Copies go on where the requests do, by a VirtualService that sidecars do not see: to them the host is another one. */
  private writeCopies(passage: WrittenPassage): void {
    const { egress, peering } = this.side;
    const { label, port } = passage;
    if (this.of('http').length > 1 || isDomain(this.host)) {
      throw new MeshError(
        'MESH1315',
        peering.where,
        `copies for '${this.host}' are taken at port ${port} and others, and nothing in a copy says which of them is meant; leave mirrorOf out, or expose one port of the host`,
      );
    }
    new istio.VirtualService(this.chart, `VirtualService ${label} copies`, {
      apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
      metadata: { name: `${label}.copies`, namespace: egress.namespace },
      spec: { ...onwardOf(this.host, this.routed(passage)), hosts: [...this.copies] },
    });
  }

  /** Nothing but a policy holds a request to the port: the gateway dials the name and port that its Host says. */
  private checkClosed({ as, egress }: WrittenPassage): void {
    if (as !== 'http' || !isDomain(this.host) || egress.denyByDefault) return;
    throw new MeshError(
      'MESH1172',
      this.side.peering.where,
      `requests to '${this.host}' leave gateway ${egress.node.path} for any port that they name, because the gateway lets everybody through; set denyByDefault: true on the gateway, or state one server per name`,
    );
  }

  private checkBeside({ as, port, egress }: WrittenPassage): void {
    const own = portOf({ egress, as, port });
    const isAlike = (one: WrittenPassage) =>
      one.as === as && portOf(one) === own && (as === 'passthrough' || isDomain(this.host));
    const isMixed = (one: WrittenPassage) => one.as !== as && one.as !== 'tcp' && as !== 'tcp' && portOf(one) === own;
    const other = this.all.find((one) => isAlike(one) || isMixed(one));
    if (other === undefined) return;
    const both = [other.port, port].sort((a, b) => a - b);
    const missing = both.filter((number) => number !== own.number);
    const why = isMixed(other)
      ? "the application's own TLS names the host, as the way of requests does; add GatewayPort.tls() to the gateway"
      : as === 'http'
        ? 'requests to all names of a domain say nothing of the port; use DirectPeering for one of them'
        : `the application's own TLS names the host at both, and nothing else; add ${missing.map((number) => `GatewayPort.tls(${number})`).join(' or ')} to the gateway`;
    const ports = both.join(' and ');
    throw new MeshError(
      'MESH1240',
      this.side.peering.where,
      `ports ${ports} of host '${this.host}' arrive at port ${own.number} of egress gateway ${egress.node.path}, and ${why}`,
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
