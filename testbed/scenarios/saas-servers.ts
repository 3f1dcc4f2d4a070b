import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { bytesServer, NAMESPACE, serverSecret, server as webServer } from '../support/external-server';
import { caller, meshed } from '../support/workloads';

const WEB = 'shop/orders/web';
const SLEEP = 'shop/elsewhere/sleep';
const CAPTURING = {
  mesh: {
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
  },
};

const callers: KubeObject[] = [
  meshed('orders'),
  ...caller('orders', 'web'),
  meshed('elsewhere'),
  ...caller('elsewhere', 'sleep'),
];
const internet: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

const reaches = (url: string, app: string, why: string, more: Partial<Call> = {}): Call => ({
  from: WEB,
  url,
  ...more,
  expect: { code: url.startsWith('tcp') ? 'ok' : 200, body: `"app": "${app}"`, ...more.expect },
  why,
});
const fails = (url: string, why: string, from = WEB): Call => ({ from, url, expect: { error: '' }, why });

const addresses: Scenario = {
  name: 'saas/addresses',
  clusters: {
    shop: {
      controlPlane: CAPTURING,
      // none of the hosts: only the name of the load balancer is known
      dns: { 'lb.partner.example': 'partner:internet/crm' },
      objects: callers,
      apply: ['dist/saas/addresses/shop'],
    },
    partner: {
      objects: [
        internet,
        // LoadBalancers get addresses in this order
        ...webServer('erp-1', { tls: false, port: 8080 }),
        ...webServer('erp-2', { tls: false, port: 8080 }),
        ...bytesServer('db', 5432),
        ...webServer('crm', { tls: false, port: 9080 }),
      ],
    },
  },
  calls: [
    {
      from: WEB,
      url: 'http://erp.partner.example:8080/',
      repeat: 24,
      expect: { spread: ['erp-1-v1', 'erp-2-v1'] },
      why: 'two endpoints answer for a name that no DNS server knows',
    },
    reaches('tcp://db.partner.example:5432', 'db', 'a database by its address'),
    reaches('http://crm.partner.example:8080/', 'crm', 'another port of a load balancer, through the egress gateway', {
      expect: { hops: [{ at: 'shop/egress', received: { sni: 'crm.partner.example' }, code: 200 }] },
    }),
    fails('tcp://db.partner.example:5433', 'a port that is not exposed'),
    fails('http://erp.partner.example:8080/', 'another namespace does not know the name', SLEEP),
    fails('tcp://db.partner.example:5432', 'nor this one', SLEEP),
  ],
};

const domain: Scenario = {
  name: 'saas/domain',
  certificates: [{ name: 'blue', ca: 'cloud-ca', san: ['DNS:blue.cloud.example'], eku: 'serverAuth' }],
  clusters: {
    shop: {
      controlPlane: CAPTURING,
      dns: {
        'red.cloud.example': 'cloud:internet/red',
        'green.cloud.example': 'cloud:internet/green',
        'blue.cloud.example': 'cloud:internet/blue',
        'red.other.example': 'cloud:internet/red',
      },
      objects: callers,
      apply: ['dist/saas/domain/shop'],
    },
    cloud: {
      secrets: [serverSecret('blue')],
      objects: [
        internet,
        ...webServer('red', { tls: false }),
        ...webServer('green', { tls: false }),
        ...webServer('blue', { tls: true }),
      ],
    },
  },
  calls: [
    reaches('http://red.cloud.example/', 'red', 'one name of the domain, by the Host of the request'),
    reaches('http://green.cloud.example/', 'green', 'another one, at another address'),
    reaches('https://blue.cloud.example/', 'blue', "by the SNI of the application's own TLS", { ca: 'cloud-ca' }),
    {
      from: WEB,
      url: 'http://red.other.example/',
      expect: { code: 502 },
      why: 'a name of another domain (REGISTRY_ONLY)',
    },
    fails('https://red.other.example/', 'at no port'),
    {
      from: SLEEP,
      url: 'http://red.cloud.example/',
      expect: { error: '' },
      why: 'another namespace does not know the domain',
    },
  ],
};

export default [addresses, domain];
