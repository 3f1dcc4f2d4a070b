import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { installedWith } from '../support/installation';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/foo/sleep';
const CURL = 'c1/outside/curl';
const DIST = 'shared-root/istio';
const ID = (namespace: string, name: string) => `spiffe://cluster.local/ns/${namespace}/sa/${name}`;
const SNI = (port: number, host: string) => `outbound_.${port}_._.${host}`;
const GRPC = Buffer.from([0, 0, 0, 0, 0]).toString('base64');

/** The only way: one TLS connection from sidecar to sidecar, the gateway between them sees its SNI. */
const way = (workload: string, sni: string) => [
  { at: SLEEP, direction: 'outbound' as const, received: 'clear' as const, sent: 'tls' as const },
  { at: 'c2/eastwest', received: { sni } },
  { at: `c2/${workload}`, direction: 'inbound' as const, received: { peer: ID('foo', 'sleep') } },
];

const grpc = {
  method: 'POST',
  http2: true,
  body: GRPC,
  headers: { 'content-type': 'application/grpc', te: 'trailers' },
};

const calls: Call[] = [
  {
    from: SLEEP,
    url: 'http://httpbin.bar.cluster2:8000/headers',
    expect: { code: 200, body: ID('foo', 'sleep'), hops: way('bar/httpbin', SNI(8000, 'httpbin.bar.cluster2')) },
    why: 'HTTP across the clusters; the callee sees the identity of the calling workload',
  },
  {
    from: 'c1/foo/other',
    url: 'http://httpbin.bar.cluster2:8000/headers',
    expect: { code: 403, hops: [{ at: 'c2/bar/httpbin', direction: 'inbound', code: 403 }] },
    why: 'another account of the same namespace: denied by the remote workload',
  },
  {
    from: SLEEP,
    url: 'tcp://echo.bar.cluster2:9000',
    expect: { code: 'ok', hops: way('bar/echo', SNI(9000, 'echo.bar.cluster2')) },
    why: 'bytes across the clusters',
  },
  {
    from: 'c1/foo/other',
    url: 'tcp://echo.bar.cluster2:9000',
    expect: { code: 'ok' },
    why: 'echo allows the whole namespace',
  },
  {
    from: 'c1/sample/sleep',
    url: 'tcp://echo.bar.cluster2:9000',
    expect: { error: '' },
    why: 'and no other namespace',
  },
  {
    from: SLEEP,
    url: 'http://greeter.bar.cluster2:50051/hello.Greeter/Say',
    ...grpc,
    expect: { code: 200, body: '"app": ?"greeter"[^]*"te": ?"trailers"' },
    why: 'gRPC',
  },
  {
    from: SLEEP,
    url: 'http://greeter.bar.cluster2:50051/other.Service/Say',
    ...grpc,
    body: undefined,
    expect: { code: 200, body: '^$' },
    why: 'another gRPC service is denied, in the words of gRPC',
  },
  { from: SLEEP, url: 'http://httpbin.bar.cluster3:8000/', expect: { error: 'curl 6' }, why: 'a name of no peering' },
  { from: SLEEP, url: 'http://httpbin.bar.cluster2:8001/', expect: { error: '' }, why: 'a port that is not exposed' },
  {
    from: 'c1/third/clerk',
    url: 'http://httpbin.bar.cluster2:8000/',
    expect: { error: 'curl 6' },
    why: 'a namespace that is no caller does not know the name',
  },
  {
    from: 'c1/third/clerk',
    url: 'http://240.5.236.81:8000/',
    headers: { host: 'httpbin.bar.cluster2' },
    expect: { error: '' },
    why: 'nor where its address leads',
  },
  // who comes around the sidecar: what the gateway and the workload make of strangers
  ...(
    [
      ['httpbin.bar.cluster2', 8000, undefined, { error: '' }, 'no certificate: the workload refuses (STRICT)'],
      ['httpbin.bar.cluster2', 8000, 'root-sleep', { code: 418 }, 'whoever holds the root is everybody'],
      ['httpbin.bar.cluster2', 8000, 'root-other', { code: 403 }, 'right root, another identity'],
      ['httpbin.bar.cluster2', 8000, 'forged-sleep', { error: '' }, 'right identity, wrong root'],
      ['httpbin.bar.cluster2', 8000, 'root-elsewhere', { error: '' }, 'right root, another trust domain'],
      ['hidden.bar.cluster2', 8000, 'root-sleep', { error: '' }, 'a service that is not exposed, although it exists'],
      ['hidden.bar.svc.cluster.local', 8000, 'root-sleep', { error: '' }, 'nor under its own name'],
      ['httpbin.bar.svc.cluster.local', 8000, 'root-sleep', { error: '' }, 'nor an exposed one under its own name'],
      ['istiod.istio-system.svc.cluster.local', 15012, 'root-sleep', { error: '' }, 'nor istiod'],
      ['httpbin.bar.cluster2', 8001, 'root-sleep', { error: '' }, 'nor another port of an exposed host'],
    ] as const
  ).map(
    ([host, port, as, expect, why]): Call => ({
      from: CURL,
      url: 'https://10.72.0.30:15443/status/418',
      alpn: 'istio',
      sni: SNI(port, host),
      as,
      expect,
      why,
    }),
  ),
  {
    from: CURL,
    url: 'https://10.72.0.30:15443/status/418',
    alpn: 'istio',
    sni: 'outbound_.8000_.v1_.httpbin.bar.cluster2',
    as: 'root-sleep',
    expect: { error: '' },
    why: 'nor a subset',
  },
  { from: CURL, url: 'https://10.72.0.30:15443/status/418', expect: { error: 'curl 35' }, why: 'nor without SNI' },
  {
    from: SLEEP,
    url: 'http://hidden.bar.cluster2:8000/',
    expect: { code: 503, flags: 'UF', hops: [{ at: SLEEP, flags: 'UF' }] },
    why: 'a consumer that writes the entry of a hidden service itself gets no further than the gateway',
  },
  {
    from: SLEEP,
    url: 'http://impostor.bar.cluster2:8000/',
    expect: { code: 503, flags: 'UF', hops: [{ at: SLEEP, flags: 'UF' }] },
    why: 'a server with another identity of the same root is not believed',
  },
  // who is in the provider's mesh
  { from: 'c2/bar/local', url: 'http://httpbin:8000/', expect: { code: 403 }, why: 'in-mesh callers are cut' },
  {
    from: 'c2/foo/sleep',
    url: 'http://httpbin.bar:8000/status/418',
    expect: { code: 418 },
    why: 'one trust domain: namespace and account of the same name in the provider are the same identity',
  },
  { from: 'c2/outside/curl', url: 'http://httpbin.bar:8000/', expect: { error: 'curl 56' }, why: 'STRICT' },
];

/** A ServiceEntry of the consumer's own, as an administrator of it could write. */
const entry = (host: string, address: string, sniHost = host): KubeObject[] => [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: host, namespace: 'foo' },
    spec: {
      hosts: [host],
      exportTo: ['.'],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      addresses: [address],
      ports: [{ number: 8000, name: 'http', protocol: 'HTTP' }],
      subjectAltNames: [ID('bar', host.split('.')[0])],
      endpoints: [{ address: '10.72.0.30', ports: { http: 15443 }, labels: { 'security.istio.io/tlsMode': 'istio' } }],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: host, namespace: 'foo' },
    spec: {
      host,
      exportTo: ['.'],
      trafficPolicy: {
        tls: { mode: 'ISTIO_MUTUAL', sni: SNI(8000, sniHost), subjectAltNames: [ID('bar', host.split('.')[0])] },
      },
    },
  },
];

const root = (name: string, san: string, ca = 'shared-root') => ({ name, ca, san: [`URI:${san}`] });

const scenario: Scenario = {
  name: DIST,
  certificates: [
    root('root-sleep', ID('foo', 'sleep')),
    root('root-other', ID('foo', 'other')),
    root('root-elsewhere', 'spiffe://elsewhere.local/ns/foo/sa/sleep'),
    root('forged-sleep', ID('foo', 'sleep'), 'another-root'),
  ],
  clusters: {
    c1: {
      controlPlane: installedWith(DIST, 'c1', { root: 'shared-root' }),
      objects: [
        ...['foo', 'sample', 'third'].map(meshed),
        ...caller('foo', 'sleep'),
        ...caller('foo', 'other'),
        ...caller('sample', 'sleep'),
        ...caller('third', 'clerk'),
        ...server('sample', 'helloworld', { ports: { http: 5000 } }),
        ...outsideClient(),
        ...entry('hidden.bar.cluster2', '240.0.0.77'),
        // leads to httpbin, which is no impostor
        ...entry('impostor.bar.cluster2', '240.0.0.78', 'httpbin.bar.cluster2'),
      ],
      apply: [`dist/${DIST}/c1`],
    },
    c2: {
      controlPlane: { root: 'shared-root' },
      objects: [
        ...['bar', 'sample', 'foo'].map(meshed),
        ...server('bar', 'echo', { ports: { tcp: 9000 }, image: 'bed/tcp-echo' }),
        ...server('bar', 'greeter', { ports: { grpc: 50051 }, image: 'bed/grpc-echo' }),
        ...server('bar', 'hidden', { ports: { http: 8000 } }),
        ...server('sample', 'helloworld', { ports: { http: 5000 }, version: 'v2' }),
        ...caller('bar', 'local'),
        ...caller('foo', 'sleep'),
        ...outsideClient(),
      ],
      apply: [`dist/${DIST}/c2`],
    },
  },
  calls,
  test: async (bed) => {
    const url = 'http://helloworld.sample:5000/hello';
    const spread: Record<string, number> = {};
    for (let count = 0; count < 100; count++) {
      const { code, body } = await bed.call({ from: 'c1/sample/sleep', url });
      const version = code === 200 ? JSON.parse(body).version : String(code);
      spread[version] = (spread[version] ?? 0) + 1;
    }
    const { v1 = 0, v2 = 0 } = spread;
    // weights of 50 and 50: four standard deviations of a fair coin
    if (v1 + v2 !== 100 || v1 < 30 || v2 < 30) throw new Error(`100 calls to helloworld: ${JSON.stringify(spread)}`);
  },
};

export default scenario;
