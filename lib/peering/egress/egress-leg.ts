import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import type { ExposedService, HopFacts } from '../../facts/exposure';
import { joinLabels, shortLabel } from '../../facts/names';
import { isHttp, isHttp2 } from '../../facts/port';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { DialledHost } from '../../traffic/dialled-host';
import type { Credential } from '../../trust/credential';
import { clientTlsSettings, staysClear } from '../hop/client-tls';
import { type Connection, connectionSettings } from '../hop/connection';
import { isRegistered, serviceEntrySpec } from '../hop/service-entry';
import type { PeeringName } from '../strategy';
import { type EgressCallers, exportTo } from './egress-callers';
import { writePassage } from './passage';

/** One exposure's way through an egress gateway, to a host that callers may dial themselves. */
export interface EgressLeg {
  readonly egress: Gateway;
  readonly facts: HopFacts;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** What they may do, where nothing of ours behind the gateway says it. */
  readonly access?: readonly AccessFacts[];
  /** The gateway's key pair, for mutual TLS. */
  readonly credential?: Credential;
  readonly peering: PeeringName;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** How the gateway connects. */
  readonly connection?: Connection;
  /** Says that callers dial the host themselves. */
  readonly letDial?: (host: DialledHost) => void;
  /** By which sidecars know the host, where names do not reach them. */
  readonly address?: string;
}

/**
 * The consumer's half of one exposure at an egress gateway.
 *
 * Everything lives in the gateway's namespace: of the DestinationRules of one host a proxy merges only those of one
 * namespace with one `exportTo`, and the one that originates TLS must be seen by the gateway alone.
 *
 * @throws MESH1220 for a port that a Service of the own cluster lacks.
 */
export function writeEgressLeg(chart: MeshChart, leg: EgressLeg): NextHop {
  const { egress, facts, callers, peering } = leg;
  const { protocol, port } = facts.service;
  if (!isRegistered(egress.mesh, facts)) {
    writeRemoteHost(chart, leg, exportTo(egress, callers));
  } else if (facts.port !== port) {
    throw new MeshError(
      'MESH1220',
      peering.where,
      `host '${facts.host}' is a Service of the own cluster, which callers dial at its port ${port}, not ${facts.port}; expose it with port: ${port}`,
    );
  }
  writeOrigination(chart, leg);
  return writePassage(chart, {
    egress,
    label: passageLabel(peering, facts.service),
    host: facts.host,
    as: facts.tls.mode === 'application' ? 'passthrough' : isHttp(protocol) ? 'http' : 'tcp',
    isHttp2: isHttp2(protocol),
    to: { host: facts.host, port: facts.port },
    dialled: facts.port,
    letDial: leg.letDial,
    callers,
    access: leg.access,
  });
}

/** Peering and service, not the host: that of a server in no mesh cannot be chosen, and is easily too long. */
export function passageLabel({ id }: PeeringName, { namespace, name, port, subset }: ExposedService): string {
  const parts = [...(namespace === undefined ? [] : [namespace, name]), String(port), ...(subset ? [subset] : [])];
  return shortLabel(joinLabels(id, ...parts));
}

/** The exposure's host in the registry of those who need it. */
export function writeRemoteHost(
  chart: MeshChart,
  { egress, facts, name, address }: Pick<EgressLeg, 'egress' | 'facts' | 'name' | 'address'>,
  visibleTo: string[],
): void {
  new istio.ServiceEntry(chart, `ServiceEntry ${name}`, {
    apiVersion: egress.mesh.platform.apiVersion('ServiceEntry'),
    metadata: { name, namespace: egress.namespace },
    spec: serviceEntrySpec([facts], visibleTo, address),
  });
}

/**
 * The hop's TLS, and how the gateway connects, seen by the gateway alone: a sidecar that saw it would encrypt what it sends
 * to the gateway twice, and count failures of the other side as its gateway's.
 */
export function writeOrigination(
  chart: MeshChart,
  { egress, facts, credential, name, connection, peering }: Omit<EgressLeg, 'callers' | 'letDial'>,
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
