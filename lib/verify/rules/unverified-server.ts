import { hostPorts, tlsField, tlsOf } from '../objects/host-ports';
import { at, type ClusterRule } from '../rule';

/** TLS to a server whose name nobody compares. */
export const unverifiedServer: ClusterRule = {
  code: 'MESH3072',
  severity: 'warning',
  scope: 'cluster',
  title: 'server whose name is not compared',
  why: 'with an SNI and without subjectAltNames any certificate of the authority is taken: whoever has one can answer for the server',
  fix: 'state subjectAltNames beside sni',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: (input) =>
    hostPorts(input).flatMap(({ entry, host, port, fields, encryptedBy }) =>
      encryptedBy.flatMap(({ ref, spec }) => {
        const { sni, subjectAltNames = [], insecureSkipVerify } = tlsOf(spec.trafficPolicy, port) ?? {};
        const isCompared = subjectAltNames.length > 0 || (entry.spec.subjectAltNames ?? []).length > 0;
        if (!insecureSkipVerify && (sni === undefined || isCompared)) return [];
        return [
          {
            objects: [
              at(ref, `${tlsField(spec.trafficPolicy, port)}.${insecureSkipVerify ? 'insecureSkipVerify' : 'sni'}`),
              at(entry.ref, fields.host),
            ],
            message: insecureSkipVerify
              ? `${ref} begins TLS for '${host}:${port}' and takes every certificate (insecureSkipVerify)`
              : `${ref} begins TLS for '${host}:${port}' with SNI ${sni}, and no subjectAltNames say whose certificate it must be`,
          },
        ];
      }),
    ),
};
