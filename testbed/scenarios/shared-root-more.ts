import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { sync } from '../support/gitops';
import { consumers, everything, nodePort } from '../support/shared-root';
import { consumerPlane, dns, httpbin, providing, sleeper } from '../support/shared-root-clusters';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/foo/sleep';
const CURL = 'c1/outside/curl';
const HTTPBIN = 'http://httpbin.bar.cluster2:8000/headers';
const SNI = (port: number, host: string) => `outbound_.${port}_._.${host}`;

/** Two containers, so that one Service has ports of requests and of bytes. */
function multi(): KubeObject[] {
  const objects = server('bar', 'multi', { ports: { 'http-a': 8001, 'http-b': 8002, tcp: 9000 } });
  const deployment = objects.find(({ kind }) => kind === 'Deployment') as KubeObject & {
    spec: { template: { spec: { containers: { name: string; image: string; ports: { containerPort: number }[] }[] } } };
  };
  const { containers } = deployment.spec.template.spec;
  containers[0].ports = [{ containerPort: 8001 }, { containerPort: 8002 }];
  containers.push({ name: 'multi-tcp', image: 'bed/tcp-echo', ports: [{ containerPort: 9000 }] });
  return objects;
}

const all: Scenario = {
  name: 'shared-root-more/everything',
  fleets: { 'shared-root-everything': everything },
  certificates: [
    { name: 'root-sleep', ca: 'shared-root', san: ['URI:spiffe://cluster.local/ns/foo/sa/sleep'] },
    { name: 'secure', ca: 'app-ca', san: ['DNS:secure.bar.cluster2'], eku: 'serverAuth' },
  ],
  clusters: {
    c1: {
      controlPlane: consumerPlane(),
      dns,
      objects: sleeper(...caller('foo', 'other'), ...outsideClient()),
      apply: ['build/fleets/shared-root-everything/c1'],
    },
    c2: {
      ...providing('build/fleets/shared-root-everything', [
        ...['httpbin', 'opened', 'locked'].flatMap((name) => server('bar', name, { ports: { http: 8000 } })),
        ...server('bar', 'moved', { ports: { http: [8000, 18000] } }),
        ...server('bar', 'h2', { ports: { http2: 8000 }, image: 'bed/h2c-echo' }),
        ...server('bar', 'secure', { ports: { tls: [443, 8443] }, image: 'bed/nginx', certificate: 'secure-server' }),
        ...server('bar', 'renamed', { ports: { http: 8000 }, serviceAccount: 'somebody' }),
        ...['v1', 'v2'].flatMap((version) => server('bar', 'reviews', { ports: { http: [9080, 19080] }, version })),
        ...multi(),
        ...caller('bar', 'local'),
        ...caller('bar', 'stranger'),
      ]),
      secrets: [
        { namespace: 'bar', name: 'secure-server', data: { 'tls.crt': 'cert:secure', 'tls.key': 'key:secure' } },
      ],
    },
  },
  calls: [
    { from: SLEEP, url: HTTPBIN, expect: { code: 200 }, within: 10, why: 'a gateway known by name' },
    { from: SLEEP, url: 'http://opened.bar.cluster2:8000/public/a', expect: { code: 200 }, why: 'method and path' },
    { from: SLEEP, url: 'http://opened.bar.cluster2:8000/secret', expect: { code: 403 }, why: 'another path' },
    {
      from: SLEEP,
      url: 'http://opened.bar.cluster2:8000/public/a',
      method: 'POST',
      expect: { code: 403 },
      why: 'another method',
    },
    {
      from: 'c1/foo/other',
      url: 'http://opened.bar.cluster2:8000/public/a',
      expect: { code: 403 },
      why: 'another account',
    },
    ...(
      [
        ['/public/../secret', 403],
        ['/public/%2e%2e/secret', 403],
        ['/public/..;/secret', 403],
        // slashes that are escaped pass as they are: an application that decodes them sees another path
        ['/public/..%2fsecret', 200],
        ['//public/a', 403],
      ] as const
    ).map(
      ([path, code]): Call => ({
        from: CURL,
        url: `https://gateway.c2.example:15443${path}`,
        alpn: 'istio',
        sni: SNI(8000, 'opened.bar.cluster2'),
        as: 'root-sleep',
        expect: { code },
        why: 'paths by hand, at the workload',
      }),
    ),
    { from: 'c2/bar/local', url: 'http://opened:8000/secret', expect: { code: 200 }, why: 'alsoFrom is not cut' },
    { from: 'c2/bar/stranger', url: 'http://opened:8000/public/a', expect: { code: 403 }, why: 'others are' },
    { from: 'c2/bar/local', url: 'http://httpbin:8000/', expect: { code: 403 }, why: 'without alsoFrom all are' },
    {
      from: SLEEP,
      url: 'http://locked.bar.cluster2:8000/',
      expect: { code: 403, hops: [{ at: 'c2/bar/locked', direction: 'inbound', code: 403 }] },
      why: 'allow: [] is routed to the workload, and denied there',
    },
    {
      from: SLEEP,
      url: 'http://moved.bar.cluster2/',
      expect: { code: 200, hops: [{ at: 'c2/eastwest', received: { sni: SNI(80, 'moved.bar.cluster2') } }] },
      why: 'another port than the service has, and a container port of its own',
    },
    {
      from: SLEEP,
      url: 'http://h2.bar.cluster2:8000/x',
      http2: true,
      expect: { code: 200, body: '"path": ?"/x"' },
      why: 'HTTP/2',
    },
    {
      from: SLEEP,
      url: 'https://secure.bar.cluster2/',
      ca: 'app-ca',
      expect: { code: 200, body: '"app": "secure"' },
      why: "the application's own TLS inside the mesh's",
    },
    {
      from: 'c1/foo/other',
      url: 'https://secure.bar.cluster2/',
      ca: 'app-ca',
      expect: { error: 'curl' },
      why: 'and its policy',
    },
    { from: SLEEP, url: 'http://renamed.bar.cluster2:8000/', expect: { code: 200 }, why: 'a service account by name' },
    {
      from: SLEEP,
      url: 'http://multi.bar.cluster2:8001/',
      expect: { code: 200, hops: [{ at: 'c2/bar/multi', direction: 'inbound', cluster: 'inbound|8001|' }] },
      why: 'one port of a host with several',
    },
    { from: SLEEP, url: 'tcp://multi.bar.cluster2:9000', expect: { code: 'ok' }, why: 'another port of that host' },
    { from: SLEEP, url: 'http://multi.bar.cluster2:8002/', expect: { error: '' }, why: 'a port that is not exposed' },
    { from: 'c2/bar/local', url: 'http://multi:8002/', expect: { code: 403 }, why: 'its in-mesh callers are cut, too' },
    {
      from: SLEEP,
      url: 'http://v2.reviews.bar.cluster2:9080/',
      repeat: 10,
      expect: { spread: ['reviews-v2'] },
      why: 'a subset has a host of its own',
    },
    { from: SLEEP, url: 'http://reviews.bar.cluster2:9080/', expect: { error: 'curl 6' }, why: 'the whole has none' },
  ],
};

const byNode: Scenario = {
  name: 'shared-root-more/node-port',
  fleets: { 'shared-root-node-port': nodePort },
  clusters: {
    c1: {
      controlPlane: { root: 'shared-root' },
      objects: sleeper(...caller('foo', 'other')),
      apply: ['build/fleets/shared-root-node-port/c1'],
    },
    c2: providing('build/fleets/shared-root-node-port', httpbin),
  },
  calls: [
    { from: SLEEP, url: 'http://httpbin/', expect: { code: 200 }, why: 'an alias leads there, through a node' },
    { from: 'c1/foo/other', url: 'http://httpbin/', expect: { code: 403 }, why: 'the caller is told apart' },
    { from: SLEEP, url: HTTPBIN, expect: { error: 'curl 6' }, why: 'without DNS capture the host is no name' },
  ],
};

const STATES = ['c1-c3', 'c3', 'none'].map((name) => `shared-root-consumers-${name}`);
const [BOTH, ONE, NONE] = STATES.map((name) => `build/fleets/${name}`);
const twoConsumers: Scenario = {
  name: 'shared-root-more/two-consumers',
  fleets: {
    [STATES[0]]: (fleet) => consumers(fleet, 'c1', 'c3'),
    [STATES[1]]: (fleet) => consumers(fleet, 'c3'),
    [STATES[2]]: (fleet) => consumers(fleet),
  },
  clusters: {
    c1: { controlPlane: consumerPlane(), dns, objects: sleeper(), apply: [`${BOTH}/c1`] },
    c2: providing(BOTH, [...httpbin, ...caller('bar', 'local')]),
    c3: {
      controlPlane: consumerPlane(),
      dns,
      objects: [meshed('foo'), ...caller('foo', 'three'), ...caller('foo', 'sleep')],
      apply: [`${BOTH}/c3`],
    },
  },
  test: async (bed) => {
    const call = (from: string, expect: Call['expect'], why: string, within?: number) =>
      bed.expect({ from, url: HTTPBIN, expect, why, within, fresh: true });
    await call(SLEEP, { code: 200 }, 'the first', 10);
    await call('c3/foo/three', { code: 200 }, 'the second', 10);
    await call('c3/foo/sleep', { code: 200 }, 'who is called as an account of the first is the first');
    await sync(bed, 'c2', `${BOTH}/c2`, `${ONE}/c2`);
    await call(SLEEP, { code: 403 }, 'the first is cancelled at the provider', 10);
    await call('c3/foo/three', { code: 200 }, 'the second goes on');
    await bed.apply('c2', `${NONE}/c2`);
    await bed.kubectl('c2', ['delete', 'gateways.networking.istio.io', '-n', 'istio-system', '--all']);
    await bed.ready();
    await call('c3/foo/three', { code: 503, flags: 'UF' }, 'all are cancelled, the gateway first: no way in', 10);
    const local = { from: 'c2/bar/local', url: 'http://httpbin:8000/', fresh: true, within: 10 };
    await bed.expect({ ...local, expect: { code: 403 }, why: 'the policy is still there' });
    await sync(bed, 'c2', `${ONE}/c2`, `${NONE}/c2`);
    await bed.expect({ ...local, expect: { code: 200 }, why: 'as before the first peering: open to its own mesh' });
  },
};

export default [all, byNode, twoConsumers];
