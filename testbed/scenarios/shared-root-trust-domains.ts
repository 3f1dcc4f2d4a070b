import { OtherRoots, TrustBundle } from '../../lib';
import { ROOT_CERTIFICATES } from '../../scenarios/root-certificates';
import type { Scenario } from '../bed/scenario';
import { trustDomains } from '../support/shared-root';
import { consumerPlane, dns, httpbin, providing, sleeper } from '../support/shared-root-clusters';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/foo/sleep';
const HTTPBIN = 'http://httpbin.bar.cluster2:8000/headers';

/** One root, two trust domains: what the provider's control plane knows of the consumer's. */
function twoTrustDomains(name: string, build: NonNullable<Scenario['fleets']>[string], setup: TrustSetup): Scenario {
  const fleet = `shared-root-trust-domains-${name}`;
  return {
    name: `shared-root-more/trust-domains-${name}`,
    fleets: { [fleet]: build },
    clusters: {
      c1: {
        controlPlane: consumerPlane({ trustDomain: 'c1.local' }),
        dns,
        objects: sleeper(...caller('foo', 'other')),
        apply: [`build/fleets/${fleet}/c1`],
      },
      c2: providing(
        `build/fleets/${fleet}`,
        [
          meshed('foo'),
          ...httpbin,
          ...server('bar', 'any', { ports: { http: 8000 } }),
          ...caller('bar', 'local'),
          ...caller('foo', 'sleep'),
        ],
        { mesh: { trustDomain: 'c2.local', ...setup.mesh }, env: setup.env },
      ),
    },
    calls: [
      {
        from: SLEEP,
        url: HTTPBIN,
        expect: { code: 200, body: 'spiffe://c1.local/ns/foo/sa/sleep' },
        within: 10,
        why: 'the identity of the other trust domain arrives',
      },
      { from: 'c1/foo/other', url: HTTPBIN, expect: { code: 403 }, why: 'and is told apart' },
      {
        from: SLEEP,
        url: 'http://any.bar.cluster2:8000/',
        expect: { code: 200 },
        why: 'without from: the trust domain of the consumer',
      },
      { from: 'c2/foo/sleep', url: 'http://httpbin.bar:8000/', expect: { code: setup.namesake }, why: setup.why },
      {
        from: 'c2/bar/local',
        url: 'http://any:8000/',
        expect: { code: 403 },
        why: "which is not the provider's own",
      },
    ],
  };
}

interface TrustSetup {
  readonly mesh: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly namesake: number;
  readonly why: string;
}

const from = ['c1.local/ns/foo/sa/sleep'];
const shared = { root: TrustBundle.declared('shared-root'), certificates: ROOT_CERTIFICATES.c1 };
const aliases = twoTrustDomains(
  'aliases',
  (fleet) => trustDomains(fleet, { trustDomainAliases: ['c1.local'] }, [...from, 'c2.local/ns/foo/sa/sleep']),
  {
    mesh: { trustDomainAliases: ['c1.local'] },
    namesake: 200,
    why: 'an alias makes identities of both trust domains one, which the program had to say',
  },
);
const otherRoot = twoTrustDomains(
  'other-root',
  (fleet) =>
    trustDomains(fleet, { otherRoots: OtherRoots.byEveryProxy({ ...shared, trustDomains: ['c1.local'] }) }, from),
  {
    mesh: {
      caCertificates: [{ pem: 'ca:shared-root', trustDomains: ['c1.local'] }],
      defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
    },
    env: { ISTIO_MULTIROOT_MESH: 'true' },
    namesake: 403,
    why: 'the namesake in the provider is somebody else',
  },
);

export default [aliases, otherRoot];
