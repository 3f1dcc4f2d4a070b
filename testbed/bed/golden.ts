import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CertificateSpec } from './certificates';
import { REPOSITORY } from './paths';
import type { Action, Call, ClusterSetup, Expectation, Scenario } from './scenario';

/** Folder of golden scenarios: manifests known to carry traffic, with their calls. */
export const goldenFolder = () =>
  path.resolve(REPOSITORY, process.env.TESTBED_GOLDEN || path.join('..', 'shared', 'golden'));

interface BedFile {
  clusters: Record<
    string,
    {
      mesh?: Record<string, unknown>;
      root?: string;
      env?: Record<string, string>;
      region?: string;
      zone?: string;
    }
  >;
  dns?: Record<string, Record<string, string>>;
  pki?: CertificateSpec[];
  secrets?: { cluster: string; namespace: string; name: string; type?: string; data: Record<string, string> }[];
}

interface CallFile {
  from: { cluster: string; namespace: string; workload: string };
  url: string;
  method?: string;
  headers?: Record<string, string>;
  clientCert?: string;
  caCert?: string;
  repeat?: number;
  before?: (Action | { sleep: number })[];
  expect: Expectation;
  why: string;
}

/** All scenarios of the golden folder; none when it does not exist. */
export function goldenScenarios(folder: string): Scenario[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(path.join(folder, name, 'bed.json')))
    .map((name) => goldenScenario(path.join(folder, name)));
}

/** Reads one golden folder: `bed.json` (the environment), `calls.json`, and a folder of manifests per cluster. */
export function goldenScenario(folder: string): Scenario {
  const bed = readJson<BedFile>(path.join(folder, 'bed.json'));
  const clusters = Object.entries(bed.clusters).map(
    ([name, { mesh, root, env, region, zone }]): [string, ClusterSetup] => [
      name,
      {
        controlPlane: { mesh, root, env },
        region,
        zone,
        dns: bed.dns?.[name],
        secrets: bed.secrets?.filter(({ cluster }) => cluster === name),
        apply: [path.join(folder, name)],
      },
    ],
  );
  return {
    name: `golden/${path.basename(folder)}`,
    clusters: Object.fromEntries(clusters),
    certificates: bed.pki,
    calls: goldenCalls(folder),
  };
}

/** The calls of a golden folder, all or those with the given numbers (from 0), for a scenario that shall answer the same. */
export function goldenCalls(folder: string, numbers?: readonly number[]): Call[] {
  const calls = readJson<CallFile[]>(path.join(folder, 'calls.json'));
  return (numbers ?? [...calls.keys()]).map((number) => {
    const { from, clientCert, caCert, before, ...call } = calls[number];
    return {
      ...call,
      from: `${from.cluster}/${from.namespace}/${from.workload}`,
      ...(clientCert ? { as: clientCert } : {}),
      ...(caCert ? { ca: caCert } : {}),
      // Their pauses are left out: what was done is waited for by its effect, and the call is tried until it is due.
      ...(before ? { before: before.filter((action): action is Action => !('sleep' in action)) } : {}),
    };
  });
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));
