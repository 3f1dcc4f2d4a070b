import type { Bed } from '../bed/bed';
import { pause } from '../bed/process';
import type { Action, Call, Scenario, SecretSetup } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { client, outsideClient } from '../support/clients';
import { DECODING_SLASHES } from '../support/control-planes';
import { OUTSIDE, PARTNER_HOST, premiumDestinations, TRAVELS } from '../support/travel-agency';

const LOAD_BALANCER = 'partner:partner-gateways/public';
const SEARCH = 'agency/prod-travel-agency/search';
const DIRECT = `https://${PARTNER_HOST}/insurances/Rome`;
const LOCAL = { code: 200, body: '"version": "v1"' } as const;

const AGENCY = 'spiffe://travel-agency.example/production';

const certificates = [
  { name: 'partner-server', ca: 'partner-ca', san: [`DNS:${PARTNER_HOST}`], eku: 'serverAuth' },
  { name: 'other-server', ca: 'partner-ca', san: ['DNS:other.partner.example'], eku: 'serverAuth' },
  { name: 'forged-server', ca: 'stranger-ca', san: [`DNS:${PARTNER_HOST}`], eku: 'serverAuth' },
  { name: 'agency-client', ca: 'agency-ca', san: [`URI:${AGENCY}`], eku: 'clientAuth' },
  { name: 'agency-other', ca: 'agency-ca', san: ['URI:spiffe://travel-agency.example/other'], eku: 'clientAuth' },
  { name: 'agency-expired', ca: 'agency-ca', san: [`URI:${AGENCY}`], eku: 'clientAuth', expired: true },
  { name: 'stranger-client', ca: 'stranger-ca', san: ['URI:spiffe://stranger.example/x'], eku: 'clientAuth' },
];

/** What is the same however the sidecar encrypts. */
const common = (peer: string | undefined): Call[] => [
  ...premiumDestinations([
    { at: 'agency/travels', direction: 'outbound', received: 'clear', sent: 'tls', code: 200 },
    {
      at: 'partner/public',
      received: { sni: PARTNER_HOST, ...(peer && { peer }) },
      sent: 'tls',
      code: 200,
    },
    {
      at: 'partner/insurances',
      direction: 'inbound',
      received: { peer: 'spiffe://cluster.local/ns/partner-gateways/sa/public' },
    },
  ]),
  {
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/insurances/Rome`,
    expect: { code: 200, body: '"version": "premium"' },
    why: 'the sidecar encrypts a direct call, too',
  },
  {
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/other`,
    expect: { code: 403 },
    why: 'the partner allows no such path',
  },
  {
    from: SEARCH,
    url: 'http://insurances:8000/insurances/London',
    expect: LOCAL,
    why: 'a workload that no rule selects falls through to the local service, and sends no clear text to a port for TLS',
  },
  { from: SEARCH, url: 'http://insurances:8000/insurances/Athens', expect: LOCAL, why: 'local calls are not affected' },
  {
    from: TRAVELS,
    url: DIRECT,
    expect: { error: 'curl 35' },
    why: 'REGISTRY_ONLY: nobody registered port 443, so an application that encrypts itself is cut off',
  },
  {
    from: OUTSIDE,
    url: `http://${PARTNER_HOST}/insurances/Rome`,
    expect: { error: '' },
    why: 'the partner takes no clear text',
  },
];

/** A workload of the agency that no rule selects, in the namespace as the manifests make it. */
const search = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'prod-travel-agency', labels: { 'istio-injection': 'enabled' } },
  },
  client('prod-travel-agency', 'search'),
];

/** The partner shows another certificate from now on. */
const shows = (credential: string): Action[] => [
  {
    cluster: 'partner',
    kubectl: [
      'patch',
      'gateway',
      '-n',
      'partner-gateways',
      'public-insurances-partner-example',
      '--type=json',
      `--patch=[{"op":"replace","path":"/spec/servers/0/tls/credentialName","value":"${credential}"}]`,
    ],
  },
  { cut: true },
];

const premium = (expect: Call['expect'], why: string, before: Action[]): Call => ({
  from: TRAVELS,
  url: 'http://insurances:8000/insurances/London',
  expect,
  why,
  before,
});

/** What the sidecar makes of servers that are not the partner; at the end the partner is itself again. */
const wrongServers: Call[] = [
  premium({ code: 503, flags: 'UF' }, 'the right name, signed by somebody else', shows('forged-credential')),
  premium({ code: 503, flags: 'UF' }, 'the right authority, another name', shows('other-credential')),
  premium({ code: 200, body: '"version": "premium"' }, 'the partner itself', shows('partner-credential')),
];

function scenario(name: string, agencySecrets: SecretSetup[], roots: SecretSetup['data'], calls: Call[]): Scenario {
  const credential = (secret: string, certificate: string): SecretSetup => ({
    namespace: 'partner-gateways',
    name: secret,
    data: { 'tls.crt': `cert:${certificate}`, 'tls.key': `key:${certificate}`, ...roots },
  });
  return {
    name,
    certificates,
    clusters: {
      agency: {
        controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
        dns: { [PARTNER_HOST]: LOAD_BALANCER },
        secrets: agencySecrets,
        objects: [...outsideClient(), ...search],
        apply: [`dist/${name}/agency`],
      },
      partner: {
        controlPlane: DECODING_SLASHES,
        secrets: [
          credential('partner-credential', 'partner-server'),
          credential('other-credential', 'other-server'),
          credential('forged-credential', 'forged-server'),
        ],
        apply: [`dist/${name}/partner`],
      },
    },
    calls: [...calls, ...wrongServers],
  };
}

const outside = (call: Omit<Call, 'from'>): Call => ({ from: OUTSIDE, ca: 'partner-ca', ...call });

const simple = scenario(
  'external-services/sidecar-simple',
  [{ namespace: 'prod-travel-agency', name: 'partner-ca', data: { 'ca.crt': 'ca:partner-ca' } }],
  {},
  [
    ...common(undefined),
    outside({ url: DIRECT, expect: { code: 200 }, why: 'SIMPLE tells the server apart only: anybody may call' }),
  ],
);

/** Both ways in which the sidecar gets its key pair answer the same. */
const mutual = (name: string) =>
  scenario(
    name,
    [
      {
        namespace: 'prod-travel-agency',
        name: 'partner-client',
        data: { 'ca.crt': 'ca:partner-ca', 'tls.crt': 'cert:agency-client', 'tls.key': 'key:agency-client' },
      },
    ],
    { 'ca.crt': 'ca:agency-ca' },
    [
      ...common(AGENCY),
      {
        from: TRAVELS,
        url: `http://${PARTNER_HOST}/insurances/Rome`,
        method: 'POST',
        expect: { code: 403 },
        why: 'the partner allows GET only',
      },
      outside({ url: DIRECT, expect: { error: 'curl 56' }, why: 'no client certificate' }),
      outside({ url: DIRECT, as: 'stranger-client', expect: { error: 'curl 56' }, why: 'certificate of a foreign CA' }),
      outside({ url: DIRECT, as: 'agency-expired', expect: { error: 'curl 56' }, why: 'expired certificate' }),
      outside({ url: DIRECT, as: 'agency-other', expect: { code: 403 }, why: 'the right CA, another identity' }),
      outside({ url: DIRECT, as: 'agency-client', expect: { code: 200 }, why: 'the certificate alone is what counts' }),
      outside({
        url: DIRECT,
        as: 'agency-client',
        headers: { Host: 'other.partner.example' },
        expect: { code: 403 },
        why: 'the right certificate, a host that is not exposed',
      }),
    ],
  );

/**
 * The partner's authority is replaced: first the agency believes both, then the partner shows a certificate of the new
 * one, then the agency forgets the old one. Every step is called over new connections, and no call fails.
 */
async function rotateAuthority(bed: Bed): Promise<void> {
  const { certificates } = bed;
  const server = await certificates.issue({
    name: 'partner-server-2',
    ca: 'partner-ca-2',
    san: [`DNS:${PARTNER_HOST}`],
  });
  const [old, next] = [await certificates.authority('partner-ca'), await certificates.authority('partner-ca-2')];
  const secret = (namespace: string, name: string, stringData: Record<string, string>): KubeObject[] => [
    { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, stringData },
  ];
  const trust = (roots: string) =>
    bed.apply('agency', secret('prod-travel-agency', 'partner-client', { 'ca.crt': roots }));
  const show = { 'tls.crt': server.crt, 'tls.key': server.key };
  const steps: [string, () => Promise<unknown>][] = [
    ['the agency believes both authorities', () => trust(old + next)],
    [
      'the partner shows the new certificate',
      () => bed.apply('partner', secret('partner-gateways', 'partner-credential', show)),
    ],
    ['the agency forgets the old authority', () => trust(next)],
  ];
  for (const [step, apply] of steps) {
    await apply();
    // istiod sends what changed within its debounce time; proxies log nothing of it
    await pause(1000);
    await bed.cut();
    const { spread = {} } = await bed.call({
      from: TRAVELS,
      url: 'http://insurances:8000/insurances/London',
      repeat: 10,
    });
    if (spread['insurances-premium'] !== 10) throw new Error(`${step}: ${JSON.stringify(spread)}`);
  }
}

export default [
  simple,
  { ...mutual('external-services/sidecar-mutual'), test: rotateAuthority },
  mutual('external-services/sidecar-mutual-files'),
];
