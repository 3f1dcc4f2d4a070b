import {
  Access,
  type Exposure,
  type Fleet,
  type GatewayRendering,
  type Http,
  type Mesh,
  Port,
  type Protocol,
  Routing,
  Rule,
} from '../../lib';
import { connect, consumer, provider } from '../../scenarios/private-gateways';

const get = () => [Access.http({ methods: ['GET'] })];

/** A name of the own mesh for a service of another. */
function bind(mesh: Mesh, name: string, port: Port<Http>, to: Exposure<Http>): void {
  new Routing(mesh, name, {
    host: mesh.alias(name, { namespace: 'default', port }),
    rules: [Rule.otherwise().to(to)],
  });
}

function meshes(fleet: Fleet, policies: GatewayRendering) {
  const c2 = provider(fleet, 'c2', { policies });
  const one = (name: string) => {
    const own = consumer(fleet, name);
    return { consumer: own.mesh, peering: connect(fleet, own, c2) };
  };
  return { c2: c2.mesh, c1: one('c1'), c3: one('c3') };
}

/** Everything at once on one gateway of each side: requests, HTTP/2, gRPC, bytes, the application's own TLS. */
export function everything(fleet: Fleet, policies: GatewayRendering): void {
  const { c2, c1, c3 } = meshes(fleet, policies);
  const service = <P extends Protocol>(name: string, port: Port<P>) =>
    c2.service(name, { namespace: 'bookinfo', ports: [port] });
  const httpbin = service('httpbin', Port.http(8000));
  const one = c1.consumer;
  bind(one, 'httpbin', Port.http(9000), c1.peering.expose(httpbin, { allow: get() }));
  // c3 may POST what c1 may GET
  bind(
    c3.consumer,
    'httpbin',
    Port.http(9000),
    c3.peering.expose(httpbin, { allow: [Access.http({ methods: ['POST'] })] }),
  );
  // the name of one begins with that of another
  bind(one, 'http', Port.http(9000), c1.peering.expose(service('http', Port.http(8000)), { allow: get() }));
  bind(one, 'locked', Port.http(8000), c1.peering.expose(service('locked', Port.http(8000)), { allow: [] }));
  bind(
    one,
    'files',
    Port.http(8000),
    c1.peering.expose(service('files', Port.http(8000)), {
      allow: [
        Access.http({ methods: ['GET'], paths: ['/public/*', '/exact'] }),
        Access.http({ methods: ['PUT', 'DELETE'], paths: ['/inbox/*'] }),
      ],
    }),
  );
  bind(one, 'h2', Port.http2(8000), c1.peering.expose(service('h2', Port.http2(8000)), { allow: get() }));
  bind(
    one,
    'greeter',
    Port.grpc(50051),
    c1.peering.expose(service('greeter', Port.grpc(50051)), {
      allow: [Access.http({ methods: ['POST'], paths: ['/hello.Greeter/*'] })],
    }),
  );
  const multi = c2.service('multi', {
    namespace: 'bookinfo',
    ports: [Port.http(8001, { name: 'http-a' }), Port.http(8002, { name: 'http-b', targetPort: 18002 })],
  });
  bind(one, 'multi-a', Port.http(80), c1.peering.expose(multi.at(Port.http(8001)), { allow: get() }));
  bind(one, 'multi-b', Port.http(80), c1.peering.expose(multi.at(Port.http(8002)), { allow: get() }));
  const echo = service('echo', Port.tcp(9000));
  new Routing(one, 'echo', {
    host: one.alias('echo', { namespace: 'default', port: Port.tcp(9001) }),
    rules: [Rule.otherwise().to(c1.peering.expose(echo, { allow: [Access.tcp()], gatewayPort: 31400 }))],
  });
  const closed = service('closed', Port.tcp(9000));
  new Routing(one, 'closed', {
    host: one.alias('closed', { namespace: 'default', port: Port.tcp(9001) }),
    rules: [Rule.otherwise().to(c1.peering.expose(closed, { allow: [], gatewayPort: 31401 }))],
  });
  const nginx = service('my-nginx', Port.tls(443, { targetPort: 8443 }));
  const own = one.alias('my-nginx', { namespace: 'bookinfo', port: Port.tls(443) });
  new Routing(one, 'my-nginx', {
    host: own,
    rules: [Rule.otherwise().to(c1.peering.expose(nginx, { allow: [Access.tcp()] }))],
  });
  const shut = service('my-shut', Port.tls(443, { targetPort: 8443 }));
  const alias = one.alias('my-shut', { namespace: 'bookinfo', port: Port.tls(443) });
  new Routing(one, 'my-shut', {
    host: alias,
    rules: [Rule.otherwise().to(c1.peering.expose(shut, { allow: [] }))],
  });
}

/** Of the http scenario: without the exposures named. */
export function without(fleet: Fleet, policies: GatewayRendering, cancelled: string[]): void {
  const { c2, c1, c3 } = meshes(fleet, policies);
  const httpbin = c2.service('httpbin', { namespace: 'bookinfo', ports: [Port.http(8000)] });
  if (!cancelled.includes('c1'))
    bind(c1.consumer, 'httpbin', Port.http(9000), c1.peering.expose(httpbin, { allow: get() }));
  if (!cancelled.includes('c3'))
    bind(c3.consumer, 'httpbin', Port.http(9000), c3.peering.expose(httpbin, { allow: get() }));
}
