import { clustersWithRivals } from '../../../lib/verify/proof/rivals';
import { resource } from '../../../lib/verify/world/resource';

const make = (kind: string, name: string, spec: object, namespace = 'a') =>
  resource('east', { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace }, spec });

test.each([
  ['VirtualServices of one host', 'VirtualService', { hosts: ['x'] }, { hosts: ['x.a.svc.cluster.local'] }],
  ['ServiceEntries of one host', 'ServiceEntry', { hosts: ['x.example'] }, { hosts: ['y.example', 'x.example'] }],
  [
    'DestinationRules of one host',
    'DestinationRule',
    { host: 'x', trafficPolicy: {} },
    { host: 'x', trafficPolicy: {} },
  ],
  [
    'Gateways of one host',
    'Gateway',
    { servers: [{ port: { number: 443 }, hosts: ['x'] }] },
    { servers: [{ port: { number: 443 }, hosts: ['x'] }] },
  ],
  ['Sidecars of a namespace', 'Sidecar', {}, {}],
  ['EnvoyFilters of a namespace', 'EnvoyFilter', {}, { priority: 1 }],
])('%s compete', (_, kind, one, other) => {
  expect(clustersWithRivals([make(kind, 'one', one)])).toEqual(new Set());
  expect(clustersWithRivals([make(kind, 'one', one), make(kind, 'other', other)])).toEqual(new Set(['east']));
});

test('subsets of a host and gateways of their own do not compete', () => {
  const rules = ['a', 'b'].map((name) => make('DestinationRule', name, { host: 'x', subsets: [{ name }] }));
  const routes = ['a', 'b'].map((name) => make('VirtualService', name, { hosts: ['x'], gateways: [name] }));
  const sidecars = ['a', 'b'].map((name) => make('Sidecar', name, { workloadSelector: { labels: { app: name } } }));
  expect(clustersWithRivals([...rules, ...routes, ...sidecars])).toEqual(new Set());
});
