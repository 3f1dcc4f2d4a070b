import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { joinLabels, shortLabel } from '../../facts/names';
import { isHttp, isHttp2 } from '../../facts/port';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { DialledHost } from '../../traffic/dialled-host';
import { clientTlsSettings, staysClear } from '../hop/client-tls';
import { type Connection, connectionSettings } from '../hop/connection';
import { copiedHosts } from '../hop/copied-hosts';
import { HostPorts } from '../hop/host-ports';
import { isRegistered, serviceEntrySpec } from '../hop/service-entry';
import type { PeeringName } from '../strategy';
import { exportTo } from './egress-callers';
import type { EgressSide } from './egress-side';
import { HostPassages } from './host-passages';
import type { SeenAs } from './passage-parts';
import { passageLabel } from './remote-host';

/** One exposure's way through an egress gateway, to a host that callers may dial themselves. */
export interface EgressLeg {
  readonly facts: HopFacts;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** What callers may do, where nothing of ours behind the gateway says it. */
  readonly access?: readonly AccessFacts[];
  /** How the gateway connects. */
  readonly connection?: Connection;
  /** Says that callers dial the host themselves. */
  readonly letDial?: (host: DialledHost) => void;
  /** By which sidecars know the host, where names do not reach them. */
  readonly address?: string;
  /** What a proxy of the company is told to connect to. */
  readonly tunnel?: istio.TrafficPolicyTunnelSettings;
}

/**
 * What one peering leads of a host through an egress gateway: its ports, and services behind its paths. A host has one
 * ServiceEntry, one rule of the hop's TLS, and one VirtualService, whatever ports of it are exposed.
 *
 * Everything lives in the gateway's namespace: of the DestinationRules of one host a proxy merges only those of one
 * namespace with one `exportTo`, and the one that originates TLS must be seen by the gateway alone.
 */
export class EgressHost {
  private readonly ports = new HostPorts();
  private readonly passages: HostPassages;
  private readonly host: string;
  private hasRule = false;
  private isKnown = false;

  constructor(
    private readonly chart: MeshChart,
    private readonly side: EgressSide,
    facts: HopFacts,
  ) {
    this.host = facts.host;
    this.passages = new HostPassages(chart, side, { host: facts.host, copies: copiedHosts(facts) });
  }

  /**
   * Adds an exposure.
   *
   * @throws MESH1220 for a port that a Service of the own cluster lacks; MESH1240 for a port that leads elsewhere already,
   * or that the gateway cannot tell from another one; MESH1253 for a second address of the host; MESH1321 for a second
   * way to connect a port.
   */
  public add(leg: EgressLeg): NextHop {
    const { facts, name, address, connection, tunnel } = leg;
    const { egress, peering } = this.side;
    const { platform } = egress.mesh;
    const settings = connectionSettings(connection, { facts, platform, where: peering.where });
    this.ports.add({ facts, name, address, settings, tunnel }, peering.where);
    this.register(facts);
    this.originate(facts);
    const copiesOf = facts.mirrorOf && { copiesOf: facts.mirrorOf };
    const nextHop = this.passages.add({
      label: labelOf(peering, facts),
      as: seenAs(facts),
      isHttp2: isHttp2(facts.service.protocol),
      port: facts.port,
      access: leg.access,
      letDial: leg.letDial,
    });
    return { ...nextHop, ...copiesOf };
  }

  /** The host in the registry of those who need it. */
  private register(facts: HopFacts): void {
    const { egress, callers, peering } = this.side;
    const { service, port } = facts;
    if (isRegistered(egress.mesh, facts)) {
      if (port === service.port) return;
      throw new MeshError(
        'MESH1220',
        peering.where,
        `host '${this.host}' is a Service of the own cluster, which callers dial at its port ${service.port}, not ${port}; expose it with port: ${service.port}`,
      );
    }
    if (this.isKnown) return;
    this.isKnown = true;
    new istio.ServiceEntry(this.chart, `ServiceEntry ${this.host}`, {
      apiVersion: egress.mesh.platform.apiVersion('ServiceEntry'),
      metadata: { name: this.name, namespace: egress.namespace },
      spec: Lazy.any({
        produce: () => serviceEntrySpec(this.ports.ports, exportTo(egress, callers), this.ports.address),
      }),
    });
  }

  /** The hop's TLS, and how the gateway connects, seen by the gateway alone. */
  private originate(facts: HopFacts): void {
    const { egress } = this.side;
    const { tunnel } = this.ports;
    if (this.hasRule || (tunnel === undefined && Object.keys(this.policyOf(facts)).length === 0)) return;
    this.hasRule = true;
    new istio.DestinationRule(this.chart, `DestinationRule ${this.host}`, {
      apiVersion: egress.mesh.platform.apiVersion('DestinationRule'),
      metadata: { name: this.name, namespace: egress.namespace },
      spec: {
        host: this.host,
        exportTo: ['.'],
        trafficPolicy: Lazy.any({ produce: () => ({ ...(tunnel && { tunnel }), ...this.settings }) }),
      },
    });
  }

  private get settings(): istio.TrafficPolicy {
    const portLevelSettings = this.ports.ports
      .map((one) => ({ number: one.port, policy: this.policyOf(one) }))
      .filter(({ policy }) => Object.keys(policy).length > 0)
      .map(({ number, policy }) => ({ port: { number }, ...policy }));
    return portLevelSettings.length > 0 ? { portLevelSettings } : {};
  }

  private policyOf(facts: HopFacts) {
    const { egress, credential } = this.side;
    const tls = clientTlsSettings(facts.tls, credential) ?? staysClear(egress.mesh, facts);
    return { ...(tls && { tls }), ...this.ports.settingsOf(facts.port) };
  }

  /** Base name of what the host has once, whatever was stated first. */
  private get name(): string {
    return Lazy.any({ produce: () => this.ports.name });
  }
}

/** Of several services behind paths of one port, it is the port that has a way. */
function labelOf(peering: PeeringName, { host, port, paths, service }: HopFacts): string {
  return paths === undefined ? passageLabel(peering, service) : shortLabel(joinLabels(peering.id, host, String(port)));
}

function seenAs({ tls, service }: HopFacts): SeenAs {
  if (tls.mode === 'application') return 'passthrough';
  return isHttp(service.protocol) ? 'http' : 'tcp';
}
