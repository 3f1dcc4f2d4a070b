import type { Way } from '../run/client';
import type { TraceCode } from '../run/codes';
import type { Hop } from '../run/hop';
import type { Trace } from '../trace';
import { LIKELY_ROOT } from '../world/guess';
import type { ServiceEntrySpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { World } from '../world/world';

/** A call of which nobody gets an answer, and where it ends. */
export interface Failed {
  readonly url: string;
  readonly trace: Trace;
  readonly way: Way;
  readonly hop: Hop;
  /** Set where others of the same calls are answered: weights lead a share of them this way. */
  readonly isShare?: true;
}

/** Ends that manifests alone decide. */
const DECIDED: ReadonlySet<TraceCode> = new Set([
  'MESH-T102',
  'MESH-T103',
  'MESH-T201',
  'MESH-T202',
  'MESH-T205',
  'MESH-T206',
  'MESH-T207',
  'MESH-T208',
  'MESH-T209',
  'MESH-T211',
  'MESH-T301',
  'MESH-T401',
  'MESH-T402',
  'MESH-T404',
]);

/** Those of calls in TLS of the application's own, of whose certificates and authorities manifests know nothing. */
const DECIDED_IN_TLS: ReadonlySet<TraceCode> = new Set([
  'MESH-T102',
  'MESH-T103',
  'MESH-T201',
  'MESH-T202',
  'MESH-T208',
  'MESH-T404',
]);

/** Those that decide where nothing but the Secrets of the facts exists. */
export const DECIDED_BY_SECRETS: ReadonlySet<TraceCode> = new Set(['MESH-T204', 'MESH-T406']);

/** Whether what ends a call is all there, so that nothing elsewhere makes it otherwise. */
export function isDecided({ url, trace, hop, way }: Failed, world: World): boolean {
  const code = hop.failure?.code;
  if (code === undefined || trace.unmodelled.length > 0) return false;
  if (DECIDED_BY_SECRETS.has(code)) return world.facts.secretsAreComplete === true;
  if (code === 'MESH-T405') return hasOnlyOthers(hop, world);
  if (!(/^(http|tcp):/.test(url) ? DECIDED : DECIDED_IN_TLS).has(code)) return false;
  const mesh = world.meshes.get(hop.at.split('/')[0]);
  if (code === 'MESH-T102') return isOfLoadBalancer(hop, world);
  if (code === 'MESH-T202') return (mesh?.kind('Gateway').length ?? 0) > 0;
  // names of a certificate that no fact states may be those that a policy asks for
  if (code === 'MESH-T301') return hop.received?.presented?.length !== 0;
  // whose authorities they are does not matter to whoever sends none
  if (code === 'MESH-T207' && hop.received?.presented === undefined) return true;
  if (code === 'MESH-T404') return mesh !== undefined && isKnown(hop, mesh);
  if (code !== 'MESH-T206' && code !== 'MESH-T207') return true;
  // an authority that nobody states may be the same
  const clusters = new Set(way.hops.filter(({ role }) => role !== 'network').map(({ at }) => at.split('/')[0]));
  return [...clusters].every((cluster) => {
    const root = world.facts.meshes[cluster]?.root;
    return root !== undefined && root !== LIKELY_ROOT;
  });
}

/** Whether a load balancer is known that has the address and does not take the port. */
function isOfLoadBalancer({ at }: Hop, world: World): boolean {
  const [, ip, port] = /^(.*):(\d+)$/.exec(at) ?? [];
  const owner = ip === undefined ? undefined : world.ownerOf(ip);
  return owner?.kind === 'outside' && owner.address.ports[Number(port)] === undefined;
}

/**
 * Whether a Gateway that passes mTLS on knows endpoints of a ServiceEntry and can take none, because none has the mTLS of the
 * mesh. Pods behind a Service may be elsewhere.
 */
function hasOnlyOthers({ at, cluster = '', failure }: Hop, { meshes }: World): boolean {
  const [, host] = /^outbound_\.\d+_\.[^.]*_\.(.+)$/.exec(cluster) ?? [];
  const entries = meshes.get(at.split('/')[0])?.kind<ServiceEntrySpec>('ServiceEntry') ?? [];
  const isStated = entries.some(({ spec }) => spec.hosts?.includes(host ?? '') && (spec.endpoints ?? []).length > 0);
  return isStated && failure?.why.includes('DNS does not know') === false;
}

/** Whether a Service or ServiceEntry of a cluster that a proxy lacks is among the manifests. */
function isKnown({ cluster = '' }: Hop, mesh: Mesh): boolean {
  const host = cluster.split('|')[3] ?? '';
  const [name, namespace] = host.split('.');
  const isStated = mesh.kind<ServiceEntrySpec>('ServiceEntry').some(({ spec }) => spec.hosts?.includes(host));
  return isStated || mesh.find('Service', namespace, name) !== undefined;
}
