import { isDeepStrictEqual } from 'node:util';
import type * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Leader } from '../../mesh/led-hosts';
import type { Mesh } from '../../mesh/mesh';

/** Who leads a host, and registers it. */
export interface Registering extends Leader {
  readonly registers: () => istio.ServiceEntrySpec;
}

/**
 * Lets several register a host in one namespace, each for other pods. Proxies take the older ServiceEntry, so that all must
 * say the same; each has its own, so that what is cancelled leaves the others as they are. Synthesis fails with MESH1176
 * where one says something else.
 */
export function registerTogether(chart: MeshChart, mesh: Mesh, host: string, leader: Registering): void {
  const other = mesh.callable.ledBeside(host, leader);
  if (other === undefined) return;
  chart.node.addValidation({ validate: () => differences(host, leader, other) });
}

function differences(host: string, leader: Registering, other: Leader): string[] {
  const own = leader.registers();
  const its = other.registers?.() as istio.ServiceEntrySpec;
  if (isDeepStrictEqual(own, its)) return [];
  const { message } = new MeshError(
    'MESH1176',
    leader.by,
    `host '${host}' is registered with ${describe(own)} here, and with ${describe(its)} by peering '${other.by}', for other pods of namespace '${leader.seenBy?.namespaces[0]}', whose proxies take one of the two; expose the same ports with the same tls, or let the two have callers in namespaces of their own`,
  );
  return [message];
}

function describe({ ports, endpoints, addresses, exportTo }: istio.ServiceEntrySpec): string {
  const numbers = (ports ?? []).map(({ number, protocol, targetPort }) =>
    targetPort === undefined ? `${protocol} port ${number}` : `${protocol} port ${number} (to ${targetPort})`,
  );
  const at = endpoints?.map(({ address, ports: to }) => `${address} ${Object.values(to ?? {}).join(' and ')}`);
  return [
    numbers.join(' and '),
    ...(at === undefined ? [] : [`at ${at.join(', ')}`]),
    ...(addresses === undefined ? [] : [`as ${addresses.join(', ')}`]),
    ...((exportTo ?? []).length > 1 ? [`for ${exportTo?.join(', ')}`] : []),
  ].join(' ');
}
