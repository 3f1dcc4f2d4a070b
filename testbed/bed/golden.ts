import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './paths';
import type { Call, ClusterSetup, Scenario } from './scenario';

/** Folder of golden scenarios: manifests known to carry traffic, with their calls. */
export const GOLDEN = path.join(REPOSITORY, 'testbed', 'golden');

/** Fields of the two files of a golden folder. A field that nobody reads would look like a proof and be none. */
const BED_FIELDS = ['clusters', 'certificates'];
const CLUSTER_FIELDS = ['controlPlane', 'crds', 'region', 'zone', 'dns', 'secrets'];
const CALL_FIELDS = [
  ...['from', 'url', 'method', 'headers', 'body', 'http2', 'sni', 'alpn', 'as', 'ca'],
  ...['expect', 'why', 'fresh', 'within', 'repeat', 'before'],
];
const EXPECT_FIELDS = ['code', 'error', 'body', 'flags', 'spread', 'hops'];

interface BedFile {
  clusters: Record<string, Omit<ClusterSetup, 'apply' | 'objects'>>;
  certificates?: Scenario['certificates'];
}

/** The scenarios of a folder, one per folder in it that has a `bed.json`. */
export function goldenScenarios(folder: string): Scenario[] {
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(path.join(folder, name, 'bed.json')))
    .map((name) => goldenScenario(path.join(folder, name)));
}

/**
 * Reads one golden folder: `bed.json` (the environment), `calls.json`, and a folder of manifests per cluster.
 *
 * @throws when a file has a field that nobody reads, or a cluster has no manifests
 */
export function goldenScenario(folder: string): Scenario {
  const file = path.join(folder, 'bed.json');
  const { clusters, certificates, ...others } = readJson<BedFile>(file);
  only(BED_FIELDS, { clusters, certificates, ...others }, file);
  const setups = Object.entries(clusters).map(([name, setup]): [string, ClusterSetup] => {
    only(CLUSTER_FIELDS, setup, `${file}: ${name}`);
    const manifests = path.join(folder, name);
    if (!existsSync(manifests)) throw new Error(`${file}: ${name}: there is no folder ${manifests}`);
    return [name, { ...setup, apply: [manifests] }];
  });
  return {
    name: `golden/${path.basename(folder)}`,
    clusters: Object.fromEntries(setups),
    certificates,
    calls: goldenCalls(folder),
  };
}

/**
 * The calls of a golden folder, all or those with the given numbers (from 0), for a scenario that shall answer the same.
 *
 * @throws when a call has a field that nobody reads
 */
export function goldenCalls(folder: string, numbers?: readonly number[]): Call[] {
  const file = path.join(folder, 'calls.json');
  const calls = readJson<Call[]>(file);
  for (const [number, call] of calls.entries()) {
    only(CALL_FIELDS, call, `${file}: call ${number}`);
    only(EXPECT_FIELDS, call.expect, `${file}: call ${number}: expect`);
  }
  return (numbers ?? [...calls.keys()]).map((number) => calls[number]);
}

function only(known: readonly string[], object: object, where: string): void {
  const other = Object.keys(object).find((field) => !known.includes(field));
  if (other !== undefined) throw new Error(`${where}: unknown field '${other}', expected ${known.join(', ')}`);
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));
