import type { Bed } from '../bed/bed';
import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { NAMESPACE } from '../support/external-server';
import { expectClient } from '../support/fingerprint';
import { caller, meshed, server } from '../support/workloads';

const HOST = 'api.vendor.example';
const REGISTRY_ONLY = { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } };
const internet: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

const certificates = [
  { name: 'vendor', ca: 'vendor-ca', san: [`DNS:${HOST}`], eku: 'serverAuth' },
  { name: 'orders', ca: 'shop-ca', san: ['DNS:orders.shop.example'], eku: 'clientAuth' },
  { name: 'returns', ca: 'shop-ca', san: ['DNS:returns.shop.example'], eku: 'clientAuth' },
];

const vendorSecret = {
  namespace: NAMESPACE,
  name: 'vendor-server',
  data: { 'tls.crt': 'cert:vendor', 'tls.key': 'key:vendor', 'ca.crt': 'ca:shop-ca' },
};

/** The vendor's one address: ports 80 and 8080 in clear text, 443 in TLS. */
function vendor(clientCa?: string): KubeObject[] {
  const labels = { app: 'vendor', version: 'v1' };
  const clear = (name: string, port: number) => ({
    ...{ name, image: 'bed/http-echo' },
    ports: [{ containerPort: port }],
  });
  const tls = {
    ...{ name: 'https', image: 'bed/https-echo' },
    ports: [{ containerPort: 8443 }],
    ...(clientCa && { env: [{ name: 'CLIENT_CA', value: clientCa }] }),
    volumeMounts: [{ name: 'certs', mountPath: '/etc/certs' }],
  };
  const ports = { http: [80, 8081], admin: [8080, 8082], https: [443, 8443] };
  return [
    internet,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'vendor', namespace: NAMESPACE },
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        ports: Object.entries(ports).map(([name, [port, targetPort]]) => ({ name, port, targetPort })),
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
            containers: [clear('http', 8081), clear('admin', 8082), tls],
            volumes: [{ name: 'certs', secret: { secretName: 'vendor-server' } }],
          },
        },
      },
    },
  ];
}

const ok = (from: string, url: string, expect: Call['expect'], why: string, more: Partial<Call> = {}): Call => ({
  from,
  url,
  ...more,
  expect: { code: 200, ...expect },
  why,
});

const portCalls: Call[] = [
  ok('shop/orders/web', `http://${HOST}/a`, { body: `"host": "${HOST}"` }, 'requests at 80'),
  ok('shop/orders/web', `http://${HOST}:8080/a`, { body: `"host": "${HOST}"` }, 'requests at another port, by a rule'),
  ok(
    'shop/orders/web',
    `https://${HOST}/a`,
    { body: `"sni": "${HOST}"`, hops: [{ at: 'shop/web', direction: 'outbound', received: { sni: HOST } }] },
    "the application's own TLS at 443",
    { ca: 'vendor-ca' },
  ),
  {
    from: 'shop/orders/web',
    url: `http://${HOST}:8080/closed/a`,
    expect: { code: 403 },
    why: 'a rule about one port',
  },
  ok('shop/orders/web', `http://${HOST}/closed/a`, {}, 'and not about the other'),
  {
    from: 'shop/orders/web',
    url: `http://${HOST}:8443/a`,
    expect: { error: '' },
    why: 'a port that is not exposed (REGISTRY_ONLY)',
  },
  {
    from: 'shop/elsewhere/sleep',
    url: `http://${HOST}/a`,
    expect: { code: 502 },
    why: 'another namespace does not know the host (REGISTRY_ONLY)',
  },
  {
    from: 'shop/elsewhere/sleep',
    url: `https://${HOST}/a`,
    expect: { error: '' },
    why: 'at no port',
  },
];

const ports: Scenario = {
  name: 'saas/ports',
  certificates,
  clusters: {
    shop: {
      controlPlane: REGISTRY_ONLY,
      dns: { [HOST]: 'vendor:internet/vendor' },
      objects: [
        meshed('orders'),
        ...caller('orders', 'web'),
        meshed('elsewhere'),
        ...caller('elsewhere', 'sleep'),
        ...server('elsewhere', 'other', { ports: { http: 80 } }),
      ],
      apply: ['dist/saas/ports/shop'],
    },
    vendor: { secrets: [vendorSecret], objects: vendor() },
  },
  calls: portCalls,
};

/** The vendor demands a certificate of the shop's authority, and says whose it saw. */
async function showTheirOwn(bed: Bed): Promise<void> {
  for (const team of ['orders', 'returns']) {
    await expectClient(bed, { from: `shop/${team}/web`, url: `http://${HOST}/a` }, team);
  }
}

const clientSecret = (team: string) => ({
  namespace: team,
  name: 'vendor-client',
  data: { 'tls.crt': `cert:${team}`, 'tls.key': `key:${team}`, 'ca.crt': 'ca:vendor-ca' },
});

const byTeam = (team: string): Call =>
  ok(
    `shop/${team}/web`,
    `http://${HOST}/a`,
    { body: `"san": "DNS:${team}.shop.example"` },
    `${team} shows its own certificate`,
  );

const twoCertificates: Scenario = {
  name: 'saas/certificates',
  certificates,
  clusters: {
    shop: {
      controlPlane: REGISTRY_ONLY,
      dns: { [HOST]: 'vendor:internet/vendor' },
      secrets: [clientSecret('orders'), clientSecret('returns')],
      objects: [
        ...['orders', 'returns'].flatMap((team) => [meshed(team), ...caller(team, 'web')]),
        ...caller('orders', 'other'),
        meshed('elsewhere'),
        ...caller('elsewhere', 'sleep'),
      ],
      apply: ['dist/saas/certificates/shop'],
    },
    vendor: { secrets: [vendorSecret], objects: vendor('ca.crt') },
  },
  calls: [
    byTeam('orders'),
    byTeam('returns'),
    {
      from: 'shop/orders/other',
      url: `http://${HOST}/a`,
      expect: { code: 503 },
      why: 'a workload that no rule selects sends clear text to a port for TLS',
    },
    {
      from: 'shop/elsewhere/sleep',
      url: `http://${HOST}/a`,
      expect: { error: '' },
      why: 'a third team does not know the host',
    },
  ],
  test: showTheirOwn,
};

/** Each team's pods in one namespace, with their own Secret; `other` is of neither team. */
const workloadCertificates: Scenario = {
  name: 'saas/workload-certificates',
  certificates,
  clusters: {
    shop: {
      controlPlane: REGISTRY_ONLY,
      dns: { [HOST]: 'vendor:internet/vendor' },
      secrets: ['orders', 'returns'].map((team) => ({
        ...clientSecret(team),
        namespace: 'teams',
        name: `${team}-client`,
      })),
      objects: [meshed('teams'), ...['orders', 'returns', 'other'].flatMap((name) => caller('teams', name))],
      apply: ['dist/saas/workload-certificates/shop'],
    },
    vendor: { secrets: [vendorSecret], objects: vendor('ca.crt') },
  },
  calls: [
    ...['orders', 'returns'].map((team) =>
      ok(
        `shop/teams/${team}`,
        `http://${HOST}/a`,
        { body: `"san": "DNS:${team}.shop.example"` },
        `pods of ${team} show their own certificate, beside those of the other team`,
      ),
    ),
    {
      from: 'shop/teams/other',
      url: `http://${HOST}/a`,
      expect: { code: 503 },
      why: 'pods of no team show none: they send clear text to a port for TLS',
    },
  ],
  test: async (bed) => {
    for (const team of ['orders', 'returns']) {
      await expectClient(bed, { from: `shop/teams/${team}`, url: `http://${HOST}/a` }, team);
    }
    await bed.delete('shop', 'dist/saas/workload-certificates/shop/shop.vendor-for-orders.consumer.k8s.yaml');
    await bed.expect({
      ...ok(
        'shop/teams/returns',
        `http://${HOST}/a`,
        { body: '"san": "DNS:returns.shop.example"' },
        'when one team goes, the other has the host as before',
      ),
      within: 20,
    });
    await bed.expect({
      from: 'shop/teams/orders',
      url: `http://${HOST}/a`,
      expect: { code: 503 },
      within: 20,
      why: 'and the pods of the one have no certificate any more',
    });
  },
};

const at = (path: string, expect: Call['expect'], why: string, more: Partial<Call> & { port?: string } = {}): Call => {
  const { port = '', ...rest } = more;
  return { from: 'shop/orders/web', url: `http://${HOST}${port}${path}`, ...rest, expect, why };
};

const byPath: Scenario = {
  name: 'saas/paths',
  certificates,
  clusters: {
    shop: {
      controlPlane: REGISTRY_ONLY,
      dns: { [HOST]: 'vendor:vendor-gateways/public' },
      secrets: [{ namespace: 'orders', name: 'vendor-ca', data: { 'ca.crt': 'ca:vendor-ca' } }],
      objects: [meshed('orders'), ...caller('orders', 'web'), ...outsideClient()],
      apply: ['dist/saas/paths/shop'],
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
      apply: ['dist/saas/paths/vendor'],
    },
  },
  calls: [
    at('/prices', { code: 200, body: '"app": "prices"' }, 'an exact path'),
    at('/prices/today', { code: 200, body: '"app": "prices"' }, 'and what is below it'),
    at('/stock/42', { code: 200, body: '"app": "stock"' }, 'another service behind the same host and port'),
    at('/stock/42', { code: 200, body: '"app": "stock"' }, 'with any method', { method: 'POST' }),
    at('/prices/today', { code: 403 }, 'methods of one service are not those of the other', { method: 'POST' }),
    at('/admin/users', { code: 403 }, 'what another port serves is not served here'),
    at('/other', { code: 403 }, 'a path of no service'),
    at(
      '/stock/../prices/today',
      { code: 200, body: '"app": "prices"' },
      'paths are resolved before they are looked at',
    ),
    at('/stock/..%2fprices/today', { code: 403 }, 'also where slashes are escaped', { method: 'POST' }),
    at('/admin/users', { code: 200, body: '"app": "admin"' }, 'another port of the host', { port: ':8080' }),
    at('/prices', { code: 403 }, 'which serves nothing else', { port: ':8080' }),
    {
      from: 'shop/outside/curl',
      url: `https://${HOST}:9443/prices`,
      ca: 'vendor-ca',
      expect: { code: 403 },
      why: 'nor for somebody who dials the gateway itself',
    },
    {
      from: 'shop/outside/curl',
      url: `https://${HOST}/prices`,
      ca: 'vendor-ca',
      expect: { code: 200, body: '"app": "prices"' },
      why: 'simple TLS: anybody may call what is allowed',
    },
  ],
};

export default [ports, twoCertificates, workloadCertificates, byPath];
