import type { Bed } from '../bed/bed';
import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import {
  CERTIFICATES,
  clientSecret,
  consumer,
  EGRESS_ID,
  HOST,
  provider,
  SERVER_SECRET,
  way,
} from '../support/private-gateways';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/default/sleep';
const CURL = 'c1/outside/curl';
const at = (path: string) => `https://${HOST}:15443${path}`;
const HTTPBIN = '/bookinfo/httpbin/8000/_/status/418';
const RATINGS = '/bookinfo/myratings/9080/v1/ratings/0';

const wayTo = (service: string, consumer: string, exposure: string) =>
  way({ consumer, exposure: `${exposure}.bookinfo`, workload: `bookinfo/${service}` });

const golden: Call[] = [
  {
    from: SLEEP,
    url: 'http://ratings:9080/ratings/0',
    expect: {
      code: 200,
      body: '"version": "v1"[^]*"path": "/ratings/0"[^]*"host": "myratings.bookinfo.svc.cluster.local"',
      hops: wayTo('myratings', 'c1', 'v1.9080.myratings'),
    },
    why: 'consumed ratings, subset v1',
  },
  {
    from: SLEEP,
    url: 'http://ratings:9080/ratings/0',
    repeat: 10,
    expect: { spread: ['myratings-v1'] },
    why: 'v2 is not exposed',
  },
  {
    from: SLEEP,
    url: 'http://httpbin:9000/status/418',
    expect: { code: 418, hops: wayTo('httpbin', 'c1', '8000.httpbin') },
    why: 'consumed httpbin, other port and name than at the provider',
  },
  {
    from: SLEEP,
    url: 'http://httpbin.default.svc.cluster.local:9000/headers?x=1&y=a%2Fb',
    expect: { code: 200, body: '"path": "/headers\\?x=1&y=a%2Fb"[^]*sa/istio-private-ingressgateway' },
    why: 'the provider workload sees the ingress gateway; query and escapes arrive',
  },
  {
    from: SLEEP,
    url: 'http://httpbin:9000/post',
    method: 'POST',
    expect: { code: 403, body: 'RBAC: access denied' },
    why: 'GET only',
  },
  { from: SLEEP, url: 'http://httpbin:9000/', method: 'HEAD', expect: { code: 403 }, why: 'GET is not HEAD' },
  { from: SLEEP, url: 'http://httpbin:9000/', method: 'OPTIONS', expect: { code: 403 }, why: 'nor OPTIONS' },
  {
    from: 'c1/default/other',
    url: 'http://httpbin:9000/status/418',
    expect: { code: 403, hops: [{ at: 'c1/istio-private-egressgateway', code: 403 }] },
    why: 'the egress gateway allows only service account sleep',
  },
  { from: CURL, url: at(HTTPBIN), as: 'c1', expect: { code: 418 }, why: 'certificate of c1 by hand' },
  { from: CURL, url: at(HTTPBIN), as: 'c3', expect: { code: 418 }, why: 'c3 may call httpbin' },
  {
    from: CURL,
    url: at(RATINGS),
    as: 'c3',
    expect: { code: 403, body: 'RBAC: access denied' },
    why: 'c3 may not call ratings',
  },
  { from: CURL, url: at(RATINGS), as: 'c1', expect: { code: 200 }, why: 'c1 may' },
  { from: CURL, url: at('/bookinfo/other/'), as: 'c1', expect: { code: 403 }, why: 'denied before routing' },
  { from: CURL, url: at(HTTPBIN), as: 'forged', expect: { error: 'curl' }, why: 'right name, CA not trusted' },
  { from: CURL, url: at(HTTPBIN), expect: { error: 'curl' }, why: 'no certificate' },
  { from: CURL, url: 'https://10.72.0.200:15443/', as: 'c1', expect: { error: 'curl 35' }, why: 'no SNI' },
];

const reviewer: Call[] = [
  {
    from: 'c3/default/sleep',
    url: 'http://httpbin:9000/status/418',
    expect: { code: 418, hops: wayTo('httpbin', 'c3', '8000.httpbin') },
    why: 'the second consumer, by its own gateways',
  },
  { from: 'c3/default/sleep', url: 'http://ratings:9080/', expect: { error: 'curl 6' }, why: 'c3 has no such alias' },
  { from: CURL, url: at(HTTPBIN), as: 'c4', expect: { code: 403 }, why: 'right CA, another SPIFFE ID' },
  { from: CURL, url: at(HTTPBIN), as: 'c1-longer', expect: { code: 403 }, why: 'an ID that begins like that of c1' },
  { from: CURL, url: at(HTTPBIN), as: 'c1-dns', expect: { code: 403 }, why: 'right CA, a DNS name only' },
  { from: CURL, url: at(HTTPBIN), as: 'c1-both', expect: { code: 418 }, why: 'two IDs, the second is that of c1' },
  { from: CURL, url: at(HTTPBIN), as: 'expired', expect: { error: 'curl' }, why: 'expired' },
  { from: CURL, url: at(HTTPBIN), as: 'server-as-client', expect: { error: 'curl' }, why: 'EKU serverAuth only' },
  {
    from: CURL,
    url: 'https://wrong.example.com:15443/bookinfo/httpbin/8000/_/status/418',
    as: 'c1',
    expect: { error: 'curl 35' },
    why: 'wrong SNI: no filter chain',
  },
  {
    from: CURL,
    url: 'https://x.c2.example.com:15443/bookinfo/httpbin/8000/_/status/418',
    as: 'c1',
    expect: { error: 'curl 35' },
    why: 'a subdomain is another SNI',
  },
  {
    from: CURL,
    url: at(HTTPBIN),
    headers: { host: 'httpbin.bookinfo.svc.cluster.local:8000' },
    as: 'c1',
    expect: { code: 404 },
    why: 'right SNI, another authority: no route',
  },
  {
    from: CURL,
    url: at('/bookinfo/myratings/9080/v1/'),
    headers: { host: 'myratings.bookinfo.svc.cluster.local' },
    as: 'c3',
    expect: { code: 403 },
    why: 'another authority does not help',
  },
  {
    from: CURL,
    url: `https://${HOST}:15444${HTTPBIN}`,
    as: 'c1',
    expect: { error: 'curl' },
    why: 'a port without listener',
  },
  { from: CURL, url: `https://${HOST}:31400${HTTPBIN}`, as: 'c1', expect: { error: 'curl' }, why: 'another' },
  { from: CURL, url: `http://${HOST}:15443${HTTPBIN}`, expect: { error: 'curl' }, why: 'clear text' },
  {
    from: CURL,
    url: at('/bookinfo/httpbin/8000/_/headers'),
    as: 'c3',
    headers: {
      'x-forwarded-client-cert': `URI=${EGRESS_ID('c1')}`,
      'x-envoy-original-path': '/bookinfo/myratings/9080/v1/',
    },
    expect: { code: 200, body: 'sa/istio-private-ingressgateway(?![^]*c1\\.example\\.com)' },
    why: 'a forged XFCC is not passed on',
  },
  {
    from: CURL,
    url: at(RATINGS),
    as: 'c3',
    headers: { 'x-forwarded-client-cert': `By=x;URI=${EGRESS_ID('c1')}` },
    expect: { code: 403 },
    why: 'a forged XFCC is not believed',
  },
  {
    from: CURL,
    url: at('/bookinfo/httpbin/8000/_/status/418'),
    method: 'POST',
    headers: { 'x-http-method-override': 'GET' },
    as: 'c1',
    expect: { code: 403 },
    why: 'POST by hand',
  },
  {
    from: SLEEP,
    url: 'http://8000.httpbin.bookinfo.c2.example.com/',
    expect: { error: 'curl 6' },
    why: 'the internal host of the egress gateway is no name for workloads',
  },
  {
    from: SLEEP,
    url: 'http://ratings:9080/ratings/0',
    headers: { host: '8000.httpbin.bookinfo.c2.example.com' },
    expect: { code: 502 },
    why: 'nor an authority that leads anywhere: BlackHoleCluster (REGISTRY_ONLY)',
  },
  {
    from: SLEEP,
    url: 'https://c2.example.com:15443/bookinfo/httpbin/8000/_/status/418',
    as: 'c1',
    expect: { error: '' },
    why: 'around the egress gateway, sidecar on: REGISTRY_ONLY knows no such host',
  },
  {
    from: 'c2/bookinfo/ratings',
    url: 'http://httpbin:8000/status/418',
    expect: { code: 403, body: 'RBAC: access denied', hops: [{ at: 'c2/httpbin', direction: 'inbound', code: 403 }] },
    why: 'inside the provider only the private gateway may call the exposed workload',
  },
  {
    from: 'c2/bookinfo/reviews',
    url: 'http://myratings-v1:9080/ratings/0',
    expect: { code: 200 },
    why: 'and who is named (alsoFrom)',
  },
  {
    from: 'c2/bookinfo/ratings',
    url: 'http://myratings-v1:9080/ratings/0',
    expect: { code: 403 },
    why: 'and nobody else',
  },
  {
    from: 'c2/bookinfo/ratings',
    url: 'http://myratings-v2:9080/ratings/0',
    expect: { code: 200 },
    why: 'pods of a subset that is not exposed keep their callers',
  },
  {
    from: 'c2/bookinfo/reviews',
    url: 'http://httpbin:8000/status/418',
    expect: { code: 403 },
    why: 'reviews is named for ratings alone',
  },
  {
    from: 'c2/bookinfo/reviews',
    url: 'http://istio-private-ingressgateway.istio-private-gateways:15443/bookinfo/httpbin/8000/_/status/418',
    headers: { host: HOST },
    expect: { error: '' },
    why: 'a workload of the provider through the gateway: it has no certificate of a peer',
  },
  {
    from: 'c2/outside/curl',
    url: 'http://httpbin.bookinfo:8000/status/418',
    expect: { error: 'curl 56' },
    why: 'STRICT at the provider',
  },
];

/** Around the prefix: what the gateway's policy and its routes make of odd paths. */
const tricks: Call[] = (
  [
    ['c3', '/bookinfo/httpbin/8000/_/../../../myratings/9080/v1/ratings/0', 403, 'dot segments are removed first'],
    ['c3', '/bookinfo/httpbin/8000/_/%2e%2e/%2e%2e/%2e%2e/myratings/9080/v1/ratings/0', 403, 'escaped dots are dots'],
    ['c3', '/bookinfo/httpbin/8000/_/.%2E/%2e./../myratings/9080/v1/ratings/0', 403, 'half escaped, too'],
    [
      'c3',
      '/bookinfo/httpbin/8000/_/..%2f..%2f..%2fmyratings/9080/v1/ratings/0',
      200,
      'escaped slashes stay with httpbin',
    ],
    ['c3', '/bookinfo/httpbin/8000/_/..;/..;/..;/myratings/9080/v1/ratings/0', 403, 'dots with parameters'],
    ['c3', '/bookinfo/httpbin/8000/_/x;y=/z;/status/418', 418, 'parameters of other segments'],
    ['c3', '/bookinfo/httpbin/8000/_\\..\\..\\..\\myratings\\9080\\v1\\ratings\\0', 403, 'backslashes are slashes'],
    ['c3', '//bookinfo/myratings/9080/v1/ratings/0', 403, 'double slash in front'],
    ['c3', '/bookinfo//myratings/9080/v1/ratings/0', 403, 'double slash within'],
    ['c3', '/bookinfo/httpbin/8000/_/..//../../../myratings/9080/v1/ratings/0', 403, 'mixed'],
    ['c3', '/bookinfo/httpbin/8000/_', 403, 'without the slash'],
    ['c3', '/bookinfo/httpbin/8000/_?/../../myratings/v1/', 403, 'a query is no path'],
    ['c3', '/bookinfo/httpbin/8000/_/?/../../../../myratings/9080/v1/', 200, 'a query is not normalized'],
    ['c3', '/BOOKINFO/httpbin/_/', 403, 'case matters'],
    ['c3', '/bookinfo/%6dyratings/9080/v1/ratings/0', 403, 'an escaped letter'],
    ['c1', '/bookinfo/%6dyratings/9080/v1/ratings/0', 200, 'an escaped letter of a path that is allowed'],
    ['c1', '/bookinfo/myratings/9080/v2/ratings/0', 403, 'a subset that is not exposed'],
    ['c1', '/bookinfo/myratings/9080/_/ratings/0', 403, 'the service without a subset is not exposed'],
    ['c1', '/', 403, 'nothing'],
  ] as const
).map(([as, path, code, why]) => ({ from: CURL, url: at(path), as, expect: { code }, why }));

tricks.push(
  ...(
    [
      ['/../../../myratings/9080/v1/ratings/0', 'cannot climb out of the prefix that the egress gateway adds'],
      ['/%2e%2e/%2e%2e/%2e%2e/myratings/9080/v1/ratings/0', 'nor escaped'],
      ['/..%2f..%2f..%2fmyratings/v1/ratings/0', 'nor with escaped slashes'],
      ['//', 'double slash'],
    ] as const
  ).map(([path, why]) => ({
    from: 'c3/default/sleep',
    url: `http://httpbin:9000${path}`,
    expect: { code: 200, body: '"app": "httpbin"' } as const,
    why,
  })),
);

/** At the egress gateway by hand, as a workload of the consumer that does without its sidecar. */
const atEgress: Call[] = (
  [
    ['mesh-sleep', '8000.httpbin.bookinfo', {}, { code: 418 }, 'a caller'],
    ['mesh-other', '8000.httpbin.bookinfo', {}, { code: 403 }, 'no caller'],
    ['mesh-elsewhere', '8000.httpbin.bookinfo', {}, { code: 403 }, 'another trust domain'],
    [
      'mesh-sleep',
      '8000.httpbin.bookinfo',
      { host: 'v1.9080.myratings.bookinfo.c2.example.com' },
      { code: 404 },
      'the SNI of one exposure, the authority of another',
    ],
    ['c1', '8000.httpbin.bookinfo', {}, { error: 'curl' }, 'the peer certificate is none of the mesh'],
    ['mesh-sleep', '9999.nothing.bookinfo', {}, { error: 'curl 35' }, 'an exposure that there is not'],
  ] as const
).map(([as, exposure, headers, expect, why]) => ({
  from: CURL,
  url: 'https://istio-private-egressgateway.istio-private-gateways:443/status/418',
  sni: `${exposure}.c2.example.com`,
  headers,
  as,
  expect,
  why,
}));

/** What each side makes of another certificate of the other. */
async function certificates(bed: Bed): Promise<void> {
  const call = (expect: Call['expect'], why: string) =>
    bed.expect({ from: SLEEP, url: 'http://httpbin:9000/status/418', expect, why, fresh: true, within: 10 });
  const serve = (name: string) =>
    bed.secret('c2', {
      ...SERVER_SECRET,
      data: { ...SERVER_SECRET.data, 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}` },
    });
  await serve('c2-wrong');
  await call({ code: 503, flags: 'UF' }, 'the right authority, another name: the egress gateway refuses');
  await serve('c2-foreign');
  await call({ code: 503, flags: 'UF' }, 'the right name, another authority: the egress gateway refuses');
  await serve('c2');
  await call({ code: 418 }, 'as it was');
  const own = clientSecret('c1');
  await bed.secret('c1', { ...own, data: { ...own.data, 'tls.crt': 'cert:c4', 'tls.key': 'key:c4' } });
  await call({ code: 403 }, 'another identity of the same authority: the ingress gateway refuses');
  await bed.secret('c1', own);
  await call({ code: 418 }, 'as it was');
}

/** A Service of one subset alone, so that a call shows which pods answer it. */
const subsetOfRatings = (version: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `myratings-${version}`, namespace: 'bookinfo' },
  spec: { selector: { app: 'myratings', version }, ports: [{ name: 'http', port: 9080 }] },
});

const bookinfo = [
  meshed('bookinfo'),
  subsetOfRatings('v1'),
  subsetOfRatings('v2'),
  ...server('bookinfo', 'myratings', { ports: { http: 9080 } }),
  ...server('bookinfo', 'myratings', { ports: { http: 9080 }, version: 'v2' }).slice(2),
  ...server('bookinfo', 'httpbin', { ports: { http: 8000 } }),
  ...caller('bookinfo', 'reviews'),
  ...caller('bookinfo', 'ratings'),
  ...outsideClient(),
];

const scenario = (rendering: '' | '-envoyfilter'): Scenario => ({
  name: `private-gateways/http${rendering}`,
  certificates: CERTIFICATES,
  clusters: {
    c1: consumer('c1', `dist/private-gateways/http${rendering}`),
    c2: provider(`dist/private-gateways/http${rendering}`, bookinfo),
    c3: consumer('c3', `dist/private-gateways/http${rendering}`),
  },
  calls: [...golden, ...reviewer, ...tricks, ...atEgress],
  test: certificates,
});

export default [scenario(''), scenario('-envoyfilter')];
