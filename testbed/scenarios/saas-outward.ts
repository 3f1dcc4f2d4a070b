import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { bytesServer, NAMESPACE, server as outside, serverSecret } from '../support/external-server';
import { caller, meshed, server } from '../support/workloads';

const ORDERS = 'shop/orders/web';
const RETURNS = 'shop/returns/web';
const OTHER = 'shop/elsewhere/sleep';
const GATEWAY = 'https://egress.egress.svc.cluster.local:15443/';

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

const reached = (from: string, url: string, app: string, why: string, more: Partial<Call> = {}): Call => ({
  ...{ from, url, ...more },
  expect: { code: /^(tcp|tls):/.test(url) ? 'ok' : 200, body: `"app": "${app}"`, ...more.expect },
  why,
});
const fails = (from: string, url: string, why: string, more: Partial<Call> = {}): Call => ({
  ...{ from, url, ...more },
  expect: { error: '', ...more.expect },
  why,
});
const certificate = (name: string, host: string) => ({ name, ca: 'ca', san: [`DNS:${host}`], eku: 'serverAuth' });

const inCloud = ['red', 'green', 'blue', 'violet'];
const domain: Scenario = {
  name: 'saas/egress-domain',
  certificates: ['blue', 'violet'].map((name) => certificate(name, `${name}.cloud.example`)),
  clusters: {
    shop: {
      controlPlane: SHOP,
      dns: {
        ...Object.fromEntries(inCloud.map((name) => [`${name}.cloud.example`, `cloud:${NAMESPACE}/${name}`])),
        'red.files.example': `cloud:${NAMESPACE}/red`,
        'red.other.example': `cloud:${NAMESPACE}/red`,
        'blue.other.example': `cloud:${NAMESPACE}/blue`,
      },
      objects: [...callers, ...server('orders', 'home', { ports: { http: 8000 } })],
      apply: ['dist/saas/egress-domain/shop'],
    },
    cloud: {
      secrets: [serverSecret('blue'), serverSecret('violet')],
      objects: [
        internet,
        ...['red', 'green'].flatMap((name) => outside(name, { tls: false })),
        ...['blue', 'violet'].flatMap((name) => outside(name, { tls: true })),
      ],
    },
  },
  calls: [
    reached(ORDERS, 'http://red.cloud.example/', 'red', 'one name of the domain, by the Host of the request', {
      within: 20,
      expect: { hops: [{ at: 'shop/egress', received: { sni: 'any.cloud.example' }, code: 200 }] },
    }),
    reached(ORDERS, 'http://green.cloud.example/', 'green', 'another one, at another address'),
    reached(ORDERS, 'https://blue.cloud.example/', 'blue', "by the SNI of the application's own TLS", {
      ca: 'ca',
      within: 20,
      expect: { hops: [{ at: 'shop/egress', received: { sni: 'blue.cloud.example' } }] },
    }),
    reached(ORDERS, 'https://violet.cloud.example/', 'violet', 'another one', { ca: 'ca' }),
    {
      ...{ from: ORDERS, url: 'http://red.cloud.example/', method: 'POST' },
      expect: { code: 403, hops: [{ at: 'shop/egress', code: 403 }] },
      why: 'the gateway decides what is allowed for all of them',
    },
    reached(ORDERS, 'http://red.cloud.example/', 'home', 'a rule about all of them', { headers: { 'x-try': 'home' } }),
    fails(ORDERS, 'https://blue.other.example/', 'a name of another domain'),
    fails(ORDERS, GATEWAY, 'nor for who dials the gateway itself', { sni: 'blue.other.example' }),
    fails(ORDERS, GATEWAY, 'nor the domain itself', { sni: 'cloud.example' }),
    {
      ...{ from: ORDERS, url: 'http://red.cloud.example/', headers: { Host: 'red.other.example' } },
      expect: { code: 502 },
      why: 'nor in a request (REGISTRY_ONLY)',
    },
    fails(OTHER, 'http://red.cloud.example/', 'who is no caller does not know the domain'),
    fails(OTHER, 'https://blue.cloud.example/', 'at no port'),
    reached(ORDERS, 'http://red.files.example/', 'red', 'straight from the sidecar', { within: 20 }),
    reached(ORDERS, 'http://red.files.example/', 'home', 'with a rule about all names, too', {
      headers: { 'x-try': 'home' },
    }),
  ],
};

const hidden = { api: 443, forbidden: 443, files: 443, db: 5432, mail: 25 };
const tlsNames = ['api', 'forbidden', 'files'];
const proxy: KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'proxy', namespace: NAMESPACE },
    spec: { type: 'LoadBalancer', selector: { app: 'proxy' }, ports: [{ name: 'tcp', port: 3128, targetPort: 3128 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'proxy', namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: 'proxy' } },
      template: {
        metadata: { labels: { app: 'proxy' } },
        spec: {
          containers: [
            {
              name: 'proxy',
              image: 'bed/connect-proxy',
              ports: [{ containerPort: 3128 }],
              env: [
                {
                  name: 'ALLOW',
                  value: Object.entries(hidden)
                    .filter(([name]) => name !== 'forbidden')
                    .map(([name, port]) => `${name}.vendor.example:${port}`)
                    .join(' '),
                },
              ],
            },
          ],
        },
      },
    },
  },
];

const companyProxy: Scenario = {
  name: 'saas/company-proxy',
  certificates: tlsNames.map((name) => certificate(name, `${name}.vendor.example`)),
  clusters: {
    shop: {
      controlPlane: SHOP,
      // of the servers themselves the cluster knows nothing: only the proxy does
      dns: { 'proxy.company.example': `company:${NAMESPACE}/proxy` },
      objects: callers,
      apply: ['dist/saas/company-proxy/shop'],
    },
    company: {
      dns: Object.fromEntries(
        Object.keys(hidden).map((name) => [`${name}.vendor.example`, `company:${NAMESPACE}/${name}`]),
      ),
      secrets: tlsNames.map((name) => serverSecret(name)),
      objects: [
        internet,
        ...proxy,
        ...tlsNames.flatMap((name) => outside(name, { tls: true })),
        ...bytesServer('db', 5432),
        ...bytesServer('mail', 25),
      ],
    },
  },
  calls: [
    reached(ORDERS, 'https://api.vendor.example/', 'api', 'the TLS of the application, through gateway and proxy', {
      ca: 'ca',
      within: 20,
      expect: { hops: [{ at: 'shop/egress', received: { sni: 'api.vendor.example' } }] },
    }),
    reached(ORDERS, 'tcp://db.vendor.example:5432', 'db', 'bytes, through both'),
    fails('shop/orders/job', 'tcp://db.vendor.example:5432', 'which the gateway allows one account'),
    fails(ORDERS, 'https://forbidden.vendor.example/', 'what the proxy refuses: 403 to CONNECT'),
    reached(RETURNS, 'tcp://mail.vendor.example:25', 'mail', 'bytes straight from the sidecar, through the proxy'),
    reached(RETURNS, 'https://files.vendor.example/', 'files', 'and the TLS of an application', { ca: 'ca' }),
    fails(RETURNS, 'https://api.vendor.example/', 'a server that is for the other team'),
    fails(ORDERS, 'tcp://mail.vendor.example:25', 'and the reverse'),
    fails(OTHER, 'https://files.vendor.example/', 'who is no caller does not know the names'),
  ],
};

export default [domain, companyProxy];
