import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bed } from './bed';
import { REPOSITORY, STATE } from './paths';
import { run } from './process';

const KINDS = 'namespaces,nodes,pods,deployments,services,endpointslices,networkpolicies,configmaps,serviceaccounts';

/** Folder of what failed runs leave; git ignores it. */
const EVIDENCE = path.join(REPOSITORY, 'build', 'testbed');

const folderOf = (scenario: string) => path.join(EVIDENCE, scenario.replaceAll('/', '-'));

/** Removes what an earlier run of the scenario left. */
export function clearEvidence(scenario: string): void {
  rmSync(folderOf(scenario), { recursive: true, force: true });
}

/**
 * Saves logs, configuration dumps and objects of all clusters. Returns the folder.
 *
 * @param bed undefined when the clusters did not start: only their logs are there
 */
export async function saveEvidence(scenario: string, bed: Bed | undefined, failure: object): Promise<string> {
  const folder = folderOf(scenario);
  mkdirSync(folder, { recursive: true });
  const number = readdirSync(folder).filter((file) => file.startsWith('failure-')).length;
  writeFileSync(path.join(folder, `failure-${number}.json`), JSON.stringify(failure, null, 2));
  // The state of the clusters is saved once; later failures of the same scenario see nearly the same.
  if (number === 0) {
    for (const entry of ['', ...readdirSync(STATE)]) copyLogs(path.join(STATE, entry), path.join(folder, entry));
    if (bed) {
      await Promise.all([...bed.clusters.keys()].map((name) => saveCluster(path.join(folder, name), name, bed)));
    }
  }
  return folder;
}

/** Copies the log files of a directory, if there are any. */
function copyLogs(from: string, to: string): void {
  if (!statSync(from).isDirectory()) return;
  for (const file of readdirSync(from).filter((name) => name.endsWith('.log'))) {
    mkdirSync(to, { recursive: true });
    copyFileSync(path.join(from, file), path.join(to, file));
  }
}

async function saveCluster(folder: string, name: string, bed: Bed): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const cluster = bed.cluster(name);
  const { items } = await cluster.kube.get<{ items: { metadata: { name: string } }[] }>(
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  );
  const kinds = [KINDS, ...items.map(({ metadata }) => metadata.name)].join();
  const objects = await bed.kubectl(name, ['get', kinds, '--all-namespaces', '--output=yaml']);
  writeFileSync(path.join(folder, 'objects.yaml'), objects.stdout || objects.stderr);
  for (const pod of cluster.kubelet.list()) {
    const to = path.join(folder, `${pod.namespace}.${pod.name}`);
    if (existsSync(pod.sandbox.directory)) copyLogs(pod.sandbox.directory, to);
    if (!pod.proxied) continue;
    mkdirSync(to, { recursive: true });
    for (const page of ['config_dump', 'clusters', 'listeners']) {
      const argv = ['curl', '--silent', '--max-time', '5', `http://127.0.0.1:15000/${page}`];
      const { stdout } = await run(pod.sandbox.enter(argv), { mayFail: true });
      writeFileSync(path.join(to, page === 'config_dump' ? `${page}.json` : `${page}.txt`), stdout);
    }
  }
}
