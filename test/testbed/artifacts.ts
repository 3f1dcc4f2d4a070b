import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bed } from './bed';
import { REPOSITORY } from './paths';
import { run } from './process';

const KINDS = 'namespaces,nodes,pods,deployments,services,endpointslices,networkpolicies,configmaps,serviceaccounts';

/** Folder of what failed runs leave; git ignores it. */
export const EVIDENCE = path.join(REPOSITORY, 'build', 'testbed');

/** Saves logs, configuration dumps and objects of all clusters. Returns the folder. */
export async function saveEvidence(scenario: string, bed: Bed, failure: object): Promise<string> {
  const folder = path.join(EVIDENCE, scenario.replaceAll('/', '-'));
  mkdirSync(folder, { recursive: true });
  const number = readdirSync(folder).filter((file) => file.startsWith('failure-')).length;
  writeFileSync(path.join(folder, `failure-${number}.json`), JSON.stringify(failure, null, 2));
  // The state of the clusters is saved once; later failures of the same scenario see nearly the same.
  if (number === 0) {
    await Promise.all([...bed.clusters.keys()].map((name) => saveCluster(path.join(folder, name), name, bed)));
  }
  return folder;
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
  for (const log of cluster.logs) copyFileSync(log, path.join(folder, path.basename(log)));
  for (const pod of cluster.kubelet.list()) {
    const to = path.join(folder, `${pod.namespace}.${pod.name}`);
    mkdirSync(to, { recursive: true });
    for (const file of existsSync(pod.sandbox.directory) ? readdirSync(pod.sandbox.directory) : []) {
      if (file.endsWith('.log')) copyFileSync(path.join(pod.sandbox.directory, file), path.join(to, file));
    }
    if (!pod.proxied) continue;
    for (const page of ['config_dump', 'clusters', 'listeners']) {
      const argv = ['curl', '--silent', '--max-time', '5', `http://127.0.0.1:15000/${page}`];
      const { stdout } = await run(pod.sandbox.enter(argv), { mayFail: true });
      writeFileSync(path.join(to, page === 'config_dump' ? `${page}.json` : `${page}.txt`), stdout);
    }
  }
}
