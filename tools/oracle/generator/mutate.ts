import type { Manifest } from '../../../lib/facts/manifest';
import { isGatewayApi } from '../../../lib/verify/world/gateway-api';
import { describe, type Resource, resource } from '../../../lib/verify/world/resource';
import type { Random } from '../../random';
import type { Vocabulary } from './vocabulary';

const KINDS = [
  ...['ServiceEntry', 'VirtualService', 'DestinationRule', 'Gateway', 'PeerAuthentication', 'AuthorizationPolicy'],
  ...['Service', 'Sidecar'],
];

type Path = readonly (string | number)[];
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Changes, moves or removes one object of a cluster. */
export function mutated(
  resources: readonly Resource[],
  cluster: string,
  random: Random,
  words: Vocabulary,
): Resource[] {
  const candidates = resources.filter(
    (one) => one.cluster === cluster && KINDS.includes(one.kind) && !isGatewayApi(one),
  );
  if (candidates.length === 0) return [...resources];
  const target = random.pick(candidates);
  const replace = (manifest: Manifest) => {
    const changed = resource(cluster, manifest);
    const collides = resources.some((one) => one !== target && describe(one) === describe(changed));
    return collides ? [...resources] : resources.map((one) => (one === target ? changed : one));
  };
  const { manifest } = target;
  const chance = random.next();
  if (chance < 0.12) return resources.filter((one) => one !== target);
  if (chance < 0.24 && target.kind !== 'Service') {
    return replace({ ...manifest, metadata: { ...manifest.metadata, namespace: words.namespace() } });
  }
  const spec = structuredClone(target.spec) as Json;
  const paths = pathsIn(spec);
  if (paths.length === 0) return [...resources];
  const path = random.pick(paths);
  const isDeleted = chance < 0.45 && target.kind !== 'Service';
  change(spec, path, isDeleted ? undefined : (value) => other(value, path, target.kind, random, words));
  return replace({ ...manifest, spec });
}

function pathsIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, one]) => pathsIn(one, [...path, key]));
}

function change(spec: Json, path: Path, to: ((value: Json) => Json) | undefined): void {
  let holder = spec as { [key: string]: Json };
  for (const key of path.slice(0, -1)) holder = holder[key] as { [key: string]: Json };
  const last = path[path.length - 1];
  if (to) holder[last] = to(holder[last]);
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}

/** Another value of the kind that the field takes. */
function other(value: Json, path: Path, kind: string, random: Random, words: Vocabulary): Json {
  const names = path.filter((key) => typeof key === 'string');
  const key = names[names.length - 1];
  const within = (name: string) => names.includes(name);
  if (['number', 'port', 'targetPort'].includes(key)) return typeof value === 'number' ? words.port() : value;
  if (key === 'protocol') return random.pick(['HTTP', 'HTTPS', 'TLS', 'TCP', 'HTTP2', 'GRPC', 'MONGO']);
  if (key === 'mode') return random.pick(MODES[kind] ?? ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']);
  if (key === 'resolution') return random.pick(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN']);
  if (key === 'location') return random.pick(['MESH_EXTERNAL', 'MESH_INTERNAL']);
  if (within('exportTo')) return random.pick(['.', '*', words.namespace()]);
  if (['host', 'sni', 'authority'].includes(key) || within('hosts') || within('sniHosts')) return words.name();
  if (within('principals')) return random.pick(words.principals);
  if (within('gateways')) return random.pick(['mesh', ...words.gateways]);
  if (key === 'weight') return random.pick([0, 1, 50, 100]);
  if (key === 'subset' || (within('subsets') && key === 'name')) return random.pick(['v1', 'v2', 'v9']);
  if (kind === 'Service' && key === 'name')
    return random.pick(['tcp', 'http', 'https-x', 'grpc', 'foo', 'tls', 'mongo']);
  if (['selector', 'labels', 'matchLabels'].some(within))
    return random.pick(['v9', 'v2', 'sleep', 'ingressgateway', `${value}-x`]);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return value;
}

const MODES: Readonly<Record<string, readonly string[]>> = {
  PeerAuthentication: ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'],
  Gateway: ['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL', 'AUTO_PASSTHROUGH', 'OPTIONAL_MUTUAL'],
  Sidecar: ['ALLOW_ANY', 'REGISTRY_ONLY'],
};
