import { type ClusterInput, type Found, objectsOf } from '../objects/objects';
import { at, type ClusterRule, type Problem } from '../rule';
import type { DestinationRuleSpec, GatewaySpec } from '../world/istio-types';

/** Usages of cert-manager that become extended key usages; where there is none of them, a certificate is for everything. */
const EXTENDED: ReadonlySet<string> = new Set([
  'any',
  'client auth',
  'code signing',
  'email protection',
  'ocsp signing',
  'server auth',
  'timestamping',
]);

/** A Certificate whose usages leave out what proxies present it for. */
export const certificateOfOtherUse: ClusterRule = {
  code: 'MESH3123',
  severity: 'error',
  scope: 'cluster',
  title: 'certificate that is not for what it is presented for',
  why: 'the other end looks at the extended key usages of the certificate and refuses it: CERTIFICATE_VERIFY_FAILED, 503 UF or UC',
  fix: "add 'client auth', or 'server auth', to spec.usages of the Certificate, or leave usages out",
  reads: ['Certificate', 'DestinationRule', 'Gateway'],
  check: (input) => {
    const certificates = new Map(
      objectsOf<CertificateSpec>(input, 'Certificate', 'cert-manager.io').map((one) => [
        `${one.cluster}/${one.namespace}/${one.spec.secretName ?? ''}`,
        one,
      ]),
    );
    return [...asServers(input), ...asClients(input)].flatMap(({ by, field, secret, usage }): Problem[] => {
      const certificate = certificates.get(`${by.cluster}/${by.namespace}/${secret}`);
      const stated = (certificate?.spec.usages ?? []).filter((one) => EXTENDED.has(one));
      if (!certificate || stated.length === 0 || stated.includes('any') || stated.includes(usage)) return [];
      return [
        {
          objects: [at(certificate.ref, 'spec.usages'), at(by.ref, field)],
          message: `${certificate.ref} is for ${stated.join(', ')}, and ${by.ref} presents it as a ${usage === 'client auth' ? 'client' : 'server'}`,
        },
      ];
    });
  },
};

/** Where a key pair is named, and what for. */
interface Presented {
  readonly by: Found<object>;
  readonly field: string;
  readonly secret: string;
  readonly usage: 'client auth' | 'server auth';
}

const asServers = (input: ClusterInput): Presented[] =>
  objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io').flatMap((by) =>
    (by.spec.servers ?? []).flatMap(({ tls }, index): Presented[] =>
      tls?.credentialName === undefined
        ? []
        : [
            {
              by,
              field: `spec.servers[${index}].tls.credentialName`,
              secret: tls.credentialName,
              usage: 'server auth',
            },
          ],
    ),
  );

const asClients = (input: ClusterInput): Presented[] =>
  objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io').flatMap((by) => {
    const { trafficPolicy, subsets = [] } = by.spec;
    const policies = [
      { policy: trafficPolicy, path: 'spec.trafficPolicy' },
      ...subsets.map((one, index) => ({ policy: one.trafficPolicy, path: `spec.subsets[${index}].trafficPolicy` })),
    ];
    return policies.flatMap(({ policy, path }) =>
      [
        { tls: policy?.tls, field: `${path}.tls.credentialName` },
        ...(policy?.portLevelSettings ?? []).map(({ tls }, index) => ({
          tls,
          field: `${path}.portLevelSettings[${index}].tls.credentialName`,
        })),
      ].flatMap(({ tls, field }): Presented[] =>
        tls?.mode === 'MUTUAL' && tls.credentialName !== undefined
          ? [{ by, field, secret: tls.credentialName, usage: 'client auth' }]
          : [],
      ),
    );
  });

interface CertificateSpec {
  readonly secretName?: string;
  readonly usages?: readonly string[];
}
