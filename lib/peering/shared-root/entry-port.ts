import type * as istio from '../../../imports/istio';
import type { Protocol } from '../../facts/port';
import { PROTOCOL } from '../hop/service-entry';

/** A port of a host in a ServiceEntry; one host may have several. */
export interface HostPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** Name of the port, by which endpoints say where they take it. */
export function portName({ protocol, port }: HostPort): string {
  return `${protocol}-${port}`;
}

/**
 * The port in the ServiceEntry.
 *
 * @param targetPort port of the pods, where pods are selected.
 */
export function entryPort(host: HostPort, targetPort?: number): istio.ServicePort {
  const { protocol, port } = host;
  return {
    number: port,
    name: portName(host),
    protocol: PROTOCOL[protocol],
    ...(targetPort !== undefined && targetPort !== port && { targetPort }),
  };
}

/** The port of an exposure. */
export function hostPortOf(facts: {
  readonly port: number;
  readonly service: { readonly protocol: Protocol };
}): HostPort {
  return { port: facts.port, protocol: facts.service.protocol };
}
