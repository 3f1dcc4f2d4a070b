/** Who names a mistake before anything is applied. */
export type NamedBy =
  /** A rule over all objects and facts: its wrong example shows it. */
  | { readonly rule: string }
  /** The library, when a program states it; of YAML that was written by hand, what is said. */
  | { readonly refused: string; readonly byHand: string }
  /** What API server or webhook would say of the object alone. */
  | { readonly admission: string; readonly platform?: 'ossm2' }
  /** A trace: a golden scenario in which one object is changed or left out, so that its own calls end otherwise. */
  | { readonly golden: string; readonly object: string; readonly change?: readonly [from: string, to: string] }
  /** Nobody: what decides is not in the manifests. */
  | { readonly undecidable: string };

/** A mistake that people make, in a few words, and who names it. */
export type Mistake = readonly [what: string, by: NamedBy];

export const istio = (kind: string, spec: string, more = ''): string => {
  const group = ['AuthorizationPolicy', 'PeerAuthentication'].includes(kind) ? 'security' : 'networking';
  return `{ apiVersion: ${group}.istio.io/v1, kind: ${kind}, metadata: { name: a, namespace: shop${more} }, spec: ${spec} }`;
};
