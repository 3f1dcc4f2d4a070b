import {
  type ClusterDump,
  type SyncStatus,
  unacknowledged,
  unresolved,
  unseenEndpoints,
  unseenObjects,
} from '../../../testbed/istio/synchronization';
import type { EndpointSlice, KubeObject } from '../../../testbed/kubernetes/types';

const object = (kind: string, name: string, resourceVersion?: string, group = 'networking.istio.io'): KubeObject => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: { name, namespace: 'n', resourceVersion },
});

describe('unseenObjects', () => {
  it('names what istiod has in another version, or not at all', () => {
    const objects = [object('Gateway', 'a', '1'), object('Gateway', 'b', '2'), object('Sidecar', 'c', '3')];
    const configs = [object('Gateway', 'a', '1'), object('Gateway', 'b', '1')];
    expect(unseenObjects(objects, configs)).toEqual([
      'Gateway.networking.istio.io n/b',
      'Sidecar.networking.istio.io n/c',
    ]);
    expect(unseenObjects(objects, objects)).toEqual([]);
  });

  it('names what istiod has although it is gone', () => {
    expect(unseenObjects([], [object('Gateway', 'a', '1')])).toEqual(['the end of Gateway.networking.istio.io n/a']);
  });

  it('leaves alone what istiod makes itself, and kinds of others', () => {
    const others = [object('Gateway', 'a'), object('Gateway', 'a', '1', 'gateway.networking.k8s.io')];
    expect(unseenObjects([], others)).toEqual([]);
  });
});

describe('unseenEndpoints', () => {
  const slice = (ready: boolean): EndpointSlice => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'n', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [
      { addresses: ['10.44.1.1'], conditions: { ready: true } },
      { addresses: ['10.44.1.2'], conditions: { ready } },
    ],
  });
  const shards = (...addresses: string[]) => ({
    'web.n.svc.cluster.local': { n: { Shards: { 'Kubernetes/c1': [{ Addresses: addresses }] } } },
  });

  it('names Services of which istiod lacks a ready endpoint', () => {
    expect(unseenEndpoints([slice(true)], shards('10.44.1.1'))).toEqual(['endpoints of Service n/web']);
    expect(unseenEndpoints([slice(true)], {})).toEqual(['endpoints of Service n/web']);
    expect(unseenEndpoints([slice(true)], shards('10.44.1.1', '10.44.1.2'))).toEqual([]);
    expect(unseenEndpoints([slice(false)], shards('10.44.1.1'))).toEqual([]);
  });

  it('leaves alone slices of no Service, and Services without endpoints', () => {
    const { labels: _, ...metadata } = slice(true).metadata;
    expect(unseenEndpoints([{ ...slice(true), metadata }], {})).toEqual([]);
    expect(unseenEndpoints([{ ...slice(true), endpoints: null }], {})).toEqual([]);
  });
});

describe('unacknowledged', () => {
  const [CLUSTER, LISTENER, ROUTE] = ['cluster.v3.Cluster', 'listener.v3.Listener', 'route.v3.RouteConfiguration'].map(
    (type) => `type.googleapis.com/envoy.config.${type}`,
  );
  const status = (clusters: string, listeners: string, more: Record<string, [string, string]> = {}): SyncStatus => ({
    proxy: 'web.n',
    resources: Object.fromEntries(
      Object.entries({ [CLUSTER]: [clusters, clusters], [LISTENER]: [listeners, listeners], ...more }).map(
        ([type, [sent, acked]]) => [type, { sent, acked }],
      ),
    ),
  });
  const before = [status('c1', 'l1')];

  it('waits for a new push of clusters and listeners', () => {
    expect(unacknowledged(['web.n'], before, before)).toEqual(['web.n']);
    expect(unacknowledged(['web.n'], before, [status('c2', 'l1')])).toEqual(['web.n']);
    expect(unacknowledged(['web.n'], before, [status('c2', 'l2')])).toEqual([]);
  });

  it('waits for every type that was sent', () => {
    expect(unacknowledged(['web.n'], before, [status('c2', 'l2', { [ROUTE]: ['r2', 'r1'] })])).toEqual(['web.n']);
    expect(unacknowledged(['web.n'], before, [status('c2', 'l2', { [ROUTE]: ['r2', 'r2'] })])).toEqual([]);
  });

  it('waits for a proxy that istiod does not know yet; one that has come since needs no second push', () => {
    expect(unacknowledged(['web.n'], before, [])).toEqual(['web.n']);
    expect(unacknowledged(['web.n'], [], [status('c1', 'l1')])).toEqual([]);
  });
});

describe('unresolved', () => {
  const cluster = (type: string, ...names: string[]): ClusterDump => ({
    cluster: {
      name: 'outbound|443||web.example',
      type,
      load_assignment: {
        endpoints: [
          { lb_endpoints: names.map((address) => ({ endpoint: { address: { socket_address: { address } } } })) },
        ],
      },
    },
  });
  const hosts = (...addresses: string[]) => [
    {
      name: 'outbound|443||web.example',
      host_statuses: addresses.map((address) => ({ address: { socket_address: { address } } })),
    },
  ];
  const resolves = (name: string) => (name === 'web.example' ? ['10.72.0.1'] : undefined);

  it('names what DNS knows and an Envoy has not looked up since', () => {
    expect(unresolved([cluster('STRICT_DNS', 'web.example')], [], resolves)).toEqual(['addresses of web.example']);
    expect(unresolved([cluster('STRICT_DNS', 'web.example')], hosts('10.72.0.9'), resolves)).toHaveLength(1);
    expect(unresolved([cluster('LOGICAL_DNS', 'web.example')], hosts('10.72.0.1'), resolves)).toEqual([]);
  });

  it('leaves alone names that nobody has, and clusters that look up none', () => {
    expect(unresolved([cluster('STRICT_DNS', 'nowhere.example')], [], resolves)).toEqual([]);
    expect(unresolved([cluster('EDS', 'web.example')], [], resolves)).toEqual([]);
    expect(unresolved([{ cluster: { name: 'a', type: 'STRICT_DNS' } }], [], resolves)).toEqual([]);
  });
});
