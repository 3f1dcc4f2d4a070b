import type { Construct } from 'constructs';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import type { ExposureFacts } from '../facts/exposure';
import type { Gateway } from '../fleet/gateway';
import { Mesh } from '../fleet/mesh';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Credential, PeerEnd } from '../trust/credential';
import type { Application, ClientCertificate, Mutual, Plain, Simple } from '../trust/peering-tls';
import type { Callers } from './callers';
import { type ContractConsumer, fromContract } from './contracted';
import { clientCredential, useClientCredential } from './credentials';
import { writeEgressLeg } from './egress-leg';
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
   * Which workloads of the consumer may use it: they see the host, and the gateway lets nobody else through.
   * @default - all workloads of the mesh
   */
  readonly callers?: Callers;
  /**
   * Namespaces whose pods get no other way out of the cluster, by NetworkPolicy.
   * @default - none: a pod that dials an address itself goes around the gateway
   */
  readonly onlyWayOut?: string[];
}

/** What an egress gateway peering states. */
export interface EgressGatewayPeeringProps<T extends EgressTls> extends PeeringProps<T>, EgressGatewayOptions {}

/**
 * Calls leave the mesh through an egress gateway, which originates the hop's TLS, or passes the application's own TLS on.
 * The way to the gateway is always encrypted by the mesh, except for the application's own TLS, which is encrypted
 * already.
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
    return new EgressGatewayPeering(scope, props.contract.document.peering, {
      ...contracted,
      egress,
      callers,
      onlyWayOut,
    });
  }

  protected readonly strategy = 'EgressGatewayPeering';
  private readonly egress: Gateway;
  private readonly callers?: Callers;

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when the parts do not fit together; MESH1208 for namespaces that
   * cannot be closed.
   */
  constructor(scope: Construct, id: string, props: EgressGatewayPeeringProps<T>) {
    super(scope, id, props);
    const { consumer, egress } = props;
    this.egress = egress;
    this.callers = props.callers;
    const where = this.node.path;
    if (!(consumer instanceof Mesh) || egress.mesh !== consumer) {
      throw new MeshError(
        'MESH1201',
        where,
        `egress gateway ${egress.node.path} is not of the consumer; expected a gateway of ${consumer.name}`,
      );
    }
    if (egress.kind !== 'egress') {
      throw new MeshError(
        'MESH1201',
        where,
        `gateway ${egress.node.path} is an ingress gateway; expected an egress gateway`,
      );
    }
    if (props.onlyWayOut) writeOnlyWayOut(this.half('consumer', consumer), consumer, id, props.onlyWayOut, where);
  }

  protected override consume(chart: MeshChart, facts: ExposureFacts): NextHop {
    const credential = clientCredential(this.tls);
    if (facts.tls.mode === 'mutual') this.egress.readsSecrets();
    useClientCredential(chart, this.egress.namespace, facts.tls, credential, this.node.path);
    return writeEgressLeg(chart, {
      egress: this.egress,
      facts,
      callers: this.callers,
      credential,
      name: this.objectName(facts),
      where: this.node.path,
    });
  }
}
