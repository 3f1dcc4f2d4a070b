import type { Call, Scenario } from '../bed/scenario';
import type { HopExpectation } from '../istio/hops';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { bytesServer } from '../support/external-server';
import { caller, meshed, server } from '../support/workloads';

const CHECKOUT = 'shop/orders/checkout';
const OTHER = 'shop/orders/other';
const OUTSIDE = 'shop/outside/curl';
const MONGODB = 'tcp://mongodb.data.example:27017';
const KAFKA = 'tcp://kafka.data.example:9092';
const REDIS = 'tcp://redis.data.example:6379';
const PUBLIC = 'data:data-gateways/public';

const certificates = [
  { name: 'data-server', ca: 'data-ca', san: ['URI:spiffe://data.example/databases'], eku: 'serverAuth' },
  { name: 'redis-cloud', ca: 'cloud-ca', san: ['DNS:redis.cloud.example'], eku: 'serverAuth' },
  { name: 'shop-checkout', ca: 'shop-ca', san: ['URI:spiffe://shop.example/checkout'], eku: 'clientAuth' },
  { name: 'shop-egress', ca: 'shop-ca', san: ['URI:spiffe://shop.example/egress'], eku: 'clientAuth' },
  { name: 'stranger', ca: 'stranger-ca', san: ['URI:spiffe://shop.example/egress'], eku: 'clientAuth' },
];

const dns = {
  'mongodb.data.example': PUBLIC,
  'kafka.data.example': PUBLIC,
  'redis.data.example': PUBLIC,
  'ledger.postgres.example': 'data:internet/ledger',
  'stock.postgres.example': 'data:internet/stock',
  'other.postgres.example': 'data:internet/stock',
  'redis.cloud.example': 'data:internet/redis-cloud',
  'sql.cloud.example': 'data:internet/sql-cloud',
};

/** Workloads that call, in the namespace as the manifests make it. */
const callers: KubeObject[] = [
  meshed('orders'),
  ...caller('orders', 'checkout'),
  ...caller('orders', 'other'),
  meshed('elsewhere'),
  ...caller('elsewhere', 'sleep'),
  ...outsideClient(),
];

const databases: KubeObject[] = [
  meshed('databases'),
  ...server('databases', 'mongodb', { ports: { tcp: 27017 }, image: 'bed/tcp-echo' }),
  ...server('databases', 'kafka', { ports: { tcp: 9092 }, image: 'bed/tcp-echo' }),
  ...server('databases', 'redis', { ports: { tcp: 6379 }, image: 'bed/tcp-echo' }),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'internet' } },
  ...bytesServer('ledger', 5432),
  ...bytesServer('stock', 5432),
  ...bytesServer('sql-cloud', 1433),
  ...bytesServer('redis-cloud', 6380, { tls: true }),
];

function scenario(name: string, client: { namespace: string; certificate: string }, calls: Call[]): Scenario {
  return {
    name,
    certificates,
    clusters: {
      shop: {
        controlPlane: {
          mesh: {
            outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
            defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
          },
        },
        dns,
        secrets: [
          {
            namespace: client.namespace,
            name: 'shop-client',
            data: {
              'ca.crt': 'ca:data-ca',
              'tls.crt': `cert:${client.certificate}`,
              'tls.key': `key:${client.certificate}`,
            },
          },
          { namespace: client.namespace, name: 'cloud-ca', data: { 'ca.crt': 'ca:cloud-ca' } },
        ],
        objects: callers,
        apply: [`dist/${name}/shop`],
      },
      data: {
        secrets: [
          {
            namespace: 'data-gateways',
            name: 'data-server',
            data: { 'ca.crt': 'ca:shop-ca', 'tls.crt': 'cert:data-server', 'tls.key': 'key:data-server' },
          },
          {
            namespace: 'internet',
            name: 'redis-cloud-server',
            data: { 'tls.crt': 'cert:redis-cloud', 'tls.key': 'key:redis-cloud' },
          },
        ],
        objects: databases,
        apply: [`dist/${name}/data`],
      },
    },
    calls,
  };
}

const reaches = (from: string, url: string, app: string, hops: HopExpectation[], why: string): Call => ({
  from,
  url,
  expect: { code: 'ok', body: `"app": "${app}"`, hops },
  why,
});
const fails = (from: string, url: string, why: string, more: Partial<Call> = {}): Call => ({
  from,
  url,
  ...more,
  expect: { error: '' },
  why,
});

/** What somebody outside gets from the gateway of the data centre. */
const atTheGateway = (right: string): Call[] => [
  fails(OUTSIDE, 'tls://mongodb.data.example:443', 'no client certificate'),
  fails(OUTSIDE, 'tls://mongodb.data.example:443', 'a certificate of a foreign authority', { as: 'stranger' }),
  fails(OUTSIDE, 'tls://mongodb.data.example:443', 'the right authority, another identity', {
    as: right === 'shop-checkout' ? 'shop-egress' : 'shop-checkout',
  }),
  fails(OUTSIDE, 'tls://mongodb.data.example:443', 'an SNI that is not exposed', {
    as: right,
    sni: 'redis.data.example',
  }),
  fails(OUTSIDE, 'tcp://mongodb.data.example:27017', 'the gateway does not listen there'),
  {
    from: OUTSIDE,
    url: 'tls://mongodb.data.example:443',
    as: right,
    ca: 'data-ca',
    sni: 'data.example',
    expect: { error: '' },
    why: 'the name in the certificate is no host: SNI tells the databases apart',
  },
];

const WITH_TLS = (host: string, peer: string): HopExpectation[] => [
  { at: 'data/public', received: { sni: host, peer }, sent: 'tls' },
];

const sidecarCalls: Call[] = [
  reaches(
    CHECKOUT,
    MONGODB,
    'mongodb',
    [
      { at: CHECKOUT, direction: 'outbound', received: 'clear', sent: 'tls' },
      ...WITH_TLS('mongodb.data.example', 'spiffe://shop.example/checkout'),
    ],
    'the sidecar encrypts, with the certificate of the workload',
  ),
  reaches(
    CHECKOUT,
    KAFKA,
    'kafka',
    WITH_TLS('kafka.data.example', 'spiffe://shop.example/checkout'),
    'another database at the same port of the gateway, by its SNI',
  ),
  reaches(
    CHECKOUT,
    REDIS,
    'redis',
    [{ at: 'data/public', received: 'clear', sent: 'tls' }],
    'clear text at a port of its own; behind the gateway it is mTLS of the mesh',
  ),
  reaches(OTHER, REDIS, 'redis', [], 'all workloads of the namespace use it'),
  reaches(
    CHECKOUT,
    'tcp://ledger.postgres.example:5432',
    'ledger',
    [{ at: CHECKOUT, direction: 'outbound', cluster: 'ledger.postgres.example' }],
    'two servers at one port: the sidecar tells them apart by virtual IP',
  ),
  reaches(CHECKOUT, 'tcp://stock.postgres.example:5432', 'stock', [], 'the other one'),
  fails(CHECKOUT, 'tcp://other.postgres.example:5432', 'a third server at the port, which nobody registered'),
  fails(OTHER, MONGODB, 'no rule selects this workload: its clear text is no TLS'),
  fails('shop/elsewhere/sleep', MONGODB, 'another namespace does not know the host'),
  fails('shop/elsewhere/sleep', 'tcp://ledger.postgres.example:5432', 'nor that of a server in no mesh'),
  fails(CHECKOUT, 'tcp://mongodb.data.example:9092', 'the host has no such port'),
  ...atTheGateway('shop-checkout'),
];

const throughGateway = (host: string, sent: 'tls' | 'clear'): HopExpectation => ({
  at: 'shop/egress',
  received: { sni: host, peer: 'spiffe://cluster.local/ns/orders/sa/checkout' },
  sent,
});

const egressCalls: Call[] = [
  reaches(
    CHECKOUT,
    MONGODB,
    'mongodb',
    [
      throughGateway('mongodb.data.example', 'tls'),
      ...WITH_TLS('mongodb.data.example', 'spiffe://shop.example/egress'),
    ],
    'the egress gateway encrypts, with its own certificate',
  ),
  reaches(
    CHECKOUT,
    KAFKA,
    'kafka',
    [throughGateway('kafka.data.example', 'tls'), ...WITH_TLS('kafka.data.example', 'spiffe://shop.example/egress')],
    'at the same port of both gateways, by SNI',
  ),
  {
    ...reaches(
      CHECKOUT,
      'tcp://redis.cloud.example:6380',
      'redis-cloud',
      [throughGateway('redis.cloud.example', 'tls')],
      'a server of somebody else, in TLS that the gateway originates',
    ),
    expect: {
      code: 'ok',
      body: '"app": "redis-cloud".*"tls":true,"sni": "redis.cloud.example"',
      hops: [throughGateway('redis.cloud.example', 'tls')],
    },
  },
  reaches(
    CHECKOUT,
    'tcp://sql.cloud.example:1433',
    'sql-cloud',
    [throughGateway('sql.cloud.example', 'clear')],
    'as the driver sends it; the way to the gateway is mTLS all the same',
  ),
  ...[MONGODB, KAFKA, 'tcp://redis.cloud.example:6380', 'tcp://sql.cloud.example:1433'].map((url) =>
    fails(OTHER, url, 'another ServiceAccount of the namespace'),
  ),
  fails('shop/elsewhere/sleep', MONGODB, 'another namespace does not know the host'),
  fails(OUTSIDE, 'tls://egress.egress:443', 'the egress gateway takes the mesh alone', {
    sni: 'mongodb.data.example',
    as: 'shop-egress',
  }),
  ...atTheGateway('shop-egress'),
];

export default [
  scenario('databases/sidecar', { namespace: 'orders', certificate: 'shop-checkout' }, sidecarCalls),
  scenario('databases/egress', { namespace: 'egress', certificate: 'shop-egress' }, egressCalls),
];
