/** Kinds without a namespace, as `Kind.group`: those of Kubernetes and of the API groups that this library writes. */
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'APIService.apiregistration.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'ClusterIssuer.cert-manager.io',
  'CSIDriver.storage.k8s.io',
  'CSINode.storage.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'FlowSchema.flowcontrol.apiserver.k8s.io',
  'GatewayClass.gateway.networking.k8s.io',
  'IngressClass.networking.k8s.io',
  'Istio.sailoperator.io',
  'IstioCNI.sailoperator.io',
  'IstioRevision.sailoperator.io',
  'IstioRevisionTag.sailoperator.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
  'Project.project.openshift.io',
  'RuntimeClass.node.k8s.io',
  'StorageClass.storage.k8s.io',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'VolumeAttachment.storage.k8s.io',
  'ZTunnel.sailoperator.io',
]);

/** Whether objects of a kind have no namespace. Unknown kinds count as namespaced. */
export function isClusterScoped(group: string, kind: string): boolean {
  return CLUSTER_SCOPED.has(group === '' ? kind : `${kind}.${group}`);
}

/** API groups of which all kinds without a namespace are named above. */
const KNOWN_GROUPS = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'cert-manager.io',
  'extensions.istio.io',
  'federation.maistra.io',
  'maistra.io',
  'networking.istio.io',
  'policy',
  'rbac.authorization.k8s.io',
  'route.openshift.io',
  'security.istio.io',
  'telemetry.istio.io',
]);

/** Whether objects of a kind are known to be in a namespace: of kinds of somebody else nobody here can say. */
export function isNamespaced(group: string, kind: string): boolean {
  return KNOWN_GROUPS.has(group) && !isClusterScoped(group, kind);
}
