import type { IConstruct } from 'constructs';
import { byText } from '../facts/by-text';
import type { FederationEnd } from '../facts/federation';
import { attached } from '../fleet/attached';

/** What a mesh of ours says of its ends of federations, by the name of the peer; asked once everything is stated. */
export function federationEnds(mesh: IConstruct): Map<string, () => FederationEnd> {
  return attached(mesh, 'federation ends', () => new Map<string, () => FederationEnd>());
}

/** The same as mesh contracts hold it: sorted, and absent where the mesh federates with nobody. */
export function contractedFederations(mesh: IConstruct): { federations?: { peer: string; end: FederationEnd }[] } {
  const ends = [...federationEnds(mesh)].sort(byText(([peer]) => peer)).map(([peer, end]) => ({ peer, end: end() }));
  return ends.length > 0 ? { federations: ends } : {};
}
