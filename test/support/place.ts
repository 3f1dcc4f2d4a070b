import * as fc from 'fast-check';
import {
  Address,
  Cluster,
  ControlPlane,
  type Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Istio,
  Mesh,
  type MeshService,
  Ossm,
  Port,
  type Protocol,
} from '../../lib';
import type { Exposed } from './strategies/strategy';

/** A mesh with what peerings share there, as data. */
export interface MeshShape {
  readonly platform: keyof typeof PLATFORMS;
  readonly ingress: {
    readonly ports: keyof typeof INGRESS_PORTS;
    readonly address: keyof typeof ADDRESSES;
    readonly denyByDefault: boolean;
  };
  readonly egress: {
    /** Whether TLS that is passed on has a port of its own. */
    readonly hasTlsPort: boolean;
    readonly denyByDefault: boolean;
  };
}

const PLATFORMS = { istio: () => Istio.v1_31(), ossm3: () => Ossm.v3(), ossm2: () => Ossm.v2_6() };

/** Where callers, services and gateways are. */
const NAMESPACES = ['a', 'a-b', 'batch', 'broker', 'egress', 'gateways', 'mesh', 'travel'];

/** Services of random fleets and their subsets: each has a port of a gateway for its bytes, for all consumers. */
const SERVICES = ['a/b-c', 'a-b/c', 'a/b', 'egress/a', 'mesh/a', 'broker/insurances', 'broker/quotes'];
const SUBSETS = [undefined, 'v1', 'egress', 'mesh'];
const FIRST_TCP_PORT = 31400;

/** The port of an ingress gateway that bytes of a service have for themselves. */
export function tcpGatewayPort({ service, subset }: Exposed): number {
  return FIRST_TCP_PORT + SERVICES.indexOf(service.join('/')) * SUBSETS.length + SUBSETS.indexOf(subset);
}

/** All such ports. */
export function tcpGatewayPorts(): number[] {
  return [...Array(SERVICES.length * SUBSETS.length).keys()].map((index) => FIRST_TCP_PORT + index);
}

const INGRESS_PORTS = {
  all: () => [
    GatewayPort.http(),
    GatewayPort.https(),
    GatewayPort.tls(),
    ...tcpGatewayPorts().map((number) => GatewayPort.tcp(number)),
  ],
  bytes: () => tcpGatewayPorts().map((number) => GatewayPort.tcp(number)),
  http: () => [GatewayPort.http()],
  https: () => [GatewayPort.https()],
  'https at 8443': () => [GatewayPort.https(8443)],
};

/** How others reach an ingress gateway. */
export const ADDRESSES = {
  'the host itself': undefined,
  'a name': Address.hostname('lb.partner.example'),
  'IP addresses': Address.ip('192.0.2.1', '192.0.2.2'),
  'a port of nodes': Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }),
};

/** The mesh that examples start from. */
export const USUAL: MeshShape = {
  platform: 'istio',
  ingress: { ports: 'all', address: 'the host itself', denyByDefault: true },
  egress: { hasTlsPort: false, denyByDefault: true },
};

const mostly = fc.constantFrom(true, true, true, false);

/** Any mesh, with an ingress and an egress gateway. */
export const anyMesh: fc.Arbitrary<MeshShape> = fc
  .record<MeshShape>({
    platform: fc.constantFrom('istio', 'istio', 'ossm3', 'ossm2'),
    ingress: fc.record({
      ports: fc.constantFrom('all', 'all', 'all', 'http', 'https', 'https at 8443'),
      address: fc.constantFrom('the host itself', 'a name', 'IP addresses', 'a port of nodes'),
      denyByDefault: mostly,
    }),
    egress: fc.record({ hasTlsPort: fc.boolean(), denyByDefault: mostly }),
  })
  // one port of the nodes leads to one port of the gateway
  .filter(({ ingress }) => ingress.ports !== 'all' || ingress.address !== 'a port of nodes');

/** DNS domain of the cluster of a mesh: one has its own. */
export const domainOf = (id: string): string => (id === 'b' ? 'corp.internal' : 'cluster.local');

/** A mesh of ours in a cluster of its own, both its gateways in one namespace. */
export class Place {
  public readonly kind = 'place';
  public readonly mesh: Mesh;
  public readonly ingress: Gateway;
  public readonly egress: Gateway;
  private readonly services = new Map<string, MeshService<Protocol>>();
  private readonly gateways = new Map<string, Gateway>();

  constructor(fleet: Fleet, id: string, { platform, ingress, egress }: MeshShape) {
    this.mesh = new Mesh(new Cluster(fleet, `cluster-${id}`, { domain: domainOf(id) }), id, {
      platform: PLATFORMS[platform](),
      // so that callers find hosts of tcp ports
      controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true }),
      trustDomain: `${id}.example`,
    });
    for (const namespace of NAMESPACES) this.mesh.namespace(namespace);
    this.ingress = this.gateway('public', {
      kind: 'ingress',
      ports: INGRESS_PORTS[ingress.ports](),
      address: ADDRESSES[ingress.address],
      denyByDefault: ingress.denyByDefault,
    });
    this.egress = this.gateway('out', {
      kind: 'egress',
      ports: [GatewayPort.https(), ...(egress.hasTlsPort ? [GatewayPort.tls()] : [])],
      denyByDefault: egress.denyByDefault,
    });
  }

  /** A gateway of the mesh, made when it is first asked for. */
  public gateway(id: string, props: Omit<GatewayProps, 'namespace'>): Gateway {
    const made = this.gateways.get(id) ?? new Gateway(this.mesh, id, { namespace: 'gateways', ...props });
    this.gateways.set(id, made);
    return made;
  }

  /** A service of the mesh; one of each name speaks each protocol. */
  public service({ service: [namespace, plain] }: Exposed, protocol: Protocol): MeshService<Protocol> {
    const name = nameOf(plain, protocol);
    const stated =
      this.services.get(`${namespace}/${name}`) ??
      this.mesh.service(name, {
        namespace,
        ports: [portOf(protocol)],
        subsets: { v1: { version: 'v1' }, egress: { version: 'egress' }, mesh: { version: 'mesh' } },
      });
    this.services.set(`${namespace}/${name}`, stated);
    return stated;
  }
}

/** How a contract calls an exposed service of a place. */
export function keyOf({ service: [namespace, name], subset }: Exposed, protocol: Protocol): string {
  const { number } = portOf(protocol);
  return `${namespace}/${nameOf(name, protocol)}:${number}${subset === undefined ? '' : `/${subset}`}`;
}

const nameOf = (name: string, protocol: Protocol) => (protocol === 'http' ? name : `${name}-${protocol}`);

/** A port by what flows through it. */
export function portOf(protocol: Protocol, number?: number): Port<Protocol> {
  switch (protocol) {
    case 'tls':
      return Port.tls(number ?? 8443);
    case 'tcp':
      return Port.tcp(number ?? 9000);
    default:
      return Port.http(number ?? 8000);
  }
}
