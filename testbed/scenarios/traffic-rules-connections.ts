import type { Bed } from '../bed/bed';
import type { Call, Scenario } from '../bed/scenario';
import { NAMESPACE, server as outside, serverSecret } from '../support/external-server';
import { caller, meshed, server } from '../support/workloads';

const CHECKOUT = 'shop/shop/checkout';
const PAY = 'http://pay.vendor.example';
const TAX = 'http://tax.vendor.example';
const CACHE = 'http://cache.legacy:8000/';

const pay = (path: string, expect: Call['expect'], why: string, within = 0): Call => ({
  from: CHECKOUT,
  url: `${PAY}${path}`,
  expect,
  within,
  why,
});

const ejected: Call[] = [
  pay('/', { code: 200, body: '"sni": "pay.vendor.example"' }, 'TLS is in the same rule'),
  pay('/?id=a&fail=9', { code: 503, body: '"attempt": 1' }, 'a failure'),
  pay('/?id=a&fail=9', { code: 503, body: '"attempt": 2' }, 'a second one'),
  {
    ...pay('/', { code: 503, flags: 'UH' }, 'the server is left alone', 3),
    unforeseeable: 'an endpoint is left out for what it has answered before',
  },
  pay('/', { code: 200 }, 'and called again', 15),
];

/** Which pod of the cache answers a user. */
async function podOf(bed: Bed, user: string): Promise<string> {
  const { code, body, error } = await bed.call({ from: CHECKOUT, url: CACHE, headers: { 'x-user': user } });
  return code === 200 ? (/"version": "(v\d)"/.exec(body)?.[1] ?? body) : (error ?? String(code));
}

async function podsOf(bed: Bed, users: readonly string[]): Promise<string> {
  const pods = new Set<string>();
  for (const user of users) pods.add(await podOf(bed, user));
  return [...pods].sort().join();
}

function check(what: string, found: string, expected: string): void {
  if (found !== expected) throw new Error(`${what}: found ${found}, expected ${expected}`);
}

/** One pod for each user; another one while that fails. */
async function hashed(bed: Bed): Promise<void> {
  const anna = Array.from({ length: 10 }, () => 'anna');
  const own = await podsOf(bed, anna);
  if (own !== 'v1' && own !== 'v2') throw new Error(`anna reached ${own}, expected one pod`);
  const everybody = Array.from({ length: 24 }, (_, n) => `user-${n}`);
  check('24 users', await podsOf(bed, everybody), 'v1,v2');
  const other = own === 'v1' ? 'v2' : 'v1';
  const workload = own === 'v1' ? 'cache-v1' : 'cache-v2';
  bed.fail('shop', 'legacy', workload, 503);
  check('the first call to a pod that fails', await podOf(bed, 'anna'), '503');
  check('calls while it is left out', await podsOf(bed, anna.slice(0, 3)), other);
  bed.fail('shop', 'legacy', workload, null);
  for (let n = 0; n < 60 && (await podOf(bed, 'anna')) !== own; n++) await new Promise((done) => setTimeout(done, 250));
  check('calls once it is well again', await podsOf(bed, anna), own);
}

/** One request at a time, and one that waits: the third is refused by the gateway, not by the server. */
async function limited(bed: Bed): Promise<void> {
  const call = () => bed.call({ from: CHECKOUT, url: `${TAX}/?sleep=1500` });
  const answers = await Promise.all([call(), call(), call(), call()]);
  const codes = answers.map(({ code }) => String(code)).sort();
  if (!codes.includes('200') || !codes.includes('503')) throw new Error(`four calls at once ended in ${codes.join()}`);
  const body = answers.find(({ code }) => code === 503)?.body ?? '';
  if (!body.includes('overflow')) throw new Error(`expected an overflow of the gateway's pool, found '${body}'`);
}

const scenario: Scenario = {
  name: 'traffic-rules/connections',
  certificates: ['pay', 'tax'].map((name) => ({
    name,
    ca: 'vendor-ca',
    san: [`DNS:${name}.vendor.example`],
    eku: 'serverAuth',
  })),
  clusters: {
    shop: {
      controlPlane: { mesh: { dnsRefreshRate: '1s' } },
      dns: Object.fromEntries(['pay', 'tax'].map((name) => [`${name}.vendor.example`, `shop:${NAMESPACE}/${name}`])),
      secrets: [
        ...['shop', 'shop-egress'].map((namespace) => ({
          namespace,
          name: 'vendor-ca',
          data: { 'ca.crt': 'ca:vendor-ca' },
        })),
        serverSecret('pay'),
        serverSecret('tax'),
      ],
      objects: [
        meshed('shop'),
        ...caller('shop', 'checkout'),
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'legacy' } },
        ...['pay', 'tax'].flatMap((name) => outside(name, { tls: true })),
        ...['v1', 'v2'].flatMap((version) =>
          server('legacy', 'cache', { ports: { http: 8000 }, version }).map((object) =>
            object.kind === 'Deployment'
              ? { ...object, metadata: { ...object.metadata, name: `cache-${version}` } }
              : object,
          ),
        ),
      ],
      apply: ['dist/traffic-rules/connections/shop'],
    },
  },
  calls: ejected,
  test: async (bed) => {
    await bed.expect({ from: CHECKOUT, url: `${TAX}/`, expect: { code: 200 }, within: 10, why: 'a request alone' });
    await limited(bed);
    await hashed(bed);
  },
};

export default scenario;
