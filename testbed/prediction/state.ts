import { parse, stringify } from 'yaml';
import type { CertificateFact } from '../../lib/verify/world/facts';
import type { Bed } from '../bed/bed';
import type { ClusterSetup } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import type { ObjectWatch } from './watch';

/** All that a prediction is made from: the objects of the API servers, and what no object says. Plain JSON. */
export interface BedState {
  clusters: Record<string, ClusterState>;
  certificates: CertificateFact[];
}

export interface ClusterState {
  /** Certificate authority of its mesh. */
  root: string;
  region?: string;
  zone?: string;
  /** What names from outside resolve to. */
  dns: Record<string, string>;
  /** Address of its router. */
  router?: string;
  /** Codes that pods answer whatever they are asked, by address. */
  failing: Record<string, number>;
  /** Values of Secrets are the names of the certificates that they hold. */
  objects: KubeObject[];
}

/** What a cluster is, besides its objects. */
export interface StateSource {
  name: string;
  setup: ClusterSetup;
  watch: ObjectWatch;
}

/** The state of a bed at this moment. */
export function stateOf(bed: Bed, sources: readonly StateSource[]): BedState {
  const hosts = sources.flatMap(({ name }) => bed.cluster(name).routeHosts());
  return {
    clusters: Object.fromEntries(sources.map((source) => [source.name, clusterState(bed, source, hosts)])),
    certificates: bed.certificates.specs().map(({ eku, san, ...one }) => ({
      ...one,
      ...(san && { san: [...san] }),
      ...(eku && { eku: eku.split(',').map((usage) => usage.trim()) as CertificateFact['eku'] }),
    })),
  };
}

function clusterState(bed: Bed, { name, setup, watch }: StateSource, hosts: readonly string[]): ClusterState {
  const cluster = bed.cluster(name);
  const names = [...Object.keys(setup.dns ?? {}), ...hosts];
  const { region, zone, controlPlane } = setup;
  return {
    root: (controlPlane || undefined)?.root ?? `root-${name}`,
    ...(region !== undefined && { region }),
    ...(zone !== undefined && { zone }),
    dns: Object.fromEntries(
      names.flatMap((each): [string, string][] => {
        const [address] = cluster.resolve(each) ?? [];
        return address === undefined ? [] : [[each, address]];
      }),
    ),
    ...(cluster.routeHosts().length > 0 && { router: cluster.publicAddress('router') }),
    failing: bed.failing(name),
    objects: watch.objects().flatMap((object) => reduced(object, (text) => bed.certificates.named(text))),
  };
}

/**
 * An object without what no prediction reads. Nothing where it is the API server's own.
 *
 * @param named names what PEM texts hold
 */
export function reduced(object: KubeObject, named: (pem: string) => string): KubeObject[] {
  const { kind, metadata, status, ...rest } = object;
  if (metadata.labels?.['kubernetes.io/bootstrapping'] !== undefined) return [];
  if (kind === 'ConfigMap')
    return metadata.name.startsWith('istio') && hasMesh(rest.data) ? [configMap(object, named)] : [];
  const {
    name,
    namespace,
    labels,
    annotations = {},
    ownerReferences,
    creationTimestamp,
    deletionTimestamp,
  } = metadata as KubeObject['metadata'] & Record<string, unknown>;
  const kept = Object.entries(annotations).filter(([key]) => !UNREAD.some((prefix) => key.startsWith(prefix)));
  const small = {
    ...{ name, namespace, labels, ownerReferences, creationTimestamp, deletionTimestamp },
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
  };
  const base = { ...rest, kind, metadata: JSON.parse(JSON.stringify(small)) };
  if (kind === 'Secret') return secret(base as SecretObject, named);
  if (kind === 'Pod') return [pod(base, status)];
  if (kind === 'Route') return [withNamedTls(base, named)];
  if (kind === 'Node') return [{ ...base, spec: {}, status: { addresses: (status as NodeStatus)?.addresses } }];
  return [kind === 'Service' ? { ...base, status } : base];
}

interface NodeStatus {
  addresses?: object[];
}

/** Annotations that say what was done to an object, not what is to be done. */
const UNREAD = ['kubectl.kubernetes.io/', 'deployment.kubernetes.io/', 'sidecar.istio.io/status', 'istio.io/rev'];

const hasMesh = (data: unknown): data is { mesh: string } => typeof (data as { mesh?: unknown })?.mesh === 'string';

function configMap(object: KubeObject, named: (pem: string) => string): KubeObject {
  const { apiVersion, kind, metadata, data } = object;
  const { name, namespace } = metadata;
  const config = parse((data as { mesh: string }).mesh, (_, value) =>
    typeof value === 'string' && value.includes('BEGIN CERTIFICATE') ? named(value) : value,
  );
  return { apiVersion, kind, metadata: { name, namespace }, data: { mesh: stringify(config) } };
}

/** A Route with the names of its certificates. */
function withNamedTls(route: KubeObject, named: (pem: string) => string): KubeObject {
  const { tls, ...spec } = route.spec as { tls?: Record<string, string> };
  if (!tls) return route;
  const each = Object.entries(tls).map(([key, value]) => [key, value.includes('BEGIN') ? named(value) : value]);
  return { ...route, spec: { ...spec, tls: Object.fromEntries(each) } };
}

type SecretObject = KubeObject & { data?: Record<string, string>; type?: string };

function secret({ data = {}, type, ...rest }: SecretObject, named: (pem: string) => string): KubeObject[] {
  if (type === 'kubernetes.io/service-account-token') return [];
  const values = Object.entries(data).map(([key, value]) => [key, named(Buffer.from(value, 'base64').toString())]);
  return [{ ...rest, data: Object.fromEntries(values) }];
}

function pod(object: KubeObject, status: unknown): KubeObject {
  const { phase, podIP } = (status ?? {}) as { phase?: string; podIP?: string };
  const isOwned = Array.isArray((object.metadata as { ownerReferences?: unknown }).ownerReferences);
  return { ...object, ...(isOwned && { spec: {} }), status: { phase, podIP } };
}
