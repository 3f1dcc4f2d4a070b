import { ControlPlane } from '../../../lib/verify/control-plane';
import { lookUp } from '../../../lib/verify/run/names';
import type { Mesh } from '../../../lib/verify/world/mesh';
import { deployment, namespace, service, worldOf } from '../support/world';

function addresses(yaml: string, name: string): string[] | undefined {
  const world = worldOf({ c1: namespace('b') + deployment('b/web') + deployment('b/other') + yaml });
  return lookUp(world, new ControlPlane(world.meshes.get('c1') as Mesh), `${name}.b.svc.cluster.local`);
}

const headlessService = (name: string, selector: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: b }
spec:
  clusterIP: None
  ports: [{ name: http, port: 80, targetPort: 8080 }]
${selector}`;

const slice = (name: string, address: string) => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, namespace: b, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints: [{ addresses: ['${address}'] }]
`;

describe('the DNS server of a cluster', () => {
  test('answers with the address of a Service', () => {
    expect(addresses(service('b/web', '{ name: http, port: 80 }'), 'web')).toHaveLength(1);
  });

  test('answers for a headless Service with the pods that it selects', () => {
    expect(addresses(headlessService('web', '  selector: { app: web }'), 'web')).toHaveLength(1);
  });

  test('answers for a headless Service without selector with the addresses that were written for it, and no pod', () => {
    expect(addresses(headlessService('vm', '') + slice('vm', '192.0.2.7'), 'vm')).toEqual(['192.0.2.7']);
    expect(addresses(headlessService('vm', ''), 'vm')).toEqual([]);
  });
});
