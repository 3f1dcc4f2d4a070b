import type { ExposureSummary, FleetDocument, PeeringSummary } from '../../facts/fleet';
import { isHttp, isHttp2 } from '../../facts/port';
import { isIp, madeUpAddress } from './addresses';
import {
  type AddressFact,
  type ApplicationFact,
  type CertificateFact,
  type SecretFact,
  UNKNOWN_AUTHORITY,
} from './facts';
import { subjectAltName } from './fleet-secrets';
import { type Resource, resource } from './resource';
import type { RootNames } from './root-names';

/** Where servers and clients are that are in no mesh of the fleet: no name of a cluster. */
export const OUTSIDE = '(outside)';

/** Namespace of servers as a cluster sees them: what one knows by a name is not what another does; an address is. */
const seenFrom = (cluster: string, host: string): string => (isIp(host) ? 'by-address' : `seen-from-${cluster}`);

/** What stands for servers that no mesh of the fleet has. */
export interface Outside {
  readonly resources: Resource[];
  readonly images: Record<string, ApplicationFact>;
  readonly certificates: CertificateFact[];
  readonly secrets: SecretFact[];
  readonly addresses: AddressFact[];
  /** What names resolve to, by cluster. */
  readonly names: Record<string, Record<string, string>>;
}

/** Of all names of a domain one that stands for them: proxies resolve the name of each call. */
export const oneName = (host: string): string => (host.startsWith('*.') ? `any${host.slice(1)}` : host);

/** The address at which a server outside is reached, as far as it is stated. */
export function outsideServer({
  host,
  endpoint,
}: Pick<ExposureSummary, 'host' | 'endpoint'>): { host: string; port: number } | undefined {
  const [address = host] = endpoint?.addresses ?? [];
  return endpoint && address !== undefined ? { host: oneName(address), port: endpoint.port } : undefined;
}

/** Id of the workload that stands for a server. */
export function outsideId(cluster: string, { host, port }: { host: string; port: number }): string {
  const inside = serviceOfHost(host);
  return inside
    ? `${cluster}/${inside.namespace}/${inside.name}`
    : `${OUTSIDE}/${seenFrom(cluster, host)}/${host}-${port}`;
}

/** Namespace and name of the Service that a host is of. */
export function serviceOfHost(host: string): { namespace: string; name: string } | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? [];
  return name === undefined ? undefined : { name, namespace };
}

/** Servers in no mesh of the fleet, each with the certificate that its peering says it has. */
export function outsideServers(document: FleetDocument, roots: RootNames, given: readonly Resource[]): Outside {
  const made: Outside = { resources: [], images: {}, certificates: [], secrets: [], addresses: [], names: {} };
  const clusterOf = new Map(document.meshes.map(({ name, cluster }) => [name, cluster]));
  const seen = new Set(
    given
      .filter(({ kind }) => kind === 'Service')
      .map(({ cluster, namespace, name }) => `${cluster}/${namespace}/${name}`),
  );
  const byAddress = new Map<string, AddressFact>();
  const called = document.peerings.flatMap((peering) => serversOf(peering, clusterOf));
  const several = severalProtocols(document, clusterOf);
  const namesOf = (cluster: string) => {
    made.names[cluster] ??= {};
    return made.names[cluster];
  };
  /** An address by which a cluster reaches one of the servers. */
  const lead = (cluster: string, host: string, server: { host: string; port: number }) => {
    const names = namesOf(cluster);
    if (!isIp(host)) names[host] ??= madeUpAddress(byAddress.size);
    const ip = names[host] ?? host;
    const address = byAddress.get(ip) ?? { ip, ports: {} };
    const service = `${server.host}-${server.port}`;
    const to = { cluster: OUTSIDE, namespace: seenFrom(cluster, server.host), service, port: server.port };
    byAddress.set(ip, { ip, ports: { ...address.ports, [server.port]: to } });
  };
  for (const { cluster, peering, exposures } of called) {
    const { hosts = [], port = 0 } = peering.through ?? {};
    const proxy = hosts.length > 0 && exposures.length > 0 ? { host: hosts[0], port } : undefined;
    const proxyId = proxy && outsideId(cluster, proxy);
    if (proxy && proxyId !== undefined && !seen.has(proxyId)) {
      seen.add(proxyId);
      // it knows the servers, also where the cluster does not
      const application: ApplicationFact = { speaks: 'connect', names: namesOf(cluster) };
      addServer(made, { id: proxyId, port, application, certificate: undefined, clients: UNKNOWN_AUTHORITY });
      if (proxyId.startsWith(OUTSIDE)) for (const host of hosts) lead(cluster, host, proxy);
    }
    for (const exposure of exposures) {
      const server = outsideServer(exposure);
      const id = server && outsideId(cluster, server);
      if (!server || id === undefined || seen.has(id)) continue;
      seen.add(id);
      const clients = peering.client?.signer ? roots.nameOf(peering.client.signer) : UNKNOWN_AUTHORITY;
      const certificate = certificateOf(peering, exposure, id, roots);
      const application = applicationOf(peering, exposure, several.has(id));
      addServer(made, { id, port: server.port, application, certificate, clients });
      if (id.startsWith(OUTSIDE)) lead(cluster, server.host, server);
    }
  }
  made.addresses.push(...byAddress.values());
  return made;
}

/** Servers in no mesh, by the cluster whose proxies connect to them. */
interface Called {
  readonly cluster: string;
  readonly peering: Pick<PeeringSummary, 'tls' | 'server' | 'client' | 'through'>;
  readonly exposures: readonly Pick<ExposureSummary, 'host' | 'endpoint' | 'protocol' | 'servers'>[];
}

/** Those that a peering leads to: the provider itself, or what is behind its gateway. */
function serversOf(peering: PeeringSummary, clusterOf: ReadonlyMap<string, string>): Called[] {
  const { consumer, provider, exposures } = peering;
  const [own, other] = [clusterOf.get(consumer), clusterOf.get(provider)];
  if (other === undefined) return own === undefined ? [] : [{ cluster: own, peering, exposures }];
  return exposures.flatMap(({ onward }) => (onward ? [{ cluster: other, peering: onward, exposures: [onward] }] : []));
}

/** Servers that exposures of several protocols lead to. */
function severalProtocols({ peerings }: FleetDocument, clusterOf: ReadonlyMap<string, string>): Set<string> {
  const protocols = new Map<string, string>();
  const several = new Set<string>();
  for (const { consumer, exposures } of peerings) {
    const cluster = clusterOf.get(consumer);
    for (const exposure of cluster === undefined ? [] : exposures) {
      const server = outsideServer(exposure);
      if (!server || cluster === undefined) continue;
      const id = outsideId(cluster, server);
      if ((protocols.get(id) ?? exposure.protocol) !== exposure.protocol) several.add(id);
      protocols.set(id, exposure.protocol);
    }
  }
  return several;
}

/** @param isAny whether it takes several protocols: a gateway, which leads them on. */
function applicationOf(
  { tls }: Called['peering'],
  { protocol }: Called['exposures'][number],
  isAny: boolean,
): ApplicationFact {
  const isClear = tls === 'plain' && protocol !== 'tls';
  const asHttp = isHttp(protocol) && !isAny;
  const speaks = asHttp ? (isClear ? 'http' : 'https') : isClear ? 'tcp' : 'tls';
  const certificate = { directory: '/certs', ...(tls === 'mutual' && { clientCa: 'ca.crt' }) };
  return { speaks, http2: isHttp2(protocol), ...(!isClear && { certificate }) };
}

function certificateOf(
  { tls, server }: Called['peering'],
  { servers, host, protocol }: Called['exposures'][number],
  name: string,
  roots: RootNames,
): CertificateFact | undefined {
  if (tls === 'plain' && protocol !== 'tls') return undefined;
  const names = server ? [server.subjectAltName] : (servers?.map((id) => `spiffe://${id}`) ?? (host ? [host] : []));
  const ca = server?.signer ? roots.nameOf(server.signer) : UNKNOWN_AUTHORITY;
  return { name, ca, san: names.map(subjectAltName) };
}

interface Server {
  readonly id: string;
  readonly port: number;
  readonly application: ApplicationFact;
  readonly certificate: CertificateFact | undefined;
  /** Who signs its clients. */
  readonly clients: string;
}

function addServer(made: Outside, { id, port, application, certificate, clients }: Server): void {
  const [cluster, namespace, name] = id.split('/');
  const image = `server-${Object.keys(made.images).length}`;
  const labels = { app: name, 'sidecar.istio.io/inject': 'false' };
  const protocol = application.speaks === 'http' ? (application.http2 ? 'http2' : 'http') : application.speaks;
  const volumes = certificate ? [{ name: 'certs', secret: { secretName: name } }] : [];
  const volumeMounts = certificate ? [{ name: 'certs', mountPath: '/certs' }] : [];
  const ports = [{ containerPort: port }];
  const metadata = { name, namespace };
  made.images[image] = application;
  made.resources.push(
    resource(cluster, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ name: protocol, port, targetPort: port }] },
    }),
    resource(cluster, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels },
      spec: { containers: [{ name: 'server', image, ports, volumeMounts }], volumes },
    }),
  );
  if (!certificate) return;
  made.certificates.push(certificate);
  made.secrets.push({
    ...{ cluster, namespace, name },
    data: { 'tls.crt': `cert:${certificate.name}`, 'tls.key': `key:${certificate.name}`, 'ca.crt': `ca:${clients}` },
  });
}
