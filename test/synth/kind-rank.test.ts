import { kindRank } from '../../lib/synth/kind-rank';

test('kinds that others need come first', () => {
  const order = [
    ['', 'Namespace'],
    ['maistra.io', 'ServiceMeshControlPlane'],
    ['', 'ServiceAccount'],
    ['rbac.authorization.k8s.io', 'RoleBinding'],
    ['cert-manager.io', 'Certificate'],
    ['', 'Service'],
    ['apps', 'Deployment'],
    ['autoscaling', 'HorizontalPodAutoscaler'],
    ['policy', 'PodDisruptionBudget'],
    ['networking.k8s.io', 'NetworkPolicy'],
    ['security.istio.io', 'AuthorizationPolicy'],
    ['networking.istio.io', 'Gateway'],
    ['networking.istio.io', 'DestinationRule'],
    ['networking.istio.io', 'VirtualService'],
    ['route.openshift.io', 'Route'],
    ['example.com', 'Gateway'],
  ].map(([group, kind]) => kindRank(group, kind));
  expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
});
