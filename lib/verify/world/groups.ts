import type { Resource } from './resource';

/** API groups of the kinds that verification reads: others have kinds of these names, too, such as Knative's Service. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  AuthorizationPolicy: ['security.istio.io'],
  ClusterRole: ['rbac.authorization.k8s.io'],
  ClusterRoleBinding: ['rbac.authorization.k8s.io'],
  ConfigMap: [''],
  DaemonSet: ['apps'],
  Deployment: ['apps'],
  DestinationRule: ['networking.istio.io'],
  EndpointSlice: ['discovery.k8s.io'],
  Endpoints: [''],
  EnvoyFilter: ['networking.istio.io'],
  Gateway: ['networking.istio.io', 'gateway.networking.k8s.io'],
  Job: ['batch'],
  Namespace: [''],
  NetworkPolicy: ['networking.k8s.io'],
  Node: [''],
  PeerAuthentication: ['security.istio.io'],
  Pod: [''],
  ReplicaSet: ['apps'],
  Role: ['rbac.authorization.k8s.io'],
  Route: ['route.openshift.io'],
  RoleBinding: ['rbac.authorization.k8s.io'],
  Service: [''],
  ServiceEntry: ['networking.istio.io'],
  Sidecar: ['networking.istio.io'],
  StatefulSet: ['apps'],
  VirtualService: ['networking.istio.io'],
  WorkloadEntry: ['networking.istio.io'],
};

/** Whether an object is of the kind that its name says, not of a namesake in another API group. */
export function isGenuine({ apiVersion, kind }: Pick<Resource, 'apiVersion' | 'kind'>): boolean {
  if (!Object.hasOwn(GROUPS, kind)) return true;
  const slash = apiVersion.indexOf('/');
  return GROUPS[kind].includes(slash < 0 ? '' : apiVersion.slice(0, slash));
}
