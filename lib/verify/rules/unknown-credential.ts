import { push } from '../../facts/memo';
import { credentialsOf } from '../objects/credentials';
import { type ClusterInput, objectsOf } from '../objects/objects';
import { writtenByHand } from '../objects/written-by-hand';
import { at, type ClusterRule } from '../rule';

/**
 * A key pair by a name that no Secret of its namespace has, where manifests hold Secrets of that namespace, or what makes
 * them. Where they hold none, Secrets come from elsewhere and nothing can be said.
 */
export const unknownCredential: ClusterRule = {
  code: 'MESH3083',
  severity: 'warning',
  scope: 'cluster',
  title: 'credentialName that no Secret of the manifests has',
  why: 'without its Secret a server of a gateway takes no connection, and a client sends nothing: connections are reset, 503 UF; unless it is applied from elsewhere',
  fix: 'correct the name: the Secret is one in the namespace of the pods that use it; or add it to the manifests',
  reads: ['Certificate', 'DestinationRule', 'ExternalSecret', 'Gateway', 'SealedSecret', 'Secret'],
  check: (input) => {
    const secrets = secretsOf(input);
    return credentialsOf(input)
      .filter(writtenByHand(input))
      .flatMap(({ cluster, namespace, ref, field, name }) => {
        const here = secrets.get(`${cluster}/${namespace}`);
        if (here === undefined || here.includes(name)) return [];
        const known = [...new Set(here)].sort();
        return [
          {
            objects: [at(ref, field)],
            message: `${ref} names Secret '${name}' of namespace ${namespace}, of which the manifests hold ${known.slice(0, 5).join(', ')}${known.length > 5 ? ` and ${known.length - 5} more` : ''}`,
          },
        ];
      });
  },
};

/** Secrets that manifests hold, and those that operators make of other objects, by `<cluster>/<namespace>`. */
function secretsOf(input: ClusterInput): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { cluster, manifest } of input.kinds.sorted('Secret', '')) {
    push(found, `${cluster}/${manifest.metadata.namespace ?? ''}`, manifest.metadata.name);
  }
  for (const { cluster, namespace, spec } of objectsOf<{ secretName?: string }>(
    input,
    'Certificate',
    'cert-manager.io',
  )) {
    if (spec.secretName !== undefined) push(found, `${cluster}/${namespace}`, spec.secretName);
  }
  for (const { cluster, namespace, name } of objectsOf(input, 'SealedSecret', 'bitnami.com')) {
    push(found, `${cluster}/${namespace}`, name);
  }
  const external = objectsOf<{ target?: { name?: string } }>(input, 'ExternalSecret', 'external-secrets.io');
  for (const { cluster, namespace, name, spec } of external)
    push(found, `${cluster}/${namespace}`, spec.target?.name ?? name);
  return found;
}
