import { OtherRoots, TrustBundle } from '../../lib';
import { ROOT_CERTIFICATES } from '../../scenarios/root-certificates';
import type { Call, ClusterSetup, ControlPlaneSetup, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { sync } from '../support/gitops';
import { installedWith } from '../support/installation';
import { consumers, everything, nodePort, trustDomains } from '../support/shared-root';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/foo/sleep';
const CURL = 'c1/outside/curl';
const HTTPBIN = 'http://httpbin.bar.cluster2:8000/headers';
const SNI = (port: number, host: string) => `outbound_.${port}_._.${host}`;

/** A consumer's control plane: hosts resolve, and a gateway's name is known soon after it is there. */
const consumerPlane = (mesh: Record<string, unknown> = {}): ControlPlaneSetup => ({
  root: 'shared-root',
  mesh: { dnsRefreshRate: '1s', defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } }, ...mesh },
});
const dns = { 'gateway.c2.example': 'c2:istio-system/eastwest' };
const sleeper = (...more: KubeObject[]) => [meshed('foo'), ...caller('foo', 'sleep'), ...more];
const httpbin = server('bar', 'httpbin', { ports: { http: 8000 } });
const providing = (apply: string, objects: KubeObject[], plane: ControlPlaneSetup = {}): ClusterSetup => ({
  controlPlane: { root: 'shared-root', ...plane },
  objects: [meshed('bar'), ...objects],
  apply: [`${apply}/c2`],
});

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

/** One root, two trust domains: what the provider's control plane knows of the consumer's. */
function twoTrustDomains(name: string, build: NonNullable<Scenario['fleets']>[string], setup: TrustSetup): Scenario {
  const fleet = `shared-root-trust-domains-${name}`;
  return {
    name: `shared-root-more/trust-domains-${name}`,
    fleets: { [fleet]: build },
    clusters: {
      c1: {
        controlPlane: consumerPlane({ trustDomain: 'c1.local' }),
        dns,
        objects: sleeper(...caller('foo', 'other')),
        apply: [`build/fleets/${fleet}/c1`],
      },
      c2: providing(
        `build/fleets/${fleet}`,
        [
          meshed('foo'),
          ...httpbin,
          ...server('bar', 'any', { ports: { http: 8000 } }),
          ...caller('bar', 'local'),
          ...caller('foo', 'sleep'),
        ],
        { mesh: { trustDomain: 'c2.local', ...setup.mesh }, env: setup.env },
      ),
    },
    calls: [
      {
        from: SLEEP,
        url: HTTPBIN,
        expect: { code: 200, body: 'spiffe://c1.local/ns/foo/sa/sleep' },
        within: 10,
        why: 'the identity of the other trust domain arrives',
      },
      { from: 'c1/foo/other', url: HTTPBIN, expect: { code: 403 }, why: 'and is told apart' },
      {
        from: SLEEP,
        url: 'http://any.bar.cluster2:8000/',
        expect: { code: 200 },
        why: 'without from: the trust domain of the consumer',
      },
      { from: 'c2/foo/sleep', url: 'http://httpbin.bar:8000/', expect: { code: setup.namesake }, why: setup.why },
      {
        from: 'c2/bar/local',
        url: 'http://any:8000/',
        expect: { code: 403 },
        why: "which is not the provider's own",
      },
    ],
  };
}

interface TrustSetup {
  readonly mesh: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly namesake: number;
  readonly why: string;
}

const from = ['c1.local/ns/foo/sa/sleep'];
const shared = { root: TrustBundle.declared('shared-root'), certificates: ROOT_CERTIFICATES.c1 };
const aliases = twoTrustDomains(
  'aliases',
  (fleet) => trustDomains(fleet, { trustDomainAliases: ['c1.local'] }, [...from, 'c2.local/ns/foo/sa/sleep']),
  {
    mesh: { trustDomainAliases: ['c1.local'] },
    namesake: 200,
    why: 'an alias makes identities of both trust domains one, which the program had to say',
  },
);
const otherRoot = twoTrustDomains(
  'other-root',
  (fleet) =>
    trustDomains(fleet, { otherRoots: OtherRoots.byEveryProxy({ ...shared, trustDomains: ['c1.local'] }) }, from),
  {
    mesh: {
      caCertificates: [{ pem: 'ca:shared-root', trustDomains: ['c1.local'] }],
      defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
    },
    env: { ISTIO_MULTIROOT_MESH: 'true' },
    namesake: 403,
    why: 'the namesake in the provider is somebody else',
  },
);

const MERGED = 'shared-root/merged-roots';
const certificate = (name: string, ca: string, id: string) => ({ name, ca, san: [`URI:spiffe://${id}`] });
const merged: Scenario = {
  name: MERGED,
  certificates: [
    certificate('c1-sleep', 'root-c1', 'c1.local/ns/foo/sa/sleep'),
    certificate('c2-as-sleep', 'root-c2', 'c1.local/ns/foo/sa/sleep'),
    certificate('c3-sleep', 'root-c3', 'c1.local/ns/foo/sa/sleep'),
  ],
  clusters: {
    c1: {
      controlPlane: installedWith(MERGED, 'c1', { root: 'root-c1', authorities: ['root-c2'] }),
      objects: sleeper(...caller('foo', 'other'), ...outsideClient()),
      apply: [`dist/${MERGED}/c1`],
    },
    c2: {
      controlPlane: installedWith(MERGED, 'c2', { root: 'root-c2', authorities: ['root-c1'] }),
      objects: [meshed('bar'), ...httpbin],
      apply: [`dist/${MERGED}/c2`],
    },
  },
  calls: [
    {
      from: SLEEP,
      url: 'http://httpbin.bar.c2:8000/headers',
      expect: { code: 200, body: 'spiffe://c1.local/ns/foo/sa/sleep' },
      within: 10,
      why: 'the identity of the other root arrives',
    },
    {
      from: 'c1/foo/other',
      url: 'http://httpbin.bar.c2:8000/headers',
      expect: { code: 403 },
      why: 'and is told apart',
    },
    ...(
      [
        ['c1-sleep', { code: 200 }, 'a certificate of the consumer, by hand'],
        ['c2-as-sleep', { code: 200 }, "WEAKNESS: the provider's root signs an identity of the consumer"],
        ['c3-sleep', { error: '' }, 'a root that nobody believes'],
      ] as const
    ).map(
      ([as, expect, why]): Call => ({
        from: CURL,
        url: 'https://10.72.0.30:15443/headers',
        alpn: 'istio',
        sni: SNI(8000, 'httpbin.bar.c2'),
        as,
        expect,
        why,
      }),
    ),
  ],
};

const [PROVIDER, CONSUMER] = ['1-provider', '2-consumer'].map((part) => `shared-root/two-organisations-${part}`);
const twoOrganisations: Scenario = {
  name: 'shared-root/two-organisations',
  clusters: {
    c1: {
      controlPlane: installedWith(CONSUMER, 'c1', { root: 'shared-root' }),
      objects: sleeper(...caller('foo', 'other')),
      apply: [`dist/${CONSUMER}/c1`],
    },
    c2: providing(`dist/${PROVIDER}`, httpbin),
  },
  calls: [
    { from: SLEEP, url: HTTPBIN, expect: { code: 200, body: '/ns/foo/sa/sleep' }, why: 'by a contract alone' },
    { from: 'c1/foo/other', url: HTTPBIN, expect: { code: 403 }, why: "the provider's policy" },
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

export default [all, byNode, aliases, otherRoot, merged, twoOrganisations, twoConsumers];
