import type { Hop } from '../../run/hop';
import type { Ref } from '../../world/resource';

/** What people look at first, by what a hop is: who routes, or who lets in. */
const FIRST: Readonly<Record<Hop['role'], readonly string[]>> = {
  'sidecar outbound': ['VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar'],
  gateway: ['VirtualService', 'Gateway', 'AuthorizationPolicy', 'DestinationRule', 'ServiceEntry'],
  'sidecar inbound': ['AuthorizationPolicy', 'EnvoyFilter', 'PeerAuthentication', 'Sidecar'],
  application: [],
  network: [],
};

/** Fields that somebody wrote to decide a hop, the narrowest of each object; Services only where nothing else did. */
export function decidingRefs({ refs }: Hop): Ref[] {
  const isWithin = (inner: Ref, outer: Ref) =>
    inner.object === outer.object && inner.field !== outer.field && inner.field.startsWith(outer.field);
  const distinct = refs.filter((ref, index) => {
    const first = refs.findIndex(({ object, field }) => object === ref.object && field === ref.field);
    return first === index && !refs.some((other) => isWithin(other, ref));
  });
  const written = distinct.filter(({ object }) => !/^(Service|MeshConfig) /.test(object));
  return written.length > 0 ? written : distinct.slice(0, 1);
}

/** The one field that decided: where the call ends, the last that was asked; else the one that people look at first. */
export function decidingRef(hop: Hop): Ref | undefined {
  const refs = decidingRefs(hop);
  // who lacks endpoints, not how they would be called
  const isEmpty = hop.failure?.code === 'MESH-T405';
  if (hop.failure && !isEmpty) return refs.at(-1);
  // a connection that did not come about: the DestinationRule says what is sent
  const isConnecting = hop.flag === 'UF' || hop.flag === 'UC';
  const kinds = isEmpty
    ? ['ServiceEntry', 'Service', 'DestinationRule']
    : isConnecting
      ? ['DestinationRule', ...FIRST[hop.role]]
      : FIRST[hop.role];
  const rank = ({ object }: Ref) => {
    const at = kinds.indexOf(object.split(' ')[0]);
    return at < 0 ? kinds.length : at;
  };
  return [...refs].sort((a, b) => rank(a) - rank(b))[0];
}
