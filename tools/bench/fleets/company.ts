import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  type ExposeOptions,
  type Exposure,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  type MeshService,
  MtlsPolicy,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../../lib';
import { inOrder, type Order, range } from './order';

/** A company: every cluster has meshes, and every mesh calls services of the next ones. */
export interface CompanyProps {
  readonly clusters: number;
  /** Meshes of a cluster. @default 1 */
  readonly meshes?: number;
  /** Namespaces of a mesh that are written, besides that of the gateways. @default 8 */
  readonly namespaces?: number;
  /** Services of a mesh. @default 8 */
  readonly services?: number;
  /** Peerings of a mesh as consumer: two of three through its egress gateway, the third from the sidecars. @default 3 */
  readonly peerings?: number;
  /** Exposures of a peering. @default 3 */
  readonly exposures?: number;
  /** Routings of a mesh: two of three for an alias, the third for a service of the mesh. @default 6 */
  readonly routings?: number;
  /** Whether the peerings of a mesh share an egress gateway. @default true */
  readonly sharedGateways?: boolean;
  /** In which order statements are made, which changes no byte. @default - as they come */
  readonly order?: Order;
  /** A mesh, by its number, that has one Routing more: the one change in a fleet. @default - none */
  readonly changed?: number;
}

interface Site {
  readonly number: number;
  readonly domain: string;
  readonly mesh: Mesh;
  readonly services: ReadonlyMap<number, MeshService<'http'>>;
  readonly ingress: Gateway;
  /** Hosts of one gateway have one protection: clear text goes to one of its own. */
  readonly open: Gateway;
  readonly egressOf: (peering: number) => Gateway;
}

/** Both strategies take a service of a mesh. */
interface Exposing {
  expose(service: MeshService<'http'>, options: ExposeOptions): Exposure<'http'>;
}

const GATEWAYS = 'gateways';
const CORPORATE = TrustBundle.declared('corporate');

/** States a company. With the defaults 98 objects in 24 files for each cluster. */
export function company(fleet: Fleet, props: CompanyProps): void {
  const { meshes = 1, clusters, order = inOrder } = props;
  const sites = new Map<number, Site>();
  for (const index of order(range(clusters))) {
    const cluster = new Cluster(fleet, `c${index}`);
    for (const inside of order(range(meshes))) {
      const number = index * meshes + inside;
      sites.set(number, site(cluster, `m${index}-${inside}`, { number, inside, props }));
    }
  }
  for (const consumer of sites.values()) {
    const exposed = peerings(fleet, consumer, sites, props);
    routings(consumer, exposed, props);
  }
}

function site(
  cluster: Cluster,
  id: string,
  place: { readonly number: number; readonly inside: number; readonly props: CompanyProps },
): Site {
  const { number, inside, props } = place;
  const { namespaces = 8, services: count = 8, sharedGateways = true, order = inOrder } = props;
  const domain = `${id}.example.com`;
  const mesh = new Mesh(cluster, id, {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing(`istio-system-${inside}`, { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
    trustDomain: domain,
  });
  const own = (name: string) => `${name}-${inside}`;
  mesh.namespace(own(GATEWAYS), { create: true });
  for (const team of order(range(namespaces))) {
    mesh.namespace(own(`team-${team}`), { create: true, labels: { team: `t${team}` } });
  }
  const services = new Map<number, MeshService<'http'>>();
  for (const service of order(range(count))) {
    const namespace = own(`team-${service % namespaces}`);
    const subsets = service % 2 === 0 ? { v1: { version: 'v1' }, v2: { version: 'v2' } } : undefined;
    services.set(service, mesh.service(`svc-${service}`, { namespace, ports: [Port.http(8000)], subsets }));
  }
  new MtlsPolicy(mesh, 'strict', { mode: 'STRICT' });
  const gateway = (name: string, kind: 'ingress' | 'egress') =>
    new Gateway(mesh, own(name), {
      kind,
      namespace: own(GATEWAYS),
      ...(kind === 'ingress' && { address: Address.hostname(`ingress.${domain}`) }),
    });
  const shared = sharedGateways ? gateway('egress', 'egress') : undefined;
  return {
    ...{ number, domain, mesh, services },
    ingress: gateway('ingress', 'ingress'),
    open: Gateway.existing(mesh, own('open'), {
      kind: 'ingress',
      namespace: own(GATEWAYS),
      selector: { istio: own('open') },
    }),
    egressOf: (peering) => shared ?? gateway(`egress-${peering}`, 'egress'),
  };
}

/** Exposures for a consumer, by their number. */
function peerings(
  fleet: Fleet,
  consumer: Site,
  sites: ReadonlyMap<number, Site>,
  props: CompanyProps,
): Map<number, Exposure<'http'>> {
  const { peerings: count = 3, exposures = 3, services = 8, order = inOrder } = props;
  const exposed = new Map<number, Exposure<'http'>>();
  for (const index of order(range(Math.min(count, sites.size - 1)))) {
    const provider = sites.get((consumer.number + index + 1) % sites.size) as Site;
    const isDirect = index % 3 === 2;
    const peering: Exposing = isDirect
      ? direct(fleet, consumer, provider)
      : throughEgress(fleet, consumer, provider, index);
    for (const number of order(range(exposures))) {
      const service = (index + number) % services;
      const exposure = peering.expose(provider.services.get(service) as MeshService<'http'>, {
        host: `svc-${service}.${isDirect ? 'open.' : ''}${provider.domain}`,
        allow: [Access.http({ methods: ['GET', 'POST'], paths: [`/svc-${service}/*`, '/health'] })],
        ...(service % 4 === 0 && { subset: 'v1' }),
      });
      exposed.set(index * exposures + number, exposure);
    }
  }
  return exposed;
}

const idOf = (consumer: Site, provider: Site) => `${consumer.mesh.node.id}--${provider.mesh.node.id}`;

const firstTeams = ({ mesh }: Site, count: number) => {
  const teams = mesh.namespaces.filter((namespace) => namespace.startsWith('team-'));
  return Callers.namespaces(...teams.slice(0, count));
};

function direct(fleet: Fleet, consumer: Site, provider: Site): DirectPeering {
  return new DirectPeering(fleet, idOf(consumer, provider), {
    consumer: consumer.mesh,
    provider: provider.mesh,
    ingress: provider.open,
    tls: PeeringTls.plain(),
    callers: firstTeams(consumer, 1),
  });
}

function throughEgress(fleet: Fleet, consumer: Site, provider: Site, index: number): EgressGatewayPeering {
  const egress = consumer.egressOf(index);
  const client = Identity.spiffe(`${consumer.domain}/ns/${egress.namespace}/sa/${egress.node.id}`);
  const server = Identity.dns(`ingress.${provider.domain}`);
  return new EgressGatewayPeering(fleet, idOf(consumer, provider), {
    consumer: consumer.mesh,
    provider: provider.mesh,
    egress,
    ingress: provider.ingress,
    tls: PeeringTls.mutual({
      client: Credential.secret('egress-cert', { identity: client, signer: CORPORATE }),
      server: Credential.secret('ingress-cert', { identity: server, signer: CORPORATE }),
    }),
    callers: firstTeams(consumer, 2),
  });
}

function routings({ number, mesh, services }: Site, exposed: Map<number, Exposure<'http'>>, props: CompanyProps): void {
  const { routings: count = 6, services: known = 8, changed, order = inOrder } = props;
  const total = Math.min(count, exposed.size) + (number === changed ? 1 : 0);
  for (const index of order(range(total))) {
    const exposure = exposed.get(index % exposed.size) as Exposure<'http'>;
    const id = `route-${index}`;
    if (index % 3 === 2) {
      const local = services.get(index % known) as MeshService<'http'>;
      const rest = index % known === 0 || index % 2 === 0 ? local.subset('v1') : local;
      const cities = Rule.paths(['/premium/London', '/premium/Rome', '/premium/Paris']).to(exposure);
      new Routing(mesh, id, { host: local, rules: [cities, Rule.otherwise().to(rest)] });
    } else {
      const [namespace] = mesh.namespaces.filter((name) => name.startsWith('team-'));
      const alias = mesh.alias(`remote-${index}`, { namespace, port: Port.http(80) });
      new Routing(mesh, id, { host: alias, rules: [Rule.otherwise().to(exposure)] });
    }
  }
}
