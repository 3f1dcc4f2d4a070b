import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { bytesServer, NAMESPACE, server as outside, serverSecret } from '../support/external-server';
import { caller, meshed, server } from '../support/workloads';

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
    { from: OTHER, url: `${API}/catalogue/7`, expect: { error: '' }, why: 'who is no caller does not know the host' },
    {
      from: ORDERS,
      url: 'https://api.vendor.example/catalogue/7',
      expect: { error: '' },
      why: 'nor is there a way around the gateway',
    },
  ],
};

const HOST = 'api.vendor.example';
const PORTS = 'shop/orders/web';
const reached = (url: string, app: string, why: string, more: Partial<Call> = {}): Call => ({
  from: PORTS,
  url,
  ...more,
  expect: { code: url.startsWith('tcp') ? 'ok' : 200, body: `"app": "${app}"`, ...more.expect },
  why,
});
const through = (sni: string): Call['expect'] => ({ hops: [{ at: 'shop/egress', received: { sni }, code: 200 }] });

/** The vendor's one address; each port is answered by an application of its own name. */
function vendor(): KubeObject[] {
  const labels = { app: 'vendor', version: 'v1' };
  const ports = { http: 80, admin: 8080, https: 443, console: 9443, db: 5432, replica: 5433 };
  const images = {
    ...{ http: 'http-echo', admin: 'http-echo', https: 'https-echo', console: 'https-echo' },
    ...{ db: 'tcp-echo', replica: 'tcp-echo' },
  };
  const at = { http: 8081, admin: 8082, https: 8443, console: 9443, db: 5432, replica: 5433 };
  const names = Object.keys(ports) as (keyof typeof ports)[];
  return [
    internet,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'vendor', namespace: NAMESPACE },
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        ports: names.map((name) => ({ name, port: ports[name], targetPort: at[name] })),
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'vendor', namespace: NAMESPACE },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: names.map((name) => ({
              name,
              image: `bed/${images[name]}`,
              ports: [{ containerPort: at[name] }],
              ...(images[name] === 'https-echo' && { volumeMounts: [{ name: 'certs', mountPath: '/etc/certs' }] }),
            })),
            volumes: [{ name: 'certs', secret: { secretName: 'vendor-server' } }],
          },
        },
      },
    },
  ];
}

const ports: Scenario = {
  name: 'saas/egress-ports',
  certificates: [{ name: 'vendor', ca: 'vendor-ca', san: [`DNS:${HOST}`], eku: 'serverAuth' }],
  clusters: {
    shop: {
      controlPlane: SHOP,
      dns: { [HOST]: `vendor:${NAMESPACE}/vendor` },
      objects: callers,
      apply: ['dist/saas/egress-ports/shop'],
    },
    vendor: { secrets: [serverSecret('vendor')], objects: vendor() },
  },
  calls: [
    reached(`http://${HOST}/a`, 'vendor', 'requests at 80', {
      within: 20,
      expect: { body: `"host": "${HOST}"`, ...through(HOST) },
    }),
    reached(`http://${HOST}:8080/a`, 'vendor', 'requests at another port', {
      expect: { body: `"host": "${HOST}:8080"`, ...through(HOST) },
    }),
    reached(`http://${HOST}:8080/a`, 'vendor', 'whatever the client says of the port', {
      headers: { Host: HOST },
      expect: { body: `"host": "${HOST}:8080"` },
    }),
    reached(`https://${HOST}/a`, 'vendor', "the application's own TLS at 443", {
      ca: 'vendor-ca',
      expect: { body: `"sni": "${HOST}"`, hops: [{ at: 'shop/egress', received: { sni: HOST } }] },
    }),
    reached(`https://${HOST}:9443/a`, 'vendor', 'and at 9443, which arrives at another port of the gateway', {
      ca: 'vendor-ca',
      expect: {
        body: `"sni": "${HOST}"`,
        hops: [{ at: 'shop/egress', received: { sni: HOST }, cluster: `outbound|9443||${HOST}` }],
      },
    }),
    reached(`tcp://${HOST}:5432`, 'vendor', 'bytes', {
      expect: { hops: [{ at: 'shop/egress', received: { sni: `5432.${HOST}` } }] },
    }),
    reached(`tcp://${HOST}:5433`, 'vendor', 'bytes at another port', {
      expect: { hops: [{ at: 'shop/egress', received: { sni: `5433.${HOST}` } }] },
    }),
    {
      from: PORTS,
      url: `http://${HOST}:8080/a`,
      method: 'POST',
      expect: { code: 403 },
      why: 'methods of one port are not those of another',
    },
    reached(`http://${HOST}/a`, 'vendor', 'at 80 it may be any', { method: 'POST' }),
    { from: RETURNS, url: `tcp://${HOST}:5433`, expect: { error: '' }, why: 'the replica is for one team alone' },
    reached(`tcp://${HOST}:5432`, 'vendor', 'the other database is for both', { from: RETURNS }),
    { from: PORTS, url: `http://${HOST}:8080/closed/a`, expect: { code: 403 }, why: 'a rule about one port' },
    { from: PORTS, url: `http://${HOST}/gone/a`, expect: { code: 403 }, why: 'and one about another, of one Routing' },
    reached(`http://${HOST}/closed/a`, 'vendor', 'neither is about the other port'),
    { from: PORTS, url: `http://${HOST}:8443/a`, expect: { error: '' }, why: 'a port that is not exposed' },
    { from: OTHER, url: `http://${HOST}/a`, expect: { error: '' }, why: 'another namespace does not know the host' },
    { from: OTHER, url: `https://${HOST}/a`, expect: { error: '' }, why: 'at no port' },
  ],
};

const at = (path: string, expect: Call['expect'], why: string, more: Partial<Call> & { port?: string } = {}): Call => {
  const { port = '', ...rest } = more;
  return { from: PORTS, url: `http://${HOST}${port}${path}`, ...rest, expect, why };
};

const paths: Scenario = {
  name: 'saas/egress-paths',
  certificates: [{ name: 'vendor', ca: 'vendor-ca', san: [`DNS:${HOST}`], eku: 'serverAuth' }],
  clusters: {
    shop: {
      controlPlane: SHOP,
      dns: { [HOST]: 'vendor:vendor-gateways/public' },
      secrets: [{ namespace: 'egress', name: 'vendor-ca', data: { 'ca.crt': 'ca:vendor-ca' } }],
      objects: callers,
      apply: ['dist/saas/egress-paths/shop'],
    },
    vendor: {
      controlPlane: { mesh: { pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' } } },
      secrets: [
        {
          namespace: 'vendor-gateways',
          name: 'vendor-server',
          data: { 'tls.crt': 'cert:vendor', 'tls.key': 'key:vendor' },
        },
      ],
      objects: [
        meshed('catalogue'),
        ...['prices', 'stock', 'admin'].flatMap((name) => server('catalogue', name, { ports: { http: 8000 } })),
      ],
      apply: ['dist/saas/egress-paths/vendor'],
    },
  },
  calls: [
    at('/prices', { code: 200, body: '"app": "prices"', ...through(HOST) }, 'an exact path', { within: 20 }),
    at('/prices/today', { code: 200, body: '"app": "prices"' }, 'and what is below it'),
    at('/stock/42', { code: 200, body: '"app": "stock"' }, 'another service behind the same host and port'),
    at('/prices/today', { code: 403 }, 'methods of one service are not those of the other', { method: 'POST' }),
    at('/stock/42', { code: 200, body: '"app": "stock"' }, 'which has any', { method: 'POST' }),
    at('/other', { code: 403 }, 'a path of no service'),
    at('/admin/users', { code: 403 }, 'what another port serves is not served here'),
    at('/admin/users', { code: 200, body: '"app": "admin"' }, 'another port of the host', { port: ':8080' }),
    at('/prices', { code: 403 }, 'which serves nothing else', { port: ':8080' }),
    at('/prices', { error: '' }, 'another namespace does not know the host', { from: OTHER }),
  ],
};

export default [limits, ports, paths];
