import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Kube } from './kube';
import { downwardFile, type PodFacts } from './pod-fields';
import type { Container, KeyToPath, Volume } from './types';

/** Files by path, relative to where their volume is mounted. */
export type Files = Map<string, Buffer>;

/** What is mounted in a pod. */
export interface Mounts {
  /** Volumes by mount path. */
  directories: Map<string, Files>;
  /** Single files of volumes (`subPath`) by mount path: these do not change while the pod runs. */
  files: Files;
}

/** A ConfigMap or Secret that is not there yet: the pod waits for it. */
export class Missing extends Error {}

/** Reads what a pod's volumes hold, at the paths where its containers mount them. */
export async function readMounts(kube: Kube, facts: PodFacts): Promise<Mounts> {
  const { pod } = facts;
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  const mounts: Mounts = { directories: new Map(), files: new Map() };
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
      const volume = volumes.get(name);
      if (!volume) continue;
      const files = await contentOf(kube, facts, container, volume);
      const single = subPath === undefined ? undefined : files.get(subPath);
      if (subPath === undefined) mounts.directories.set(mountPath, files);
      else if (single) mounts.files.set(mountPath, single);
    }
  }
  return mounts;
}

/** Writes what is mounted below a pod's root directory. */
export function writeMounts(root: string, { directories, files }: Mounts): void {
  for (const [mountPath, content] of directories) {
    if (content.size > 0) writeVolume(path.join(root, mountPath), content);
  }
  for (const [file, content] of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
}

/**
 * Writes a volume as the kubelet does: the files are links through `..data`, which is exchanged in one step. So a
 * certificate never stands beside the key of another, and those who watch the files see what they see in a cluster.
 */
function writeVolume(directory: string, files: Files): void {
  mkdirSync(directory, { recursive: true });
  const previous = readdirSync(directory).filter((name) => name.startsWith('..version-'));
  const version = `..version-${previous.length === 0 ? 0 : Math.max(...previous.map((name) => Number(name.slice(10)))) + 1}`;
  for (const [file, content] of files) {
    const target = path.join(directory, version, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content, { mode: 0o644 });
  }
  symlinkSync(version, path.join(directory, '..next'));
  renameSync(path.join(directory, '..next'), path.join(directory, '..data'));
  const wanted = new Set([...files.keys()].map((file) => file.split('/')[0]));
  const present = readdirSync(directory).filter((name) => !name.startsWith('..'));
  for (const name of present.filter((each) => !wanted.has(each)))
    rmSync(path.join(directory, name), { recursive: true });
  for (const name of wanted) {
    if (!present.includes(name)) symlinkSync(path.join('..data', name), path.join(directory, name));
  }
  for (const name of previous) rmSync(path.join(directory, name), { recursive: true });
}

/** Names of the Secrets and ConfigMaps whose changes concern a pod, as `secrets/name` and `configmaps/name`. */
export function sourcesOf(volumes: readonly Volume[]): Set<string> {
  const names = new Set<string>();
  for (const { secret, configMap, projected } of volumes) {
    if (secret) names.add(`secrets/${secret.secretName}`);
    if (configMap) names.add(`configmaps/${configMap.name}`);
    for (const source of projected?.sources ?? []) {
      if (source.secret) names.add(`secrets/${source.secret.name}`);
      if (source.configMap) names.add(`configmaps/${source.configMap.name}`);
    }
  }
  return names;
}

async function contentOf(kube: Kube, facts: PodFacts, container: Container, volume: Volume): Promise<Files> {
  const namespace = facts.pod.metadata.namespace ?? '';
  const { secret, configMap, downwardAPI, projected } = volume;
  const files: Files = new Map();
  const add = (more: Files) => {
    for (const [file, content] of more) files.set(file, content);
  };
  if (secret) add(await keys(kube, namespace, 'secrets', secret.secretName, secret));
  if (configMap) add(await keys(kube, namespace, 'configmaps', configMap.name, configMap));
  const sources = [...(projected?.sources ?? []), ...(downwardAPI ? [{ downwardAPI }] : [])];
  for (const source of sources) {
    for (const item of source.downwardAPI?.items ?? []) {
      files.set(item.path, Buffer.from(downwardFile(facts, container, item)));
    }
    if ('secret' in source && source.secret) {
      add(await keys(kube, namespace, 'secrets', source.secret.name, source.secret));
    }
    if ('configMap' in source && source.configMap) {
      add(await keys(kube, namespace, 'configmaps', source.configMap.name, source.configMap));
    }
    if ('serviceAccountToken' in source && source.serviceAccountToken) {
      const { audience, path: file } = source.serviceAccountToken;
      files.set(file, Buffer.from(await requestToken(kube, facts, audience)));
    }
  }
  return files;
}

/** The keys of a ConfigMap or Secret as bytes. */
export async function readKeys(
  kube: Kube,
  namespace: string,
  kind: 'configmaps' | 'secrets',
  name: string,
): Promise<Map<string, Buffer> | undefined> {
  const object = await kube.find<{ data?: Record<string, string>; binaryData?: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/${kind}/${name}`,
  );
  if (!object) return undefined;
  const text = kind === 'configmaps' ? object.data : {};
  const encoded = kind === 'configmaps' ? object.binaryData : object.data;
  return new Map([
    ...Object.entries(text ?? {}).map(([key, value]): [string, Buffer] => [key, Buffer.from(value)]),
    ...Object.entries(encoded ?? {}).map(([key, value]): [string, Buffer] => [key, Buffer.from(value, 'base64')]),
  ]);
}

async function keys(
  kube: Kube,
  namespace: string,
  kind: 'configmaps' | 'secrets',
  name: string,
  { optional, items }: { optional?: boolean; items?: KeyToPath[] },
): Promise<Files> {
  const data = await readKeys(kube, namespace, kind, name);
  if (!data) {
    if (optional) return new Map();
    throw new Missing(`${kind === 'secrets' ? 'Secret' : 'ConfigMap'} ${namespace}/${name} does not exist`);
  }
  if (!items) return data;
  return new Map(
    items.map(({ key, path: file }) => {
      const content = data.get(key);
      if (!content) throw new Missing(`${namespace}/${name} has no key '${key}'`);
      return [file, content];
    }),
  );
}

async function requestToken(kube: Kube, { pod }: PodFacts, audience?: string): Promise<string> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? 'default';
  const answer = await kube.post<{ status: { token: string } }>(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: [audience ?? 'https://kubernetes.default.svc'],
        expirationSeconds: 12 * 3600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    },
  );
  return answer.status.token;
}
