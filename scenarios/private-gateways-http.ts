import {
  Access,
  type Exposure,
  type Fleet,
  type GatewayRendering,
  type Http,
  type Mesh,
  Port,
  Routing,
  Rule,
} from '../lib';
import { connect, consumer, provider } from './private-gateways';

/** A name of the own mesh for a service of another. */
export function bind(mesh: Mesh, name: string, port: number, to: Exposure<Http>): void {
  new Routing(mesh, name, {
    host: mesh.alias(name, { namespace: 'default', port: Port.http(port) }),
    rules: [Rule.otherwise().to(to)],
  });
}

/** c1 reads ratings and httpbin of c2, c3 httpbin alone: under names, namespaces and ports of their own. */
function http(fleet: Fleet, policies: GatewayRendering): void {
  const c2 = provider(fleet, 'c2', { policies });
  const c1 = consumer(fleet, 'c1');
  const c3 = consumer(fleet, 'c3');
  const fromC1 = connect(fleet, c1, c2);
  const fromC3 = connect(fleet, c3, c2);

  const ratings = c2.mesh.service('myratings', {
    namespace: 'bookinfo',
    ports: [Port.http(9080)],
    subsets: { v1: { version: 'v1' } },
  });
  const httpbin = c2.mesh.service('httpbin', { namespace: 'bookinfo', ports: [Port.http(8000)] });
  const allow = [Access.http({ methods: ['GET'] })];
  // inside c2, reviews goes on calling ratings; nobody calls httpbin
  const alsoFrom = ['cluster.local/ns/bookinfo/sa/reviews'];

  bind(c1.mesh, 'ratings', 9080, fromC1.expose(ratings, { subset: 'v1', allow, alsoFrom }));
  bind(c1.mesh, 'httpbin', 9000, fromC1.expose(httpbin, { allow }));
  bind(c3.mesh, 'httpbin', 9000, fromC3.expose(httpbin, { allow }));
}

/** The policies of the ingress gateway are AuthorizationPolicies. */
export const authorizationPolicy = (fleet: Fleet) => http(fleet, 'AuthorizationPolicy');

/** They are one EnvoyFilter. */
export const envoyFilter = (fleet: Fleet) => http(fleet, 'EnvoyFilter');
