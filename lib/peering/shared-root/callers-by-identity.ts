import type { AccessFacts } from '../../facts/access';
import { trustDomainOf } from '../../facts/principal';

/** Whose identities arrive at a provider. */
export interface ArrivingIdentities {
  readonly consumer: { readonly name: string; readonly trustDomain: string };
  readonly provider: { readonly name: string; readonly trustDomain: string };
  /** Trust domains that the provider's policies take for its own. */
  readonly aliases: readonly string[];
}

/** A rule as the workload's policy writes it: with everybody that it lets in. */
export function named(access: AccessFacts, { consumer }: ArrivingIdentities): AccessFacts {
  return { ...access, from: access.from ?? [`${consumer.trustDomain}/*`] };
}

/**
 * Why the workload's policy would let in more callers than the rule names, or none of them, if so. A workload sees an
 * identity and nothing of the mesh that it comes from.
 */
export function mistaken(from: readonly string[] | undefined, identities: ArrivingIdentities): string | undefined {
  const { consumer, provider, aliases } = identities;
  if (from === undefined) {
    if (consumer.trustDomain !== provider.trustDomain) return undefined;
    return `an access rule names no callers, and ${consumer.name} and ${provider.name} share trust domain '${consumer.trustDomain}', so workloads of ${provider.name} itself could not be told apart; state from: ['${consumer.trustDomain}/ns/<namespace>/*'], or ['${consumer.trustDomain}/*'] for every workload of the trust domain`;
  }
  const one = [provider.trustDomain, ...aliases];
  const isAliased = one.includes(consumer.trustDomain);
  const foreign = from.find((principal) => {
    const domain = trustDomainOf(principal);
    return domain !== consumer.trustDomain && !(isAliased && one.includes(domain));
  });
  if (foreign !== undefined) {
    return `an access rule names '${foreign}', which is no identity of ${consumer.name}; expected ones of trust domain '${consumer.trustDomain}'`;
  }
  // an exact identity is written for all of them, one that ends in '*' is left as it is
  const widened = from
    .filter((principal) => !principal.endsWith('*') && one.includes(trustDomainOf(principal)))
    .flatMap((principal) => one.map((domain) => domain + principal.slice(trustDomainOf(principal).length)))
    .filter((principal) => !from.includes(principal));
  if (widened.length === 0) return undefined;
  return `trustDomainAliases of ${provider.name} make an access rule name ${[...new Set(widened)].sort().join(', ')}, too; name them as well, or use OtherRoots.byEveryProxy with trustDomains instead of aliases`;
}

/**
 * The first caller of the provider's own mesh that a workload of the consumer could be as well, and that no access rule
 * names: meshes that share a trust domain share its identities.
 */
export function sharedCaller(
  alsoFrom: readonly string[],
  access: readonly AccessFacts[],
  { consumer, provider, aliases }: ArrivingIdentities,
): string | undefined {
  if (![provider.trustDomain, ...aliases].includes(consumer.trustDomain)) return undefined;
  return alsoFrom.find((principal) => !access.some(({ from }) => from?.includes(principal)));
}
