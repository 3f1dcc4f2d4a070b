import type * as istio from '../../../imports/istio';
import type { HopFacts, TlsEnds, TlsFacts } from '../../facts/exposure';
import type { Mesh } from '../../mesh/mesh';
import type { Credential } from '../../trust/credential';

/**
 * TLS settings by which the client of the hop connects. SNI, verified name and roots are always stated: with `sni`
 * alone Istio verifies no name at all, and Istio 1.20 verifies nothing without roots.
 *
 * @param credential the client's key pair, for mutual TLS.
 */
export function clientTlsSettings(tls: TlsFacts, credential?: Credential): istio.ClientTLSSettings | undefined {
  if (tls.mode === 'plain' || tls.mode === 'application') return undefined;
  const verified = { sni: tls.sni, subjectAltNames: [tls.server.subjectAltName] };
  if (tls.mode === 'simple') {
    const bundle = tls.server.signer.name;
    return bundle === 'system'
      ? { mode: 'SIMPLE', caCertificates: 'system', ...verified }
      : { mode: 'SIMPLE', credentialName: bundle, ...verified };
  }
  if (credential?.files) {
    const { certificateChain, privateKey, caCertificates } = credential.files;
    return { mode: 'MUTUAL', clientCertificate: certificateChain, privateKey, caCertificates, ...verified };
  }
  return { mode: 'MUTUAL', credentialName: credential?.name, ...verified };
}

/** Whether a host is a name of the mesh's own cluster. */
export function isInCluster(mesh: Mesh, host: string): boolean {
  return host.endsWith(`.${mesh.cluster.domain}`);
}

/**
 * That the mesh adds no TLS to a host of the own cluster must be said: a mesh-wide ISTIO_MUTUAL rule for `*.<domain>`,
 * as OpenShift Service Mesh 2 makes with `mtls: true`, would encrypt to a server that has no sidecar, or wrap the
 * application's own TLS.
 */
export function staysClear(mesh: Mesh, { tls, host }: HopFacts): istio.ClientTLSSettings | undefined {
  const isLeftAlone = tls.mode === 'plain' || tls.mode === 'application';
  return isLeftAlone && isInCluster(mesh, host) ? { mode: 'DISABLE' } : undefined;
}

/** Whether the client of a hop needs a Secret or files; the system's roots are in every proxy. */
export function needsSecretOrFiles(tls: TlsEnds): boolean {
  return tls.mode === 'mutual' || (tls.mode === 'simple' && tls.server.signer.name !== 'system');
}
