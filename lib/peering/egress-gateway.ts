import type { Construct } from 'constructs';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import type { ExposureFacts } from '../facts/exposure';
import type { ExternalMesh } from '../fleet/external-mesh';
import type { Gateway } from '../fleet/gateway';
import { Mesh } from '../fleet/mesh';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Credential, PeerEnd } from '../trust/credential';
import type { Application, ClientCertificate, Mutual, Plain, Simple } from '../trust/peering-tls';
import { type ContractConsumer, fromContract } from './contracted';
import { clientCredential, useClientCredential } from './credentials';
import { type EgressCallers, writeEgressLeg } from './egress-leg';
import { writeOnlyWayOut } from './only-way-out';
import { Peering, type PeeringProps } from './peering';

/** How the hop behind an egress gateway may be protected: a gateway reads Secrets, no mounted files. */
export type EgressTls =
  | Plain
  | Simple
  | Mutual<ClientCertificate, Credential<'sds'> | PeerEnd<'declared'>>
  | Application;

/** What the consumer's side of an egress gateway peering states. */
export interface EgressGatewayOptions {
  /** The consumer's egress gateway; many peerings may share it. */
  readonly egress: Gateway;
  /**
   * Which workloads of the consumer use it. Their namespaces see the host. A gateway with `denyByDefault` lets nobody
   * else through, except with the application's own TLS, which shows the gateway no identity.
   * @default - all workloads of the mesh
   */
  readonly callers?: EgressCallers;
  /**
   * Namespaces whose pods get no other way out of the cluster, by NetworkPolicy.
   * @default - none: a pod that dials an address itself goes around the gateway
   */
  readonly onlyWayOut?: string[];
}

/** What an egress gateway peering states. */
export interface EgressGatewayPeeringProps<T extends EgressTls> extends PeeringProps<T>, Partial<EgressGatewayOptions> {
  readonly consumer: Mesh | ExternalMesh;
  /**
   * The consumer's egress gateway; many peerings may share it.
   * @default - none, for a consumer that is not ours
   */
  readonly egress?: Gateway;
}

/**
 * Calls leave the mesh through an egress gateway, which originates the hop's TLS, or passes the application's own TLS on.
 * The way to the gateway is always encrypted: by the mesh, or by the application.
 *
 * The provider sees the egress gateway's certificate (mutual TLS) or nobody, never the workload itself.
 */
export class EgressGatewayPeering<T extends EgressTls = EgressTls> extends Peering<T> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  public static fromContract(
    scope: Construct,
    props: ContractConsumer<Credential<'sds'>> & EgressGatewayOptions,
  ): EgressGatewayPeering {
    const { egress, callers, onlyWayOut } = props;
    const contracted = fromContract('EgressGatewayPeering', props);
    const { peering } = props.contract.document;
    return new EgressGatewayPeering(scope, peering, { ...contracted, egress, callers, onlyWayOut });
  }

  protected readonly strategy = 'EgressGatewayPeering';
  private readonly egress?: Gateway;
  private readonly callers?: EgressCallers;

  /**
   * @throws MESH1001 for a malformed id; MESH1108 when the egress gateway has no port for the hop; MESH1201 when the
   * parts do not fit together; MESH1206 for callers that the gateway cannot tell apart; MESH1208 for namespaces that
   * cannot be closed.
   */
  constructor(scope: Construct, id: string, props: EgressGatewayPeeringProps<T>) {
    super(scope, id, props);
    const { consumer, egress, callers, onlyWayOut } = props;
    this.egress = egress;
    this.callers = callers;
    if (!(consumer instanceof Mesh)) {
      const stated = Object.entries({ egress, callers, onlyWayOut }).find(([, value]) => value !== undefined);
      if (stated) {
        throw this.unfit(
          `'${stated[0]}' is stated, but the consumer ${consumer.name} is not ours, so nothing would be written; leave it out`,
        );
      }
      return;
    }
    this.checkEgress(consumer);
    this.checkCallers(egress as Gateway);
    if (onlyWayOut) {
      writeOnlyWayOut(this.half('consumer', consumer), {
        gateway: egress as Gateway,
        namespaces: onlyWayOut,
        peering: id,
        where: this.node.path,
      });
    }
  }

  protected override consume(chart: MeshChart, facts: ExposureFacts): NextHop {
    // a consumer of ours has an egress gateway: the constructor insists on it
    const egress = this.egress as Gateway;
    const { callers } = this;
    const credential = clientCredential(this.tls);
    if (credential) egress.readsSecrets();
    // in the gateway's chart, because peerings may share a key pair
    useClientCredential(egress.chart, egress.namespace, facts.tls, credential, this.node.path);
    const name = this.objectName(facts);
    const where = this.node.path;
    return writeEgressLeg(chart, { egress, facts, callers, credential, peering: this.node.id, name, where });
  }

  private checkEgress(consumer: Mesh): void {
    const { egress } = this;
    if (egress === undefined) {
      throw this.unfit(`the consumer ${consumer.node.path} is ours, so its egress gateway is needed; state 'egress'`);
    }
    if (egress.mesh !== consumer) {
      throw this.unfit(
        `egress gateway ${egress.node.path} is not of the consumer; expected a gateway of ${consumer.name}`,
      );
    }
    if (egress.kind !== 'egress') {
      throw this.unfit(`gateway ${egress.node.path} is an ingress gateway; expected an egress gateway`);
    }
    if (clientCredential(this.tls)?.source === 'file') {
      throw this.unfit('the client credential is mounted files, but a gateway reads Secrets; use Credential.secret');
    }
    egress.portFor(this.tls.mode === 'application' ? 'tls' : 'https');
  }

  private checkCallers(egress: Gateway): void {
    if (this.callers?.serviceAccounts === undefined) return;
    const why =
      this.tls.mode === 'application'
        ? "the application's own TLS shows the egress gateway no identity; use Callers.namespaces"
        : `gateway ${egress.node.path} lets everybody through; set denyByDefault: true on the gateway, or use Callers.namespaces`;
    if (this.tls.mode !== 'application' && egress.denyByDefault) return;
    throw new MeshError(
      'MESH1206',
      this.node.path,
      `callers names ServiceAccounts (${this.callers.serviceAccounts.join(', ')}), but ${why}; the rule would be widened`,
    );
  }

  private unfit(message: string): MeshError {
    return new MeshError('MESH1201', this.node.path, message);
  }
}
