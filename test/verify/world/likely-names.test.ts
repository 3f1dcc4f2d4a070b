import { likelyNames } from '../../../lib/verify/world/likely-names';
import { type Resource, resource } from '../../../lib/verify/world/resource';

const made = (cluster: string, kind: string, name: string, spec: object): Resource =>
  resource(cluster, {
    apiVersion: kind === 'Service' ? 'v1' : 'networking.istio.io/v1',
    ...{ kind, metadata: { name, namespace: 'gateways' }, spec },
  });

const service = (cluster: string, name = 'public', type = 'LoadBalancer') =>
  made(cluster, 'Service', name, { type, selector: { istio: name }, ports: [{ port: 443 }, { port: 80 }] });
const gateway = (cluster: string, hosts: string[], name = 'public') =>
  made(cluster, 'Gateway', name, { selector: { istio: name }, servers: [{ hosts, port: { number: 443 } }] });
const entry = (cluster: string, spec: object) => made(cluster, 'ServiceEntry', 'a', spec);

const HERE = entry('c1', { hosts: ['a.example'], resolution: 'DNS' });

test('a name that a Gateway of another cluster serves leads to the Service before it, with all its ports', () => {
  const found = likelyNames([HERE, service('c2'), gateway('c2', ['*/a.example', 'b.example'])], {});
  const to = { cluster: 'c2', namespace: 'gateways', service: 'public' };
  expect(found).toEqual({
    facts: {
      dns: { c1: { 'a.example': '198.19.0.1' } },
      addresses: [{ ip: '198.19.0.1', ports: { 443: { ...to, port: 443 }, 80: { ...to, port: 80 } } }],
    },
    places: ['a.example', '198.19.0.1'],
    assumptions: ['in c1 a.example leads to Service gateways/public @c2, before a Gateway that serves it'],
  });
});

test('names of endpoints count where there are some, and those of several hosts are told together', () => {
  const hosts = ['a.example', 'b.example', 'c.example', 'd.example'];
  const endpoints = hosts.map((address) => ({ address }));
  const all = [entry('c1', { hosts: ['e.example'], endpoints }), service('c2'), gateway('c2', [...hosts, 'e.example'])];
  expect(likelyNames(all, {}).assumptions).toEqual([
    'in c1 a.example, b.example, c.example and 1 more lead to Service gateways/public @c2, before a Gateway that serves it',
  ]);
});

test('nothing is assumed of a name that facts know, that several have, that the own cluster has, or of a Service inside', () => {
  const far = [service('c2'), gateway('c2', ['a.example'])];
  const nothing = (resources: Resource[], facts = {}) => expect(likelyNames(resources, facts).assumptions).toEqual([]);
  nothing([HERE, ...far], { dns: { c1: { 'a.example': '10.0.0.1' } } });
  nothing([HERE, ...far, service('c3'), gateway('c3', ['a.example'])]);
  nothing([HERE, service('c1'), gateway('c1', ['a.example'])]);
  nothing([HERE, service('c2', 'public', 'ClusterIP'), gateway('c2', ['a.example'])]);
  nothing([HERE, service('c2'), gateway('c2', ['*.example', '*'])]);
  const byAddress = entry('c1', { hosts: ['a.example'], endpoints: [{ address: '10.0.0.1' }] });
  nothing([byAddress, ...far], { addresses: [{ ip: '10.0.0.1', ports: {} }] });
  nothing([byAddress, ...far, service('c3'), gateway('c3', ['a.example'])]);
  const owned = made('c2', 'Service', 'other', { type: 'LoadBalancer', loadBalancerIP: '10.0.0.1' });
  nothing([byAddress, owned, ...far]);
  // proxies resolve such a host themselves
  nothing([entry('c1', { hosts: ['x.example'], addresses: ['240.0.0.1'], resolution: 'DNS' }), ...far]);
  nothing([]);
});

test('fields of another type than the API server takes are as if they were not there', () => {
  const odd = [null, 'x', 7, {}, [], [null], [7]];
  for (const value of odd) {
    const all = [
      entry('c1', { hosts: value, endpoints: value }),
      made('c2', 'Gateway', 'public', { selector: { istio: 'public' }, servers: value }),
      made('c2', 'Gateway', 'other', { selector: value, servers: [{ hosts: value }, value] }),
      made('c2', 'Service', 'public', { type: 'LoadBalancer', selector: value, ports: value }),
      service('c2'),
    ];
    expect(likelyNames(all, {}).assumptions).toEqual([]);
  }
});

test('an address of an endpoint leads to the Service before the Gateway that serves the host, and a host to its own address', () => {
  const endpoints = [{ address: '10.0.0.1' }];
  const spec = { hosts: ['a.example'], addresses: ['240.0.0.1'], resolution: 'STATIC', endpoints };
  const found = likelyNames([entry('c1', spec), service('c2'), gateway('c2', ['a.example'])], {});
  const to = { cluster: 'c2', namespace: 'gateways', service: 'public' };
  expect(found).toEqual({
    facts: {
      dns: { c1: { 'a.example': '240.0.0.1' } },
      addresses: [{ ip: '10.0.0.1', ports: { 443: { ...to, port: 443 }, 80: { ...to, port: 80 } } }],
    },
    places: ['a.example', '10.0.0.1'],
    assumptions: [
      'in c1 a.example leads by 10.0.0.1 to Service gateways/public @c2, before a Gateway that serves it',
      'in c1 a.example leads to the address that its ServiceEntry states',
    ],
  });
});
