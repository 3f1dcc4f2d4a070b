import { isDeepStrictEqual } from 'node:util';
import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { objectName } from '../../facts/names';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import type { Credential } from '../../trust/credential';
import { clientTlsSettings, staysClear } from '../hop/client-tls';
import { type Connection, connectionSettings } from '../hop/connection';
import { needClientSecrets, writeCertificate } from '../hop/credentials';
import { registerTogether } from '../hop/registered-together';
import { isRegistered, serviceEntrySpec } from '../hop/service-entry';
import { claimVirtualIp } from '../hop/virtual-ip';

/** A server in no mesh behind an ingress gateway. */
export interface OutsideServerUse {
  readonly gateway: Gateway;
  /** The hop from the gateway to the server. */
  readonly hop: HopFacts;
  /** The gateway's key pair, for mutual TLS. */
  readonly credential?: Credential;
  readonly connection?: Connection;
  /** Construct path of the peering. */
  readonly where: string;
}

/** One port of it. */
interface OutsidePort {
  readonly hop: HopFacts;
  /** What the gateway's rule says of it, if anything. */
  readonly policy?: istio.TrafficPolicyPortTrafficPolicy;
}

/**
 * Lets an ingress gateway lead to a server in no mesh, once however many exposures it stands behind: its ServiceEntry,
 * seen in the gateway's namespace alone, and the rule that originates TLS, for the gateway's pods alone.
 *
 * @throws MESH1161 when proxies of the gateway's namespace know the host by something else; MESH1163 when the gateway
 * connects to it otherwise already; MESH1253 as `claimVirtualIp`; MESH1321, MESH1322 as `Connection.render`.
 */
export function leadOutside(use: OutsideServerUse): void {
  const { gateway, hop, credential, where } = use;
  const servers = attached(gateway.atPods, 'servers behind', () => new Map<string, OutsideServer>());
  const server = servers.get(hop.host) ?? new OutsideServer(use);
  servers.set(hop.host, server);
  server.add(use);
  if (credential) gateway.readsSecrets();
  const keys = { credential, namespace: gateway.namespace, where };
  needClientSecrets(gateway.chart, { ...keys, tls: hop.tls });
  writeCertificate(gateway.chart, { ...keys, usage: 'client auth' });
}

/** What a gateway knows of one server: all of its ports that exposures lead to. */
class OutsideServer {
  private readonly gateway: Gateway;
  private readonly host: string;
  private readonly name: string;
  private readonly ports = new Map<number, OutsidePort>();
  /** By which proxies of the namespace know it, where they see no requests. */
  private address?: string;

  constructor(use: OutsideServerUse) {
    const { gateway, hop, where } = use;
    const { mesh, namespace } = gateway;
    this.gateway = gateway;
    this.host = hop.host;
    this.name = objectName(`${gateway.name}.${hop.host}`, where);
    // a rule of its own comes before that of all pods of the namespace
    const labels = policyOf(use) === undefined ? undefined : gateway.selector;
    const leader = {
      by: where,
      seenBy: { namespaces: [namespace], isGateway: true, ...(labels && { labels }) },
      registers: () => serviceEntrySpec(this.hops, ['.'], this.address),
    };
    const other = mesh.callable.claimHost(hop.host, leader);
    if (other === undefined) {
      registerTogether(gateway.chart, mesh, hop.host, leader);
      return;
    }
    throw new MeshError(
      'MESH1161',
      where,
      `host '${hop.host}' already leads through ${other.by} in ${mesh.node.path}, also in namespace '${namespace}' of gateway ${gateway.node.path}: of two ServiceEntries or rules of one host its proxies take one; let that one have callers in other namespaces, or workloads by labels in this one (Callers.workload), or give the gateway a namespace of its own`,
    );
  }

  /** Adds a port, or a further exposure of it. */
  public add(use: OutsideServerUse): void {
    const { hop, where } = use;
    const { mesh } = this.gateway;
    const policy = policyOf(use);
    const port = { hop, ...(policy && { policy }) };
    const same = this.ports.get(hop.port);
    if (same === undefined) this.checkPlace(hop, where);
    else if (!isDeepStrictEqual(same, port)) throw leadsOtherwise(this.gateway, same, port, where);
    this.ports.set(hop.port, port);
    if (hop.service.protocol === 'tcp') this.address = claimVirtualIp(mesh, { host: hop.host, where });
    this.writeEntry();
    if (policy) this.writeRule();
  }

  /** A server has one place. */
  private checkPlace(hop: HopFacts, where: string): void {
    const other = this.sorted.find((one) => !isDeepStrictEqual(one.hop.endpoint.addresses, hop.endpoint.addresses));
    if (other) throw leadsOtherwise(this.gateway, other, { hop }, where);
  }

  private get hops(): HopFacts[] {
    return this.sorted.map(({ hop }) => hop);
  }

  private get sorted(): OutsidePort[] {
    return [...this.ports.values()].sort((a, b) => a.hop.port - b.hop.port);
  }

  private writeEntry(): void {
    const { gateway, host, name } = this;
    const { chart, mesh, namespace } = gateway;
    const id = `ServiceEntry ${host}`;
    if (chart.node.tryFindChild(id) || this.sorted.some(({ hop }) => isRegistered(mesh, hop))) return;
    new istio.ServiceEntry(chart, id, {
      apiVersion: mesh.platform.apiVersion('ServiceEntry'),
      metadata: { name, namespace },
      spec: Lazy.any({ produce: () => serviceEntrySpec(this.hops, ['.'], this.address) }),
    });
  }

  /** A sidecar of the namespace that saw it would show the gateway's certificate, so it selects the gateway's pods. */
  private writeRule(): void {
    const { gateway, host, name } = this;
    const { chart, mesh, namespace, selector } = gateway;
    const id = `DestinationRule ${host}`;
    if (chart.node.tryFindChild(id)) return;
    const settings = () => this.sorted.flatMap(({ policy }) => policy ?? []);
    new istio.DestinationRule(chart, id, {
      apiVersion: mesh.platform.apiVersion('DestinationRule'),
      metadata: { name, namespace },
      spec: {
        host,
        exportTo: ['.'],
        workloadSelector: { matchLabels: selector },
        trafficPolicy: { portLevelSettings: Lazy.any({ produce: settings }) },
      },
    });
  }
}

/** What the gateway's rule says of a port, if anything. */
function policyOf({ gateway: { mesh }, hop, credential, connection, where }: OutsideServerUse): OutsidePort['policy'] {
  const tls = clientTlsSettings(hop.tls, credential) ?? staysClear(mesh, hop);
  const settings = connectionSettings(connection, { facts: hop, platform: mesh.platform, where });
  return (tls ?? settings) && { port: { number: hop.port }, ...(tls && { tls }), ...settings };
}

/** A gateway has one ServiceEntry and one rule of a host, which say one thing of each port. */
function leadsOtherwise(gateway: Gateway, a: OutsidePort, b: OutsidePort, where: string): MeshError {
  return new MeshError(
    'MESH1163',
    where,
    `gateway ${gateway.node.path} goes on to server ${a.hop.host} ${describe(a)} already, not ${describe(b)}; state one ExternalServer and one 'onward' for all exposures of a port`,
  );
}

function describe({ hop, policy }: OutsidePort): string {
  const { service, endpoint, tls } = hop;
  const at = endpoint.addresses === undefined ? '' : ` at ${endpoint.addresses.join(', ')}`;
  const server = tls.mode === 'simple' || tls.mode === 'mutual' ? ` to ${tls.server.subjectAltName}` : '';
  const { tls: client, port: _, ...settings } = policy ?? { port: {} };
  const secret = client?.credentialName === undefined ? '' : ` and Secret ${client.credentialName}`;
  const connection = Object.keys(settings).length === 0 ? '' : ' and a connection of its own';
  return `by its ${service.protocol} port ${service.port}${at} with PeeringTls.${tls.mode}${server}${secret}${connection}`;
}
