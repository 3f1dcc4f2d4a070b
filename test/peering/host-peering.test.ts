import {
  Access,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../lib';
import { agencyAndPartner, mesh, messageOf, objectsOf } from '../support/model';

const HOST = 'insurances.partner.example';

/** The ServiceEntry of a consumer whose application speaks TLS itself. */
function dialled(build: (fleet: Fleet, consumer: Mesh) => void) {
  const objects = objectsOf((fleet) => build(fleet, mesh(fleet, 'agency', {}, 'east')));
  return (objects.one('ServiceEntry').spec as { ports: object[] }).ports;
}

describe("callers of the application's own TLS dial the port that they would dial without the mesh", () => {
  const tls = PeeringTls.application({ server: Identity.dns('mongo.example') });
  const allow = [Access.tcp()];

  test.each([27017, 8443, 443])('%i of a server in no mesh', (number) => {
    const server = External.server({ host: 'mongo.example', ports: [Port.tls(number)] });
    const own = [{ number, name: 'tls', protocol: 'TLS' }];
    expect(
      dialled((fleet, consumer) =>
        new DirectPeering(fleet, 'mongo', { consumer, provider: server, tls }).expose(server, {
          host: 'mongo.example',
          allow,
        }),
      ),
    ).toEqual(own);
    expect(
      dialled((fleet, consumer) => {
        const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
        new EgressGatewayPeering(fleet, 'mongo', { consumer, provider: server, egress, tls }).expose(server, {
          host: 'mongo.example',
          allow,
        });
      }),
    ).toEqual(own);
  });

  test('the port of the gateway before a service of a mesh of ours, whatever the service listens on', () => {
    const ports = (gateway: GatewayPort) =>
      dialled((fleet, consumer) => {
        const provider = mesh(fleet, 'partner', {}, 'west');
        const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ports: [gateway] });
        const web = provider.service('web', { namespace: 'web', ports: [Port.tls(8443)] });
        new DirectPeering(fleet, 'web', { consumer, provider, ingress, tls }).expose(web, { host: HOST, allow });
      });
    expect(ports(GatewayPort.https())).toEqual([{ number: 443, name: 'tls', protocol: 'TLS' }]);
    expect(ports(GatewayPort.tls(15443))).toEqual([{ number: 15443, name: 'tls', protocol: 'TLS' }]);
  });

  test('443 of a mesh of somebody else, of which only the host is known; or what is stated', () => {
    const ports = (port?: number) =>
      dialled((fleet, consumer) => {
        const provider = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
        const web = provider.service('web', { namespace: 'web', ports: [Port.tls(8443)] });
        new DirectPeering(fleet, 'web', { consumer, provider, tls }).expose(web, {
          host: HOST,
          allow,
          ...(port !== undefined && { port }),
        });
      });
    expect(ports()).toEqual([{ number: 443, name: 'tls', protocol: 'TLS' }]);
    expect(ports(9443)).toEqual([{ number: 9443, name: 'tls', protocol: 'TLS', targetPort: 443 }]);
  });
});

test('gRPC passes no router that speaks HTTP/1.1 to the gateway; passthrough carries it', () => {
  const server = Credential.secret('server', { identity: Identity.dns(HOST), signer: TrustBundle.declared('ca') });
  const expose = (route: RouteFront, tls: PeeringTls) => {
    const fleet = new Fleet();
    const { agency: consumer, partner: provider, ingress } = agencyAndPartner(fleet, { route });
    const rpc = provider.service('rpc', { namespace: 'broker', ports: [Port.grpc(9000)] });
    const callers = undefined;
    const external = External.client('till');
    const peering = new DirectPeering(fleet, 'premium', {
      consumer: tls.mode === 'plain' ? consumer : external,
      provider,
      ingress,
      tls,
      callers,
    });
    return peering.expose(rpc, { host: HOST, allow: [Access.http()] });
  };
  for (const [route, tls] of [
    [RouteFront.http(), PeeringTls.plain()],
    [RouteFront.edge(), PeeringTls.simple({ server })],
    [RouteFront.reencrypt({ credential: server }), PeeringTls.simple({ server })],
  ] as const) {
    expect(messageOf(() => expose(route, tls))).toBe(
      `MESH1207 premium: a Route with termination ${route.termination} in front of gateway partner-cluster/partner/public cannot carry gRPC: the router speaks HTTP/1.1 to the gateway; expected RouteFront.passthrough()`,
    );
  }
  expect(expose(RouteFront.passthrough(), PeeringTls.simple({ server })).protocol).toBe('grpc');
});

test('an alias is not exposed at a gateway, which does not follow the Routing of the mesh', () => {
  const fleet = new Fleet();
  const { agency: consumer, partner: provider, ingress } = agencyAndPartner(fleet);
  const alias = provider.alias('quotes', { namespace: 'broker', port: Port.http(8000) });
  const peering = new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: PeeringTls.plain() });
  expect(messageOf(() => peering.expose(alias, { host: HOST, allow: [Access.http()] }))).toBe(
    'MESH1222 premium: broker/quotes is an alias, which has no endpoints, and a gateway does not follow the Routing of the mesh: 503 UH; expose a service that has pods, or say for which server in no mesh it stands: onward: { server: External.server(…), tls: … }',
  );
});

test('a server in no mesh is exposed by its own name alone, because it gets the host as SNI and Host', () => {
  const fleet = new Fleet();
  const bank = External.server({ host: 'api.bank.example', ports: [Port.http(443)] });
  const consumer = mesh(fleet, 'agency', {}, 'east');
  const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
  const tls = PeeringTls.plain();
  const options = { host: 'bank.corp.example', allow: [Access.http()] };
  const message = (peering: string) =>
    `MESH1221 ${peering}: host 'bank.corp.example' is not the name of the server, which is 'api.bank.example': it would get a name that it does not know as SNI and Host; expose it with host: 'api.bank.example', and for a local name use mesh.alias() with a Routing to this exposure`;
  const direct = new DirectPeering(fleet, 'direct', { consumer, provider: bank, tls });
  expect(messageOf(() => direct.expose(bank, options))).toBe(message('direct'));
  const through = new EgressGatewayPeering(fleet, 'through', { consumer, provider: bank, egress, tls });
  expect(messageOf(() => through.expose(bank, options))).toBe(message('through'));
  expect(direct.expose(bank, { ...options, host: 'API.bank.example' }).nextHop.host).toBe('api.bank.example');
});

describe('two constructs that name the same pods are one gateway', () => {
  const two = (fleet: Fleet) => {
    const { agency, partner: provider, broker } = agencyAndPartner(fleet);
    const gateway = (id: string) =>
      Gateway.existing(provider, id, {
        kind: 'ingress',
        namespace: 'istio-system',
        selector: { istio: 'ingressgateway' },
      });
    const other = mesh(fleet, 'shop');
    const quotes = provider.service('quotes', { namespace: 'broker', ports: [Port.http(9000)] });
    const tls = PeeringTls.plain();
    const a = new DirectPeering(fleet, 'a', { consumer: agency, provider, ingress: gateway('internal'), tls });
    const b = new DirectPeering(fleet, 'b', { consumer: other, provider, ingress: gateway('external'), tls });
    return { a, b, broker, quotes };
  };
  const allow = [Access.http()];

  test('one host cannot lead to two services', () => {
    const { a, b, broker, quotes } = two(new Fleet());
    a.expose(broker, { host: HOST, allow });
    expect(messageOf(() => b.expose(quotes, { host: HOST, allow }))).toBe(
      `MESH1204 b: host '${HOST}' of gateway partner-cluster/partner/internal already leads to insurances.broker.svc.cluster.local:8000 in clear text, not to quotes.broker.svc.cluster.local:9000 in clear text; give this exposure a host of its own`,
    );
  });

  test('one service has one Gateway resource, which routes of both peerings name', () => {
    const objects = objectsOf((fleet) => {
      const { a, b, broker } = two(fleet);
      a.expose(broker, { host: HOST, allow });
      b.expose(broker, { host: HOST, allow });
    });
    expect(objects.one('Gateway').metadata.name).toBe('internal-insurances-partner-example');
    const routes = objects.all.filter(({ kind }) => kind === 'VirtualService');
    expect(routes.map(({ spec }) => (spec as { gateways: string[] }).gateways)).toEqual([
      ['istio-system/internal-insurances-partner-example'],
      ['istio-system/internal-insurances-partner-example'],
    ]);
  });
});

test('names that are too long together are cut, with a digest that keeps them apart', () => {
  const names = (host: string) => {
    const objects = objectsOf((fleet) => {
      const { agency: consumer, partner: provider, broker } = agencyAndPartner(fleet);
      const ingress = Gateway.existing(provider, 'istio-ingressgateway', {
        kind: 'ingress',
        namespace: 'istio-system',
        selector: { istio: 'ingressgateway' },
      });
      const peering = new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: PeeringTls.plain() });
      peering.expose(broker, { host, allow: [Access.http()] });
    });
    const { gateways } = objects.one('VirtualService').spec as { gateways: string[] };
    const { name } = objects.one('Gateway').metadata;
    expect(gateways).toEqual([`istio-system/${name}`]);
    return name;
  };
  const [a, b] = ['insurances', 'insurancez'].map((part) => names(`${part}.partner.travel-agency.example.com`));
  expect(a).toMatch(/^istio--ingressgateway-insurances-partner-travel--agen?-?[0-9a-f]{10}$/);
  expect(a.length).toBeLessThanOrEqual(63);
  expect(a).not.toBe(b);
});
