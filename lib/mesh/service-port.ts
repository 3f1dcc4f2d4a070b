import { k8s } from 'cdk8s-plus-27';
import type { Port } from '../facts/port';

/** A port as a Kubernetes Service writes it. */
export function servicePort(port: Port): k8s.ServicePort {
  return {
    name: port.name,
    port: port.number,
    targetPort: k8s.IntOrString.fromNumber(port.targetPort),
    protocol: 'TCP',
  };
}
