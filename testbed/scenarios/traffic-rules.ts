import type { Call, ClusterSetup, Scenario } from '../bed/scenario';
import { caller, meshed, server } from '../support/workloads';

const CHECKOUT = 'shop/shop/checkout';
const HOST = 'http://reviews:8000';

const call = (path: string, why: string, rest: Partial<Call> = {}): Call => ({
  from: CHECKOUT,
  url: `${HOST}${path}`,
  expect: { code: 200, body: '"app": "reviews",' },
  why,
  ...rest,
});
const next = { code: 200, body: '"app": "reviews-next"' } as const;

/** What a server has seen besides this question. */
const seen = (name: string, body: string, why: string): Call => ({
  from: CHECKOUT,
  url: `http://${name}:8000/seen`,
  expect: { code: 200, body },
  within: 5,
  why,
});

const conditions: Call[] = [
  call('/', 'no rule but the last is about it'),
  call('/', 'a header', { headers: { 'end-user': 'jason' }, expect: next }),
  call('/', 'another value', { headers: { 'end-user': 'jasons' } }),
  call('/', 'a regular expression holds for the whole value', { headers: { cookie: 'a=1; beta=1' }, expect: next }),
  call('/', 'not for a part of it', { headers: { cookie: 'a=1; beta=12' } }),
  call('/reviews/7?preview', 'a query parameter that is there', { expect: next }),
  call('/reviews/7', 'one that is not'),
  call('/stock?preview', 'the path must fit, too'),
  call('/', 'a method that is denied', { method: 'POST', expect: { code: 403 } }),
  call('/', 'one that is not', { method: 'OPTIONS' }),
  call('/items/12/reviews', 'a path by regular expression', { expect: next }),
  call('/items/a/reviews', 'one that it does not match'),
  call('/items/12/reviews/1', 'nor one that goes on'),
];

const changes: Call[] = [
  call('/v1/books/7', 'the server sees another path and host', {
    expect: { code: 200, body: '"path": "/api/books/7",\\s+"host": "reviews.internal"' },
  }),
  call('/stars/7', 'a path made by a regular expression', {
    expect: { code: 200, body: '"path": "/reviews/7/stars"' },
  }),
  call('/old', 'callers are told where to go', { expect: { code: 308 } }),
  call('/chaos/7', 'a fault, before the server sees anything', { expect: { code: 418, flags: 'FI' } }),
];

const patience: Call[] = [
  call('/reports/7?sleep=1500', 'a second is over', { expect: { code: 504, flags: 'UT' } }),
  call('/reports/7?sleep=500', 'half a second is not'),
  call('/reports/7?id=report&fail=1', 'nothing is tried again', { expect: { code: 503, body: '"attempt": 1' } }),
  call('/quotes/7?id=quote&fail=2', 'tried again twice', { expect: { code: 200, body: '"attempt": 3' } }),
  call('/quotes/7?id=hopeless&fail=9', 'and no more than three times', {
    expect: { code: 503, body: '"attempt": 4', flags: 'URX' },
  }),
  call('/quotes/7?id=slow&sleep=800', 'each attempt has half a second', { expect: { code: 504, flags: 'UT' } }),
  call('/stock?id=stock&fail=1', 'where nothing is stated, no status code is tried again', {
    expect: { code: 503, body: '"attempt": 1' },
  }),
];

const mirrored: Call[] = [
  call('/checkout/7', 'the answer is of the one server'),
  seen(
    'reviews-next',
    '"path": "/checkout/7",\\s+"host": "reviews:8000"',
    'the other one has seen it, too, with the host that was dialled',
  ),
];

const mesh = (objects: ClusterSetup['objects'], more: Partial<ClusterSetup> = {}): ClusterSetup => ({
  objects: [meshed('shop'), ...caller('shop', 'checkout'), ...(objects ?? [])],
  ...more,
});

const requests: Scenario = {
  name: 'traffic-rules/requests',
  clusters: {
    shop: mesh(
      ['reviews', 'reviews-next'].flatMap((name) => server('shop', name, { ports: { http: 8000 } })),
      { apply: ['dist/traffic-rules/requests/shop'] },
    ),
  },
  calls: [...conditions, ...changes, ...patience, ...mirrored],
};

const tls = (name: string) =>
  server('shop', name, { ports: { tls: [443, 8443] }, image: 'bed/https-echo', certificate: 'broker' });
const tcp = (name: string, ports: Record<string, number>) => server('shop', name, { ports, image: 'bed/tcp-echo' });

const toBroker = (sni: string, app: string, why: string): Call => ({
  from: CHECKOUT,
  url: 'https://broker.shop.svc.cluster.local/',
  sni,
  expect: { code: 200, body: `"app": "${app}"` },
  why,
});

const streams: Scenario = {
  name: 'traffic-rules/streams',
  certificates: [{ name: 'broker', ca: 'broker-ca', san: ['DNS:broker.example'], eku: 'serverAuth' }],
  clusters: {
    shop: mesh(
      [
        ...tcp('db', { 'tcp-write': 5432, 'tcp-read': 5433 }),
        ...tcp('primary', { tcp: 5432 }),
        ...tcp('replica', { tcp: 5432 }),
        ...tls('broker-eu'),
        ...tls('broker-us'),
      ],
      {
        secrets: [{ namespace: 'shop', name: 'broker', data: { 'tls.crt': 'cert:broker', 'tls.key': 'key:broker' } }],
        apply: ['dist/traffic-rules/streams/shop'],
      },
    ),
  },
  calls: [
    toBroker('eu.broker.example', 'broker-eu', 'a server name'),
    toBroker('b7.eu.broker.example', 'broker-eu', 'a server name below it'),
    toBroker('broker.shop.svc.cluster.local', 'broker-us', 'the name that is dialled'),
    {
      ...toBroker('us.broker.example', '', 'a server name that no rule is about'),
      expect: { error: '' },
    },
  ],
  test: async (bed) => {
    const reached = async (port: number) => {
      const pods = new Set<string>();
      for (let n = 0; n < 16; n++) {
        const { body, error } = await bed.call({ from: CHECKOUT, url: `tcp://db:${port}` });
        pods.add(/"app": "([a-z]+)"/.exec(body)?.[1] ?? error ?? body);
      }
      return [...pods].sort().join();
    };
    for (const [port, expected] of [
      [5432, 'primary'],
      [5433, 'primary,replica'],
    ] as const) {
      const found = await reached(port);
      if (found !== expected) throw new Error(`port ${port} reached ${found}, expected ${expected}`);
    }
  },
};

export default [requests, streams];
