import { guessMesh } from '../../../lib/verify/world/guess';
import { resource } from '../../../lib/verify/world/resource';

const istiod = (args: readonly string[]) =>
  resource('c1', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: { template: { spec: { containers: [{ name: 'discovery', image: 'istio/pilot:1.30.2', args }] } } },
  });

test('istiod says of itself which version it is, and the DNS domain of its cluster', () => {
  expect(
    guessMesh('c1', [istiod(['discovery', '--domain', 'corp.internal', '--keepaliveMaxServerConnectionAge'])]).fact,
  ).toEqual({
    istio: '1.30',
    dnsDomain: 'corp.internal',
  });
  expect(guessMesh('c1', [istiod(['discovery'])]).fact).toEqual({ istio: '1.30' });
});
