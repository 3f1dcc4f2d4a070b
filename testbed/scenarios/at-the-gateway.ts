import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
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

export default [addresses];
