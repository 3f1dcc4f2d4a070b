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

test('an address that nobody has written is called by the name that resolves to it, else by what has it', () => {
  const ports = '{ name: http, port: 80, targetPort: 8080 }';
  const yaml = namespace('b') + deployment('b/web') + service('b/web', ports) + service('b/api', ports);
  const to = { cluster: 'c1', namespace: 'b', service: 'web', port: 80 };
  const world = worldOf(
    { c1: yaml },
    {
      dns: { c1: { 'web.example': '198.19.0.1', 'also.example': '198.19.0.1' } },
      addresses: ['198.19.0.1', '198.19.0.2', '10.0.0.1'].map((ip) => ({ ip, ports: { 443: to } })),
    },
  );
  const [web] = world.meshes.get('c1')?.workloads ?? [];
  const shown = ['198.19.0.1', '198.19.0.2', web.ip, '10.0.0.1', '198.19.0.9'].map((ip) => world.shown(ip));
  expect(shown).toEqual(['also.example', 'c1/b/web', 'c1/b/web', '10.0.0.1', '198.19.0.9']);
  expect(world.ownerOf('also.example')).toBe(world.ownerOf('198.19.0.1'));
  expect(trace(world, { from: 'c1/b/web', url: 'http://web.example:80/' }).ways[0].hops.at(-1)?.failure?.why).toBe(
    'also.example does not take port 80; it takes 443',
  );
});
