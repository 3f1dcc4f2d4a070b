/** A kind of Kubernetes that becomes a class. */
export interface CoreKind {
  readonly definition: string;
  readonly namespaced: boolean;
}

/** The kinds of Kubernetes that the library writes. Their names are without group and version, so each is there once. */
export const CORE_KINDS: readonly CoreKind[] = [
  { definition: 'io.k8s.api.apps.v1.Deployment', namespaced: true },
  { definition: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler', namespaced: true },
  { definition: 'io.k8s.api.core.v1.Namespace', namespaced: false },
  { definition: 'io.k8s.api.core.v1.Service', namespaced: true },
  { definition: 'io.k8s.api.core.v1.ServiceAccount', namespaced: true },
  { definition: 'io.k8s.api.networking.v1.NetworkPolicy', namespaced: true },
  { definition: 'io.k8s.api.policy.v1.PodDisruptionBudget', namespaced: true },
  { definition: 'io.k8s.api.rbac.v1.Role', namespaced: true },
  { definition: 'io.k8s.api.rbac.v1.RoleBinding', namespaced: true },
];
