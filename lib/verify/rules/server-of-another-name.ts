import { hostPorts, tlsField, tlsOf } from '../objects/host-ports';
import { isSubsetOf } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';

/** A server that callers know by another name than its host. */
export const serverOfAnotherName: ClusterRule = {
  code: 'MESH3061',
  severity: 'info',
  scope: 'cluster',
  title: 'server certificate of another name than the host',
  why: 'callers take a certificate of that name alone: one for the host itself is refused, 503 UF, CERTIFICATE_VERIFY_FAILED',
  fix: 'state the host in subjectAltNames if the certificate of the server is for its host',
  inProgram: 'Identity.dns(host)',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: (input) =>
    hostPorts(input).flatMap(({ entry, host, port, fields, encryptedBy }) =>
      encryptedBy.flatMap(({ ref, spec }): Problem[] => {
        const { sni = host, subjectAltNames = [] } = tlsOf(spec.trafficPolicy, port) ?? {};
        const names = subjectAltNames.filter((name) => !name.includes('://'));
        const isNamed = names.some((name) => [host, sni].some((one) => isSubsetOf(one, name) || isSubsetOf(name, one)));
        if (names.length < subjectAltNames.length || names.length === 0 || isNamed) return [];
        return [
          {
            objects: [at(ref, `${tlsField(spec.trafficPolicy, port)}.subjectAltNames`), at(entry.ref, fields.host)],
            message: `${ref} takes certificates for ${names.join(', ')} only, and the host is '${host}'${sni === host ? '' : ` (server name ${sni})`}`,
          },
        ];
      }),
    ),
};
