import type { Call, Scenario } from '../bed/scenario';
import { CERTIFICATES, consumer, HOST, provider, way } from '../support/private-gateways';
import { token } from '../support/tokens';
import { meshed, server } from '../support/workloads';

const SLEEP = 'c1/default/sleep';
const CURL = 'c1/outside/curl';
/** Somebody else's network. */
const ELSEWHERE = 'c3/outside/curl';

const at = (service: string) => `https://${HOST}:15443/sample/${service}/8000/_/`;
const wayTo = (service: string, port = 8000) =>
  way({ consumer: 'c1', exposure: `${port}.${service}.sample`, workload: `sample/${service}` });
const told = (address: string) => ({ 'x-forwarded-for': address });

const AGENCY = { iss: 'https://login.agency.example', sub: 'desk', aud: 'orders' };
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const good = bearer(token('agency', AGENCY));

const addresses: Call[] = [
  {
    from: SLEEP,
    url: 'http://quotes:8000/',
    expect: { code: 200, hops: wayTo('quotes') },
    why: 'the egress gateway of c1 calls from an address of the exposure',
  },
  {
    from: SLEEP,
    url: 'http://quotes:8000/',
    method: 'POST',
    expect: { code: 403 },
    why: 'an address allows no method',
  },
  { from: CURL, url: at('quotes'), as: 'c1', expect: { code: 200 }, why: 'the certificate and the network of c1' },
  { from: ELSEWHERE, url: at('quotes'), as: 'c1', expect: { code: 403 }, why: 'the certificate alone, stolen' },
  { from: CURL, url: at('quotes'), as: 'c3', expect: { code: 403 }, why: 'the network alone' },
  {
    from: ELSEWHERE,
    url: at('quotes'),
    as: 'c1',
    headers: told('10.44.1.9'),
    expect: { code: 403 },
    why: 'what a header says is no address of a connection',
  },
  {
    from: SLEEP,
    url: 'http://reports:8000/',
    expect: { code: 200, hops: wayTo('reports') },
    why: 'the egress gateway tells of its caller, a pod of c1',
  },
  {
    from: SLEEP,
    url: 'http://reports:8000/',
    headers: told('203.0.113.9'),
    expect: { code: 200 },
    why: 'what the caller writes itself comes before what the gateway adds',
  },
  {
    from: CURL,
    url: at('reports'),
    as: 'c1',
    headers: told('203.0.113.9'),
    expect: { code: 403 },
    why: 'who has the certificate tells of somebody else',
  },
  {
    from: ELSEWHERE,
    url: at('reports'),
    as: 'c1',
    headers: told('2001:db8:7::9'),
    expect: { code: 200 },
    why: 'an IPv6 address, told by who has the certificate',
  },
  {
    from: SLEEP,
    url: 'tcp://ledger:9000',
    expect: { code: 'ok', body: '"app": "ledger"', hops: wayTo('ledger', 9000) },
    why: 'bytes, from an address of the exposure',
  },
  { from: ELSEWHERE, url: `tls://${HOST}:31400`, as: 'c1', expect: { error: '' }, why: 'bytes, from elsewhere' },
  {
    from: 'c3/default/sleep',
    url: 'http://status:8000/',
    expect: { code: 200 },
    why: 'another exposure of the gateway is as open as before',
  },
];

const versions: Call[] = (
  [
    [at('quotes'), { max: '1.2' }, { error: 'curl 35' }, 'the gateway states TLS 1.3 for all that state nothing'],
    [at('quotes'), { min: '1.3' }, { code: 200 }, 'which is spoken'],
    [`https://${HOST}:31400/`, { min: '1.3' }, { error: 'curl 35' }, 'an exposure states TLS 1.2 for its port'],
  ] as const
).map(([url, tls, expect, why]) => ({ from: CURL, url, as: 'c1', tls, expect, why }));

const tokens: Call[] = [
  {
    from: SLEEP,
    url: 'http://orders:8000/',
    headers: good,
    expect: { code: 200, body: '"tokens": \\[\\]', hops: wayTo('orders') },
    why: 'a token passes both gateways; that of the provider takes it out',
  },
  { from: SLEEP, url: 'http://orders:8000/', expect: { code: 403 }, why: 'no token' },
  {
    from: SLEEP,
    url: 'http://orders:8000/',
    headers: bearer(token('stranger', AGENCY)),
    expect: { code: 401 },
    why: 'signed by somebody else',
  },
  {
    from: SLEEP,
    url: 'http://orders:8000/',
    headers: bearer(token('agency', { ...AGENCY, aud: 'quotes' })),
    expect: { code: 403 },
    why: 'for another audience',
  },
  { from: CURL, url: at('orders'), as: 'c4', headers: good, expect: { code: 403 }, why: 'a token is no certificate' },
  {
    from: 'c3/default/sleep',
    url: 'http://orders:8000/',
    expect: { code: 200 },
    why: 'another peer of the same service is asked for no token',
  },
];

const scenario = (rendering: '' | '-envoyfilter', calls: Call[]): Scenario => {
  const folder = `dist/private-gateways/conditions${rendering}`;
  const http = ['quotes', 'reports', 'orders', 'status'].flatMap((name) =>
    server('sample', name, { ports: { http: 8000 } }),
  );
  const ledger = server('sample', 'ledger', { ports: { tcp: 9000 }, image: 'bed/tcp-echo' });
  return {
    name: `private-gateways/conditions${rendering}`,
    certificates: CERTIFICATES,
    clusters: {
      c1: consumer('c1', folder),
      c2: {
        ...provider(folder, [meshed('sample'), ...http, ...ledger]),
        controlPlane: { mesh: { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } } },
      },
      c3: consumer('c3', folder),
    },
    calls,
  };
};

export default [
  scenario('', [...addresses, ...versions, ...tokens]),
  scenario('-envoyfilter', [...addresses, ...versions]),
];
