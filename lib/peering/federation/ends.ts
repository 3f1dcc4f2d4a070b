import { MeshError } from '../../facts/error';
import type { FederationEnd } from '../../facts/federation';
import { isRecord } from '../../facts/record';
import { serviceHost } from '../../facts/service-host';
import type { FederationCommon } from './facts';

/** How the two sides stand to each other. */
export interface Standing {
  /** Whether both meshes are in one cluster, as far as this program knows. */
  readonly isOneCluster: boolean;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * What both sides agree on: their ends, with addresses where the peer dials them.
 *
 * @throws MESH1271 for control planes of two kinds; MESH1273 for a gateway that the peer dials and that has no address.
 */
export function agreeOnEnds({ consumer, provider }: FederationCommon, standing: Standing): FederationCommon {
  if (consumer.form !== provider.form) {
    const kind = ({ form }: FederationEnd) =>
      form === 'maistra' ? 'OpenShift Service Mesh 2' : 'Istio or OpenShift Service Mesh 3';
    throw new MeshError(
      'MESH1271',
      standing.where,
      `the consumer is of ${kind(consumer)}, the provider of ${kind(provider)}, whose control planes do not federate with each other; use another strategy until both are of one kind`,
    );
  }
  const ends = standing.isOneCluster
    ? { consumer: inOneCluster(consumer), provider: inOneCluster(provider) }
    : { consumer, provider };
  // control planes dial each other in both directions, gateways in one
  if (consumer.form === 'maistra') checkReachable(ends.consumer, 'consumer', standing);
  checkReachable(ends.provider, 'provider', standing);
  return ends;
}

/** In one cluster the name of the Service leads to the gateway. */
function inOneCluster(end: FederationEnd): FederationEnd {
  const { ingress, namespace, domain } = end;
  const { addresses = [serviceHost(ingress.name, namespace, domain)] } = ingress;
  return { ...end, ingress: { ...ingress, addresses } };
}

function checkReachable({ ingress, namespace }: FederationEnd, side: string, { where }: Standing): void {
  if (ingress.addresses !== undefined) return;
  throw new MeshError(
    'MESH1273',
    where,
    `the ${side}'s ingress gateway ${namespace}/${ingress.name} has no address, and the peer is in another cluster or program; state it at the ${side}'s: new FederationGateways(…, { address: … })`,
  );
}

/**
 * Checks that a contract was made from what its consumer is now.
 *
 * @throws MESH1504 naming the first field that differs.
 */
export function checkContractedEnd(where: string, contracted: FederationEnd, own: FederationEnd): void {
  const differs = firstDifference(contracted, own, 'common.consumer');
  if (differs === undefined) return;
  throw new MeshError(
    'MESH1504',
    where,
    `field '${differs.field}' is ${differs.found}, here it is ${differs.expected}; let the provider write the contract again from our mesh contract`,
  );
}

interface Difference {
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

function firstDifference(found: unknown, expected: unknown, field: string): Difference | undefined {
  if (JSON.stringify(found) === JSON.stringify(expected)) return undefined;
  if (!isRecord(found) || !isRecord(expected)) {
    return { field, found: JSON.stringify(found) ?? 'missing', expected: JSON.stringify(expected) ?? 'missing' };
  }
  const keys = [...new Set([...Object.keys(found), ...Object.keys(expected)])].sort();
  return keys.map((key) => firstDifference(found[key], expected[key], `${field}.${key}`)).find((one) => one);
}
