import * as istio from '../../../imports/istio';
import type { ExposedService, HopFacts } from '../../facts/exposure';
import { joinLabels, shortLabel } from '../../facts/names';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { Credential } from '../../trust/credential';
import { clientTlsSettings, staysClear } from '../hop/client-tls';
import { type Connection, connectionSettings } from '../hop/connection';
import { serviceEntrySpec } from '../hop/service-entry';
import type { PeeringName } from '../strategy';

/** What a gateway needs of a host that it alone leads to. */
export interface RemoteHost {
  readonly egress: Gateway;
  readonly facts: HopFacts;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** The gateway's key pair, for mutual TLS. */
  readonly credential?: Credential;
  readonly peering: PeeringName;
  /** How the gateway connects. */
  readonly connection?: Connection;
}

/** Peering and service, not the host: that of a server in no mesh cannot be chosen, and is easily too long. */
export function passageLabel({ id }: PeeringName, { namespace, name, port, subset }: ExposedService): string {
  const parts = [...(namespace === undefined ? [] : [namespace, name]), String(port), ...(subset ? [subset] : [])];
  return shortLabel(joinLabels(id, ...parts));
}

/** The exposure's host in the registry of the gateway. */
export function writeRemoteHost(chart: MeshChart, { egress, facts, name }: RemoteHost): void {
  new istio.ServiceEntry(chart, `ServiceEntry ${name}`, {
    apiVersion: egress.mesh.platform.apiVersion('ServiceEntry'),
    metadata: { name, namespace: egress.namespace },
    spec: serviceEntrySpec([facts], ['.']),
  });
}

/**
 * The hop's TLS, and how the gateway connects, seen by the gateway alone: a sidecar that saw it would encrypt what it sends
 * to the gateway twice, and count failures of the other side as its gateway's.
 */
export function writeOrigination(
  chart: MeshChart,
  { egress, facts, credential, name, connection, peering }: RemoteHost,
): void {
  const tls = clientTlsSettings(facts.tls, credential) ?? staysClear(egress.mesh, facts);
  const { platform } = egress.mesh;
  const settings = connectionSettings(connection, { facts, platform, where: peering.where });
  if (tls === undefined && settings === undefined) return;
  new istio.DestinationRule(chart, `DestinationRule ${name}`, {
    apiVersion: egress.mesh.platform.apiVersion('DestinationRule'),
    metadata: { name, namespace: egress.namespace },
    spec: {
      host: facts.host,
      exportTo: ['.'],
      trafficPolicy: { portLevelSettings: [{ port: { number: facts.port }, ...(tls && { tls }), ...settings }] },
    },
  });
}
