import * as istio from '../../../imports/istio';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import { type FederationEnd, SERVICE_PORT } from '../../facts/federation';
import { spiffeUri } from '../../facts/principal';
import type { MeshChart } from '../../fleet/mesh-chart';
import { type EgressCallers, exportTo, principals, requireClosedEgress } from '../egress/egress-callers';
import type { ConnectionSettings } from '../hop/connection';
import { PROTOCOL, resolutionOf, TAKES_MTLS } from '../hop/service-entry';
import { claimVirtualIp } from '../hop/virtual-ip';
import type { Consumed, ConsumerHalf, PeeringName } from '../strategy';
import type { Federation, FederationFacts, FederationUse } from './facts';
import type { FederationGateways } from './gateways';
import { gatewayLabel } from './hop-names';
import { hostOfImport } from './imported-host';
import { writeSniPassage, writeSniPolicy } from './sni-passage';

/** One imported service, as its objects need it. */
interface Imported {
  readonly facts: FederationFacts;
  readonly name: string;
  /** Host that callers dial: what the egress gateway tells services apart by. */
  readonly host: string;
}

/**
 * The consumer's half as plain objects: what the control plane of OpenShift Service Mesh 2 makes in memory.
 *
 * Sidecars send to the egress gateway with mTLS of the mesh; it believes the peer's root and sends to the peer's ingress
 * gateway with mTLS again. Neither sees requests: both pass bytes on by SNI. Everything is in the gateway's namespace.
 */
export class ImportLegs implements ConsumerHalf<Federation> {
  constructor(
    private readonly gateways: FederationGateways,
    private readonly provider: FederationEnd,
    private readonly callers: EgressCallers | undefined,
    private readonly peering: PeeringName,
  ) {
    requireClosedEgress(gateways.egress, callers, peering.where);
  }

  public consume({ chart, facts, name, used, claimHost, letDial }: Consumed<Federation>): NextHop {
    this.checkUsed(facts, used);
    const host = hostOfImport(this.gateways, facts, used, this.peering.where);
    claimHost(host);
    const { egress } = this.gateways;
    letDial({ host, port: facts.service.port, namespace: egress.namespace, exportTo: exportTo(egress, this.callers) });
    const imported = { facts, name, host };
    this.toGateway(chart, imported, used);
    this.throughGateway(chart, imported);
    this.toPeer(chart, imported, used);
    return { host, port: facts.service.port };
  }

  /** What callers dial: its one endpoint is the egress gateway. */
  private toGateway(chart: MeshChart, { facts, name, host }: Imported, used: FederationUse): void {
    const { mesh, egress } = this.gateways;
    const { port, protocol } = facts.service;
    const metadata = { name, namespace: egress.namespace };
    const visibleTo = exportTo(egress, this.callers);
    new istio.ServiceEntry(chart, `ServiceEntry ${name}`, {
      apiVersion: mesh.platform.apiVersion('ServiceEntry'),
      metadata,
      spec: {
        hosts: [host],
        exportTo: visibleTo,
        location: 'MESH_INTERNAL',
        resolution: 'DNS',
        addresses: [claimVirtualIp(mesh, { host, stated: used.virtualIp, where: this.peering.where })],
        ports: [{ number: port, name: protocol, protocol: PROTOCOL[protocol] }],
        endpoints: [{ address: egress.host, ports: { [protocol]: SERVICE_PORT }, labels: TAKES_MTLS }],
      },
    });
    this.mutual(chart, { name, host, exportTo: visibleTo, server: egress.identity.value });
  }

  /** By SNI from the one host to the other. */
  private throughGateway(chart: MeshChart, { facts, host }: Imported): void {
    const { mesh, egress } = this.gateways;
    const label = gatewayLabel(this.peering, facts.service);
    writeSniPassage(chart, { gateway: egress, label, sni: host, to: { host: facts.wireHost, port: SERVICE_PORT } });
    if (!egress.denyByDefault) return;
    const allowed = principals(mesh.trustDomain, this.callers);
    writeSniPolicy(chart, { gateway: egress, name: label, sni: host, principals: allowed });
  }

  /** The peer's ingress gateway that faces us, under the name of the export; seen by the egress gateway alone. */
  private toPeer(chart: MeshChart, { facts, name }: Imported, { connection }: FederationUse): void {
    const { mesh, egress } = this.gateways;
    const { addresses = [], servicePort, identity } = this.provider.ingress;
    const remote = `${name}.remote`;
    new istio.ServiceEntry(chart, `ServiceEntry ${remote}`, {
      apiVersion: mesh.platform.apiVersion('ServiceEntry'),
      metadata: { name: remote, namespace: egress.namespace },
      spec: {
        hosts: [facts.wireHost],
        exportTo: ['.'],
        location: 'MESH_INTERNAL',
        resolution: resolutionOf(addresses),
        ports: [{ number: SERVICE_PORT, name: 'tcp', protocol: 'TCP' }],
        endpoints: addresses.map((address) => ({ address, ports: { tcp: servicePort }, labels: TAKES_MTLS })),
      },
    });
    const { where } = this.peering;
    // the gateway passes bytes on, whatever the service takes
    const settings = connection?.render({ protocol: 'tcp', platform: mesh.platform, key: facts.key, where });
    this.mutual(chart, { name: remote, host: facts.wireHost, exportTo: ['.'], server: identity, settings });
  }

  /** How a leg is protected: Istio verifies no name where none is stated. */
  private mutual(
    chart: MeshChart,
    leg: {
      readonly name: string;
      readonly host: string;
      readonly exportTo: string[];
      readonly server: string;
      readonly settings?: ConnectionSettings;
    },
  ): void {
    const { mesh, egress } = this.gateways;
    new istio.DestinationRule(chart, `DestinationRule ${leg.name}`, {
      apiVersion: mesh.platform.apiVersion('DestinationRule'),
      metadata: { name: leg.name, namespace: egress.namespace },
      spec: {
        host: leg.host,
        exportTo: leg.exportTo,
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL', sni: leg.host, subjectAltNames: [spiffeUri(leg.server)] },
          ...leg.settings,
        },
      },
    });
  }

  private checkUsed({ key }: FederationFacts, { asLocal }: FederationUse): void {
    if (asLocal === undefined) return;
    throw new MeshError(
      'MESH1276',
      this.peering.where,
      `'asLocal' of ${key} is stated, but without a control plane that federates a Service has only the endpoints of its own cluster; use a Routing with weights to the exposure`,
    );
  }
}
