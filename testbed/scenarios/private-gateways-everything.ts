import type { GatewayRendering } from '../../lib';
import type { Bed } from '../bed/bed';
import type { Call, Scenario, SecretSetup } from '../bed/scenario';
import { DECODING_SLASHES } from '../support/control-planes';
import { sync } from '../support/gitops';
import { CERTIFICATES, consumer, HOST, provider } from '../support/private-gateways';
import { everything, without } from '../support/private-gateways-fleets';
import { caller, meshed, server } from '../support/workloads';

/** A gRPC message: not compressed, no bytes. */
const GRPC = Buffer.from([0, 0, 0, 0, 0]).toString('base64');
const SLEEP = 'c1/default/sleep';
const CURL = 'c1/outside/curl';
const at = (path: string) => `https://${HOST}:15443${path}`;
const FQDN = (name: string) => `${name}.bookinfo.svc.cluster.local`;
const grpc = {
  method: 'POST',
  http2: true,
  body: GRPC,
  headers: { 'content-type': 'application/grpc', te: 'trailers' },
};

const calls: Call[] = [
  { from: SLEEP, url: 'http://httpbin:9000/', expect: { code: 200, body: '"app": "httpbin"' }, why: 'requests' },
  {
    from: SLEEP,
    url: 'http://http:9000/',
    expect: { code: 200, body: '"app": "http"' },
    why: 'a name that begins another',
  },
  {
    from: 'c3/default/sleep',
    url: 'http://httpbin:9000/',
    method: 'POST',
    expect: { code: 200 },
    why: 'c3 may POST what c1 may GET',
  },
  { from: 'c3/default/sleep', url: 'http://httpbin:9000/', expect: { code: 403 }, why: 'and not GET' },
  { from: SLEEP, url: 'http://httpbin:9000/', method: 'POST', expect: { code: 403 }, why: 'nor c1 POST' },
  {
    from: SLEEP,
    url: 'http://locked:8000/',
    expect: { code: 403, hops: [{ at: 'c2/istio-private-ingressgateway', code: 403 }] },
    why: 'allow: [] is routed and denied',
  },
  { from: CURL, url: at('/bookinfo/locked/8000/_/'), as: 'c1', expect: { code: 403 }, why: 'by hand, too' },
  { from: SLEEP, url: 'http://files:8000/public/a', expect: { code: 200, body: '"path": "/public/a"' }, why: 'path' },
  { from: SLEEP, url: 'http://files:8000/exact', expect: { code: 200 }, why: 'exact path' },
  { from: SLEEP, url: 'http://files:8000/exact?a=b', expect: { code: 200 }, why: 'exact path with a query' },
  { from: SLEEP, url: 'http://files:8000/exact/', expect: { code: 403 }, why: 'exact is exact' },
  { from: SLEEP, url: 'http://files:8000/public', expect: { code: 403 }, why: 'without the slash' },
  { from: SLEEP, url: 'http://files:8000/secret', expect: { code: 403 }, why: 'another path' },
  { from: SLEEP, url: 'http://files:8000/inbox/a', method: 'PUT', expect: { code: 200 }, why: 'the second rule' },
  { from: SLEEP, url: 'http://files:8000/inbox/a', expect: { code: 403 }, why: 'rules do not mix' },
  { from: SLEEP, url: 'http://files:8000/public/a', method: 'PUT', expect: { code: 403 }, why: 'rules do not mix' },
  ...(
    [
      ['/public/../secret', 403, 'dots'],
      ['/public/%2e%2e/secret', 403, 'escaped dots'],
      ['/public/..;/secret', 403, 'dots with a parameter'],
      ['/public/..%2fsecret', 200, 'an escaped slash passes on as it is (BASE): the application must not unescape it'],
      ['/public/..%5csecret', 200, 'nor an escaped backslash'],
      ['//public/a', 403, 'double slash'],
      ['/secret?/public/', 403, 'query'],
      ['/public;x=y/a', 403, 'parameter'],
      ['/pub%6cic/a', 200, 'escaped letter'],
      ['/public/%00secret', 400, 'a null byte'],
    ] as const
  ).map(
    ([path, code, why]): Call => ({
      from: CURL,
      url: at(`/bookinfo/files/8000/_${path}`),
      as: 'c1',
      expect: { code },
      why,
    }),
  ),
  {
    from: SLEEP,
    url: 'http://h2:8000/x',
    http2: true,
    expect: { code: 200, body: '"http": "2.0"[^]*"path": "/x"' },
    why: 'HTTP/2 end to end',
  },
  { from: SLEEP, url: 'http://h2:8000/', http2: true, method: 'POST', expect: { code: 403 }, why: 'GET only' },
  {
    from: SLEEP,
    url: 'http://greeter:50051/hello.Greeter/Say',
    ...grpc,
    expect: { code: 200, body: '"app": "greeter"[^]*"http": "2.0"[^]*"te": "trailers"' },
    why: 'gRPC end to end',
  },
  {
    from: SLEEP,
    url: 'http://greeter:50051/other.Service/Say',
    ...grpc,
    body: undefined,
    expect: { code: 200, body: '^$' },
    why: 'another gRPC service: denied as gRPC does it',
  },
  { from: SLEEP, url: 'http://multi-a/', expect: { code: 200, body: '"host": "multi' }, why: 'first port' },
  {
    from: SLEEP,
    url: 'http://multi-a/',
    expect: { code: 200, hops: [{ at: 'c2/multi', direction: 'inbound', cluster: 'inbound|8001|' }] },
    why: 'first port of a service with two',
  },
  {
    from: SLEEP,
    url: 'http://multi-b/',
    expect: { code: 200, hops: [{ at: 'c2/multi', direction: 'inbound', cluster: 'inbound|18002|' }] },
    why: 'second port of a service with two',
  },
  { from: SLEEP, url: 'tcp://echo:9001', expect: { code: 'ok', body: '"app": "echo"' }, why: 'bytes beside requests' },
  { from: SLEEP, url: 'tcp://closed:9001', expect: { error: '' }, why: 'allow: [] of bytes' },
  { from: CURL, url: `tls://${HOST}:31401`, as: 'c1', expect: { error: '' }, why: 'allow: [] of bytes, by hand' },
  {
    from: SLEEP,
    url: `https://${FQDN('my-nginx')}/`,
    ca: 'app-ca',
    expect: { code: 200, body: '"app": "my-nginx"' },
    why: "the application's own TLS beside requests",
  },
  { from: SLEEP, url: `https://${FQDN('my-shut')}/`, ca: 'app-ca', expect: { error: 'curl' }, why: 'allow: [] of TLS' },
  {
    from: CURL,
    url: `tls://${HOST}:15444`,
    sni: FQDN('my-shut'),
    as: 'c1',
    expect: { error: '' },
    why: 'allow: [] of TLS, by hand',
  },
];

const app = (name: string): SecretSetup => ({
  namespace: 'bookinfo',
  name: `${name}-server`,
  data: { 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}` },
});

const TLS_APPS = ['my-nginx', 'my-shut'];

type Rendering = '' | '-envoyfilter';

const policiesOf = (rendering: Rendering): GatewayRendering =>
  rendering === '' ? 'AuthorizationPolicy' : 'EnvoyFilter';

const more = (rendering: Rendering): Scenario => {
  const fleet = `private-more${rendering}`;
  const folder = `build/fleets/${fleet}`;
  const of = (name: string) => consumer(name, folder, [meshed('bookinfo')]);
  return {
    name: `private-gateways/everything${rendering}`,
    fleets: { [fleet]: (all) => everything(all, policiesOf(rendering)) },
    certificates: [
      ...CERTIFICATES,
      ...TLS_APPS.map((name) => ({ name, ca: 'app-ca', san: [`DNS:${FQDN(name)}`], eku: 'serverAuth' })),
    ],
    clusters: {
      c1: of('c1'),
      c2: provider(
        folder,
        [
          meshed('bookinfo'),
          ...['httpbin', 'http', 'locked', 'files'].flatMap((name) =>
            server('bookinfo', name, { ports: { http: 8000 } }),
          ),
          ...server('bookinfo', 'h2', { ports: { http2: 8000 }, image: 'bed/h2c-echo' }),
          ...server('bookinfo', 'greeter', { ports: { grpc: 50051 }, image: 'bed/grpc-echo' }),
          ...server('bookinfo', 'multi', { ports: { 'http-a': 8001, 'http-b': [8002, 18002] } }),
          ...server('bookinfo', 'echo', { ports: { tcp: 9000 }, image: 'bed/tcp-echo' }),
          ...server('bookinfo', 'closed', { ports: { tcp: 9000 }, image: 'bed/tcp-echo' }),
          ...TLS_APPS.flatMap((name) =>
            server('bookinfo', name, {
              ports: { tls: [443, 8443] },
              image: 'bed/nginx',
              certificate: `${name}-server`,
            }),
          ),
          ...caller('bookinfo', 'sleep'),
        ],
        TLS_APPS.map(app),
      ),
      c3: of('c3'),
    },
    calls,
  };
};

/** The provider's MeshConfig decodes slashes before policies see the path. */
const normalized = (): Scenario => {
  const scenario = more('');
  const { c2 } = scenario.clusters;
  c2.controlPlane = DECODING_SLASHES;
  const paths = [
    ['/public/..%2fsecret', 403, 'an escaped slash is a slash'],
    ['/public/..%5csecret', 403, 'and a backslash'],
    ['//public/a', 200, 'two slashes are one'],
    ['/public/a%2fb', 200, 'an escaped slash within'],
  ] as const;
  return {
    ...scenario,
    name: 'private-gateways/decode-and-merge-slashes',
    calls: paths.map(([path, code, why]) => ({
      from: CURL,
      url: at(`/bookinfo/files/8000/_${path}`),
      as: 'c1',
      expect: { code },
      why,
    })),
  };
};

/** Exposures are cancelled one after the other, at the provider first; those of others go on. */
const cancel = (rendering: Rendering): Scenario => {
  const fleetOf = (cancelled: string) => `private-cancel${cancelled}${rendering}`;
  const folder = (cancelled: string) => `build/fleets/${fleetOf(cancelled)}`;
  const steps = { '': [], '-c1': ['c1'], '-c1-c3': ['c1', 'c3'] };
  const byHand = async (bed: Bed, as: string, expect: Call['expect'], why: string, within?: number) =>
    bed.expect({ from: CURL, url: at('/bookinfo/httpbin/8000/_/'), as, expect, why, within, fresh: true });
  return {
    name: `private-gateways/cancel${rendering}`,
    fleets: Object.fromEntries(
      Object.entries(steps).map(([step, cancelled]) => [
        fleetOf(step),
        (fleet) => without(fleet, policiesOf(rendering), cancelled),
      ]),
    ),
    certificates: CERTIFICATES,
    clusters: {
      c1: consumer('c1', folder('')),
      c2: provider(folder(''), [meshed('bookinfo'), ...server('bookinfo', 'httpbin', { ports: { http: 8000 } })]),
      c3: consumer('c3', folder('')),
    },
    test: async (bed) => {
      await byHand(bed, 'c1', { code: 200 }, 'both may');
      await byHand(bed, 'c3', { code: 200 }, 'both may');
      await bed.expect({ from: 'c1/default/sleep', url: 'http://httpbin:9000/', expect: { code: 200 }, why: 'c1 may' });
      await sync(bed, 'c2', `${folder('')}/c2`, `${folder('-c1')}/c2`);
      // over the connection that the egress gateway has kept
      await bed.expect({
        from: 'c1/default/sleep',
        url: 'http://httpbin:9000/',
        expect: { code: 403 },
        within: 30,
        why: 'c1 cancelled at the provider, over the connection of before',
      });
      await byHand(bed, 'c1', { code: 403 }, 'c1 cancelled at the provider');
      await byHand(bed, 'c3', { code: 200 }, 'c3 goes on');
      await bed.expect({
        from: 'c1/default/sleep',
        url: 'http://httpbin:9000/',
        expect: { code: 403 },
        why: 'c1 from its mesh',
      });
      await sync(bed, 'c1', `${folder('')}/c1`, `${folder('-c1')}/c1`);
      await bed.expect({
        from: 'c1/default/sleep',
        url: 'http://httpbin:9000/',
        expect: { error: 'curl 6' },
        why: 'the name is gone',
      });
      await bed.expect({
        from: 'c3/default/sleep',
        url: 'http://httpbin:9000/',
        expect: { code: 200 },
        why: 'c3 goes on',
      });
      // what is applied before anything is pruned
      await bed.apply('c2', `${folder('-c1-c3')}/c2`);
      await bed.ready();
      await byHand(bed, 'c4', { code: 403 }, 'the last is cancelled, its routes not yet pruned: not open to others');
      await byHand(bed, 'c1', { code: 403 }, 'nor to those who once might');
      await sync(bed, 'c2', `${folder('-c1')}/c2`, `${folder('-c1-c3')}/c2`);
      await byHand(bed, 'c3', { error: 'curl' }, 'all are cancelled: nothing listens', 10);
    },
  };
};

export default [more(''), more('-envoyfilter'), normalized(), cancel(''), cancel('-envoyfilter')];
