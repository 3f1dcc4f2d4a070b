/**
 * A principal of one of the mesh's trust domains, or of `cluster.local`, which stands for them, is meant in all of them; one
 * that is not of the form `<trust domain>/ns/<namespace>/sa/<account>` is taken as it is written
 * (`security/trustdomain: Bundle.ReplaceTrustDomainAliases`).
 */
export function principalsOf(principal: string, trustDomains: readonly string[]): string[] {
  const [stated, ...rest] = principal.split('/');
  if (rest.length !== 4 || stated === '*') return [principal];
  if (stated !== 'cluster.local' && !trustDomains.some((own) => mayBeOne(stated, own))) return [principal];
  const all = trustDomains.map((own) => (isSuffixOf(stated, own) ? principal : [own, ...rest].join('/')));
  return [...new Set(all)];
}

/** A trust domain of the mesh is meant with its aliases (`Bundle.ExpandTrustDomainAliases`). */
export const trustDomainsOf = (stated: string, trustDomains: readonly string[]): readonly string[] =>
  trustDomains.includes(stated) ? [...new Set(trustDomains)] : [stated];

/** `*` at the beginning or the end of either stands for anything (`trustdomain: stringMatch`). */
function mayBeOne(stated: string, own: string): boolean {
  const covers = (pattern: string, text: string) =>
    isSuffixOf(pattern, text) || (pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1)));
  return stated === own || own === '*' || covers(own, stated) || covers(stated, own);
}

const isSuffixOf = (pattern: string, text: string): boolean =>
  pattern.startsWith('*') && text.endsWith(pattern.slice(1));
