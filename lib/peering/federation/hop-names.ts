import type { ExposedService } from '../../facts/exposure';
import { dnsLabel, joinLabels } from '../../facts/names';
import type { PeeringName } from '../strategy';

/** Name of the Gateway resource of one exposure, which must be a DNS label. */
export function gatewayLabel(peering: PeeringName, { namespace = '', name, port }: ExposedService): string {
  return dnsLabel(
    joinLabels(peering.id, namespace, name, String(port)),
    peering.where,
    'name of the Gateway resource (made of peering id, namespace, service and port)',
  );
}
