import { push } from '../../facts/memo';
import { type Found, objectsOf } from '../objects/objects';
import { isSubsetOf, splitHost } from '../registry/hosts';
import { at, type ClusterRule } from '../rule';
import type { GatewaySpec } from '../world/istio-types';

/** A Certificate for DNS names that lacks a host which a gateway serves with it. */
export const certificateWithoutHost: ClusterRule = {
  code: 'MESH3060',
  severity: 'warning',
  scope: 'cluster',
  title: 'certificate that lacks a host of its gateway',
  why: 'clients that compare the name that they dial, as browsers and curl do, refuse the certificate',
  fix: 'add the host to spec.dnsNames of the Certificate',
  inProgram: 'state it in the identity of the credential: Identity.dns(…)',
  reads: ['Certificate', 'Gateway'],
  check: (input) => {
    const certificates = new Map<string, Found<CertificateSpec>[]>();
    for (const one of objectsOf<CertificateSpec>(input, 'Certificate', 'cert-manager.io')) {
      push(certificates, `${one.cluster}/${one.namespace}/${one.spec.secretName ?? ''}`, one);
    }
    return objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io').flatMap(
      ({ cluster, namespace, spec, ref }) =>
        (spec.servers ?? []).flatMap(({ hosts = [], tls }, index) => {
          const found = certificates.get(`${cluster}/${namespace}/${tls?.credentialName ?? ''}`) ?? [];
          return found.flatMap((certificate) => {
            const { dnsNames = [] } = certificate.spec;
            const names = hosts.map((host) => splitHost(host).host);
            // one without DNS names is for peers that compare its SPIFFE ID
            const missing = names.filter((host) => host !== '*' && !dnsNames.some((name) => covers(name, host)));
            const hostsOf = `spec.servers[${index}].hosts`;
            if (dnsNames.length === 0 || missing.length === 0) return [];
            return [
              {
                objects: [
                  at(certificate.ref, 'spec.dnsNames'),
                  ...missing.map((host) => at(ref, `${hostsOf}[${names.indexOf(host)}]`)),
                ],
                message: `${certificate.ref} is for ${dnsNames.join(', ')}; ${ref} serves ${missing.join(', ')} with it`,
              },
            ];
          });
        }),
    );
  },
};

/** A wildcard of a certificate stands for one label (RFC 6125). */
function covers(name: string, host: string): boolean {
  return isSubsetOf(host, name) && host.split('.').length === name.split('.').length;
}

interface CertificateSpec {
  readonly secretName?: string;
  readonly dnsNames?: readonly string[];
}
