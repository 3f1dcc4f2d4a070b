/**
 * What keeps a Namespace or control plane in its cluster whatever GitOps removes, and puts it there first: a lost one
 * takes a whole mesh with it. Argo CD neither prunes it nor deletes it with its Application, Flux does not prune it.
 * Sources: Argo CD, "Sync Options" and "Sync Phases and Waves"; Flux, `Kustomization.spec.prune`.
 */
export const FOUNDATION: Record<string, string> = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'argocd.argoproj.io/sync-wave': '-1',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

/** Labels of everything that is written for a mesh: Kubernetes' recommended ones, by which it can be selected. */
export function ownerLabels(mesh: string): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'cdk8s-multimesh', 'app.kubernetes.io/part-of': mesh };
}
