import { Construct } from 'constructs';
import type { Address } from '../facts/address';
import { MeshError } from '../facts/error';
import { checkOptions } from '../facts/guard';
import { requireObject } from '../facts/kind-of';
import { mark } from '../facts/marks';
import { dnsLabel, serviceName } from '../facts/names';
import { serviceHost } from '../facts/service-host';
import { childId } from '../fleet/child-id';
import { Fleet } from '../fleet/fleet';
import type { MeshChart } from '../fleet/mesh-chart';
import { Identity } from '../trust/identity';
import { denyByDefault } from './deny-all';
import { believesOtherRoots, checkExistingPorts, checkGatewayOptions, defaultPorts } from './gateway-checks';
import { gatewayFacts } from './gateway-facts';
import { EXISTING_GATEWAY, OWN_GATEWAY, refuseNotOurs, SMCP_GATEWAY } from './gateway-guards';
import { writeInjectedGateway } from './gateway-injection';
import type {
  ExistingGatewayProps,
  GatewayOptions,
  GatewayProps,
  GatewayRendering,
  SmcpGatewayProps,
  WrittenService,
} from './gateway-options';
import { claimPods, firstAtPods } from './gateway-pods';
import { checkGatewayPorts, type GatewayPort, type GatewayProtocol } from './gateway-port';
import { checkExternalTraffic, checkNodePorts } from './gateway-service';
import type { GatewayPods, GatewaySite } from './gateway-site';
import type { Mesh } from './mesh';
import type { RbacFilter } from './rbac-filter';
import type { RouteFront } from './route-front';
import { writeSecretReader } from './secret-reader';
import { type ServerTlsSettings, serverTlsSettings } from './server-tls';
import { checkSmcpRoots, requireOwnSmcp, smcpPart, smcpPods } from './smcp-gateway';

/** An ingress or egress gateway of a mesh. Many peerings may share one; what exists once for all of them is in its chart. */
export class Gateway extends Construct {
  static {
    mark(Gateway.prototype, 'Gateway');
  }

  /**
   * A gateway that exists; nothing of its deployment is written.
   *
   * @throws MESH1169 for an option of a deployment that is not ours; MESH1120 when it denies by default and the port of
   * its pods is not stated, or has a Route and the name of a port of its Service is not; MESH1001, MESH1110, MESH1111
   * for a malformed name, selector or list of ports.
   */
  public static existing(mesh: Mesh, id: string, props: ExistingGatewayProps): Gateway {
    childId(mesh, id, { kind: 'gateway', scope: 'Mesh' });
    refuseNotOurs(props, `${mesh.node.path}/${id}`, 'the gateway exists, and nothing of its deployment is written');
    checkOptions<ExistingGatewayProps>(props, `${mesh.node.path}/${id}`, EXISTING_GATEWAY);
    checkExistingPorts(props, `${mesh.node.path}/${id}`);
    const service = props.service ?? id;
    const pods = {
      namespace: dnsLabel(props.namespace, `${mesh.node.path}/${id}`, 'namespace'),
      service,
      serviceAccount: props.serviceAccount ?? service,
      isAccountGuessed: props.serviceAccount === undefined,
      selector: props.selector,
    };
    return new Gateway(mesh, id, { ...props, denyByDefault: props.denyByDefault ?? false }, pods);
  }

  /**
   * A gateway that the ServiceMeshControlPlane deploys (OpenShift Service Mesh 2). The ids `istio-ingressgateway` and
   * `istio-egressgateway` are its two standard ones, any other id an additional one.
   *
   * @throws MESH1115 when somebody else writes the control plane: the message holds the fragment to add to it; MESH1117
   * when it shall believe other roots that not every proxy believes.
   */
  public static smcp(mesh: Mesh, id: string, props: SmcpGatewayProps): Gateway {
    childId(mesh, id, { kind: 'gateway', scope: 'Mesh' });
    const where = `${mesh.node.path}/${id}`;
    refuseNotOurs(props, where, 'a ServiceMeshControlPlane has no field for it', SMCP_GATEWAY);
    checkOptions<SmcpGatewayProps>(props, where, SMCP_GATEWAY);
    mesh.platform.require('ServiceMeshControlPlane', where, 'Gateway.smcp');
    checkSmcpRoots(props, mesh.controlPlane, where);
    const gateway = new Gateway(mesh, id, props, smcpPods(mesh.controlPlane, id));
    const part = smcpPart(gateway, props, where);
    requireOwnSmcp(mesh.controlPlane, part, where);
    mesh.addSmcpGateway(part);
    return gateway;
  }

  /** Whether it takes calls into the mesh or out of it. */
  public readonly kind: 'ingress' | 'egress';
  /** Namespace of its pods. */
  public readonly namespace: string;
  /** Name of its Service. */
  public readonly service: string;
  /** ServiceAccount of its pods. */
  public readonly serviceAccount: string;
  /** Labels of its pods, by which Gateway resources select it. */
  public readonly selector: Record<string, string>;
  /** Ports of its Service. */
  public readonly ports: GatewayPort[];
  /** How other clusters reach it; absent: the host of each exposure resolves to it. */
  public readonly address?: Address;
  /** The OpenShift Route in front of it, where there is one. */
  public readonly route?: RouteFront;
  /** @internal what the Service that is written for it says of connections from outside. */
  public readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** Whether it refuses every call that no exposure allows. */
  public readonly denyByDefault: boolean;
  /** How its policies are written. */
  public readonly policies: GatewayRendering;
  /** @internal the one EnvoyFilter that holds its policies, where they are written so. */
  public readonly filter?: RbacFilter;
  /** @internal versions and ciphers of TLS, for exposures that state none. */
  public readonly serverTls?: ServerTlsSettings;
  /** Whether its proxies believe the other roots of their control plane. */
  public readonly believesOtherRoots: boolean;
  /** @internal what exists once for all peerings that share it. */
  public readonly chart: MeshChart;
  /** @internal of several constructs that name the same pods, and so are one gateway, the first. */
  public readonly atPods: Gateway;
  /** Whether its deployment is ours. */
  private readonly isWritten: boolean;
  /** @internal whether nobody states its ServiceAccount. */
  public readonly isAccountGuessed: boolean;
  private readsThem = false;

  /**
   * A gateway deployed by injection: ServiceAccount, Deployment, Service, HorizontalPodAutoscaler,
   * PodDisruptionBudget, and a Role once a Secret is read.
   *
   * @throws MESH1001 for a malformed id; MESH1130 for one that is taken; MESH1108 for an option that an egress gateway
   * cannot have; MESH1110 without a selector; MESH1111 for ports, MESH1113 for replicas, MESH1114 for a node port that
   * do not fit; MESH1152 for externalTrafficPolicy of a Service that nothing outside calls; MESH1164 for resources,
   * MESH1165 for a placement, MESH1166 for a label or annotation, MESH1167 for a load balancer that cannot be had;
   * MESH1159 for serverTls that does not fit together; MESH1117 for believesOtherRoots that the control plane does not
   * know of; MESH1230 for policies in an EnvoyFilter where they cannot be; MESH1231 for pods whose policies another
   * gateway writes otherwise.
   */
  constructor(mesh: Mesh, id: string, props: GatewayProps);
  /** @internal one that somebody else deploys, with where its pods are. */
  constructor(mesh: Mesh, id: string, props: GatewayOptions & WrittenService, pods: GatewayPods);
  constructor(
    /** The mesh that it is of. */
    public readonly mesh: Mesh,
    id: string,
    props: GatewayProps | (GatewayOptions & WrittenService),
    podsElsewhere?: GatewayPods,
  ) {
    super(mesh, childId(mesh, id, { kind: 'gateway', scope: 'Mesh' }));
    const where = this.node.path;
    requireObject(props, where, 'what is stated', "an object with options, such as { kind: 'ingress', namespace: … }");
    const own = podsElsewhere === undefined ? (props as GatewayProps) : undefined;
    if (own) checkOptions<GatewayProps>(own, where, OWN_GATEWAY);
    const pods = podsElsewhere ?? podsOf(mesh, id, (props as GatewayProps).namespace);
    this.kind = props.kind;
    this.namespace = pods.namespace;
    this.service = pods.service;
    this.serviceAccount = pods.serviceAccount;
    this.isAccountGuessed = pods.isAccountGuessed ?? false;
    this.selector = { ...pods.selector };
    this.ports = props.ports ?? defaultPorts(props.kind);
    this.address = props.address;
    this.route = props.route;
    this.externalTrafficPolicy = props.externalTrafficPolicy;
    this.denyByDefault = props.denyByDefault ?? true;
    this.policies = props.policies ?? 'AuthorizationPolicy';
    this.believesOtherRoots = believesOtherRoots(props, mesh.controlPlane, where);
    checkGatewayOptions(props, this, where);
    if (props.serverTls) this.serverTls = serverTlsSettings(props.serverTls, where);
    checkGatewayPorts(this.ports, where);
    checkNodePorts(this, where);
    checkExternalTraffic(this, where);
    claimPods(mesh.cluster, { ...pods, policies: this.policies, where });
    this.atPods = firstAtPods<Gateway>(mesh.cluster, this);
    if (props.route) mesh.platform.require('OpenShift Route', where, 'RouteFront');
    this.chart = mesh.ownChart(this, 'chart', id);
    this.isWritten = own !== undefined;
    const site = this.site();
    if (own) writeInjectedGateway(site, own);
    if (this.denyByDefault) this.filter = denyByDefault(site, this.policies);
    Fleet.of(this).register.addGateway(mesh.node.path, () => gatewayFacts(this));
  }

  /** Name of the gateway: its id. */
  public get name(): string {
    return this.node.id;
  }

  /** Fully qualified name of its Service. */
  public get host(): string {
    return serviceHost(this.service, this.namespace, this.mesh.cluster.domain);
  }

  /** Who it is inside its mesh; of one that exists by the name of its Service, where its ServiceAccount is not stated. */
  public get identity(): Identity<'spiffe'> {
    return Identity.spiffe(`${this.mesh.trustDomain}/ns/${this.namespace}/sa/${this.serviceAccount}`);
  }

  /**
   * @internal who it is, for a policy that lets nobody else through.
   *
   * @throws MESH1177 for one that exists, and whose ServiceAccount nobody states.
   */
  public knownIdentity(where: string): Identity<'spiffe'> {
    if (!this.isAccountGuessed) return this.identity;
    throw new MeshError(
      'MESH1177',
      where,
      `a policy lets gateway ${this.node.path} through by its ServiceAccount, which nobody states; state serviceAccount: '${this.service}', if its pods run as that (istioctl calls it '${this.service}-service-account')`,
    );
  }

  /**
   * The port for a kind of traffic; TLS that is passed on may share the port of TLS that is ended.
   *
   * @throws MESH1112 when it has none.
   */
  public portFor(protocol: GatewayProtocol): GatewayPort {
    const firstOf = (name: GatewayProtocol) => this.ports.find((own) => own.protocol === name);
    const port = firstOf(protocol) ?? (protocol === 'tls' ? firstOf('https') : undefined);
    if (port === undefined) {
      const has = this.ports.map((own) => `${own.protocol} ${own.number}`).join(', ');
      throw new MeshError(
        'MESH1112',
        this.node.path,
        `the gateway has no ${protocol} port, it has ${has}; add GatewayPort.${protocol}(${protocol === 'tcp' ? '<number>' : ''})`,
      );
    }
    return port;
  }

  private site(): GatewaySite {
    const { chart, name, kind, namespace, service, serviceAccount, selector, ports, address, route } = this;
    const { host, externalTrafficPolicy } = this;
    const { platform, controlPlane, injection } = this.mesh;
    return {
      chart,
      name,
      kind,
      namespace,
      service,
      serviceAccount,
      selector,
      ports,
      host,
      podLabels: injection.ofPods,
      address,
      route,
      externalTrafficPolicy,
      platform,
      // where every proxy asks for roots, the mesh's defaults say so
      asksForRoots: this.believesOtherRoots && controlPlane.otherRoots?.reach === 'gateways',
      where: this.node.path,
    };
  }

  /** @internal lets its proxies read Secrets of their namespace; a gateway that reads none has no right to. */
  public readsSecrets(): void {
    if (!this.isWritten || this.readsThem) return;
    this.readsThem = true;
    writeSecretReader(this.chart, {
      name: this.service,
      namespace: this.namespace,
      serviceAccounts: [this.serviceAccount],
    });
  }
}

/** Pods that we deploy are named after the gateway. */
function podsOf(mesh: Mesh, id: string, namespace: string): GatewayPods {
  return {
    namespace: dnsLabel(namespace, `${mesh.node.path}/${id}`, 'namespace'),
    service: serviceName(id, mesh.node.path, 'gateway id'),
    serviceAccount: id,
    selector: { istio: id },
  };
}
