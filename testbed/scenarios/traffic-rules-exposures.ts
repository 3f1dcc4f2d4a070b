import type { Call, Scenario } from '../bed/scenario';
import { NAMESPACE, server as outside, serverSecret } from '../support/external-server';
import { caller, meshed, server } from '../support/workloads';

const CHECKOUT = 'shop/shop/checkout';
const OTHER = 'shop/shop/other';

const ca = (namespace: string) => ({ namespace, name: 'vendor-ca', data: { 'ca.crt': 'ca:vendor-ca' } });
const certificate = (name: string, host: string) => ({
  name,
  ca: 'vendor-ca',
  san: [`DNS:${host}`],
  eku: 'serverAuth',
});

const half = (name: 'pay' | 'tax', way: Call['expect']['hops']): Call[] => [
  {
    from: CHECKOUT,
    url: `http://${name}.vendor.example/`,
    repeat: 80,
    expect: { spread: [`${name}-v1`, `${name}-home-v1`] },
    within: 10,
    why: 'a tenth comes home, callers dial the SaaS',
  },
  {
    from: CHECKOUT,
    url: `http://${name}.vendor.example/`,
    headers: { 'x-try': 'home' },
    expect: { code: 200, body: `"app": "${name}-home"[^}]*"host": "${name}.vendor.example"` },
    why: 'who asks for it comes home always, with the host that was dialled',
  },
  {
    from: CHECKOUT,
    url: `http://${name}.vendor.example/`,
    expect: { code: 200, body: `"app": "${name}"[^}]*"sni": "${name}.vendor.example"`, hops: way },
    within: 20,
    why: 'what leaves takes its way as without rules',
  },
];

const saas: Scenario = {
  name: 'traffic-rules/saas',
  certificates: [certificate('pay', 'pay.vendor.example'), certificate('tax', 'tax.vendor.example')],
  clusters: {
    shop: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, dnsRefreshRate: '1s' } },
      dns: Object.fromEntries(['pay', 'tax'].map((name) => [`${name}.vendor.example`, `shop:${NAMESPACE}/${name}`])),
      secrets: [ca('shop-egress'), ca('shop'), serverSecret('pay'), serverSecret('tax')],
      objects: [
        meshed('shop'),
        ...['checkout', 'other'].flatMap((name) => caller('shop', name)),
        ...['pay-home', 'tax-home'].flatMap((name) => server('shop', name, { ports: { http: 8000 } })),
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
        ...['pay', 'tax'].flatMap((name) => outside(name, { tls: true })),
      ],
      apply: ['dist/traffic-rules/saas/shop'],
    },
  },
  calls: [
    ...half('pay', [{ at: 'shop/egress', received: { sni: 'pay.vendor.example' }, sent: 'tls', code: 200 }]),
    ...half('tax', [{ at: 'shop/checkout', direction: 'outbound', received: 'clear', sent: 'tls', code: 200 }]),
    {
      from: OTHER,
      url: 'http://pay.vendor.example/',
      headers: { 'x-try': 'home' },
      expect: { code: 200, body: '"app": "pay-home"' },
      why: 'the exposure is for the whole mesh',
    },
    {
      from: OTHER,
      url: 'http://tax.vendor.example/',
      expect: { code: 404 },
      why: 'no rule is about a workload that the exposure is not for: it sends no clear text to a port of TLS',
    },
  ],
};

const quotes = (name: string) => server('broker', `quotes-${name}`, { ports: { http: 8000 } });
const gatewaySecret = (name: string) => ({
  namespace: 'gateways',
  name: `${name}-credential`,
  data: { 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}` },
});

const mirror: Scenario = {
  name: 'traffic-rules/mirror',
  certificates: ['production', 'stage'].map((name) => certificate(name, `${name}.partner.example`)),
  clusters: {
    shop: {
      controlPlane: { mesh: { dnsRefreshRate: '1s' } },
      dns: Object.fromEntries(
        ['production', 'stage'].map((name) => [`${name}.partner.example`, `partner:gateways/${name}`]),
      ),
      secrets: [ca('shop')],
      objects: [meshed('shop'), ...caller('shop', 'checkout')],
      apply: ['dist/traffic-rules/mirror/shop'],
    },
    partner: {
      secrets: [gatewaySecret('production'), gatewaySecret('stage')],
      objects: [meshed('broker'), ...caller('broker', 'asker'), ...quotes('production'), ...quotes('stage')],
      apply: ['dist/traffic-rules/mirror/partner'],
    },
  },
  calls: [
    {
      from: CHECKOUT,
      url: 'http://quotes:8000/quotes/7',
      expect: {
        code: 200,
        body: '"app": "quotes-production"[^}]*"host": "production.partner.example"',
        hops: [{ at: 'partner/stage', received: { sni: 'stage.partner.example' }, code: 200 }],
      },
      within: 20,
      why: 'production answers, a copy goes through the gateway of the stage',
    },
    {
      from: 'partner/broker/asker',
      url: 'http://quotes-stage:8000/seen',
      expect: { code: 200, body: '"path": "/quotes/7",\\s+"host": "production.partner.example"' },
      within: 5,
      why: 'the stage has seen it under the host of production: this Istio puts nothing behind it',
    },
    {
      from: CHECKOUT,
      url: 'http://quotes:8000/quotes/9',
      method: 'POST',
      expect: { code: 403 },
      why: 'neither of them takes what is not allowed',
    },
  ],
  test: async (bed) => {
    // a copy as Istio before 1.28 makes it
    for (const [host, code] of [
      ['production.partner.example-shadow', 200],
      ['somebody.example', 403],
    ] as const) {
      await bed.expect({
        from: 'partner/broker/asker',
        url: 'https://stage.gateways.svc.cluster.local/quotes/10',
        sni: 'stage.partner.example',
        headers: { host },
        expect: { code },
        within: 10,
        why: `the gateway of the stage answers ${host} with ${code}`,
      });
    }
  },
};

/** The same through egress gateways: one for the originals, one for the copies. */
const mirrorThroughGateways: Scenario = {
  ...mirror,
  name: 'traffic-rules/mirror-egress',
  clusters: {
    shop: {
      ...mirror.clusters.shop,
      secrets: [ca('shop-egress')],
      apply: ['dist/traffic-rules/mirror-egress/shop'],
    },
    partner: { ...mirror.clusters.partner, apply: ['dist/traffic-rules/mirror-egress/partner'] },
  },
  calls: [
    {
      from: CHECKOUT,
      url: 'http://quotes:8000/quotes/7',
      expect: {
        code: 200,
        body: '"app": "quotes-production"[^}]*"host": "production.partner.example"',
        hops: [
          { at: 'shop/to-stage', received: { sni: 'stage.partner.example' }, code: 200 },
          { at: 'partner/stage', received: { sni: 'stage.partner.example' }, code: 200 },
        ],
      },
      within: 20,
      why: 'production answers through its gateway, a copy goes through the one for copies',
    },
    ...(mirror.calls ?? []).slice(1),
  ],
  test: undefined,
};

export default [saas, mirror, mirrorThroughGateways];
