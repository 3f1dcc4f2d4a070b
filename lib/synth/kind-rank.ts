/**
 * The order of kinds in a file, as `Kind.group`. What others need comes first: namespaces, control planes, accounts and
 * permissions, then secrets, workloads, and last the mesh's rules. Among those, authorization stands before gateways
 * (nothing is open for the moment between two objects) and DestinationRules before the VirtualServices that name their
 * subsets (Istio's "make before break"). Other kinds follow at the end.
 */
const ORDER = [
  'Namespace',
  'Project.project.openshift.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'StorageClass.storage.k8s.io',
  'IstioCNI.sailoperator.io',
  'Istio.sailoperator.io',
  'IstioRevision.sailoperator.io',
  'IstioRevisionTag.sailoperator.io',
  'ServiceMeshControlPlane.maistra.io',
  'ServiceMeshMemberRoll.maistra.io',
  'ServiceMeshMember.maistra.io',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'Secret',
  'ConfigMap',
  'ClusterIssuer.cert-manager.io',
  'Issuer.cert-manager.io',
  'Certificate.cert-manager.io',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'ReplicaSet.apps',
  'Pod',
  'Job.batch',
  'CronJob.batch',
  'HorizontalPodAutoscaler.autoscaling',
  'PodDisruptionBudget.policy',
  'NetworkPolicy.networking.k8s.io',
  'ServiceMeshPeer.federation.maistra.io',
  'ExportedServiceSet.federation.maistra.io',
  'ImportedServiceSet.federation.maistra.io',
  'ProxyConfig.networking.istio.io',
  'PeerAuthentication.security.istio.io',
  'RequestAuthentication.security.istio.io',
  'AuthorizationPolicy.security.istio.io',
  'EnvoyFilter.networking.istio.io',
  'WasmPlugin.extensions.istio.io',
  'Telemetry.telemetry.istio.io',
  'ServiceEntry.networking.istio.io',
  'WorkloadGroup.networking.istio.io',
  'WorkloadEntry.networking.istio.io',
  'Sidecar.networking.istio.io',
  'Gateway.networking.istio.io',
  'DestinationRule.networking.istio.io',
  'VirtualService.networking.istio.io',
  'Gateway.gateway.networking.k8s.io',
  'HTTPRoute.gateway.networking.k8s.io',
  'Ingress.networking.k8s.io',
  'Route.route.openshift.io',
];

const RANK = new Map(ORDER.map((kind, rank) => [kind, rank]));

/** Where a kind stands in a file; lower numbers first. */
export function kindRank(group: string, kind: string): number {
  return RANK.get(group === '' ? kind : `${kind}.${group}`) ?? ORDER.length;
}
