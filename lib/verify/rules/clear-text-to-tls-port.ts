import { hostPorts } from '../objects/host-ports';
import { isHttp } from '../registry/protocol';
import { at, type ClusterRule } from '../rule';

/** HTTP in clear text towards the port of HTTPS. */
export const clearTextToTlsPort: ClusterRule = {
  code: 'MESH3057',
  severity: 'warning',
  scope: 'cluster',
  title: 'clear text to port 443',
  why: 'a server that speaks TLS there refuses the request: 400, or the connection is closed; and everybody on the way reads it',
  fix: 'begin TLS in a DestinationRule (mode SIMPLE or MUTUAL), or state the protocol of the port as TLS where the application itself encrypts',
  inProgram:
    'PeeringTls.simple and PeeringTls.mutual write the rule; PeeringTls.application or Port.tls where the application encrypts',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: (input) =>
    hostPorts(input)
      // endpoints of the mesh itself have its mTLS
      .filter(({ entry, protocol }) => isHttp(protocol) && entry.spec.location !== 'MESH_INTERNAL')
      .filter(({ reached, encryptedBy, isOfMesh }) => reached.includes(443) && encryptedBy.length === 0 && !isOfMesh)
      .map(({ entry, host, port, fields }) => ({
        objects: [at(entry.ref, `${fields.port}.protocol`)],
        message: `${entry.ref} leads port ${port} of '${host}' to port 443 as HTTP, and no DestinationRule begins TLS for it`,
      })),
};
