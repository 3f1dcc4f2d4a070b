import type { ExposureSummary, FleetDocument, GatewayFacts, MeshFacts, PeeringSummary } from '../../facts/fleet';
import { spiffeIdOf } from '../../facts/principal';
import { serviceOfHost } from '../world/outside';
import { arrivingHost } from './exposure';

/** A SPIFFE ID, or what a principal of a policy stands for: `*` is any. */
export interface Identity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly account: string;
}

/** Who is stated to call a host through a gateway. */
export class HostCallers {
  /** Whether anybody may be meant. */
  private isOpen = false;
  private readonly exact = new Set<string>();
  private readonly wider: Identity[] = [];

  public add(callers: 'everybody' | readonly Identity[]): void {
    if (callers === 'everybody') {
      this.isOpen = true;
      return;
    }
    for (const one of callers) {
      if (PARTS.some((part) => one[part] === '*')) this.wider.push(one);
      else this.exact.add(textOf(one));
    }
  }

  /** Whether they are all whom an identity stands for. */
  public includes(identity: Identity): boolean {
    const isNamed = this.isOpen || this.exact.has(textOf(identity));
    return (
      isNamed || this.wider.some((all) => PARTS.every((part) => all[part] === '*' || all[part] === identity[part]))
    );
  }
}

const PARTS = ['trustDomain', 'namespace', 'account'] as const;
const textOf = ({ trustDomain, namespace, account }: Identity): string => `${trustDomain} ${namespace} ${account}`;

/** Who is stated to call through a gateway, by host. */
export type GatewayCallers = ReadonlyMap<string, HostCallers>;

/** What a principal of a policy in a mesh stands for: `cluster.local` and aliases are its own trust domain. */
export function identityOf(principal: string, { trustDomain, controlPlane }: MeshFacts): Identity {
  const [domain, ...rest] = principal.split('/');
  const [, namespace = '*', account = '*'] = /^(?:ns\/([^/]+))?(?:\/?(?:sa\/)?([^/]+))?$/.exec(rest.join('/')) ?? [];
  const isOwn = domain === 'cluster.local' || controlPlane.trustDomainAliases?.includes(domain) === true;
  return { trustDomain: isOwn ? trustDomain : domain, namespace, account };
}

/** Whom peerings let through the gateways of the fleet, by `<mesh> <gateway>`. */
export function peeringCallers({ meshes, peerings }: FleetDocument): ReadonlyMap<string, GatewayCallers> {
  const byName = new Map(meshes.map((mesh) => [mesh.name, mesh]));
  const found = new Map<string, Map<string, HostCallers>>();
  const add = (mesh: MeshFacts, gateway: string, host: string, callers: 'everybody' | readonly Identity[]): void => {
    const hosts = found.get(`${mesh.name} ${gateway}`) ?? new Map<string, HostCallers>();
    found.set(`${mesh.name} ${gateway}`, hosts);
    const known = hosts.get(host) ?? new HostCallers();
    hosts.set(host, known);
    known.add(callers);
  };
  for (const peering of peerings) {
    const [consumer, provider] = [byName.get(peering.consumer), byName.get(peering.provider)];
    for (const exposure of peering.exposures) {
      const { host, arrival, nextHop } = exposure;
      // between private gateways callers dial any name; the first gateway gets the authority, the second one the SNI
      const leaving = host ?? nextHop?.authority;
      const arriving = arrivingHost(exposure);
      const egress = consumer && egressOf(consumer, exposure)?.name;
      if (egress !== undefined && leaving !== undefined) {
        add(consumer as MeshFacts, egress, leaving, callersOf(peering, consumer as MeshFacts));
      }
      if (provider && arrival && arriving !== undefined) {
        add(provider, arrival.gateway, arriving, clientsOf(peering, exposure, provider));
      }
    }
  }
  return found;
}

/** The consumer's gateway that an exposure leads through. */
export function egressOf({ gateways }: MeshFacts, { nextHop }: ExposureSummary): GatewayFacts | undefined {
  const place = nextHop && serviceOfHost(nextHop.host);
  return gateways.find(({ service, namespace }) => service === place?.name && namespace === place.namespace);
}

/** Workloads of the consumer that use a peering. */
function callersOf({ callers }: PeeringSummary, { trustDomain }: MeshFacts): 'everybody' | Identity[] {
  if (callers === undefined) return 'everybody';
  const { namespaces, serviceAccounts } = callers;
  if (serviceAccounts === undefined) return namespaces.map((namespace) => ({ trustDomain, namespace, account: '*' }));
  return serviceAccounts.map((one) => {
    const [namespace, account] = one.split('/');
    return { trustDomain, namespace, account };
  });
}

/** Who calls at the provider's gateway. Where a peering does not say it, anybody may be meant. */
function clientsOf(
  { client, clientCertificate, tls }: PeeringSummary,
  { access }: ExposureSummary,
  provider: MeshFacts,
): 'everybody' | Identity[] {
  if (tls !== 'mutual' || clientCertificate === 'optional') return 'everybody';
  const own = client && spiffeIdOf(client.subjectAltName);
  const named = access.map(({ from }) => from ?? (own === undefined ? undefined : [own]));
  return named.some((one) => one === undefined)
    ? 'everybody'
    : named.flatMap((one = []) => one.map((id) => identityOf(id, provider)));
}
