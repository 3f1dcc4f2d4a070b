import type { Manifest } from '../../../facts/manifest';

/** Namespaces that every cluster has. */
const BUILT_IN: ReadonlySet<string> = new Set(['default', 'kube-node-lease', 'kube-public', 'kube-system']);

/** A namespace that the manifests of a cluster are in and do not create. */
export interface MissingNamespace {
  readonly namespace: string;
  /** The objects that the API server would refuse: `namespaces "a" not found`. */
  readonly objects: readonly Manifest[];
}

/**
 * Namespaces that a cluster must have already, in the order of their first objects. Others may create them, so that this
 * alone is no mistake; in a namespace that nobody creates, the API server takes no object.
 *
 * @param manifests all objects of one cluster.
 */
export function missingNamespaces(manifests: readonly Manifest[]): MissingNamespace[] {
  const created = new Set(manifests.filter(isNamespace).map(({ metadata }) => metadata.name));
  const missing = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const { namespace } = manifest.metadata;
    if (namespace === undefined || created.has(namespace) || BUILT_IN.has(namespace)) continue;
    const objects = missing.get(namespace) ?? [];
    objects.push(manifest);
    missing.set(namespace, objects);
  }
  return [...missing].map(([namespace, objects]) => ({ namespace, objects }));
}

function isNamespace({ apiVersion, kind }: Manifest): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}
