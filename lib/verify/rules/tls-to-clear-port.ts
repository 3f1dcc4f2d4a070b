import { hostPorts, tlsField } from '../objects/host-ports';
import { at, type ClusterRule } from '../rule';

/** TLS that a sidecar or gateway begins towards the port of clear-text HTTP. */
export const tlsToClearPort: ClusterRule = {
  code: 'MESH3056',
  severity: 'warning',
  scope: 'cluster',
  title: 'encrypted calls to port 80',
  why: 'a server that speaks HTTP there takes the first bytes of TLS for a malformed request: 503 UF, WRONG_VERSION_NUMBER',
  fix: 'state the port of the server that speaks TLS, often 443, or no TLS if the server has none',
  inProgram: 'PeeringTls.plain sends none',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: (input) =>
    hostPorts(input)
      .filter(({ reached, encryptedBy }) => reached.includes(80) && encryptedBy.length > 0)
      .map(({ entry, host, port, fields, encryptedBy: [rule] }) => ({
        objects: [at(rule.ref, tlsField(rule.spec.trafficPolicy, port)), at(entry.ref, fields.port)],
        message: `${rule.ref} begins TLS for '${host}', whose port ${port} leads to port 80`,
      })),
};
