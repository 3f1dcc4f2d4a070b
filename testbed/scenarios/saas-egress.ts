import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { bytesServer, NAMESPACE, server as outside, serverSecret } from '../support/external-server';
import { caller, meshed } from '../support/workloads';

const ORDERS = 'shop/orders/web';
const RETURNS = 'shop/returns/web';
const OTHER = 'shop/elsewhere/sleep';

const SHOP = {
  mesh: {
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    dnsRefreshRate: '1s',
    pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' },
    defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
  },
};
const callers: KubeObject[] = [
  ...['orders', 'returns'].flatMap((team) => [meshed(team), ...caller(team, 'web')]),
  ...caller('orders', 'job'),
  meshed('elsewhere'),
  ...caller('elsewhere', 'sleep'),
];
const internet: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

const API = 'http://api.vendor.example';
/** A call that the gateway answers, or lets through to the server. */
const asked = (from: string, path: string, code: number, why: string, more: Partial<Call> = {}): Call => ({
  from,
  url: `${API}${path}`,
  ...more,
  expect: {
    code,
    ...(code === 200 && { body: '"app": "api"[^}]*"sni": "api.vendor.example"' }),
    hops: [{ at: 'shop/egress', received: { sni: 'api.vendor.example' }, code }],
  },
  why,
});
const POST = { method: 'POST' };

const limits: Scenario = {
  name: 'saas/egress-limits',
  certificates: [{ name: 'api', ca: 'vendor-ca', san: ['DNS:api.vendor.example'], eku: 'serverAuth' }],
  clusters: {
    shop: {
      controlPlane: SHOP,
      dns: {
        'api.vendor.example': `vendor:${NAMESPACE}/api`,
        'ledger.vendor.example': `vendor:${NAMESPACE}/ledger`,
        'closed.vendor.example': `vendor:${NAMESPACE}/closed`,
      },
      secrets: [{ namespace: 'egress', name: 'vendor-ca', data: { 'ca.crt': 'ca:vendor-ca' } }],
      objects: callers,
      apply: ['dist/saas/egress-limits/shop'],
    },
    vendor: {
      secrets: [serverSecret('api')],
      objects: [
        internet,
        ...outside('api', { tls: true }),
        ...bytesServer('ledger', 5432),
        ...outside('closed', { tls: false }),
      ],
    },
  },
  calls: [
    asked(ORDERS, '/catalogue/7', 200, 'what all callers may do', { within: 20 }),
    asked(RETURNS, '/catalogue/7', 200, 'from another team'),
    asked(ORDERS, '/orders', 200, 'what one of them may do', POST),
    asked(RETURNS, '/orders', 403, 'and the others may not', POST),
    asked('shop/orders/job', '/orders', 403, 'nor another account of the same namespace', POST),
    asked(ORDERS, '/orders', 403, 'nor with another method'),
    asked(ORDERS, '/catalogue/7', 403, 'methods of one rule are not those of another', POST),
    asked(ORDERS, '/admin', 403, 'a path that no rule is about'),
    asked(ORDERS, '/catalogue/../admin', 403, 'paths are resolved before rules are looked at'),
    asked(ORDERS, '/catalogue/..%2fadmin', 403, 'where slashes are escaped, too'),
    asked(ORDERS, '/catalogue//7', 200, 'or doubled'),
    {
      from: ORDERS,
      url: `${API}/orders`,
      method: 'POST',
      headers: { Host: 'api.vendor.example:80' },
      expect: { code: 200 },
      why: 'a client may send the port along with the host',
    },
    {
      from: RETURNS,
      url: 'tcp://ledger.vendor.example:5432',
      expect: { code: 'ok', body: '"app": "ledger"' },
      why: 'bytes of whom the gateway knows',
    },
    {
      from: ORDERS,
      url: 'tcp://ledger.vendor.example:5432',
      expect: { error: '' },
      why: 'not of others',
    },
    {
      from: ORDERS,
      url: 'http://closed.vendor.example/',
      expect: { code: 403, hops: [{ at: 'shop/egress', received: { sni: 'closed.vendor.example' }, code: 403 }] },
      why: 'routed, and denied for everybody',
    },
    { from: OTHER, url: `${API}/catalogue/7`, expect: { code: 502 }, why: 'who is no caller does not know the host' },
    {
      from: ORDERS,
      url: 'https://api.vendor.example/catalogue/7',
      expect: { error: '' },
      why: 'nor is there a way around the gateway',
    },
  ],
};

export default limits;
