import type { Bed } from '../bed/bed';
import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { fingerprintOf } from '../support/fingerprint';
import { caller, meshed, server } from '../support/workloads';

const BUYER = 'client/buyers/buyer';
const OUTSIDE = 'client/outside/curl';
const PUBLIC = 'shops:shops-gateways/public';
const BRANDS = ['oak', 'elm'];
const hostOf = (brand: string) => `shop.${brand}.example`;

const calls: Call[] = [
  ...BRANDS.flatMap((brand): Call[] => [
    {
      from: BUYER,
      url: `http://${hostOf(brand)}/`,
      expect: {
        code: 200,
        body: `"app": "${brand}"`,
        hops: [{ at: 'shops/public', received: { sni: hostOf(brand) }, code: 200 }],
      },
      why: `the sidecar believes the authority of ${brand} for its host`,
    },
    {
      from: OUTSIDE,
      url: `https://${hostOf(brand)}/`,
      ca: `${brand}-ca`,
      expect: { code: 200, body: `"app": "${brand}"` },
      why: `the gateway shows the certificate of ${brand}`,
    },
    {
      from: OUTSIDE,
      url: `https://${hostOf(brand)}/`,
      ca: `${brand === 'oak' ? 'elm' : 'oak'}-ca`,
      expect: { error: 'curl 60' },
      why: 'and not that of the other one',
    },
  ]),
  {
    from: OUTSIDE,
    url: `https://${hostOf('oak')}/`,
    headers: { Host: hostOf('elm') },
    expect: { code: 404 },
    why: 'a request for another brand than the one that TLS was made with',
  },
  {
    from: BUYER,
    url: 'https://vault.oak.example/',
    ca: 'vault-ca',
    expect: {
      code: 200,
      body: '"app": "vault"',
      hops: [{ at: 'shops/public', received: { sni: 'vault.oak.example' } }],
    },
    why: 'the service shows its own certificate; the gateway passes it on',
  },
  {
    from: OUTSIDE,
    url: 'https://other.oak.example/',
    expect: { error: '' },
    why: 'a host that is not exposed has no certificate',
  },
];

/** The certificates are told apart by fingerprint: what clients get is what is in the Secret of the host. */
async function showTheirOwn(bed: Bed): Promise<void> {
  for (const brand of BRANDS) {
    const { certificate } = await bed.call({ from: OUTSIDE, url: `tls://${hostOf(brand)}:443` });
    const wanted = await fingerprintOf(bed, `${brand}-server`);
    if (certificate !== wanted) throw new Error(`${brand}: the gateway showed ${certificate}, expected ${wanted}`);
  }
}

const keyPair = (name: string) => ({ 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}` });

const scenario: Scenario = {
  name: 'saas/credentials',
  certificates: [
    ...BRANDS.map((brand) => ({
      name: `${brand}-server`,
      ca: `${brand}-ca`,
      san: [`DNS:${hostOf(brand)}`],
      eku: 'serverAuth',
    })),
    { name: 'vault', ca: 'vault-ca', san: ['DNS:vault.oak.example'], eku: 'serverAuth' },
  ],
  clusters: {
    client: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: {
        ...Object.fromEntries(BRANDS.map((brand) => [hostOf(brand), PUBLIC])),
        'vault.oak.example': PUBLIC,
        'other.oak.example': PUBLIC,
      },
      secrets: BRANDS.map((brand) => ({
        namespace: 'buyers',
        name: `${brand}-ca`,
        data: { 'ca.crt': `ca:${brand}-ca` },
      })),
      objects: [meshed('buyers'), ...caller('buyers', 'buyer'), ...outsideClient()],
      apply: ['dist/saas/credentials/client'],
    },
    shops: {
      secrets: [
        ...BRANDS.map((brand) => ({
          namespace: 'shops-gateways',
          name: `${brand}-server`,
          data: keyPair(`${brand}-server`),
        })),
        { namespace: 'brands', name: 'vault', data: keyPair('vault') },
      ],
      objects: [
        meshed('brands'),
        ...BRANDS.flatMap((brand) => server('brands', brand, { ports: { http: 8000 } })),
        ...server('brands', 'vault', { ports: { tls: 8443 }, image: 'bed/https-echo', certificate: 'vault' }),
      ],
      apply: ['dist/saas/credentials/shops'],
    },
  },
  calls,
  test: showTheirOwn,
};

export default [scenario];
