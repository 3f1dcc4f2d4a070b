import type { ServicePort } from '../../imports/kubernetes';
import type { Port } from '../facts/port';

/** A port as a Kubernetes Service writes it. */
export function servicePort(port: Port): ServicePort {
  return {
    name: port.name,
    port: port.number,
    targetPort: port.targetPort,
    protocol: 'TCP',
  };
}
