import * as certManager from '../../../imports/cert-manager';
import { MeshError } from '../../facts/error';
import type { TlsFacts } from '../../facts/exposure';
import type { RootFacts, SecretFacts } from '../../facts/fleet';
import { attached } from '../../fleet/attached';
import { Claims } from '../../fleet/claims';
import { Fleet } from '../../fleet/fleet';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Credential } from '../../trust/credential';

/** A key pair of ours at one end of a hop. */
export interface KeyPairUse {
  readonly credential?: Credential;
  /** Namespace of the proxy: Istio looks for the Secret there and nowhere else. */
  readonly namespace: string;
  readonly tls: TlsFacts;
  /** Construct path of the peering. */
  readonly where: string;
}

/** Notes the Secrets by which clients of the hop connect: their key pair, or the server's roots alone. */
export function needClientSecrets(chart: MeshChart, { credential, namespace, tls, where }: KeyPairUse): void {
  if (tls.mode === 'mutual' && credential) {
    needKeyPair(chart, { credential, namespace, trusts: tls.server.signer, where });
  }
  if (tls.mode === 'simple' && tls.server.signer.name !== 'system') {
    const { signer } = tls.server;
    needSecret(chart, {
      namespace,
      name: signer.name,
      keys: ['ca.crt'],
      trusts: signer,
      writtenBy: 'somebody else',
      neededBy: where,
    });
  }
}

/** Notes the Secret with which a gateway ends the hop's TLS. */
export function needServerSecrets(chart: MeshChart, { credential, namespace, tls, where }: KeyPairUse): void {
  if (credential === undefined) return;
  const trusts = tls.mode === 'mutual' ? tls.client.signer : undefined;
  needKeyPair(chart, { credential, namespace, trusts, where });
}

/** A key pair, and whom its proxy verifies with it. */
export interface KeyPairDemand {
  readonly credential: Credential;
  readonly namespace: string;
  /** Roots of the peer, where it is verified. */
  readonly trusts?: RootFacts;
  /** Construct path of the peering. */
  readonly where: string;
}

/** Notes the Secret of a key pair, and that of the peer's roots where they cannot be in it. */
export function needKeyPair(chart: MeshChart, { credential, namespace, trusts, where }: KeyPairDemand): void {
  const { name, certManager } = credential;
  // cert-manager fills ca.crt with the issuer's own root; other roots go beside it, where Istio looks first
  const rootsBeside = certManager !== undefined && trusts !== undefined && trusts.name !== credential.signer.name;
  needSecret(chart, {
    namespace,
    name,
    keys: [...(trusts && !rootsBeside ? ['ca.crt'] : []), 'tls.crt', 'tls.key'],
    identity: credential.identity.subjectAltName,
    signer: credential.signer.facts(),
    ...(trusts && !rootsBeside && { trusts }),
    writtenBy: certManager ? 'cert-manager' : 'somebody else',
    neededBy: where,
  });
  if (rootsBeside) {
    needSecret(chart, {
      namespace,
      name: `${name}-cacert`,
      keys: ['ca.crt'],
      trusts,
      writtenBy: 'somebody else',
      neededBy: where,
    });
  }
}

/** Where a Certificate is written, and for what. */
export interface CertificateUse {
  readonly credential?: Credential;
  readonly namespace: string;
  readonly usage: 'client auth' | 'server auth';
  /** Construct path of the peering. */
  readonly where: string;
}

/**
 * Writes the Certificate of a key pair that cert-manager makes, once however many peerings use it.
 *
 * @throws MESH1131 when another gateway writes it; MESH1404 when it is stated twice with different contents.
 */
export function writeCertificate(chart: MeshChart, { credential, namespace, usage, where }: CertificateUse): void {
  if (credential?.certManager === undefined) return;
  const { issuer, dnsNames, duration, renewBefore, privateKey } = credential.certManager;
  const { kind, value, subjectAltName } = credential.identity;
  const { algorithm, size } = privateKey;
  const names = [...new Set([...(kind === 'dns' ? [value] : []), ...dnsNames])].sort();
  const spec: certManager.CertificateSpec = {
    secretName: credential.name,
    issuerRef: { group: 'cert-manager.io', kind: issuer.kind ?? 'Issuer', name: issuer.name },
    ...(names.length > 0 && { dnsNames: names }),
    ...(kind === 'spiffe' && { uris: [subjectAltName] }),
    usages: ['digital signature', usage],
    duration,
    ...(renewBefore && { renewBefore }),
    privateKey: { rotationPolicy: 'Always', algorithm, size },
  };
  const key = `${namespace}/${credential.name}`;
  const writer = attached(chart.cluster, 'certificates', () => new Claims()).claim(key, chart.file);
  if (writer !== undefined && writer !== chart.file) {
    throw new MeshError(
      'MESH1131',
      where,
      `Certificate ${key} is written to ${writer} already, for another gateway of the namespace; name a key pair of its own for each, or use Credential.secret('${credential.name}', …) for one of them`,
    );
  }
  const stated = attached(chart, 'certificates', () => new Map<string, string>());
  const known = stated.get(key);
  if (known === undefined) {
    new certManager.Certificate(chart, `Certificate ${namespace}.${credential.name}`, {
      metadata: { name: credential.name, namespace },
      spec,
    });
    stated.set(key, JSON.stringify(spec));
  } else if (known !== JSON.stringify(spec)) {
    throw new MeshError(
      'MESH1404',
      where,
      `Certificate ${key} is stated twice, with different names, issuer, key or duration; state one value with Credential.certManager and pass it on`,
    );
  }
}

/** Notes a Secret that must exist, once however many exposures need it. */
function needSecret(chart: MeshChart, secret: Omit<SecretFacts, 'cluster'>): void {
  Fleet.of(chart).register.addSecret({ cluster: chart.cluster.name, ...secret });
}
