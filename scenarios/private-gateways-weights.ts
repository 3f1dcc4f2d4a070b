import { Access, type Fleet, Port, type Protocol, Routing, Rule } from '../lib';
import { connect, consumer, provider } from './private-gateways';

/** c2 and c3 offer the same services to c1, which sends half of its calls to each. */
export function istio(fleet: Fleet): void {
  const c1 = consumer(fleet, 'c1');
  const offers = ['c2', 'c3'].map((name) => {
    const offering = provider(fleet, name);
    const peering = connect(fleet, c1, offering);
    const service = <P extends Protocol>(id: string, port: Port<P>) =>
      offering.mesh.service(id, { namespace: 'sample', ports: [port] });
    const bytes = [Access.tcp()];
    return {
      http: peering.expose(service('helloworld', Port.http(5000)), { allow: [Access.http({ methods: ['GET'] })] }),
      tcp: peering.expose(service('echo', Port.tcp(9000)), { allow: bytes, gatewayPort: 31400 }),
      tls: peering.expose(service('my-nginx', Port.tls(443, { targetPort: 8443 })), { allow: bytes }),
    };
  });
  const [c2, c3] = offers;
  new Routing(c1.mesh, 'helloworld', {
    host: c1.mesh.alias('helloworld', { namespace: 'default', port: Port.http(5000) }),
    rules: [Rule.otherwise().to({ weight: 50, to: c2.http }, { weight: 50, to: c3.http })],
  });
  new Routing(c1.mesh, 'echo', {
    host: c1.mesh.alias('echo', { namespace: 'default', port: Port.tcp(9001) }),
    rules: [Rule.otherwise().to({ weight: 50, to: c2.tcp }, { weight: 50, to: c3.tcp })],
  });
  new Routing(c1.mesh, 'my-nginx', {
    host: c1.mesh.alias('my-nginx', { namespace: 'sample', port: Port.tls(443) }),
    rules: [Rule.otherwise().to({ weight: 50, to: c2.tls }, { weight: 50, to: c3.tls })],
  });
}
