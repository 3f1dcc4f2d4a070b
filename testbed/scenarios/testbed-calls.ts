import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { caller, meshed, server } from '../support/workloads';

/** What calls can be made: the testbed shows of itself that each option reaches the wire. */

const CURL = 'c1/outside/curl';
const SLEEP = 'c1/app/sleep';

/** A gRPC message: not compressed, no bytes. */
const GRPC_MESSAGE = Buffer.from([0, 0, 0, 0, 0]).toString('base64');
const GRPC = {
  ...{ method: 'POST', http2: true, body: GRPC_MESSAGE },
  headers: { 'content-type': 'application/grpc', te: 'trailers' },
};

const options: Call[] = [
  {
    from: CURL,
    url: 'http://echo.servers/a/../b/%2e%2e//c?d=../e',
    expect: { code: 200, body: '"path": "/a/../b/%2e%2e//c\\?d=../e"' },
    why: 'paths are sent as they are written',
  },
  {
    from: CURL,
    url: 'http://echo.servers/',
    method: 'HEAD',
    expect: { code: 200 },
    why: 'a HEAD has no body',
  },
  {
    from: CURL,
    url: 'https://secure.servers/x',
    sni: 'secure.example',
    ca: 'server-ca',
    expect: { code: 200, body: '"host": "secure.example:?[^]*"sni": "secure.example"' },
    why: 'another SNI than the host that is dialled',
  },
  {
    from: CURL,
    url: 'https://secure.servers/x',
    alpn: 'http/1.1',
    sni: 'secure.example',
    ca: 'server-ca',
    expect: { code: 200, body: '"path": "/x"[^]*"host": "secure.example"[^]*"sni": "secure.example"' },
    why: 'an ALPN of choice, with an SNI of choice',
  },
  {
    from: CURL,
    url: 'https://secure.servers/',
    alpn: 'istio',
    expect: { error: 'EPROTO' },
    why: 'an ALPN that the server does not speak',
  },
  {
    from: CURL,
    url: 'https://secure.servers/',
    alpn: 'http/1.1',
    ca: 'client-ca',
    expect: { error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    why: 'the client verifies the server there, too',
  },
  {
    from: CURL,
    url: 'http://h2.servers:8000/x',
    http2: true,
    expect: { code: 200, body: '"http": "2.0"[^]*"path": "/x"' },
    why: 'HTTP/2 in clear text',
  },
];

const throughSidecars: Call[] = [
  {
    from: SLEEP,
    url: 'http://h2.app:8000/x',
    http2: true,
    expect: {
      code: 200,
      body: '"http": "2.0"[^]*"host": "h2.app:8000"',
      hops: [
        { at: 'c1/app/sleep', direction: 'outbound', sent: 'tls' },
        { at: 'c1/app/h2', direction: 'inbound', received: { peer: 'spiffe://cluster.local/ns/app/sa/sleep' } },
      ],
    },
    why: 'HTTP/2 from sidecar to sidecar',
  },
  {
    from: SLEEP,
    url: 'http://greeter.app:50051/hello.Greeter/Say',
    ...GRPC,
    expect: { code: 200, body: '"app": "greeter"[^]*"te": "trailers"' },
    why: 'gRPC from sidecar to sidecar',
  },
  {
    from: CURL,
    url: 'https://echo.app:80/',
    ...{ alpn: 'istio', as: 'mesh', sni: 'outbound_.80_._.echo.app.svc.cluster.local' },
    expect: { code: 200, body: 'URI=spiffe://cluster.local/ns/app/sa/sleep' },
    why: 'the ALPN of sidecars, a certificate of the mesh: as a sidecar',
  },
  {
    from: CURL,
    url: 'https://echo.app:80/',
    ...{ alpn: 'istio', as: 'stranger', sni: 'outbound_.80_._.echo.app.svc.cluster.local' },
    expect: { error: '' },
    why: 'the certificate that is presented counts',
  },
];

const calls: Scenario = {
  name: 'testbed/calls',
  certificates: [
    { name: 'secure', ca: 'server-ca', san: ['DNS:secure.servers', 'DNS:secure.example'], eku: 'serverAuth' },
    { name: 'mesh', ca: 'root-c1', san: ['URI:spiffe://cluster.local/ns/app/sa/sleep'], eku: 'clientAuth' },
    { name: 'stranger', ca: 'client-ca', san: ['URI:spiffe://cluster.local/ns/app/sa/sleep'], eku: 'clientAuth' },
  ],
  clusters: {
    c1: {
      secrets: [
        {
          namespace: 'servers',
          name: 'secure',
          data: { 'tls.crt': 'cert:secure', 'tls.key': 'key:secure' },
        },
      ],
      objects: [
        ...outsideClient(),
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'servers' } },
        meshed('app'),
        ...caller('app', 'sleep'),
        ...server('app', 'h2', { ports: { http2: 8000 }, image: 'bed/h2c-echo' }),
        ...server('app', 'echo', { ports: { http: [80, 8080] } }),
        ...server('app', 'greeter', { ports: { grpc: 50051 }, image: 'bed/grpc-echo' }),
        ...server('servers', 'echo', { ports: { http: [80, 8080] } }),
        ...server('servers', 'h2', { ports: { http2: 8000 }, image: 'bed/h2c-echo' }),
        ...server('servers', 'secure', {
          ports: { https: [443, 8443] },
          image: 'bed/https-echo',
          certificate: 'secure',
        }),
      ],
    },
  },
  calls: [...options, ...throughSidecars],
};

export default calls;
