import type { Way } from '../run/client';
import type { TraceCode } from '../run/codes';
import type { ServiceEntrySpec } from '../world/istio-types';
import { type Ref, refTo } from '../world/resource';
import type { World } from '../world/world';

/** Ends of a call at a port that nobody takes. */
const ABOUT_PORTS: ReadonlySet<TraceCode> = new Set(['MESH-T102', 'MESH-T202']);

/** The field of a ServiceEntry that says which port is dialled, where a call ends at a port that nobody takes. */
export function statedPortOf(world: World, { hops }: Way): Ref[] {
  const index = hops.findIndex(({ failure }) => failure !== undefined && ABOUT_PORTS.has(failure.code));
  const { at, cluster } = hops[index - 1] ?? {};
  if (at === undefined || cluster === undefined) return [];
  const [, port, , host = ''] = cluster.split('|');
  const entries = world.meshes.get(at.split('/')[0])?.kind<ServiceEntrySpec>('ServiceEntry') ?? [];
  return entries
    .filter(({ spec }) => spec.hosts?.includes(host))
    .flatMap((entry) => {
      const { ports = [], endpoints = [] } = entry.spec;
      const place = ports.findIndex(({ number }) => String(number) === port);
      if (place < 0) return [];
      if (endpoints.length > 0) return [refTo(entry, 'spec.endpoints')];
      const field = ports[place].targetPort === undefined ? 'number' : 'targetPort';
      return [refTo(entry, `spec.ports[${place}].${field}`)];
    });
}
