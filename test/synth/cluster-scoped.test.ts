import { isClusterScoped } from '../../lib/synth/cluster-scoped';

test('isClusterScoped', () => {
  expect(isClusterScoped('', 'Namespace')).toBe(true);
  expect(isClusterScoped('cert-manager.io', 'ClusterIssuer')).toBe(true);
  expect(isClusterScoped('sailoperator.io', 'Istio')).toBe(true);
  expect(isClusterScoped('cert-manager.io', 'Issuer')).toBe(false);
  expect(isClusterScoped('other.io', 'Namespace')).toBe(false);
});
