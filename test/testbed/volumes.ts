import path from 'node:path';
import type { Kube } from './kube';
import { downwardFile, type PodFacts } from './pod-fields';
import type { Container, KeyToPath, Volume } from './types';

/** Files by path, relative to a mount path or absolute. */
export type Files = Map<string, Buffer>;

/** A ConfigMap or Secret that is not there yet: the pod waits for it. */
export class Missing extends Error {}

/** Reads what a pod's volumes hold, at the paths where its containers mount them. */
export async function volumeFiles(kube: Kube, facts: PodFacts): Promise<Files> {
  const { pod } = facts;
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  const files: Files = new Map();
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
      const volume = volumes.get(name);
      if (!volume) continue;
      for (const [file, content] of await contentOf(kube, facts, container, volume)) {
        if (subPath === undefined) files.set(path.posix.join(mountPath, file), content);
        else if (file === subPath) files.set(mountPath, content);
      }
    }
  }
  return files;
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
