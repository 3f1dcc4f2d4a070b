import type { FleetDocument, SecretFacts } from '../../facts/fleet';
import type { Labels } from '../../facts/labels';
import type { CertificateFact, SecretFact } from './facts';
import type { RootNames } from './root-names';

/** Key pairs and roots that must exist when the objects of a fleet are applied. */
export class FleetSecrets {
  public readonly certificates: readonly CertificateFact[];
  public readonly secrets: readonly SecretFact[];

  constructor({ secrets }: FleetDocument, roots: RootNames) {
    const certificates = new Map<string, CertificateFact>();
    const found = new Map<string, SecretFact>();
    for (const secret of secrets) {
      if (secret.kind === 'ConfigMap') continue;
      const { cluster, namespace, name } = secret;
      const key = `${cluster}/${namespace}/${name}`;
      const certificate = certificateOf(secret, key, roots);
      if (certificate) certificates.set(key, certificate);
      const known = found.get(key)?.data;
      const data = dataOf(secret, certificate, roots);
      found.set(key, { cluster, namespace, name, data: { ...known, ...data, ...bothRoots(known, data) } });
    }
    this.certificates = [...certificates.values()];
    this.secrets = [...found.values()];
  }
}

/** Peerings that share a key pair may each need roots in it. */
function bothRoots(known: Labels | undefined, data: Labels): Labels {
  const lists = [known, data].map((one) => one?.['ca.crt']?.slice('ca:'.length).split(' ') ?? []);
  const names = [...new Set(lists.flat())];
  return names.length === 0 ? {} : { 'ca.crt': `ca:${names.join(' ')}` };
}

function certificateOf({ identity, signer }: SecretFacts, name: string, roots: RootNames): CertificateFact | undefined {
  if (identity === undefined || signer === undefined) return undefined;
  return { name, ca: roots.nameOf(signer), san: [subjectAltName(identity)] };
}

/** A name as certificates hold it. */
export const subjectAltName = (name: string): string => (name.includes('://') ? `URI:${name}` : `DNS:${name}`);

function dataOf(
  { keys, trusts }: SecretFacts,
  certificate: CertificateFact | undefined,
  roots: RootNames,
): Record<string, string> {
  const data: Record<string, string> = {};
  if (certificate && keys.includes('tls.crt')) data['tls.crt'] = `cert:${certificate.name}`;
  if (certificate && keys.includes('tls.key')) data['tls.key'] = `key:${certificate.name}`;
  if (trusts && keys.includes('ca.crt')) data['ca.crt'] = `ca:${roots.nameOf(trusts)}`;
  return data;
}
