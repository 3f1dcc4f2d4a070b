import type { Container, DownwardItem, EnvVar, Pod } from './types';

/** What a container may ask about its pod and node. */
export interface PodFacts {
  pod: Pod;
  address: string;
  nodeAddress: string;
}

/** Resolves a `fieldRef` path as the kubelet does. */
export function fieldOf(facts: PodFacts, fieldPath: string): string {
  const { pod } = facts;
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath) ?? [];
  if (key) return pod.metadata[map as 'labels' | 'annotations']?.[key] ?? '';
  switch (fieldPath) {
    case 'metadata.labels':
      return keyValueLines(pod.metadata.labels);
    case 'metadata.annotations':
      return keyValueLines(pod.metadata.annotations);
    case 'metadata.name':
    case 'metadata.namespace':
    case 'metadata.uid':
      return pod.metadata[fieldPath.slice('metadata.'.length) as 'name' | 'namespace' | 'uid'] ?? '';
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? 'default';
    case 'status.podIP':
    case 'status.podIPs':
      return facts.address;
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.nodeAddress;
    default:
      throw new Error(`fieldPath '${fieldPath}' is not known to the testbed's kubelet`);
  }
}

const keyValueLines = (map: Record<string, string> = {}) =>
  Object.entries(map)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('');

/** Resolves a `resourceFieldRef`: CPUs or bytes, of the node (2 CPUs, 4 GiB) when the container sets no limit. */
export function resourceOf(container: Container, resource: string): string {
  const [, kind, name] = /^(limits|requests)\.(.+)$/.exec(resource) ?? [];
  const quantity = container.resources?.[kind as 'limits' | 'requests']?.[name];
  if (name === 'cpu') return String(Math.max(1, Math.ceil(quantity ? parseQuantity(quantity) : 2)));
  if (name === 'memory') return String(Math.round(quantity ? parseQuantity(quantity) : 4 * 2 ** 30));
  throw new Error(`resource '${resource}' is not known to the testbed's kubelet`);
}

const UNITS: Record<string, number> = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

function parseQuantity(text: string): number {
  const [, number, unit] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (factor === undefined) throw new Error(`quantity '${text}'`);
  return Number(number) * factor;
}

/** The environment of a container. `lookup` gives a key of a ConfigMap or Secret. */
export async function environmentOf(
  facts: PodFacts,
  container: Container,
  lookup: (kind: 'configmaps' | 'secrets', name: string) => Promise<Record<string, string>>,
): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? await lookup('configmaps', configMapRef.name)
      : await lookup('secrets', secretRef?.name ?? '');
    for (const [key, value] of Object.entries(data)) environment[prefix + key] = value;
  }
  const read = async ({ value, valueFrom }: EnvVar): Promise<string> => {
    if (valueFrom?.fieldRef) return fieldOf(facts, valueFrom.fieldRef.fieldPath);
    if (valueFrom?.resourceFieldRef) return resourceOf(container, valueFrom.resourceFieldRef.resource);
    const { configMapKeyRef: map, secretKeyRef: secret } = valueFrom ?? {};
    if (map) return (await lookup('configmaps', map.name))[map.key] ?? '';
    if (secret) return (await lookup('secrets', secret.name))[secret.key] ?? '';
    return expand(value ?? '', environment);
  };
  for (const variable of container.env ?? []) environment[variable.name] = await read(variable);
  return environment;
}

/** Replaces `$(NAME)`; `$$(NAME)` stays as `$(NAME)`, an unknown name as it stands. */
export function expand(text: string, environment: Record<string, string>): string {
  return text.replace(/\$(\$?)\(([^)]+)\)/g, (whole, escaped, name) =>
    escaped ? `$(${name})` : (environment[name] ?? whole),
  );
}

/** The file of a downwardAPI item. */
export function downwardFile(facts: PodFacts, container: Container, item: DownwardItem): string {
  if (item.fieldRef) return fieldOf(facts, item.fieldRef.fieldPath);
  return resourceOf(container, item.resourceFieldRef?.resource ?? '');
}
