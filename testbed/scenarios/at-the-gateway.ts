import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { NAMESPACE as INTERNET, server as outsideServer, serverSecret } from '../support/external-server';
import { published, token } from '../support/tokens';
import { caller, meshed, server } from '../support/workloads';

const DESK = 'agency/desk/desk';
const OUTSIDE = 'partner/outside/curl';
const PUBLIC = 'partner:gateways/public';

const http = (name: string) => server('broker', name, { ports: { http: 8000 } });

/** The two clusters of a variant: the desk of the agency, and services of the partner behind its public gateway. */
function clusters(variant: string, hosts: readonly string[], more: { mesh?: Record<string, unknown> } = {}) {
  const dns = Object.fromEntries(hosts.map((host) => [`${host}.partner.example`, PUBLIC]));
  const bytes = hosts.filter((host) => host === 'ledger');
  return {
    agency: {
      controlPlane: { mesh: { dnsRefreshRate: '1s' } },
      dns,
      secrets: [{ namespace: 'desk', name: 'partner-ca', data: { 'ca.crt': 'ca:partner-ca' } }],
      objects: [meshed('desk'), ...caller('desk', 'desk')],
      apply: [`dist/at-the-gateway/${variant}/agency`],
    },
    partner: {
      controlPlane: { mesh: { ...more.mesh } },
      dns,
      secrets: hosts.map((name) => ({
        namespace: 'gateways',
        name,
        data: { 'tls.crt': 'cert:public', 'tls.key': 'key:public' },
      })),
      objects: [
        meshed('broker'),
        ...outsideClient(),
        ...hosts.filter((host) => host !== 'ledger').flatMap(http),
        ...bytes.flatMap((name) => server('broker', name, { ports: { tcp: 9000 }, image: 'bed/tcp-echo' })),
      ],
      apply: [`dist/at-the-gateway/${variant}/partner`],
    },
  };
}

const certificates = [
  {
    name: 'public',
    ca: 'partner-ca',
    san: ['DNS:*.partner.example'],
    eku: 'serverAuth' as const,
  },
];

const ask = (host: string, more: Partial<Call> & Pick<Call, 'from' | 'expect' | 'why'>): Call => ({
  url: `${more.from === DESK ? 'http' : 'https'}://${host}.partner.example/`,
  within: 20,
  ...more,
});

const client = (address: string) => ({ 'x-forwarded-for': address });

const addresses: Scenario = {
  name: 'at-the-gateway/addresses',
  certificates,
  clusters: clusters('addresses', ['quotes', 'reports', 'status', 'ledger'], {
    mesh: { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } },
  }),
  calls: [
    ask('quotes', {
      from: DESK,
      expect: {
        code: 200,
        hops: [
          { at: 'agency/desk', direction: 'outbound', sent: 'tls' },
          { at: 'partner/public', received: { sni: 'quotes.partner.example' }, code: 200 },
        ],
      },
      why: 'the agency calls from an address that the exposure names',
    }),
    ask('quotes', {
      from: DESK,
      method: 'POST',
      expect: { code: 403 },
      why: 'an address allows no other method',
    }),
    ask('quotes', {
      from: OUTSIDE,
      expect: { code: 403 },
      why: 'somebody calls from another network',
    }),
    ask('quotes', {
      from: OUTSIDE,
      headers: client('10.44.1.9'),
      expect: { code: 403 },
      why: 'ipBlocks asks where the connection comes from: what a header says counts for nothing',
    }),
    ask('status', {
      from: OUTSIDE,
      expect: { code: 200 },
      why: 'another exposure of the gateway is as open as before',
    }),
    ask('reports', {
      from: DESK,
      headers: client('203.0.113.9'),
      expect: { code: 200 },
      why: 'the proxy at an address of ipBlocks tells of a client of remoteIpBlocks',
    }),
    ask('reports', {
      from: DESK,
      headers: client('2001:db8:7::9'),
      expect: { code: 200 },
      why: 'an IPv6 client',
    }),
    ask('reports', {
      from: DESK,
      headers: client('198.51.100.9'),
      expect: { code: 403 },
      why: 'the proxy tells of somebody else',
    }),
    ask('reports', {
      from: DESK,
      headers: client('203.0.113.9, 198.51.100.9'),
      expect: { code: 403 },
      why: 'the last address is the one that the trusted proxy added; what stands before it anybody can have written',
    }),
    ask('reports', { from: DESK, expect: { code: 403 }, why: 'nobody tells of a client' }),
    ask('reports', {
      from: OUTSIDE,
      headers: client('203.0.113.9'),
      expect: { code: 403 },
      why: 'the right client, told by somebody who is not the proxy',
    }),
    {
      from: DESK,
      url: 'tcp://ledger.partner.example:9000',
      within: 20,
      expect: { code: 'ok' },
      why: 'bytes from an address of the exposure',
    },
    {
      from: OUTSIDE,
      url: 'tls://ledger.partner.example:443',
      expect: { error: '' },
      why: 'bytes from another network',
    },
  ],
};

const AGENCY = { iss: 'https://login.agency.example', sub: 'desk' };
const BANK = { iss: 'https://login.bank.example/tokens', sub: 'teller', aud: 'rates' };
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const orders = bearer(token('agency', { ...AGENCY, aud: 'orders' }));
const bank = { 'x-bank-token': token('bank', BANK) };

/** A request of somebody outside, with headers. */
const open = (host: string, headers: Record<string, string>, code: number, why: string): Call =>
  ask(host, { from: OUTSIDE, url: `https://${host}.partner.example/open`, headers, expect: { code }, why });

const tokens: Scenario = {
  name: 'at-the-gateway/tokens',
  certificates,
  clusters: clusters('tokens', ['orders', 'invoices', 'rates', 'status']),
  calls: [
    ask('orders', {
      from: DESK,
      url: 'http://orders.partner.example/mine/7',
      headers: orders,
      expect: {
        code: 200,
        body: '"app": "orders"[^}]*"tokens": \\[\\]',
        hops: [{ at: 'partner/public', received: { sni: 'orders.partner.example' }, code: 200 }],
      },
      why: 'the agency with its token, which the gateway takes out of the request',
    }),
    open('orders', orders, 200, 'whoever has the token may call'),
    open('orders', {}, 403, 'no token'),
    open('orders', { authorization: 'Bearer nonsense' }, 401, 'a token that is none'),
    open('orders', bearer(token('stranger', { ...AGENCY, aud: 'orders' })), 401, 'signed with a key of somebody else'),
    open('orders', bearer(token('agency', { ...AGENCY, aud: 'orders', iat: 9, exp: 9 })), 401, 'a token that is over'),
    open(
      'orders',
      bearer(token('agency', { ...AGENCY, iss: 'https://login.agency.example/' })),
      401,
      'almost the issuer',
    ),
    open('orders', bearer(token('agency', AGENCY)), 403, 'for nobody'),
    open('orders', bearer(token('agency', { ...AGENCY, aud: ['x', 'orders'] })), 200, 'for several'),
    open('orders', bearer(token('agency', { ...AGENCY, sub: undefined, aud: 'orders' })), 403, 'a token of no subject'),
    ask('orders', {
      from: OUTSIDE,
      method: 'POST',
      headers: orders,
      expect: { code: 403 },
      why: 'a token allows no other method',
    }),
    open('invoices', orders, 403, 'a token for orders is none for invoices, though the gateway verifies both'),
    open('invoices', bearer(token('agency', { ...AGENCY, aud: 'invoices' })), 200, 'its own'),
    open('rates', bank, 200, 'a token of the bank, in the header of the bank'),
    open('rates', bearer(token('agency', { ...AGENCY, aud: 'rates' })), 200, 'the other issuer of the exposure'),
    open('rates', bearer(token('bank', BANK)), 401, 'a token of the bank where nobody looks for it'),
    open('orders', bank, 403, 'a token of the bank opens nothing of the agency'),
    open('invoices', { 'x-bank-token': token('bank', { ...BANK, aud: 'invoices' }) }, 403, 'nor for another audience'),
    open('status', {}, 200, 'an exposure that asks for no token'),
    open('status', { authorization: 'Basic ZGVzazpzZWNyZXQ=' }, 200, 'what is no token passes'),
    open(
      'status',
      bearer(token('stranger', { iss: 'https://somebody.example', sub: 'a' })),
      401,
      'the gateway verifies each token that it finds, also where none is asked for',
    ),
    ask('rates', {
      from: OUTSIDE,
      url: 'https://rates.partner.example/open',
      headers: bank,
      expect: { code: 200, body: '"tokens": \\[\\s*"x-bank-token"\\s*\\]' },
      why: 'the token of the bank is passed on',
    }),
  ],
};

const STATUS_FROM_AGENCY = 'http://status.partner.example/';

const clients: Scenario = {
  name: 'at-the-gateway/clients',
  certificates,
  // Envoy redirects nobody who says https in X-Forwarded-Proto, where it trusts proxies before it
  clusters: clusters('clients', ['modern', 'legacy', 'status'], {
    mesh: { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } },
  }),
  calls: [
    ask('modern', {
      from: DESK,
      expect: { code: 200, hops: [{ at: 'partner/public', received: { sni: 'modern.partner.example' }, code: 200 }] },
      why: 'proxies of a mesh speak TLS 1.3',
    }),
    ask('legacy', { from: DESK, expect: { code: 200 }, why: 'and TLS 1.2' }),
    ask('modern', { from: OUTSIDE, url: 'http://modern.partner.example/', expect: { code: 301 }, why: 'led to https' }),
    ask('modern', {
      from: OUTSIDE,
      url: 'http://modern.partner.example/',
      headers: { 'x-forwarded-proto': 'https' },
      expect: { code: 404 },
      why: 'who calls clear text https finds nothing, least of all a way past the TLS of the gateway',
    }),
    ask('modern', {
      from: OUTSIDE,
      method: 'POST',
      url: 'http://modern.partner.example/',
      expect: { code: 403 },
      why: 'what no rule allows is led nowhere',
    }),
    ask('legacy', {
      from: OUTSIDE,
      url: 'http://legacy.partner.example/',
      expect: { code: 403 },
      why: 'no redirect is stated for this host, which the policies deny before anybody looks for it',
    }),
    ask('status', {
      from: OUTSIDE,
      url: STATUS_FROM_AGENCY,
      expect: { code: 403 },
      why: 'from another network nothing is redirected',
    }),
  ],
  test: async (bed) => {
    const offers = [
      ['modern', { max: '1.2' }, { error: 'curl 35' }, 'a client of TLS 1.2 at a host of TLS 1.3'],
      ['modern', { min: '1.3' }, { code: 200 }, 'a client of TLS 1.3 there'],
      ['legacy', { max: '1.2' }, { code: 200 }, 'a client of TLS 1.2 at a host of TLS 1.2'],
      ['legacy', { min: '1.3' }, { error: 'curl 35' }, 'a client of TLS 1.3 there'],
      ['legacy', { max: '1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }, { error: 'curl 35' }, 'with another cipher'],
    ] as const;
    for (const [host, tls, expect, why] of offers) {
      await bed.expect(ask(host, { from: OUTSIDE, tls, expect, why }));
    }
  },
};

/** Where the agency publishes its keys; its certificate is of an authority that the istiod of the partner believes. */
const LOGIN = 'login.agency.example';
const keysBy = (issuer: 'agency' | 'stranger') =>
  outsideServer('login', { tls: true, answer: published(issuer, 'agency') });

/** Why a verdict on a signature is not foreseen. */
const FETCHED = 'no object holds the keys that istiod fetches';

const publishedClusters = clusters('published-keys', ['orders', 'invoices']);

const publishedKeys: Scenario = {
  name: 'at-the-gateway/published-keys',
  certificates: [
    ...certificates,
    { name: 'login', ca: 'root-partner', san: [`DNS:${LOGIN}`], eku: 'serverAuth' as const },
  ],
  clusters: {
    agency: publishedClusters.agency,
    partner: {
      ...publishedClusters.partner,
      controlPlane: {
        // what `jwksResolverExtraRootCA` does of an installation by Helm
        env: { SSL_CERT_FILE: '/etc/cacerts/root-cert.pem', PILOT_JWT_PUB_KEY_REFRESH_INTERVAL: '2s' },
      },
      dns: { ...publishedClusters.partner.dns, [LOGIN]: `partner:${INTERNET}/login` },
      secrets: [...publishedClusters.partner.secrets, serverSecret('login')],
      objects: [
        ...publishedClusters.partner.objects,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: INTERNET } },
        ...keysBy('agency'),
      ],
    },
  },
  calls: [
    ask('orders', {
      from: DESK,
      headers: orders,
      expect: { code: 200, hops: [{ at: 'partner/public', received: { sni: 'orders.partner.example' }, code: 200 }] },
      within: 60,
      why: 'istiod has fetched the keys of the issuer, and the gateway verifies the token with them',
    }),
    open('orders', orders, 200, 'whoever has the token may call'),
    open('orders', {}, 403, 'no token'),
    {
      ...open('orders', bearer(token('stranger', { ...AGENCY, aud: 'orders' })), 401, 'signed by somebody else'),
      unforeseeable: FETCHED,
    },
    open('orders', bearer(token('agency', { ...AGENCY, aud: 'x' })), 403, 'for another audience'),
    {
      ...open(
        'invoices',
        { 'x-bank-token': token('agency', { ...AGENCY, iss: 'https://login.nowhere.example', aud: 'invoices' }) },
        401,
        'keys that istiod cannot fetch verify nothing: closed, not open',
      ),
      unforeseeable: FETCHED,
    },
    open('invoices', {}, 403, 'nor without a token'),
  ],
  test: async (bed) => {
    await bed.apply('partner', keysBy('stranger'));
    await bed.expect({
      ...open('orders', bearer(token('stranger', { ...AGENCY, aud: 'orders' })), 200, 'the issuer has a new key'),
      within: 60,
    });
    const over = open('orders', orders, 401, 'what the old key has signed is over');
    await bed.expect({ ...over, unforeseeable: FETCHED });
  },
};

const routed = clusters('router-ossm-3', ['orders'], {
  mesh: { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } },
});

const atRouter = (call: Omit<Call, 'url'> & Partial<Call>): Call => ({
  url: `${call.from === DESK ? 'http' : 'https'}://orders.apps.example/`,
  within: 20,
  ...call,
});

/** Behind the router of OpenShift, which ends TLS with its own certificate and tells who called. */
const behindRouter: Scenario = {
  name: 'at-the-gateway/router-ossm-3',
  certificates,
  clusters: {
    agency: {
      ...routed.agency,
      // a Route leads there
      dns: {},
      secrets: [{ namespace: 'desk', name: 'router-ca', data: { 'ca.crt': 'ca:router-ca' } }],
    },
    partner: { ...routed.partner, dns: {}, secrets: [], crds: ['openshift'] },
  },
  calls: [
    atRouter({
      from: DESK,
      headers: orders,
      expect: { code: 200, hops: [{ at: 'partner/public', received: 'clear', code: 200 }] },
      why: 'the router tells of the desk, whose address the exposure names; with its token',
    }),
    atRouter({ from: DESK, expect: { code: 403 }, why: 'no token' }),
    atRouter({
      from: DESK,
      headers: bearer(token('stranger', { ...AGENCY, aud: 'orders' })),
      expect: { code: 401 },
      why: 'signed by somebody else',
    }),
    atRouter({ from: OUTSIDE, headers: orders, expect: { code: 403 }, why: 'a token from another network' }),
    atRouter({
      from: OUTSIDE,
      headers: { ...orders, ...client('203.0.113.9') },
      expect: { code: 403 },
      why: 'what a caller writes comes before what the router adds',
    }),
    atRouter({
      from: OUTSIDE,
      url: 'http://orders.apps.example/',
      expect: { code: 302 },
      why: 'the router leads clear text to https, whoever asks',
    }),
  ],
};

export default [addresses, tokens, clients, publishedKeys, behindRouter];
