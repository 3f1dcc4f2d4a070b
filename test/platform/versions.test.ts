import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bundles } from '../../imports/schema';
import { Istio, Ossm } from '../../lib';
import type { Platform } from '../../lib/platform/platform';
import { PLATFORMS, platformNamed } from '../../lib/platform/platforms';
import { UPSTREAM_VERSIONS } from '../../lib/platform/versions';
import { Admission } from '../../lib/verify/admission/admission';

const DIST = join(__dirname, '..', '..', 'dist');

/** Platforms with upstream Istio inside, and its version there. */
const UPSTREAM: [Platform, string][] = [
  [Istio.v1_26(), '1.26'],
  [Istio.v1_27(), '1.27'],
  [Istio.v1_28(), '1.28'],
  [Istio.v1_29(), '1.29'],
  [Istio.v1_30(), '1.30'],
  [Istio.v1_31(), '1.31'],
  [Ossm.v3(), '1.24'],
  [Ossm.v3_0(), '1.24'],
  [Ossm.v3_1(), '1.26'],
  [Ossm.v3_2(), '1.27'],
];

/** Objects of all scenarios but those for OpenShift Service Mesh 2. */
const written = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.k8s.yaml') && !/[-/]ossm(-allow-any)?\//.test(file))
  .flatMap((file) =>
    parseAllDocuments(readFileSync(join(DIST, file), 'utf8')).map((one) => ({ file, object: one.toJS() })),
  );

test('there is a platform of each version that there is schema data of, and all are known by name', () => {
  expect(new Set(UPSTREAM.map(([, version]) => version))).toEqual(new Set(UPSTREAM_VERSIONS));
  expect(bundles()).toEqual(expect.arrayContaining(UPSTREAM_VERSIONS.map((version) => `istio-${version}`)));
  const names = [...UPSTREAM.map(([platform]) => platform.name), Ossm.v2_6().name];
  expect(PLATFORMS.map(({ name }) => name).sort()).toEqual(names.sort());
  for (const name of names) expect(platformNamed(name)?.name).toBe(name);
  expect(platformNamed('Istio 1.25')).toBeUndefined();
});

describe.each(UPSTREAM.map(([platform, version]) => [platform.name, platform, version] as const))(
  '%s',
  (_, platform, version) => {
    test('is the Istio inside, by its defaults, its schemas and what the Sail operator calls it', () => {
      expect(platform.istio).toBe(version);
      expect(platform.bundles[0]).toBe(`istio-${version}`);
      expect(platform.sailVersion('here', 'use')).toBe(`v${version}-latest`);
      expect(platform.apiVersion('VirtualService')).toBe('networking.istio.io/v1');
      expect(platform.apiVersion('PeerAuthentication')).toBe('security.istio.io/v1');
      expect(platform.needsCni).toBe(platform.name.startsWith('OpenShift'));
    });

    test('takes every object that the scenarios write', () => {
      const admission = new Admission(platform.bundles);
      expect(written.length).toBeGreaterThan(500);
      const refused = written.filter(({ object }) =>
        admission.judge(object).some(({ severity }) => severity === 'error'),
      );
      // names of a whole domain: Istio 1.27 and older have no DYNAMIC_DNS, and the library refuses them there (MESH1244)
      const ofDomain = written.filter(({ object }) => object.spec?.resolution === 'DYNAMIC_DNS');
      expect(ofDomain).not.toEqual([]);
      expect(refused).toEqual(['1.24', '1.26', '1.27'].includes(version) ? ofDomain : []);
    });
  },
);

const gateway = (tls: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'a', namespace: 'a' },
  spec: {
    selector: { istio: 'a' },
    servers: [{ hosts: ['a.example'], port: { number: 443, name: 'https', protocol: 'HTTPS' }, tls }],
  },
});

const rule = (spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'a', namespace: 'a' },
  spec: { host: 'a.example', ...spec },
});

/** What came with a version, as the schemas of its project say. */
const SINCE: [string, object][] = [
  ['1.26', gateway({ mode: 'SIMPLE', credentialNames: ['a', 'b'] })],
  ['1.27', rule({ trafficPolicy: { retryBudget: { percent: 20 } } })],
  ['1.28', gateway({ mode: 'MUTUAL', credentialName: 'a', caCertCredentialName: 'b' })],
  [
    '1.29',
    {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'a', namespace: 'a' },
      spec: {
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: { context: 'WAYPOINT' },
            patch: { operation: 'INSERT_BEFORE', value: { name: 'a' } },
          },
        ],
      },
    },
  ],
  [
    '1.30',
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'a', namespace: 'a' },
      spec: { rules: [{ from: [{ source: { trustDomains: ['a.example'] } }] }] },
    },
  ],
  ['1.31', rule({ trafficPolicy: { connectionPool: { http: { http2KeepAlive: { interval: '10s' } } } } })],
];

test.each(SINCE)('what came with Istio %s is refused by those before it, and taken since', (since, object) => {
  const minor = (version: string) => Number(version.split('.')[1]);
  const takes = UPSTREAM.filter(([platform]) => {
    const problems = new Admission(platform.bundles).judge(object);
    return problems.every(({ by }) => by !== 'schema');
  });
  expect(takes.map(([, version]) => version)).toEqual(
    UPSTREAM.map(([, version]) => version).filter((version) => minor(version) >= minor(since)),
  );
});
