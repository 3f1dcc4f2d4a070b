import type { FleetDocument, MeshFacts } from '../../facts/fleet';
import { isIp } from './addresses';
import type { AddressFact, MeshFact, ServicePortFact, WorldFacts } from './facts';
import { endsTls, fleetRouters } from './fleet-routers';
import { FleetSecrets } from './fleet-secrets';
import type { MeshConfig } from './mesh-config-types';
import { RootNames } from './root-names';

/**
 * What `dist/fleet.json` says, as engines need it: control planes, key pairs and their authorities, and where addresses
 * outside of clusters lead.
 *
 * Two meshes in one cluster cannot be told apart by an engine that knows one control plane per cluster: the first by name
 * stands for the cluster ({@link sharedClusters} names such clusters; `apart` tells them apart before).
 */
export function fleetFacts(document: FleetDocument): WorldFacts {
  const roots = new RootNames(document);
  const meshes: Record<string, MeshFact> = {};
  const domains = new Map(document.clusters.map(({ name, domain }) => [name, domain]));
  for (const mesh of document.meshes) {
    const dnsDomain = domains.get(mesh.cluster);
    meshes[mesh.cluster] ??= {
      ...meshFact(mesh, roots),
      ...(dnsDomain !== undefined && dnsDomain !== 'cluster.local' && { dnsDomain }),
    };
  }
  const { ips, addresses } = addressFacts(document);
  const behind = fleetRouters(document, roots);
  const names = { ...ips, ...behind.ips };
  const dns = Object.fromEntries(document.clusters.map(({ name }) => [name, names]));
  const { certificates, secrets } = new FleetSecrets(document, roots);
  const all = [...certificates, ...behind.certificates];
  return { meshes, dns, addresses, routers: behind.routers, certificates: all, secrets };
}

/** Clusters with more than one mesh. */
export function sharedClusters({ meshes }: FleetDocument): string[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { cluster } of meshes) {
    if (seen.has(cluster)) shared.add(cluster);
    seen.add(cluster);
  }
  return [...shared].sort();
}

function meshFact({ root, controlPlane, trustDomain, istio }: MeshFacts, roots: RootNames): MeshFact {
  const { namespace, outboundTrafficPolicy, pathNormalization, dnsCapture, network, otherRoots } = controlPlane;
  const { revision } = controlPlane;
  const everyProxyAsks = otherRoots?.believedBy === 'everyProxy';
  const proxyMetadata = {
    ...(dnsCapture && { ISTIO_META_DNS_CAPTURE: 'true' }),
    ...(everyProxyAsks && { PROXY_CONFIG_XDS_AGENT: 'true' }),
  };
  const meshConfig: MeshConfig = {
    rootNamespace: namespace,
    trustDomain,
    trustDomainAliases: controlPlane.trustDomainAliases ?? [],
    outboundTrafficPolicy: { mode: outboundTrafficPolicy },
    ...(pathNormalization && { pathNormalization: { normalization: pathNormalization } }),
    ...(otherRoots && {
      caCertificates: otherRoots.roots.map((one) => ({
        pem: `ca:${roots.nameOf(one)}`,
        trustDomains: one.trustDomains,
      })),
    }),
    defaultConfig: { proxyMetadata },
  };
  return {
    istio,
    meshConfig,
    ...(otherRoots && { env: { ISTIO_MULTIROOT_MESH: 'true' } }),
    ...(root && { root: roots.nameOf(root) }),
    ...(network !== undefined && { network }),
    ...(revision !== undefined && { revision }),
  };
}

/**
 * Addresses, with their port, that are said to lead to different gateways: networks that do not know each other may use
 * the same ones.
 */
export function contestedAddresses(document: FleetDocument): ReadonlySet<string> {
  return leadsOf(document).contested;
}

/** Addresses that lead to gateways, and what names resolve to. */
function addressFacts(document: FleetDocument): { ips: Record<string, string>; addresses: AddressFact[] } {
  const { leads } = leadsOf(document);
  const names = [...leads.keys()].filter((address) => !isIp(address));
  const ips = Object.fromEntries(names.map((name, index) => [name, outsideAddress(index)]));
  return { ips, addresses: [...leads].map(([address, ports]) => ({ ip: ips[address] ?? address, ports })) };
}

/** Where each port of an address leads. */
function leadsOf(document: FleetDocument) {
  const leads = new Map<string, Record<number, ServicePortFact>>();
  const contested = new Set<string>();
  const lead = (address: string, port: number, to: ServicePortFact) => {
    const ports = leads.get(address) ?? {};
    leads.set(address, ports);
    const known = ports[port];
    if (known === undefined) ports[port] = to;
    else if (known.cluster !== to.cluster || known.namespace !== to.namespace || known.service !== to.service) {
      contested.add(`${address}:${port}`);
    }
  };
  for (const { cluster, gateways } of document.meshes) {
    for (const { address, namespace, service, ports } of gateways.filter((gateway) => !endsTls(gateway))) {
      // the one port of an address without `ports` is that of an exposure
      const isOfAll = address !== undefined && address.port === undefined;
      for (const host of isOfAll ? address.hosts : []) {
        for (const { number } of ports) {
          lead(host, address?.ports?.[number] ?? number, { cluster, namespace, service, port: number });
        }
      }
    }
  }
  const byName = new Map(
    document.meshes.flatMap(({ name, cluster, gateways }) =>
      gateways.map((gateway) => [`${name} ${gateway.name}`, { ...gateway, cluster }] as const),
    ),
  );
  for (const { provider, exposures } of document.peerings) {
    for (const { host, endpoint, arrival } of exposures) {
      const gateway = arrival && byName.get(`${provider} ${arrival.gateway}`);
      if (!gateway || !endpoint || !arrival || endsTls(gateway)) continue;
      const { cluster, namespace, service } = gateway;
      for (const address of endpoint.addresses ?? (host === undefined ? [] : [host])) {
        lead(address, endpoint.port, { cluster, namespace, service, port: arrival.port });
      }
    }
  }
  return { leads, contested };
}

/** Stands for the address of a name that nobody states (198.18.0.0/15 is for tests alone, RFC 2544). */
const outsideAddress = (index: number): string => `198.18.${Math.floor(index / 250)}.${(index % 250) + 1}`;
