import { controlPlaneOf, isOfOneControlPlane, peersOf } from '../objects/federation';
import { objectsOf } from '../objects/objects';
import { at, type Rule } from '../rule';

/** Annotation by which a load balancer of AWS ends connections. */
const ENDS_CONNECTIONS = 'service.beta.kubernetes.io/aws-load-balancer-backend-protocol';

interface RouteSpec {
  readonly host?: string;
  readonly to?: { readonly name?: string };
}

/** A federation gateway behind something that does not pass connections on. */
export const federationBehindProxy: Rule = {
  code: 'MESH3036',
  severity: 'error',
  title: 'federation gateway behind a Route or an L7 load balancer',
  why: 'gateways authenticate each other, so nobody between them may end their TLS, and a router knows neither their ports nor their names: the peers never connect',
  fix: 'reach the gateway by a load balancer that passes connections on (L4), or by node ports',
  reads: ['ServiceMeshPeer', 'ServiceMeshControlPlane', 'Route'],
  check: (input) => {
    const routes = objectsOf<RouteSpec>(input, 'Route', 'route.openshift.io');
    return peersOf(input).flatMap((peer) => {
      const name = peer.spec.gateways?.ingress?.name;
      const before = routes.filter((route) => isOfOneControlPlane(route, peer) && route.spec.to?.name === name);
      const addresses = peer.spec.remote?.addresses ?? [];
      const dialled = routes.filter(({ spec }) => spec.host !== undefined && addresses.includes(spec.host));
      const plane = controlPlaneOf(input, peer);
      const { annotations } = plane?.spec.gateways?.additionalIngress?.[name ?? '']?.service?.metadata ?? {};
      const ends = annotations?.[ENDS_CONNECTIONS];
      const service = `spec.gateways.additionalIngress[${name}].service`;
      return [
        ...before.map(({ ref }) => ({
          objects: [at(ref, 'spec.to.name'), at(peer.ref, 'spec.gateways.ingress.name')],
          message: `${ref} leads to '${name}', the ingress gateway of ${peer.ref}`,
        })),
        ...dialled.map(({ ref, spec }) => ({
          objects: [at(ref, 'spec.host'), at(peer.ref, `spec.remote.addresses[${addresses.indexOf(spec.host ?? '')}]`)],
          message: `${peer.ref} dials '${spec.host}', which is the host of ${ref}`,
        })),
        ...(plane && ends !== undefined && ends !== 'tcp'
          ? [
              {
                objects: [
                  at(plane.ref, `${service}.metadata.annotations[${ENDS_CONNECTIONS}]`),
                  at(peer.ref, 'spec.gateways.ingress.name'),
                ],
                message: `${plane.ref} asks for a load balancer that speaks ${ends} before '${name}', the ingress gateway of ${peer.ref}`,
              },
            ]
          : []),
      ];
    });
  },
};
