import { principals } from '../../facts/access';
import { MeshError } from '../../facts/error';
import { type Protocol, portNumber } from '../../facts/port';
import type { PrivateStated } from './strategy';

/**
 * Checks what a provider states about an exposure.
 *
 * @throws MESH1003 for a malformed port; MESH1202 for malformed identities; MESH1234 for a host of anything but the
 * application's own TLS.
 */
export function checkStated(protocol: Protocol, { host, gatewayPort, alsoFrom }: PrivateStated, where: string): void {
  if (gatewayPort !== undefined) portNumber(gatewayPort, where);
  principals(alsoFrom, `${where} alsoFrom`);
  if (host === undefined || protocol === 'tls') return;
  throw new MeshError(
    'MESH1234',
    where,
    `host '${host}' is stated for a ${protocol} port, but only TLS of applications is told apart by server name; leave host out, and bind the exposure to a local name with an alias and a Routing`,
  );
}
