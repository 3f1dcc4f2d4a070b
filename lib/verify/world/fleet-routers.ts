import type { FleetDocument, GatewayFacts } from '../../facts/fleet';
import { isIp } from './addresses';
import { type CertificateFact, type RouterFact, UNKNOWN_AUTHORITY } from './facts';
import { subjectAltName } from './fleet-secrets';
import type { RootNames } from './root-names';

/** Routers that end the TLS of callers before a gateway. */
export interface FleetRouters {
  /** By cluster. */
  readonly routers: Readonly<Record<string, RouterFact>>;
  readonly certificates: readonly CertificateFact[];
  /** Their addresses, by the names that lead to them. */
  readonly ips: Readonly<Record<string, string>>;
}

/** Whether calls come to the gateway by a Route that ends their TLS. */
export const endsTls = ({ route }: GatewayFacts): boolean => route === 'edge' || route === 'reencrypt';

/** Routers of OpenShift as a fleet speaks of them: of each host they have the certificate that its peering states. */
export function fleetRouters({ clusters, meshes, peerings }: FleetDocument, roots: RootNames): FleetRouters {
  const behind = new Map(
    meshes.flatMap(({ name, cluster, gateways }) =>
      gateways.filter(endsTls).map((gateway) => [`${name} ${gateway.name}`, cluster] as const),
    ),
  );
  const routers: Record<string, RouterFact & { moreAddresses: string[]; certificates: Record<string, string> }> = {};
  const certificates = new Map<string, CertificateFact>();
  const ips: Record<string, string> = {};
  for (const { provider, server, exposures } of peerings) {
    for (const { host, endpoint, arrival } of exposures) {
      const cluster = arrival && behind.get(`${provider} ${arrival.gateway}`);
      if (cluster === undefined || host === undefined) continue;
      const index = clusters.findIndex(({ name }) => name === cluster);
      routers[cluster] ??= { address: routerAddress(index), moreAddresses: [], certificates: {} };
      const router = routers[cluster];
      for (const address of endpoint?.addresses ?? [host]) {
        if (isIp(address)) router.moreAddresses.push(address);
        else ips[address] = router.address;
      }
      if (!server) continue;
      const name = `router of ${host} @${cluster}`;
      router.certificates[host.toLowerCase()] = name;
      const ca = server.signer ? roots.nameOf(server.signer) : UNKNOWN_AUTHORITY;
      certificates.set(name, { name, ca, san: [subjectAltName(server.subjectAltName)] });
    }
  }
  return { routers, certificates: [...certificates.values()], ips };
}

/** Of the range that is for tests alone (RFC 2544), one that stands for no name. */
const routerAddress = (index: number): string => `198.18.${250 + Math.floor(index / 250)}.${(index % 250) + 1}`;
