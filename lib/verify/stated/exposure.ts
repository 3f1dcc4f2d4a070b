import type { ExposureSummary } from '../../facts/fleet';
import { serviceHost } from '../../facts/service-host';
import { placeOfKey } from '../world/stand-ins';

/** The name by which an exposure is asked for at the provider's gateway; between private gateways that is the SNI. */
export const arrivingHost = ({ host, wire }: ExposureSummary): string | undefined => host ?? wire?.sni;

/** Host of the service that answers; undefined where the facts do not name it. */
export function answeringHost({ key, onward, backend }: ExposureSummary, domain: string): string | undefined {
  if (onward) return onward.host;
  const { namespace, name } = placeOfKey(key);
  return backend && serviceHost(name, namespace, domain);
}
