import type { Action, Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { DECODING_SLASHES } from '../support/control-planes';
import { bytesServer, NAMESPACE, serverSecret, server as webServer } from '../support/external-server';
import { caller, meshed } from '../support/workloads';

const WEB = 'branch/orders/web';
const OTHER = 'branch/orders/other';
const CLERK = 'hub/books/clerk';
const OUTSIDE = 'branch/outside/curl';
const PUBLIC = 'hub:hub-gateways/public';
const BRANCH = 'spiffe://branches.example/orders';
const HOSTS = ['pay.hub.example', 'ledger.hub.example', 'db.hub.example'];

/** The hosts that the gateway goes on to, as the hub's DNS knows them. */
const SERVERS = {
  'api.pay.example': `old:${NAMESPACE}/pay`,
  'ledger.old.example': `old:${NAMESPACE}/ledger`,
  'db.old.example': `old:${NAMESPACE}/db`,
  'vault.old.example': `old:${NAMESPACE}/vault`,
};

/** Where calls of a branch pass. */
const through = (host: string, code = 200): Call['expect']['hops'] => [
  { at: 'branch/web', direction: 'outbound', received: 'clear', sent: 'tls', code },
  { at: 'hub/public', received: { sni: host, peer: BRANCH }, sent: 'tls', code },
];

const paid: Call = {
  from: WEB,
  url: 'http://pay.hub.example/prices/1',
  expect: {
    code: 200,
    body: '"sni": "api.pay.example"',
    hops: through('pay.hub.example'),
  },
  why: 'the gateway ends the TLS of the branch, and begins one with the SNI of the server',
};

/** Another server answers behind the name of the server. */
const answers = (name: string): Action[] => [
  {
    cluster: 'old',
    kubectl: [
      'patch',
      'service',
      '-n',
      NAMESPACE,
      'pay',
      '--type=merge',
      `--patch={"spec":{"selector":{"app":"${name}"}}}`,
    ],
  },
  { cut: true },
];

const calls: Call[] = [
  paid,
  {
    ...paid,
    headers: { 'X-Forwarded-Client-Cert': 'By=me' },
    expect: { code: 200, body: '"host": "api.pay.example"' },
    why: 'the server gets its own name as Host',
  },
  {
    ...paid,
    expect: { code: 200, body: '"xfcc": null' },
    why: 'and nothing of the certificate of the branch',
  },
  {
    from: WEB,
    url: 'http://pay.hub.example/prices/1',
    method: 'POST',
    expect: { code: 403, hops: [{ at: 'hub/public', code: 403 }] },
    why: 'the gateway allows GET only, though the server is not ours',
  },
  {
    from: WEB,
    url: 'http://pay.hub.example/prices/..%2fsecret',
    expect: { code: 403, hops: [{ at: 'hub/public', code: 403 }] },
    why: 'a path that leaves what is allowed',
  },
  {
    from: WEB,
    url: 'http://ledger.hub.example/',
    expect: { code: 200, body: 'DNS:hub.example', hops: through('ledger.hub.example') },
    why: 'mutual TLS: the server sees the certificate of the gateway, not that of the branch',
  },
  {
    from: WEB,
    url: 'tcp://db.hub.example:5432',
    expect: { code: 'ok', body: '"app": "db"' },
    why: 'bytes: TLS of the branch to the gateway, TLS of the gateway to the database',
  },
  {
    from: WEB,
    url: 'https://vault.old.example/',
    ca: 'old-ca',
    expect: {
      code: 200,
      body: '"sni": "vault.old.example"',
      hops: [{ at: 'hub/public', received: { sni: 'vault.old.example' } }],
    },
    why: "the application's own TLS, to its end",
  },
  {
    from: OUTSIDE,
    url: 'https://pay.hub.example/prices/1',
    as: 'stranger',
    expect: { code: 403 },
    why: 'the right authority, another identity',
  },
  { from: OUTSIDE, url: 'https://pay.hub.example/prices/1', expect: { error: 'curl 56' }, why: 'no certificate' },
  {
    from: OUTSIDE,
    url: 'https://pay.hub.example/prices/1',
    as: 'branch',
    headers: { Host: 'api.pay.example' },
    expect: { code: 403 },
    why: "the name of the server itself is no host of the gateway's",
  },
  {
    from: OUTSIDE,
    url: 'tls://db.hub.example:443',
    as: 'stranger',
    expect: { error: '' },
    why: 'bytes of another identity',
  },
  {
    from: OTHER,
    url: 'http://pay.hub.example/prices/1',
    expect: { code: 503 },
    why: 'a workload that no rule selects has no certificate',
  },
  {
    from: CLERK,
    url: 'http://ledger.books/',
    expect: {
      code: 200,
      body: 'DNS:hub.example',
      hops: [{ at: 'hub/clerk', direction: 'outbound', received: 'clear', sent: 'tls', code: 200 }],
    },
    why: "the hub's own workload, by the alias, from its sidecar: the same host in another namespace",
  },
  {
    from: CLERK,
    url: 'http://api.pay.example/prices/1',
    expect: { code: 502 },
    why: 'what the gateway knows is not known elsewhere in the mesh (REGISTRY_ONLY)',
  },
  {
    ...paid,
    expect: { code: 503, flags: 'UF', hops: [{ at: 'hub/public', code: 503 }] },
    why: 'the right name, signed by somebody else',
    before: answers('forged'),
  },
  {
    ...paid,
    expect: { code: 503, flags: 'UF', hops: [{ at: 'hub/public', code: 503 }] },
    why: 'the right authority, another name',
    before: answers('other'),
  },
  { ...paid, why: 'the server itself', before: answers('pay') },
];

const keyPair = (name: string, roots: string) => ({
  'ca.crt': `ca:${roots}`,
  'tls.crt': `cert:${name}`,
  'tls.key': `key:${name}`,
});
const internet: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

const scenario: Scenario = {
  name: 'saas/behind-ingress',
  certificates: [
    { name: 'branch', ca: 'branches-ca', san: [`URI:${BRANCH}`], eku: 'clientAuth' },
    { name: 'stranger', ca: 'branches-ca', san: ['URI:spiffe://branches.example/other'], eku: 'clientAuth' },
    { name: 'hub', ca: 'hub-ca', san: ['URI:spiffe://hub.example/public'], eku: 'serverAuth' },
    { name: 'hub-client', ca: 'old-ca', san: ['DNS:hub.example'], eku: 'clientAuth' },
    { name: 'pay', ca: 'pay-ca', san: ['DNS:api.pay.example'], eku: 'serverAuth' },
    { name: 'forged', ca: 'stranger-ca', san: ['DNS:api.pay.example'], eku: 'serverAuth' },
    { name: 'other', ca: 'pay-ca', san: ['DNS:other.pay.example'], eku: 'serverAuth' },
    { name: 'ledger', ca: 'old-ca', san: ['DNS:ledger.old.example'], eku: 'serverAuth' },
    { name: 'db', ca: 'old-ca', san: ['DNS:db.old.example'], eku: 'serverAuth' },
    { name: 'vault', ca: 'old-ca', san: ['DNS:vault.old.example'], eku: 'serverAuth' },
  ],
  clusters: {
    branch: {
      controlPlane: {
        mesh: {
          outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
          defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
        },
      },
      dns: {
        ...Object.fromEntries(HOSTS.map((host) => [host, PUBLIC])),
        'vault.old.example': PUBLIC,
      },
      secrets: [{ namespace: 'orders', name: 'branch-client', data: keyPair('branch', 'hub-ca') }],
      objects: [meshed('orders'), ...caller('orders', 'web'), ...caller('orders', 'other'), ...outsideClient()],
      apply: ['dist/saas/behind-ingress/branch'],
    },
    hub: {
      controlPlane: {
        mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, ...DECODING_SLASHES.mesh },
      },
      dns: SERVERS,
      secrets: [
        { namespace: 'hub-gateways', name: 'hub-server', data: keyPair('hub', 'branches-ca') },
        { namespace: 'hub-gateways', name: 'hub-client', data: keyPair('hub-client', 'old-ca') },
        { namespace: 'hub-gateways', name: 'pay-ca', data: { 'ca.crt': 'ca:pay-ca' } },
        { namespace: 'hub-gateways', name: 'old-ca', data: { 'ca.crt': 'ca:old-ca' } },
        { namespace: 'books', name: 'hub-client', data: keyPair('hub-client', 'old-ca') },
      ],
      objects: [meshed('books'), ...caller('books', 'clerk')],
      apply: ['dist/saas/behind-ingress/hub'],
    },
    old: {
      secrets: [
        serverSecret('pay'),
        serverSecret('forged'),
        serverSecret('other'),
        serverSecret('ledger', { 'ca.crt': 'ca:old-ca' }),
        serverSecret('db'),
        serverSecret('vault'),
      ],
      objects: [
        internet,
        ...webServer('pay', { tls: true }),
        ...webServer('forged', { tls: true }),
        ...webServer('other', { tls: true }),
        ...webServer('ledger', { tls: true, clientCa: 'ca.crt' }),
        ...bytesServer('db', 5432, { tls: true }),
        ...webServer('vault', { tls: true }),
      ],
    },
  },
  calls,
};

export default [scenario];
