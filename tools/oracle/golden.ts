import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExpectedCall, readCalls } from '../../lib/verify/calls/expected';
import type { ApplicationFact, CertificateFact, MeshFact, SecretFact, WorldFacts } from '../../lib/verify/world/facts';
import { loadCluster } from '../../lib/verify/world/load';
import type { MeshConfig } from '../../lib/verify/world/mesh-config-types';
import type { Resource } from '../../lib/verify/world/resource';

/** Scenarios whose answers real proxies gave. */
export const GOLDEN = join(__dirname, '..', '..', 'testbed', 'golden');

/** A golden scenario. */
export interface Golden {
  readonly name: string;
  readonly facts: WorldFacts;
  readonly resources: readonly Resource[];
  /** With what real proxies answered. */
  readonly calls: readonly ExpectedCall[];
}

interface BedFile {
  readonly clusters: Readonly<Record<string, BedCluster>>;
  readonly certificates?: readonly (Omit<CertificateFact, 'eku'> & { readonly eku?: string })[];
}

interface BedCluster {
  readonly controlPlane?: Pick<MeshFact, 'root' | 'env' | 'network'> & { readonly mesh?: MeshConfig };
  readonly region?: string;
  readonly zone?: string;
  readonly dns?: Readonly<Record<string, string>>;
  readonly secrets?: readonly Omit<SecretFact, 'cluster'>[];
}

/** What the programs of the testbed do. */
const WEB: ApplicationFact = { speaks: 'http', statusInPath: '/status/(\\d+)', ports: [8080] };
const HTTPS: ApplicationFact = { ...WEB, speaks: 'https', certificate: { directory: '/etc/certs' } };
const IMAGES: Readonly<Record<string, ApplicationFact>> = {
  ...Object.fromEntries(
    ['httpbin', 'helloworld', 'insurances', 'travels', 'ratings', 'http-echo'].map((one) => [one, WEB]),
  ),
  ...Object.fromEntries(['https-echo', 'nginx'].map((one) => [one, HTTPS])),
  'tcp-echo': { speaks: 'tcp', ports: [8080] },
  ...Object.fromEntries(['sleep', 'curl'].map((one) => [one, { speaks: 'none' }])),
};

/** Addresses that the testbed gives Services which ask for none. */
const LOAD_BALANCERS = { 'c2/istio-system/eastwestgateway-istio': ['10.72.0.200'] };

/** Environment of istiod in the testbed: stock Envoy lacks Istio's own filters. */
export const TESTBED = { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' };

/** All golden scenarios, by name. */
export function goldens(): Golden[] {
  if (!existsSync(GOLDEN)) return [];
  const names = readdirSync(GOLDEN).filter((name) => existsSync(join(GOLDEN, name, 'bed.json')));
  return names.sort().map(golden);
}

/** One golden scenario. */
export function golden(name: string): Golden {
  const folder = join(GOLDEN, name);
  const { clusters, certificates = [] } = readJson<BedFile>(join(folder, 'bed.json'));
  const each = <T>(make: (cluster: string, setup: BedCluster) => T) =>
    Object.entries(clusters).map(([cluster, setup]) => [cluster, make(cluster, setup)] as const);
  return {
    name,
    facts: {
      meshes: Object.fromEntries(each(meshFact)),
      dns: Object.fromEntries(each((_, { dns = {} }) => dns)),
      certificates: certificates.map(({ eku, ...one }) => ({ ...one, ...(eku ? { eku: usages(eku) } : {}) })),
      secrets: each((cluster, { secrets = [] }) => secrets.map((one) => ({ ...one, cluster }))).flatMap(
        ([, all]) => all,
      ),
      loadBalancers: LOAD_BALANCERS,
      secretsAreComplete: true,
      images: IMAGES,
    },
    resources: Object.keys(clusters).flatMap((cluster) => loadCluster(cluster, join(folder, cluster))),
    calls: readCalls(join(folder, 'calls.json')),
  };
}

function meshFact(cluster: string, { controlPlane = {}, region, zone }: BedCluster): MeshFact {
  const { mesh, env, ...fact } = controlPlane;
  return {
    ...{ root: `root-${cluster}`, ...fact, env: { ...TESTBED, ...env } },
    ...(mesh ? { meshConfig: mesh } : {}),
    ...(region ? { region } : {}),
    ...(zone ? { zone } : {}),
  };
}

const usages = (eku: string) => eku.split(',') as ('serverAuth' | 'clientAuth')[];

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));
