import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import { deployment, gatewayDeployment, istio, namespace, service, worldOf } from '../support/world';

// what `external` domains behind an egress gateway are written as: lib/peering/egress/domain-filter.ts
const TYPE = 'type.googleapis.com/envoy.extensions';
const CACHE = '{ name: cache, dns_lookup_family: V4_PREFERRED }';
const cluster = (more = '', cache = CACHE) =>
  `{ applyTo: CLUSTER, match: { context: GATEWAY }, patch: { operation: ADD, value: { name: by-sni, lb_policy: CLUSTER_PROVIDED, ${more}cluster_type: { name: d, typed_config: { "@type": ${TYPE}.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: ${cache} } } } } }`;
const AT =
  'match: { context: GATEWAY, listener: { portNumber: 8443, filterChain: { sni: "*.x.example", filter: { name: envoy.filters.network.tcp_proxy } } } }';
const filter = (more = '', cache = CACHE) =>
  `{ applyTo: NETWORK_FILTER, ${AT}, patch: { operation: INSERT_BEFORE, value: { name: f, typed_config: { "@type": ${TYPE}.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig, ${more}port_value: 443, dns_cache_config: ${cache} } } } }`;
const lead = (more = '') =>
  `{ applyTo: NETWORK_FILTER, ${AT}, patch: { operation: MERGE, value: { typed_config: { "@type": ${TYPE}.filters.network.tcp_proxy.v3.TcpProxy, ${more}cluster: by-sni } } } }`;

const base =
  namespace('gw') +
  gatewayDeployment('gw/out', 'out') +
  service('gw/out', '{ name: tls, port: 443, targetPort: 8443 }').replace('app: out', 'istio: out') +
  istio(
    'Gateway',
    'gw/g',
    'selector: { istio: out }\nservers: [{ port: { number: 8443, name: t, protocol: TLS }, hosts: ["*.x.example"], tls: { mode: PASSTHROUGH } }]',
  ) +
  istio(
    'ServiceEntry',
    'gw/x',
    'hosts: ["*.x.example"]\nports: [{ number: 443, name: t, protocol: TLS }]\nresolution: DYNAMIC_DNS',
  ) +
  istio(
    'VirtualService',
    'gw/x',
    'hosts: ["*.x.example"]\ngateways: [gw/g]\ntls: [{ match: [{ port: 8443, sniHosts: ["*.x.example"] }], route: [{ destination: { host: "*.x.example", port: { number: 443 } } }] }]',
  ) +
  deployment('net/curl', 'sleep') +
  deployment('net/site', 'secure', 443) +
  service('net/site', '{ name: tls, port: 443, targetPort: 443 }').replace('name: app', 'name: app');

function called(patches: readonly string[], sni = 'a.x.example') {
  const yaml =
    base +
    istio('EnvoyFilter', 'gw/f', `workloadSelector: { labels: { istio: out } }\nconfigPatches: [${patches.join()}]`);
  const world = worldOf(
    { c1: yaml },
    {
      images: { sleep: { speaks: 'none' }, secure: { speaks: 'tcp' } },
      dns: { c1: { 'a.x.example': 'site.net.svc.cluster.local' } },
    },
  );
  const { outcome, ways, unmodelled } = trace(world, { from: 'c1/net/curl', url: 'tls://out.gw:443', sni });
  const hop = ways[0].hops.find(({ role }) => role === 'gateway');
  return {
    is: describeOutcome(outcome),
    cluster: hop?.cluster,
    flag: hop?.flag,
    endpoint: hop?.endpoint,
    why: hop?.failure?.why,
    unmodelled: unmodelled.map(({ field, note }) => `${field} ${note}`),
  };
}

test('a gateway asks DNS for the name that TLS asks for, where a filter, a cluster and the TCP proxy say so', () => {
  expect(called([cluster(), filter(), lead()])).toMatchObject({
    cluster: 'by-sni',
    endpoint: expect.stringMatching(/:443$/),
    unmodelled: [],
  });
});

test('a name that DNS does not know ends there: UH', () => {
  expect(called([cluster(), filter(), lead()], 'b.x.example')).toMatchObject({
    is: 'ECONNRESET',
    flag: 'UH',
    why: 'DNS does not know b.x.example',
  });
});

test('without the filter, or with another cache, the cluster finds nothing', () => {
  expect(called([cluster(), lead()])).toMatchObject({ flag: 'UH', why: 'the call asks for no name' });
  const other = filter('', CACHE.replace('name: cache', 'name: other'));
  expect(called([cluster(), other, lead()])).toMatchObject({ flag: 'UH', unmodelled: [] });
});

test('without the cluster there is nowhere to send to: NC', () => {
  expect(called([filter(), lead()])).toMatchObject({ flag: 'NC' });
});

test('two settings of one cache are refused by Envoy', () => {
  const found = called([cluster(), filter('', CACHE.replace('V4_PREFERRED', 'V6_ONLY')), lead()]);
  expect(found).toMatchObject({ is: 'never ready', why: "two settings of the DNS cache 'cache'" });
});

test('what stands at another port does nothing', () => {
  const elsewhere = [filter(), lead()].map((one) => one.replace('8443', '9999'));
  expect(called([cluster(), ...elsewhere])).toMatchObject({
    cluster: 'outbound|443||*.x.example',
    unmodelled: [],
  });
});

test.each([
  [
    'a cluster with more',
    [cluster('transport_socket: { name: t }, ')],
    'adds a cluster that looks up names, with transport_socket',
  ],
  ['a cluster of another kind', [cluster().replace('dynamic_forward_proxy.v3', 'redis.v3')], 'adds a cluster'],
  [
    'a filter with more',
    [filter('save_upstream_address: true, ')],
    'adds sni_dynamic_forward_proxy.v3.FilterConfig with save_upstream_address',
  ],
  ['a filter that takes the port of the call', [filter().replace('port_value: 443, ', '')], 'without port_value'],
  ['a TCP proxy with more', [lead('idle_timeout: 1s, ')], 'MERGE of envoy.filters.network.tcp_proxy with idle_timeout'],
  ['a change of clusters', [cluster().replace('operation: ADD', 'operation: MERGE')], 'changes CLUSTER'],
])('%s is said to be not modelled', (_, patches, why) => {
  expect(called(patches).unmodelled).toEqual([expect.stringContaining(why)]);
});
