import { Access, type Destination, type Fleet, type GatewayRendering, Port, Routing, Rule } from '../lib';
import { connect, consumer, provider } from './private-gateways';

/** c1 uses echo and db of c2, c3 may use echo: each has a port of its own at the ingress gateway. */
function tcp(fleet: Fleet, policies: GatewayRendering): void {
  const c2 = provider(fleet, 'c2', { policies });
  const c1 = consumer(fleet, 'c1');
  const fromC1 = connect(fleet, c1, c2);
  const fromC3 = connect(fleet, consumer(fleet, 'c3'), c2);

  const echo = c2.mesh.service('echo', { namespace: 'sample', ports: [Port.tcp(9000)] });
  const db = c2.mesh.service('db', { namespace: 'sample', ports: [Port.tcp(9000)] });
  const allow = [Access.tcp()];
  const alsoFrom = ['cluster.local/ns/sample/sa/sleep'];
  const bind = (name: string, port: number, to: Destination<'tcp'>) =>
    new Routing(c1.mesh, name, {
      host: c1.mesh.alias(name, { namespace: 'default', port: Port.tcp(port) }),
      rules: [Rule.otherwise().to(to)],
    });
  bind('echo', 9001, fromC1.expose(echo, { allow, gatewayPort: 31400, alsoFrom }));
  bind('db', 9002, fromC1.expose(db, { allow, gatewayPort: 31401 }));
  fromC3.expose(echo, { allow, gatewayPort: 31400 });
}

/** The policies of the ingress gateway are AuthorizationPolicies. */
export const authorizationPolicy = (fleet: Fleet) => tcp(fleet, 'AuthorizationPolicy');

/** They are one EnvoyFilter. */
export const envoyFilter = (fleet: Fleet) => tcp(fleet, 'EnvoyFilter');
