import { trace } from '../../../lib/verify/trace';
import { deployment, namespace, service, worldOf } from '../support/world';

const node = `
---
apiVersion: v1
kind: Node
metadata: { name: one }
status: { addresses: [{ type: InternalIP, address: 10.0.0.1 }, { type: Hostname, address: one }] }
`;

test('nodes of a dump take the node ports of Services', () => {
  const ports = '{ name: http, port: 80, targetPort: 8080, nodePort: 30080 }';
  const yaml = namespace('b') + deployment('b/web') + service('b/web', ports) + deployment('out/curl', 'sleep') + node;
  const made = (url: string) => trace(worldOf({ c1: yaml }), { from: 'c1/out/curl', url }).outcome;
  expect(made('http://10.0.0.1:30080/').served?.workload).toBe('c1/b/web');
  expect(made('http://10.0.0.1:30081/').class).toBe('no answer');
  expect(made('http://one:30080/').class).toBe('name');
});
