import { Construct } from 'constructs';
import type { Address } from '../../facts/address';
import { MeshError } from '../../facts/error';
import {
  DISCOVERY_PORT,
  type FederationEnd,
  type FederationForm,
  type FederationIngress,
  SERVICE_PORT,
} from '../../facts/federation';
import {
  anything,
  checkOptions,
  type Guards,
  listOf,
  made,
  mapOf,
  number,
  oneOf,
  optional,
  text,
} from '../../facts/guard';
import { dnsLabel } from '../../facts/names';
import { portNumber } from '../../facts/port';
import { attached } from '../../fleet/attached';
import { requireScope } from '../../fleet/child-id';
import { Claims } from '../../fleet/claims';
import { federationEnds } from '../../mesh/federation-ends';
import type { Gateway } from '../../mesh/gateway';
import type { Mesh } from '../../mesh/mesh';
import { checkFederationGateway } from './gateway-check';
import { deployGateway, serviceAccountOf } from './gateway-deployment';

/** One of the two gateways that face a peer. */
export type Facing = 'ingress' | 'egress';

/** What the gateways of a mesh that face one peer state. */
export interface FederationGatewaysProps {
  /**
   * How the peer reaches the ingress gateway: a load balancer that passes connections on (L4), or nodes.
   * @default - the peer is in the same cluster
   */
  readonly address?: Address;
  /**
   * Port by which the peer's control plane reaches the ingress gateway (OpenShift Service Mesh 2 only); a node port where
   * `address` is one.
   * @default 8188
   */
  readonly discoveryPort?: number;
  /**
   * Annotations of the ingress gateway's Service in the ServiceMeshControlPlane, such as those by which a cloud makes an
   * L4 load balancer (OpenShift Service Mesh 2 only).
   * @default - none
   */
  readonly serviceAnnotations?: Record<string, string>;
  /**
   * Which gateways are deployed before a peering needs them (Istio and OpenShift Service Mesh 3; OpenShift Service Mesh 2
   * needs both from the beginning).
   * @default - both
   */
  readonly deploy?: Facing[];
  /**
   * An ingress gateway of your own, for this peer alone.
   * @default - `<peer>-ingress` in the namespace of the control plane
   */
  readonly ingress?: Gateway;
  /**
   * An egress gateway of your own, for this peer alone.
   * @default - `<peer>-egress` in the namespace of the control plane
   */
  readonly egress?: Gateway;
  /** @internal whether a peering makes them, which knows the peer: nobody needs a mesh contract. */
  readonly isImplied?: true;
}

/**
 * The two gateways of a mesh that face one peer, and nobody else: policies about two peers at one gateway exclude each
 * other. They depend on nothing of the peer but its name, so the mesh contract, which says what the peer must know of
 * them, can be written before the peer is known.
 *
 * A FederationPeering makes them itself where the defaults fit.
 */
export class FederationGateways extends Construct {
  /** @internal those of a mesh that face a peer; made with defaults when they are not stated. */
  public static of(mesh: Mesh, peer: string): FederationGateways {
    const isMaistra = mesh.platform.has('federation');
    return (
      known(mesh).get(peer) ??
      new FederationGateways(mesh, peer, { ...(!isMaistra && { deploy: [] }), isImplied: true })
    );
  }

  /** How the mesh federates: control planes exchange services, or everything is written. */
  public readonly form: FederationForm;
  private readonly peerings = new Claims();
  private readonly own: { ingress?: Gateway; egress?: Gateway } = {};

  /**
   * @throws MESH1001 for a malformed name; MESH1272 for a gateway that does not fit; MESH1274 for one that faces another
   * peer; MESH1276 for an option of another platform; MESH1280 when they are stated already; MESH1281 for ports of nodes
   * that are missing.
   */
  constructor(
    /** The mesh that they are of. */
    public readonly mesh: Mesh,
    /** Name of the mesh that they face, in this program or in its own. */
    public readonly peer: string,
    private readonly props: FederationGatewaysProps = {},
  ) {
    super(mesh, vacant(mesh, peer));
    checkOptions<FederationGatewaysProps>(props, this.node.path, GUARDS);
    this.form = mesh.platform.has('federation') ? 'maistra' : 'gateways';
    this.checkProps();
    known(mesh).set(peer, this);
    federationEnds(mesh).set(peer, () => this.end);
    for (const facing of ['ingress', 'egress'] as const) {
      const stated = props[facing];
      if (stated) this.take(facing, stated);
      else if ((props.deploy ?? ['ingress', 'egress']).includes(facing)) this.gateway(facing);
    }
    if (!props.isImplied) mesh.writeContract();
  }

  /** The gateway by which calls of the peer arrive. */
  public get ingress(): Gateway {
    return this.gateway('ingress');
  }

  /** The gateway by which calls to the peer leave. */
  public get egress(): Gateway {
    return this.gateway('egress');
  }

  /**
   * @internal deploys what a peering needs.
   * @throws MESH1213 when another peering leads the same way.
   */
  public begin(role: 'consumer' | 'provider', where: string): void {
    const other = this.peerings.claim(role, where);
    if (other !== undefined) {
      throw new MeshError(
        'MESH1213',
        where,
        `peering '${other}' already federates ${this.mesh.name} as ${role} with ${this.peer}; expose more services through it`,
      );
    }
    this.gateway(role === 'consumer' ? 'egress' : 'ingress');
  }

  /** @internal what the peer must know. */
  public get end(): FederationEnd {
    const { form, mesh } = this;
    return {
      form,
      trustDomain: mesh.trustDomain,
      ...(mesh.root && { root: mesh.root.facts() }),
      domain: mesh.cluster.domain,
      namespace: this.own.ingress?.namespace ?? mesh.controlPlane.namespace,
      ingress: this.ingressFacts,
      egress: this.nameAndIdentity('egress'),
    };
  }

  private get ingressFacts(): FederationIngress {
    const address = this.own.ingress?.address ?? this.props.address;
    return {
      ...this.nameAndIdentity('ingress'),
      ...(address && { addresses: address.hosts }),
      servicePort: address?.portOf(SERVICE_PORT) ?? SERVICE_PORT,
      ...(this.form === 'maistra' && {
        discoveryPort: this.props.discoveryPort ?? address?.ports?.[DISCOVERY_PORT] ?? DISCOVERY_PORT,
      }),
    };
  }

  /** The same whether the gateway is deployed already or not. */
  private nameAndIdentity(facing: Facing): { name: string; identity: string } {
    const { mesh, form } = this;
    const gateway = this.own[facing];
    if (gateway) return { name: gateway.service, identity: gateway.identity.value };
    const name = this.nameOf(facing);
    return { name, identity: mesh.principal(`${mesh.controlPlane.namespace}/${serviceAccountOf(form, name)}`) };
  }

  private nameOf(facing: Facing): string {
    return `${this.peer}-${facing}`;
  }

  private gateway(facing: Facing): Gateway {
    const { mesh, peer, form } = this;
    return (
      this.own[facing] ??
      this.take(facing, deployGateway(mesh, { ...this.props, facing, id: this.nameOf(facing), peer, form }))
    );
  }

  private take(facing: Facing, gateway: Gateway): Gateway {
    checkFederationGateway(gateway, { ...this, facing, where: this.node.path });
    const other = attached(gateway, 'federation peer', () => new Claims()).claim('peer', this.peer);
    if (other !== undefined) {
      throw new MeshError(
        'MESH1274',
        this.node.path,
        `${facing} gateway ${gateway.node.path} faces peer '${other}' already; the policies about two peers would deny both: use a gateway of its own for '${this.peer}'`,
      );
    }
    if (facing === 'ingress') this.claimAddress(gateway.address);
    this.own[facing] = gateway;
    return gateway;
  }

  /** Two gateways behind one address: the peer would reach either. */
  private claimAddress(address: Address | undefined): void {
    const { mesh, peer } = this;
    const claims = attached(mesh, 'federation addresses', () => new Claims());
    for (const host of address?.hosts ?? []) {
      const place = `${host}:${address?.portOf(SERVICE_PORT) ?? SERVICE_PORT}`;
      const other = claims.claim(place, peer);
      if (other === undefined) continue;
      throw new MeshError(
        'MESH1274',
        this.node.path,
        `address ${place} leads to the gateway that faces peer '${other}'; state an address of its own for '${peer}'`,
      );
    }
  }

  private checkProps(): void {
    const { mesh, props, form } = this;
    const foreign = form === 'maistra' ? (['deploy'] as const) : (['discoveryPort', 'serviceAnnotations'] as const);
    const wrong = foreign.find((option) => props[option] !== undefined);
    if (wrong !== undefined) {
      throw new MeshError(
        'MESH1276',
        this.node.path,
        `'${wrong}' is stated, which ${mesh.platform.name} has no use for; leave it out`,
      );
    }
    if (props.discoveryPort !== undefined) portNumber(props.discoveryPort, this.node.path);
    if (form === 'maistra' && props.address?.kind === 'nodePort') this.checkDiscoveryPort(props.address);
    if (props.ingress && props.address) {
      throw new MeshError(
        'MESH1272',
        this.node.path,
        'address and ingress are both stated; state the address of a gateway of your own with it',
      );
    }
  }

  /** A peer dials two ports, and in ports of nodes both have one of their own. */
  private checkDiscoveryPort({ port, ports }: Address): void {
    const { discoveryPort } = this.props;
    if ((discoveryPort === undefined) !== (ports === undefined)) return;
    throw new MeshError(
      'MESH1281',
      this.node.path,
      ports === undefined
        ? `Address.nodePort names the node port of calls (${port}); state discoveryPort, the node port of port ${DISCOVERY_PORT}, too`
        : `discoveryPort is ${discoveryPort}, but Address.nodePort states node ports by port; leave discoveryPort out`,
    );
  }
}

const GUARDS: Guards<FederationGatewaysProps> = {
  address: optional(made("an address such as Address.hostname('…')", 'Address')),
  discoveryPort: optional(number),
  serviceAnnotations: optional(mapOf(text)),
  deploy: optional(listOf(oneOf('ingress', 'egress'))),
  ingress: optional(made('a Gateway', 'Gateway')),
  egress: optional(made('a Gateway', 'Gateway')),
  isImplied: anything,
};

/** Id of the gateways that face a peer. */
function vacant(mesh: Mesh, peer: string): string {
  requireScope(mesh, peer, 'gateways of a federation with', 'Mesh');
  const id = `federation.${dnsLabel(peer, mesh.node.path, 'name of the peer')}`;
  if (!known(mesh).has(peer)) return id;
  throw new MeshError(
    'MESH1280',
    `${mesh.node.path}/${id}`,
    `the gateways that face '${peer}' are stated already, here or by a FederationPeering; state them once, before its peerings`,
  );
}

function known(mesh: Mesh): Map<string, FederationGateways> {
  return attached(mesh, 'federation gateways', () => new Map<string, FederationGateways>());
}
