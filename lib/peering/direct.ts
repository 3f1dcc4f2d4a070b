import { Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import type { HopFacts, TlsEnds } from '../facts/exposure';
import { checkOptions, type Guards, optional } from '../facts/guard';
import type { MeshChart } from '../fleet/mesh-chart';
import type { ExternalProxy } from '../mesh/external-proxy';
import type { Mesh } from '../mesh/mesh';
import { writeSecretReader } from '../mesh/secret-reader';
import type { Credential } from '../trust/credential';
import type { PeeringTls } from '../trust/peering-tls';
import type { Callers } from './callers';
import { type ContractConsumer, ContractedProvider } from './contracted';
import { contractedTls } from './contracted-tls';
import { clientTlsSettings, needsSecretOrFiles, staysClear } from './hop/client-tls';
import { type ConnectionSettings, connectionSettings } from './hop/connection';
import { needClientSecrets, writeCertificate } from './hop/credentials';
import { HostPorts } from './hop/host-ports';
import { type Registering, registerTogether } from './hop/registered-together';
import { isRegistered, serviceEntrySpec } from './hop/service-entry';
import { tcpAddress } from './hop/tcp-address';
import { THROUGH, throughProxy, tunnelTo } from './hop/tunnel';
import type { HopPeeringProps } from './hop-peering';
import { HostPeering, type HostStrategy } from './host-peering';
import { CONTRACT_CONSUMER, callersOf, KEY_PAIR } from './option-guards';
import { refuseOptions } from './parties';
import type { Consumed, ConsumerHalf, PeeringName } from './strategy';

/** Which workloads of the consumer use a direct peering. */
export type DirectCallers = Callers<'namespaces' | 'workload'>;

const CONSUMER: Guards<Pick<DirectContractProps, 'callers' | 'through'>> = {
  callers: callersOf('namespaces', 'workload'),
  through: THROUGH,
};

/** What a direct peering states. */
export interface DirectPeeringProps<T extends PeeringTls> extends HopPeeringProps<T, HostStrategy<T>> {
  /**
   * Which workloads of the consumer use it. TLS from the sidecar with a Secret or mounted files needs
   * `Callers.workload`: a sidecar reads a Secret only by a DestinationRule that selects it. For a server whose
   * certificate the system's roots vouch for, all workloads can use `PeeringTls.simple`.
   * @default - all namespaces of the mesh see the host
   */
  readonly callers?: DirectCallers;
  /**
   * Proxy of the company by which sidecars reach servers: for bytes and TLS of applications, one port of a host.
   * @default - none: sidecars connect themselves
   */
  readonly through?: ExternalProxy;
}

/** What the consumer adds to a contract of a direct peering. */
export interface DirectContractProps extends ContractConsumer {
  /**
   * Our key pair, where the hop is mutual.
   * @default - none
   */
  readonly client?: Credential;
  /**
   * Which workloads of the consumer use it.
   * @default - all namespaces of the mesh see the host
   */
  readonly callers?: DirectCallers;
  /**
   * Proxy of the company by which sidecars reach servers: for bytes and TLS of applications, one port of a host.
   * @default - none: sidecars connect themselves
   */
  readonly through?: ExternalProxy;
}

/**
 * Calls go from the sidecar straight to the provider's public ingress gateway, or to a server in no mesh: in clear text,
 * with TLS that the sidecar originates, or with the application's own TLS.
 *
 * The provider sees nobody (clear text, simple TLS) or the client certificate (mutual TLS), never the workload itself.
 */
export class DirectPeering<T extends PeeringTls = PeeringTls> extends HostPeering<T> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  public static fromContract(scope: Construct, props: DirectContractProps): DirectPeering {
    checkOptions<DirectContractProps>(props, 'DirectPeering.fromContract', {
      ...CONTRACT_CONSUMER,
      ...CONSUMER,
      client: optional(KEY_PAIR),
    });
    const { consumer, contract, client, callers, through } = props;
    const provider = ContractedProvider.of<HostStrategy>('DirectPeering', { consumer, contract });
    const tls = contractedTls(provider, client);
    return new DirectPeering(scope, contract.document.peering, { consumer, provider, tls, callers, through });
  }

  protected readonly strategy = 'DirectPeering';
  private readonly callers?: DirectCallers;
  protected override readonly through?: ExternalProxy;

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when no side is ours; MESH1205 when the sidecar originates TLS with a
   * Secret or mounted files and no workload is named; MESH1210 to MESH1214 when the ingress gateway or a key pair is
   * missing or does not fit.
   */
  constructor(scope: Construct, id: string, props: DirectPeeringProps<T>) {
    super(scope, id, props);
    this.callers = props.callers;
    this.through = props.through;
    if (props.consumer.kind !== 'mesh') {
      refuseOptions('consumer', props.consumer, { through: props.through }, this.where);
    }
    const { tls, consumer } = props;
    if (consumer.kind === 'mesh') requireWorkload(tls.ends(), props.callers, this.where);
  }

  protected override get peeringOptions(): Guards<DirectPeeringProps<T>> {
    return { ...super.peeringOptions, ...CONSUMER };
  }

  protected override get usedBy(): DirectCallers | undefined {
    return this.callers;
  }

  protected override consumerHalf(mesh: Mesh): ConsumerHalf<HostStrategy<T>> {
    return new SidecarHalf({
      mesh,
      callers: this.callers,
      credential: this.tls.ownClient,
      peering: this.peeringName,
      through: this.through,
    });
  }
}

/** @throws MESH1205 when sidecars that nothing selects shall originate TLS with a Secret or mounted files. */
function requireWorkload(tls: TlsEnds, callers: DirectCallers | undefined, where: string): void {
  if (!needsSecretOrFiles(tls) || callers?.kind === 'workload') return;
  throw new MeshError(
    'MESH1205',
    where,
    `PeeringTls.${tls.mode} is originated by sidecars, which read a Secret only by a DestinationRule that selects them; state callers: Callers.workload({ … }), or use EgressGatewayPeering`,
  );
}

/** What the consumer's half is made with. */
interface SidecarOwn {
  readonly mesh: Mesh;
  /** Who uses it; absent: the whole mesh. */
  readonly callers?: DirectCallers;
  /** Key pair of the sidecars, for mutual TLS. */
  readonly credential?: Credential;
  readonly peering: PeeringName;
  /** Proxy of the company, by which sidecars reach servers. */
  readonly through?: ExternalProxy;
}

/** What rules make calls name; of all names of a domain each call names its own. */
function calledIn({ host, service }: HopFacts): Pick<NextHop, 'authority' | 'domain'> {
  if (host.startsWith('*.')) return { domain: host };
  return service.protocol === 'tcp' ? {} : { authority: host };
}

/** The consumer's half at its sidecars. */
class SidecarHalf<T extends PeeringTls> implements ConsumerHalf<HostStrategy<T>> {
  private readonly hosts = new Map<string, HostPorts>();
  /** Hosts whose rule is written. */
  private readonly ruled = new Set<string>();

  constructor(private readonly own: SidecarOwn) {}

  public consume({ chart, facts: agreed, name, used, claimHost, letDial }: Consumed<HostStrategy<T>>): NextHop {
    const { mesh, callers, peering, through: proxy } = this.own;
    const facts = proxy ? throughProxy({ mesh, facts: agreed, proxy, where: peering.where }) : agreed;
    const tunnel = proxy && tunnelTo(agreed);
    const { host, port } = facts;
    requireWorkload(facts.tls, callers, peering.where);
    const known = this.hosts.get(host);
    const isHidden = tunnel !== undefined;
    const address = tcpAddress({ mesh, facts, used, where: peering.where, isHidden });
    const ports = known ?? new HostPorts();
    const leader = known === undefined ? this.leaderOf(facts, ports) : undefined;
    if (leader) claimHost(host, leader);
    const settings = connectionSettings(used.connection, { facts, platform: mesh.platform, where: peering.where });
    ports.add({ facts, name, address, settings, tunnel }, peering.where);
    this.hosts.set(host, ports);
    const namespace = callers?.namespaces[0] ?? mesh.controlPlane.namespace;
    letDial({
      ...{ host, port, namespace, exportTo: callers?.exportTo ?? ['*'] },
      ports: () => ports.ports.map((one) => ({ number: one.port, protocol: one.service.protocol })),
    });
    if (leader) this.writeHost(chart, namespace, facts, ports, leader);
    this.writeRule(chart, namespace, facts, ports);
    this.needKeys(chart, namespace, facts);
    const copies = facts.mirrorOf && { copiesOf: facts.mirrorOf };
    return { host, port, ...calledIn(facts), ...copies, ...(isHidden && { isHidden }), ...(callers && { callers }) };
  }

  /** What a host has once, whatever ports of it are exposed. */
  private writeHost(chart: MeshChart, namespace: string, facts: HopFacts, ports: HostPorts, leader: Registering): void {
    const { mesh } = this.own;
    const name = Lazy.any({ produce: () => ports.name });
    registerTogether(chart, mesh, facts.host, leader);
    if (!isRegistered(mesh, facts)) {
      new istio.ServiceEntry(chart, `ServiceEntry ${facts.host}`, {
        apiVersion: mesh.platform.apiVersion('ServiceEntry'),
        metadata: { name, namespace },
        spec: Lazy.any({ produce: leader.registers }),
      });
    }
  }

  /** Whose proxies see where a host leads, and how it is registered. */
  private leaderOf(facts: HopFacts, ports: HostPorts): Registering {
    const { mesh, callers, peering } = this.own;
    const exportTo = callers?.exportTo ?? ['*'];
    // what says that a host stays clear is for all pods
    const labels = staysClear(mesh, facts) === undefined ? callers?.labels : undefined;
    return {
      by: peering.where,
      registers: () => serviceEntrySpec(ports.ports, exportTo, ports.address),
      ...(callers && { seenBy: { namespaces: callers.namespaces, ...(labels && { labels }) } }),
    };
  }

  /** TLS of a port, or none where a mesh-wide rule would encrypt. */
  private tlsOf(facts: HopFacts): istio.ClientTLSSettings | undefined {
    return clientTlsSettings(facts.tls, this.own.credential) ?? staysClear(this.own.mesh, facts);
  }

  private portPolicy(
    facts: HopFacts,
    settings: ConnectionSettings | undefined,
  ): istio.TrafficPolicyPortTrafficPolicy[] {
    const tls = this.tlsOf(facts);
    if ((tls ?? settings) === undefined) return [];
    return [{ port: { number: facts.port }, ...(tls && { tls }), ...settings }];
  }

  /** The sidecar's rule of a host, once: TLS of its ports, and how they are connected. */
  private writeRule(chart: MeshChart, namespace: string, facts: HopFacts, ports: HostPorts): void {
    const { mesh, callers } = this.own;
    const { tunnel } = ports;
    const tls = this.tlsOf(facts);
    if (this.ruled.has(facts.host) || (tls ?? tunnel ?? ports.settingsOf(facts.port)) === undefined) return;
    this.ruled.add(facts.host);
    const labels = callers?.labels;
    const selects = tls?.mode !== 'DISABLE' && labels !== undefined;
    const settings = () => ports.ports.flatMap((one) => this.portPolicy(one, ports.settingsOf(one.port)));
    // proxies look in their own namespace, that of the host, and the root namespace: the host of a ServiceEntry of ours
    // is in the first namespace of the callers, that of a Service of the cluster in none of them
    const everywhere = isRegistered(mesh, facts) && callers && callers.namespaces.length > 1 ? callers.namespaces : [];
    const inEach = everywhere.length > 0;
    for (const place of inEach ? everywhere : [namespace]) {
      new istio.DestinationRule(chart, `DestinationRule ${facts.host}${inEach ? ` ${place}` : ''}`, {
        apiVersion: mesh.platform.apiVersion('DestinationRule'),
        metadata: { name: Lazy.any({ produce: () => ports.name }), namespace: place },
        spec: {
          host: facts.host,
          exportTo: inEach ? ['.'] : (callers?.exportTo ?? ['*']),
          ...(selects && { workloadSelector: { matchLabels: labels } }),
          trafficPolicy: Lazy.any({
            produce: () => {
              const portLevelSettings = settings();
              return { ...(tunnel && { tunnel }), ...(portLevelSettings.length > 0 && { portLevelSettings }) };
            },
          }),
        },
      });
    }
  }

  /** Secrets by which the sidecar connects, and the right to read them. */
  private needKeys(chart: MeshChart, namespace: string, facts: HopFacts): void {
    const { mesh, credential, peering } = this.own;
    if (this.tlsOf(facts) === undefined) return;
    const use = { credential, namespace, where: peering.where };
    needClientSecrets(chart, { ...use, tls: facts.tls });
    if (credential?.certManager) writeCertificate(mesh.credentialChart(namespace), { ...use, usage: 'client auth' });
    this.letCallersRead(chart, namespace, credential);
  }

  /** istiod sends a key pair to a sidecar only when its ServiceAccount may list the Secrets of its namespace. */
  private letCallersRead(chart: MeshChart, namespace: string, credential: Credential | undefined): void {
    const { callers, peering } = this.own;
    const serviceAccounts = callers?.serviceAccounts;
    if (credential?.source !== 'sds' || serviceAccounts === undefined || chart.node.tryFindChild('Role')) return;
    writeSecretReader(chart, { name: `${peering.id}.credential-reader`, namespace, serviceAccounts });
  }
}
