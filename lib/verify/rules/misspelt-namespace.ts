import type { FindingField } from '../../facts/finding';
import { groupBy } from '../../facts/group-by';
import { describeManifest } from '../../facts/manifest';
import { push } from '../../facts/memo';
import { nearest } from '../../facts/nearest';
import { objectsOf, type RuleInput } from '../objects/objects';
import { at, type Rule } from '../rule';

/** Namespaces that every cluster has. */
const BUILT_IN = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Objects that a finding names, of all that are in the namespace. */
const SHOWN = 5;

/**
 * A namespace that nobody declares and that is nearly one that somebody does. A mesh need not declare all its namespaces,
 * so one with a name of its own is none of our business.
 */
export const misspeltNamespace: Rule = {
  code: 'MESH3051',
  severity: 'warning',
  title: 'namespace that nobody declares, nearly the name of another',
  why: 'the API server takes no object of a namespace that does not exist, and no call reaches a service there',
  fix: 'correct the name, or add the Namespace to the manifests',
  inProgram: "mesh.namespace('…') declares it",
  reads: ['*'],
  check: (input) => {
    const known = knownNamespaces(input);
    const isKnown = (cluster: string, namespace: string) => known.get(cluster)?.has(namespace) ?? true;
    return [...usersByNamespace(input, isKnown)].flatMap(([place, users]) => {
      const [cluster, namespace] = place.split('/');
      const meant = nearest(namespace, known.get(cluster) ?? []);
      if (meant === undefined) return [];
      return [
        {
          objects: [...new Set(users)].slice(0, SHOWN),
          message: `no mesh of cluster ${cluster} declares namespace '${namespace}', and no Namespace object creates it; '${meant}' is one of its namespaces`,
          fix: `if '${meant}' is meant, correct the name; otherwise add the Namespace to the manifests`,
          inProgram: `mesh.namespace('${namespace}') declares it`,
        },
      ];
    });
  },
};

/** Namespaces by cluster that meshes declare, that are created, or that every cluster has. */
function knownNamespaces(input: RuleInput): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const add = (cluster: string, names: readonly string[]) => {
    const here = known.get(cluster) ?? new Set(BUILT_IN);
    known.set(cluster, here);
    for (const name of names) here.add(name);
  };
  for (const { cluster, namespaces, controlPlane } of input.facts.meshes) {
    add(cluster, [...namespaces, controlPlane.namespace]);
  }
  for (const { cluster, name } of objectsOf(input, 'Namespace', '')) add(cluster, [name]);
  return known;
}

/** What is in a namespace that is not known, or leads to one, by `<cluster>/<namespace>`. */
function usersByNamespace(
  { manifests, included, facts }: RuleInput,
  isKnown: (cluster: string, namespace: string) => boolean,
): Map<string, (string | FindingField)[]> {
  const users = new Map<string, (string | FindingField)[]>();
  const meshes = groupBy(facts.meshes, ({ name }) => name);
  for (const { cluster, manifest } of [...manifests, ...included]) {
    const { namespace } = manifest.metadata;
    if (namespace === undefined || isKnown(cluster, namespace)) continue;
    push(users, `${cluster}/${namespace}`, at(describeManifest(manifest, cluster), 'metadata.namespace'));
  }
  for (const { cluster, name, gateways } of facts.meshes) {
    for (const { namespace, service } of gateways) {
      if (isKnown(cluster, namespace)) continue;
      push(users, `${cluster}/${namespace}`, `Service ${namespace}/${service} of ${cluster}/${name}`);
    }
  }
  for (const { path, provider, exposures } of facts.peerings) {
    for (const { cluster } of meshes.get(provider) ?? []) {
      for (const [index, { key }] of exposures.entries()) {
        // `<namespace>/<service>:<port>`
        const [namespace, service] = key.split('/');
        if (service === undefined || isKnown(cluster, namespace)) continue;
        push(users, `${cluster}/${namespace}`, at(`peering ${path}`, `exposures[${index}].key`));
      }
    }
  }
  return users;
}
