import type { SecretFacts } from '../facts/fleet';

/**
 * istiod reads the roots of a key pair from Secret `<name>-cacert` where there is one, *instead of* `ca.crt` of the key
 * pair itself (`pilot/pkg/xds/sds.go`). So as soon as one peer needs its roots there, those of all peers belong there.
 */
export function gatherRoots(secrets: readonly SecretFacts[]): SecretFacts[] {
  const placeOf = ({ cluster, namespace }: SecretFacts, name: string) => `${cluster}/${namespace}/${name}`;
  const beside = new Set(secrets.map((secret) => placeOf(secret, secret.name)));
  return secrets.flatMap((secret) => {
    const name = `${secret.name}-cacert`;
    const { trusts, keys, cluster, namespace, neededBy } = secret;
    if (trusts === undefined || !beside.has(placeOf(secret, name))) return [secret];
    const { trusts: _, ...keyPair } = secret;
    return [
      { ...keyPair, keys: keys.filter((key) => key !== 'ca.crt') },
      { cluster, namespace, name, keys: ['ca.crt'], trusts, writtenBy: 'somebody else', neededBy },
    ];
  });
}
