import { objectsOf } from '../objects/objects';
import { at, type ClusterRule } from '../rule';
import type { ServiceSpec } from '../world/kube-types';

/** An OpenShift Route to a port that its Service does not have. */
export const routeToNoPort: ClusterRule = {
  code: 'MESH3076',
  severity: 'error',
  scope: 'cluster',
  title: 'router that is led to a port that the Service lacks',
  why: "the router finds no endpoint and answers itself: 503, 'Application is not available'",
  fix: 'name a port of the Service, or the number that its pods listen on',
  reads: ['Route', 'Service'],
  check: (input) => {
    const services = new Map(
      objectsOf<ServiceSpec>(input, 'Service', '').map((one) => [`${one.cluster}/${one.namespace}/${one.name}`, one]),
    );
    return objectsOf<RouteSpec>(input, 'Route', 'route.openshift.io').flatMap(({ cluster, namespace, spec, ref }) => {
      const service = services.get(`${cluster}/${namespace}/${spec.to?.name ?? ''}`);
      const port = spec.port?.targetPort;
      const ports = service?.spec.ports ?? [];
      // a number is that of the pods; a named one of the pods may be it
      const fits = ports.some(
        (one) =>
          one.name === port ||
          (one.targetPort ?? one.port) === port ||
          (typeof one.targetPort === 'string' && typeof port === 'number'),
      );
      if (service === undefined || port === undefined || fits) return [];
      const known = ports.map(
        ({ name = '', port: number, targetPort = number }) => `${name} (${number} to ${targetPort})`,
      );
      return [
        {
          objects: [at(ref, 'spec.port.targetPort'), at(service.ref, 'spec.ports')],
          message: `${ref} leads to port ${port}; ${service.ref} has ${known.join(', ') || 'none'}`,
        },
      ];
    });
  },
};

interface RouteSpec {
  readonly to?: { readonly name?: string };
  readonly port?: { readonly targetPort?: string | number };
}
