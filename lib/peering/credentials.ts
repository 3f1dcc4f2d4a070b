import type { IConstruct } from 'constructs';
import * as certManager from '../../imports/cert-manager';
import { MeshError } from '../facts/error';
import type { TlsFacts } from '../facts/exposure';
import type { RootFacts, SecretFacts } from '../facts/fleet';
import { FleetFacts, rootFacts } from '../fleet/fleet-facts';
import type { Gateway } from '../fleet/gateway';
import type { MeshChart } from '../fleet/mesh-chart';
import type { ReencryptOptions } from '../fleet/route-front';
import { type CertManagerOptions, Credential } from '../trust/credential';
import type { PeeringTls } from '../trust/peering-tls';

/** The client's key pair, where it is ours. */
export function clientCredential(tls: PeeringTls): Credential | undefined {
  const client: unknown = 'client' in tls ? tls.client : undefined;
  return client instanceof Credential ? client : undefined;
}

/** The server's key pair, where it is ours. */
export function serverCredential(tls: PeeringTls): Credential | undefined {
  const server: unknown = 'server' in tls ? tls.server : undefined;
  return server instanceof Credential ? server : undefined;
}

/** Notes the Secrets by which clients of the hop connect: their key pair, or the server's roots alone. */
export function useClientCredential(
  chart: MeshChart,
  namespace: string,
  tls: TlsFacts,
  credential: Credential | undefined,
  peering: string,
): void {
  if (tls.mode === 'mutual' && credential) {
    useCredential(chart, { credential, namespace, usage: 'client auth', trusts: tls.server.signer, peering });
  }
  if (tls.mode === 'simple' && tls.server.signer.name !== 'system') {
    const { signer } = tls.server;
    needSecret(chart, {
      namespace,
      name: signer.name,
      keys: ['ca.crt'],
      trusts: signer,
      writtenBy: 'somebody else',
      neededBy: peering,
    });
  }
}

/** Notes the Secret with which a gateway ends the hop's TLS. */
export function useServerCredential(
  gateway: Gateway,
  tls: TlsFacts,
  credential: Credential | undefined,
  peering: string,
): void {
  if (credential === undefined) return;
  useCredential(gateway.chart, {
    credential,
    namespace: gateway.namespace,
    usage: 'server auth',
    ...(tls.mode === 'mutual' && { trusts: tls.client.signer }),
    peering,
  });
}

/** Where a credential is used, and whom its proxy verifies with it. */
interface CredentialUse {
  readonly credential: Credential;
  /** Namespace of the proxy: Istio looks for the Secret there and nowhere else. */
  readonly namespace: string;
  readonly usage: 'client auth' | 'server auth';
  /** Roots of the peer, where it is verified. */
  readonly trusts?: RootFacts;
  /** Construct path of the peering. */
  readonly peering: string;
}

/** Notes the Secret with which a gateway ends the TLS of a re-encrypting router. */
export function useRouterCredential(gateway: Gateway, { credential }: ReencryptOptions, peering: string): void {
  useCredential(gateway.chart, { credential, namespace: gateway.namespace, usage: 'server auth', peering });
}

/** Notes which Secrets must exist, and writes the Certificate where cert-manager makes one. */
function useCredential(chart: MeshChart, use: CredentialUse): void {
  const { credential, namespace, trusts, peering } = use;
  const { name, certManager } = credential;
  // cert-manager fills ca.crt with the issuer's own root; other roots go beside it, where Istio looks first
  const rootsBeside = certManager !== undefined && trusts !== undefined && trusts.name !== credential.signer.name;
  needSecret(chart, {
    namespace,
    name,
    keys: [...(trusts && !rootsBeside ? ['ca.crt'] : []), 'tls.crt', 'tls.key'],
    identity: credential.identity.subjectAltName,
    signer: rootFacts(credential.signer),
    ...(trusts && !rootsBeside && { trusts }),
    writtenBy: certManager ? 'cert-manager' : 'somebody else',
    neededBy: peering,
  });
  if (rootsBeside) {
    needSecret(chart, {
      namespace,
      name: `${name}-cacert`,
      keys: ['ca.crt'],
      trusts,
      writtenBy: 'somebody else',
      neededBy: peering,
    });
  }
  if (certManager) writeCertificate(chart, use, certManager);
}

/** What Certificates say: two statements of one must agree. */
const contents = new WeakMap<IConstruct, string>();

function writeCertificate(
  chart: MeshChart,
  { credential, namespace, usage, peering }: CredentialUse,
  { issuer, dnsNames = [], duration, renewBefore, privateKey }: CertManagerOptions,
): void {
  const id = `Certificate ${namespace}.${credential.name}`;
  const { kind, value, subjectAltName } = credential.identity;
  const { algorithm, size } = privateKey ?? { algorithm: 'ECDSA', size: 256 };
  const names = [...new Set([...(kind === 'dns' ? [value] : []), ...dnsNames])].sort();
  const spec: certManager.CertificateSpec = {
    secretName: credential.name,
    issuerRef: { group: 'cert-manager.io', kind: issuer.kind ?? 'Issuer', name: issuer.name },
    ...(names.length > 0 && { dnsNames: names }),
    ...(kind === 'spiffe' && { uris: [subjectAltName] }),
    usages: ['digital signature', usage],
    duration: duration ?? '2160h',
    ...(renewBefore && { renewBefore }),
    privateKey: { rotationPolicy: 'Always', algorithm, size },
  };
  const existing = chart.node.tryFindChild(id);
  if (existing === undefined) {
    const certificate = new certManager.Certificate(chart, id, {
      metadata: { name: credential.name, namespace },
      spec,
    });
    contents.set(certificate, JSON.stringify(spec));
  } else if (contents.get(existing) !== JSON.stringify(spec)) {
    throw new MeshError(
      'MESH1404',
      peering,
      `Certificate ${namespace}/${credential.name} is stated twice, with different names, issuer, key or duration; state one value with Credential.certManager and pass it on`,
    );
  }
}

/** Notes a Secret that must exist, once however many exposures need it. */
function needSecret(chart: MeshChart, secret: Omit<SecretFacts, 'cluster'>): void {
  FleetFacts.of(chart).addSecret({ cluster: chart.cluster.name, ...secret });
}
