import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import { objectName } from '../../facts/names';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Mesh } from '../../mesh/mesh';
import type { Callers } from '../callers';
import { type Connection, connectionSettings } from '../hop/connection';
import { resolutionOf, TAKES_MTLS } from '../hop/service-entry';
import { claimVirtualIp } from '../hop/virtual-ip';
import type { PeeringName } from '../strategy';
import { entryPort, hostPortOf, portName } from './entry-port';
import type { SharedRootFacts } from './facts';
import type { SharedRootUsed } from './options';
import { isOneService } from './passed-host';

/** Who uses a host, and where it is written. */
export interface RemoteHostPlace {
  readonly mesh: Mesh;
  readonly chart: MeshChart;
  /** Who may see it; absent: the whole mesh. */
  readonly callers?: Callers<'namespaces'>;
  readonly peering: PeeringName;
}

/** What a consumer states of one port. */
type HostUse = Pick<SharedRootUsed, 'virtualIp' | 'connection'>;

/** A host of the provider in the registry of the consumer, with all ports that are exposed under it. */
export class RemoteHost {
  /** Exposures by the port that is dialled. */
  private readonly ports = new Map<number, SharedRootFacts>();
  private readonly connections = new Map<number, istio.TrafficPolicyPortTrafficPolicy>();
  private readonly address: string;

  /** @throws MESH1253 when the virtual IP cannot be had; MESH1001 when the names are too long together. */
  constructor(
    private readonly place: RemoteHostPlace,
    private readonly first: SharedRootFacts,
    private readonly virtualIp: string | undefined,
  ) {
    const { mesh, peering } = place;
    this.address = claimVirtualIp(mesh, { host: first.host, stated: virtualIp, where: peering.where });
    this.write();
  }

  /**
   * Adds an exposure.
   *
   * @throws MESH1254 when the host is that of another service, or has the port already; MESH1253 when another virtual IP
   * is stated for it.
   */
  public add(facts: SharedRootFacts, { virtualIp, connection }: HostUse): NextHop {
    const { host, port } = facts;
    const { where } = this.place.peering;
    const known = this.ports.get(port);
    if (known || !isOneService(this.first, facts)) {
      throw new MeshError(
        'MESH1254',
        where,
        `port ${port} of host '${host}' cannot lead to ${facts.key}: ${known ? `it leads to ${known.key}` : `the host is that of ${this.first.key}`}; give this exposure a host of its own`,
      );
    }
    if (virtualIp !== this.virtualIp) {
      throw new MeshError(
        'MESH1253',
        where,
        `host '${host}' has ${this.virtualIp === undefined ? 'no virtualIp stated' : `virtualIp ${this.virtualIp}`}, for its port ${port} ${virtualIp ?? 'none'} is; state one for all of its ports`,
      );
    }
    this.ports.set(port, facts);
    this.connect(facts, connection);
    return { host, port };
  }

  private write(): void {
    const { mesh, chart, callers, peering } = this.place;
    const { host, endpoint } = this.first;
    const { addresses } = endpoint;
    const metadata = {
      name: objectName(`${peering.id}.${host}`, peering.where),
      namespace: callers?.namespaces[0] ?? mesh.controlPlane.namespace,
    };
    const exportTo = callers?.exportTo ?? ['*'];
    new istio.ServiceEntry(chart, `ServiceEntry ${host}`, {
      apiVersion: mesh.platform.apiVersion('ServiceEntry'),
      metadata,
      spec: {
        hosts: [host],
        exportTo,
        location: 'MESH_INTERNAL',
        resolution: resolutionOf(addresses),
        addresses: [this.address],
        subjectAltNames: Lazy.any({ produce: () => this.servers }),
        ports: Lazy.any({ produce: () => this.sorted.map((facts) => entryPort(hostPortOf(facts))) }),
        endpoints: Lazy.any({
          produce: () => addresses.map((address) => ({ address, ports: this.portMap, labels: TAKES_MTLS })),
        }),
      },
    });
    new istio.DestinationRule(chart, `DestinationRule ${host}`, {
      apiVersion: mesh.platform.apiVersion('DestinationRule'),
      metadata,
      spec: {
        host,
        exportTo,
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL' },
          portLevelSettings: Lazy.any({ produce: () => this.portLevel }),
        },
      },
    });
  }

  /** How one port connects; of what is said for a port nothing of the whole host holds, so TLS is said again. */
  private connect(facts: SharedRootFacts, connection: Connection | undefined): void {
    const { mesh, peering } = this.place;
    const settings = connectionSettings(connection, { facts, platform: mesh.platform, where: peering.where });
    const { port } = facts;
    if (settings) this.connections.set(port, { port: { number: port }, tls: { mode: 'ISTIO_MUTUAL' }, ...settings });
  }

  private get portLevel(): istio.TrafficPolicyPortTrafficPolicy[] | undefined {
    if (this.connections.size === 0) return undefined;
    return [...this.connections].sort(([a], [b]) => a - b).map(([, policy]) => policy);
  }

  private get sorted(): SharedRootFacts[] {
    return [...this.ports.values()].sort((a, b) => a.port - b.port);
  }

  private get servers(): string[] {
    return [...new Set(this.sorted.flatMap(({ servers }) => servers))].sort();
  }

  private get portMap(): Record<string, number> {
    return Object.fromEntries(this.sorted.map((facts) => [portName(hostPortOf(facts)), facts.endpoint.port]));
  }
}
