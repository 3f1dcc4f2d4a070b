import { credentialsOf } from '../objects/credentials';
import type { ClusterInput } from '../objects/objects';
import { at, type ClusterRule, type Problem } from '../rule';

/** Names of a certificate and its key, in the order in which istiod looks for them (`credentials/kube: ExtractCertInfo`). */
const PAIRS = [
  ['cert', 'key'],
  ['tls.crt', 'tls.key'],
] as const;

/** Names of authorities; those of a twin `<name>-cacert` come first (`ExtractRoot`). */
const ROOTS = ['cacert', 'ca.crt'];

/** A Secret for TLS whose data have other names than istiod looks for. */
export const secretWithoutKeys: ClusterRule = {
  code: 'MESH3088',
  severity: 'error',
  scope: 'cluster',
  title: 'keys of a Secret for TLS that istiod does not know',
  why: 'istiod finds no key pair, or no authorities of clients, in it: the server takes no connection, a client sends nothing',
  fix: "name the data tls.crt and tls.key, and ca.crt where certificates of clients are asked for, or put that into a Secret '<name>-cacert'",
  reads: ['DestinationRule', 'Gateway', 'Secret'],
  check: (input) => {
    const keys = keysOf(input);
    return credentialsOf(input).flatMap(({ cluster, namespace, ref, field, name, needs }): Problem[] => {
      const place = `${cluster}/${namespace}/${name}`;
      const own = keys.get(place);
      if (own === undefined) return [];
      const hasPair = PAIRS.some((pair) => pair.every((key) => own.names.includes(key)));
      const roots = keys.get(`${place}-cacert`) ?? own;
      const hasRoots = ROOTS.some((key) => roots.names.includes(key));
      const missing = [
        ...(needs.pair && !hasPair ? ['tls.crt and tls.key'] : []),
        ...(needs.roots && !hasRoots ? ['ca.crt'] : []),
      ];
      if (missing.length === 0) return [];
      return [
        {
          objects: [at(own.ref, own.field), at(ref, field)],
          message: `${ref} takes ${missing.join(' and ')} of ${own.ref}, which has ${own.names.join(', ') || 'no data'}`,
        },
      ];
    });
  },
};

interface SecretManifest {
  readonly data?: object | null;
  readonly stringData?: object | null;
}

interface SecretKeys {
  readonly ref: string;
  readonly names: readonly string[];
  /** Where they are. */
  readonly field: string;
}

function keysOf({ kinds }: ClusterInput): ReadonlyMap<string, SecretKeys> {
  return new Map(
    kinds.sorted('Secret', '').map(({ cluster, manifest }) => {
      const { namespace = '', name } = manifest.metadata;
      const { data, stringData } = manifest as SecretManifest;
      const names = [...new Set([...Object.keys(data ?? {}), ...Object.keys(stringData ?? {})])].sort();
      const field = data ? 'data' : 'stringData';
      return [`${cluster}/${namespace}/${name}`, { ref: `Secret ${namespace}/${name} @${cluster}`, names, field }];
    }),
  );
}
