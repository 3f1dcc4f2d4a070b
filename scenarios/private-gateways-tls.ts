import { Access, type Fleet, type GatewayRendering, type MeshService, Port, Routing, Rule } from '../lib';
import { connect, consumer, provider } from './private-gateways';

/** Applications that speak TLS themselves: c1 calls my-nginx and my-web of c2, c3 my-nginx alone. */
function tls(fleet: Fleet, policies: GatewayRendering): void {
  const c2 = provider(fleet, 'c2', { policies });
  const allow = [Access.tcp()];
  const alsoFrom = ['cluster.local/ns/sample/sa/sleep'];
  const [nginx, web] = ['my-nginx', 'my-web'].map((name) =>
    c2.mesh.service(name, { namespace: 'sample', ports: [Port.tls(443, { targetPort: 8443 })] }),
  );
  const consume = (name: string, services: MeshService<'tls'>[]) => {
    const own = consumer(fleet, name);
    const peering = connect(fleet, own, c2);
    for (const service of services) {
      // the application verifies the name that it dials, so the alias has the name of the remote service
      const host = own.mesh.alias(service.name, { namespace: 'sample', port: Port.tls(443) });
      const exposure = peering.expose(service, { allow, alsoFrom });
      new Routing(own.mesh, service.name, { host, rules: [Rule.otherwise().to(exposure)] });
    }
  };
  consume('c1', [nginx, web]);
  consume('c3', [nginx]);
}

/** The policies of the ingress gateway are AuthorizationPolicies. */
export const authorizationPolicy = (fleet: Fleet) => tls(fleet, 'AuthorizationPolicy');

/** They are one EnvoyFilter. */
export const envoyFilter = (fleet: Fleet) => tls(fleet, 'EnvoyFilter');
