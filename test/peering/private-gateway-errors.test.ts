import {
  Access,
  Address,
  Callers,
  Credential,
  DirectPeering,
  Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  RouteFront,
} from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';
import { called, calling, clientOf, consumersCa, get, peered, server, servicesOf } from './private-gateways';

type Peered = ReturnType<typeof peered>;

/** What an attempt at a good peering says. */
const exposing = (expose: (sides: Peered, fleet: Fleet) => unknown) =>
  messageOf(() => {
    const fleet = new Fleet();
    return expose(peered(fleet), fleet);
  });

/** What a peering with these options says. */
const stating = (...[gateway, props]: [Parameters<typeof peered>[1]?, Parameters<typeof peered>[2]?]) =>
  messageOf(() => peered(new Fleet(), gateway, props));

describe('a peering is refused', () => {
  test('at an ingress gateway that lets everybody through', () => {
    expect(stating({ denyByDefault: false })).toBe(
      'MESH1207 p: peers are told apart by their certificates, but gateway c2-cluster/c2/igw lets everybody through that its CA vouches for; set denyByDefault: true on the gateway',
    );
  });

  test('at a gateway behind a Route', () => {
    expect(stating({ route: RouteFront.passthrough() })).toBe(
      'MESH1236 p: a Route with termination passthrough stands in front of gateway c2-cluster/c2/igw; peers call a private gateway at its own address: state address, and leave route out',
    );
  });

  test('for a client that no policy can name', () => {
    const client = Credential.secret('client', { identity: Identity.dns('c1.example'), signer: consumersCa });
    expect(stating({}, { tls: PeeringTls.mutual({ client, server }) })).toBe(
      "MESH1233 p: the client's certificate is known by DNS name 'c1.example', which no policy can name; expected a SPIFFE ID: Identity.spiffe('…')",
    );
  });

  test('with a malformed host', () => {
    expect(stating({}, { host: 'https://c2.example.com' })).toContain("MESH1002 p: host 'https://c2.example.com'");
  });

  test('with another host than that of another peering of the gateway', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const { provider, ingress } = peered(fleet);
      const tls = PeeringTls.mutual({ client: clientOf('c3'), server });
      new PrivateGatewayPeering(fleet, 'q', { ...calling(fleet, 'c3'), provider, ingress, tls, host: 'other.example' });
    });
    expect(message).toBe(
      "MESH1235 q: gateway c2-cluster/c2/igw has host 'c2.example.com' in peering 'p', here 'other.example'; all its peers know it by one host",
    );
  });

  test('for a second consumer with the identity of the first', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const { provider, ingress } = peered(fleet);
      const tls = PeeringTls.mutual({ client: clientOf('c1'), server });
      new PrivateGatewayPeering(fleet, 'q', {
        ...calling(fleet, 'c3'),
        provider,
        ingress,
        tls,
        host: 'c2.example.com',
      });
    });
    expect(message).toBe(
      "MESH1237 q: gateway c2-cluster/c2/igw knows the client of peering 'p' by 'spiffe://c1.example/egw', too, so each could do what the other may; expected a SPIFFE ID of its own for every consumer",
    );
  });

  test('at pods that another Gateway of a peering is about, too', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const { provider } = peered(fleet);
      const ingress = Gateway.existing(provider, 'same', {
        kind: 'ingress',
        namespace: 'gws',
        selector: { istio: 'igw' },
        ports: [GatewayPort.https(15443, 15443)],
        denyByDefault: true,
      });
      const tls = PeeringTls.mutual({ client: clientOf('c3'), server });
      const sides = { ...calling(fleet, 'c3'), provider, ingress };
      new PrivateGatewayPeering(fleet, 'q', { ...sides, tls, host: 'c2.example.com' });
    });
    expect(message).toBe(
      "MESH1231 q: gateway c2-cluster/c2/same and gateway c2-cluster/c2/igw of peering 'p' are about the same pods (istio=igw in namespace 'gws'); state the gateway once, and pass the value on",
    );
  });

  test('for callers that the egress gateway cannot tell apart', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const consumer = mesh(fleet, 'c1', {}, 'c1-cluster');
      const selector = { istio: 'egw' };
      const egress = Gateway.existing(consumer, 'egw', { kind: 'egress', namespace: 'gws', selector });
      const callers = Callers.serviceAccounts('web/sleep');
      const tls = PeeringTls.mutual({ client: clientOf('c1'), server });
      new PrivateGatewayPeering(fleet, 'p', {
        ...called(fleet),
        consumer,
        egress,
        callers,
        tls,
        host: 'c2.example.com',
      });
    });
    expect(message).toBe(
      'MESH1206 p: callers names web/sleep, but gateway c1-cluster/c1/egw lets everybody through; set denyByDefault: true on the gateway, or leave callers out; the rule would be widened',
    );
  });

  test('with options of a consumer that is not ours', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const consumer = Mesh.external(fleet, 'c1', { trustDomain: 'c1.example' });
      const tls = PeeringTls.mutual({ client: clientOf('c1'), server });
      const onlyWayOut = ['web'];
      new PrivateGatewayPeering(fleet, 'p', { ...called(fleet), consumer, tls, host: 'c2.example.com', onlyWayOut });
    });
    expect(message).toBe(
      "MESH1215 p: 'onlyWayOut' is stated, but the consumer c1 is not ours, so nothing would be written; leave it out",
    );
  });

  test('without a gateway of its own side', () => {
    expect(stating({}, { egress: undefined })).toContain('MESH1210 p: the consumer c1-cluster/c1 is ours');
    expect(stating({}, { ingress: undefined })).toContain('MESH1210 p: the provider c2-cluster/c2 is ours');
  });

  test.each([
    [
      JSON.parse('null'),
      "MESH1006 p: 'onlyWayIn' is null, expected a list; is an environment variable unset, or a field of a JSON file missing?",
    ],
    [JSON.parse('"app"'), "MESH1006 p: 'onlyWayIn' is 'app', expected a list"],
    [[], 'MESH1208 p: onlyWayIn is empty; name the namespaces, or leave it out'],
    [
      ['gws'],
      "MESH1208 p: onlyWayIn names 'gws', where gateway c2-cluster/c2/igw is: its peers would be cut off; leave it out, and keep workloads out of that namespace",
    ],
    [
      ['elsewhere'],
      "MESH1208 p: onlyWayIn names 'elsewhere', which is no namespace of c2-cluster/c2; it has app: declare it with mesh.namespace('elsewhere')",
    ],
  ])('that closes namespaces %j', (onlyWayIn, message) => {
    expect(stating({}, { onlyWayIn })).toBe(message);
  });
});

describe('an exposure is refused', () => {
  test('of bytes without a port of the gateway, or with one that it lacks, or in clear text', () => {
    expect(exposing(({ peering, services }) => peering.expose(services.db, { allow: [] }))).toBe(
      'MESH1234 p: a tcp port needs a port of its own at the private gateway, by which it is told apart; state gatewayPort: 31400, and give the gateway GatewayPort.tls(31400)',
    );
    expect(exposing(({ peering, services }) => peering.expose(services.db, { allow: [], gatewayPort: 31402 }))).toBe(
      'MESH1234 p: gateway c2-cluster/c2/igw has no port 31402 that takes TLS, it has https 15443, tls 15444, tls 31400, tls 31401; add GatewayPort.tls(31402)',
    );
    expect(exposing(({ peering, services }) => peering.expose(services.web, { allow: [], gatewayPort: 80 }))).toContain(
      'add GatewayPort.https(80)',
    );
    const message = messageOf(() => {
      const { peering, services } = peered(new Fleet(), { ports: [GatewayPort.http(), GatewayPort.https()] });
      peering.expose(services.web, { allow: [], gatewayPort: 80 });
    });
    expect(message).toContain('has no port 80 that takes TLS');
    expect(exposing(({ peering, services }) => peering.expose(services.db, { allow: [], gatewayPort: 0 }))).toContain(
      'MESH1003 p',
    );
  });

  test('with a host of its own where nothing is told apart by host', () => {
    expect(exposing(({ peering, services }) => peering.expose(services.web, { allow: [], host: 'a.example' }))).toBe(
      "MESH1234 p: host 'a.example' is stated for a http port, but only TLS of applications is told apart by server name; leave host out, and bind the exposure to a local name with an alias and a Routing",
    );
  });

  test('at a port and server name that lead elsewhere', () => {
    expect(
      exposing(({ provider, peering, services }) => {
        const other = provider.service('other', { namespace: 'app', ports: [Port.tcp(9000)] });
        peering.expose(services.db, { allow: [], gatewayPort: 31400 });
        peering.expose(other, { allow: [], gatewayPort: 31400 });
      }),
    ).toBe(
      "MESH1235 p: port 31400 of gateway c2-cluster/c2/igw with server name 'c2.example.com' already leads to app/db:9000 with Secret server, not to app/other:9000 with Secret server; give this exposure another port, or another host",
    );
    expect(
      exposing(({ peering, services }) => {
        peering.expose(services.own, { allow: [] });
        peering.expose(services.own, { allow: [], subset: 'v1' });
      }),
    ).toContain("with server name 'own.app.svc.cluster.local' already leads to app/own:443 with Secret server");
    // requests and bytes at one port
    expect(
      exposing(({ peering, services }) => {
        peering.expose(services.web, { allow: [] });
        peering.expose(services.db, { allow: [], gatewayPort: 15443 });
      }),
    ).toContain('already leads to requests of private gateways with Secret server, not to app/db:9000');
  });

  test('with another server name, or another key pair, than for another peer', () => {
    const second = (secret: string, host?: string) =>
      exposing(({ provider, ingress, peering, services }, fleet) => {
        peering.expose(services.own, { allow: [] });
        peering.expose(services.web, { allow: [] });
        const tls = PeeringTls.mutual({
          client: clientOf('c3'),
          server: Credential.secret(secret, { identity: server.identity, signer: server.signer }),
        });
        const sides = { ...calling(fleet, 'c3'), provider, ingress };
        const other = new PrivateGatewayPeering(fleet, 'q', { ...sides, host: 'c2.example.com', tls });
        if (host === undefined) other.expose(services.web, { allow: [] });
        else other.expose(services.own, { allow: [], host });
      });
    expect(second('server', 'other.example')).toBe(
      "MESH1235 q: 'app/own:443' has server name 'own.app.svc.cluster.local' for another peer of gateway c2-cluster/c2/igw, here 'other.example'; state the same host",
    );
    expect(second('server-2')).toContain(
      'with Secret server, not to requests of private gateways with Secret server-2',
    );
  });

  test('by rules that the gateway cannot enforce', () => {
    const from = ['c1.example/ns/web/sa/sleep'];
    expect(exposing(({ peering, services }) => peering.expose(services.web, { allow: [Access.http({ from })] }))).toBe(
      "MESH1206 p: an access rule names callers (c1.example/ns/web/sa/sleep), but the provider's gateway sees the peer's gateway; leave 'from' out; the rule would be widened",
    );
    expect(exposing(({ peering, services }) => peering.expose(services.web, { allow: [Access.tcp()] }))).toContain(
      'MESH1206 p: an Access.tcp rule does not fit a http port; expected Access.http',
    );
    expect(
      exposing(({ peering, services }) => peering.expose(services.db, { allow: get, gatewayPort: 31400 })),
    ).toContain('an Access.http rule does not fit a tcp port; expected Access.tcp');
  });

  test('with callers of the own mesh that are no identities', () => {
    const alsoFrom = ['reviews'];
    expect(exposing(({ peering, services }) => peering.expose(services.web, { allow: [], alsoFrom }))).toContain(
      "MESH1202 p alsoFrom: identity 'reviews' is malformed",
    );
  });

  test('when names are too long together for the Gateway resource', () => {
    const name = 'a-service-with-a-name-that-is-long';
    expect(
      exposing(({ provider, peering }) =>
        peering.expose(provider.service(name, { namespace: 'a-long-namespace-too', ports: [Port.tls(443)] }), {
          allow: [],
        }),
      ),
    ).toContain('name of the Gateway resource (made of gateway id, its port, and namespace, service, port and subset)');
  });

  test('at a gateway whose ServiceAccount nobody states, which policies at workloads name', () => {
    const at = (serviceAccount?: string) => (fleet: Fleet) => {
      const provider = mesh(fleet, 'c2', {}, 'c2-cluster');
      const ingress = Gateway.existing(provider, 'igw', {
        kind: 'ingress',
        namespace: 'gws',
        selector: { istio: 'igw' },
        denyByDefault: true,
        ports: [GatewayPort.https(443, 8443)],
        serviceAccount,
      });
      const tls = PeeringTls.mutual({ client: clientOf('c1'), server });
      const sides = { ...calling(fleet), provider, ingress };
      const peering = new PrivateGatewayPeering(fleet, 'p', { ...sides, host: 'c2.example.com', tls });
      peering.expose(servicesOf(provider).web, { allow: get });
    };
    expect(messageOf(() => at()(new Fleet()))).toBe(
      "MESH1177 p: a policy lets gateway c2-cluster/c2/igw through by its ServiceAccount, which nobody states; state serviceAccount: 'igw', if its pods run as that (istioctl calls it 'igw-service-account')",
    );
    const policies = objectsOf(at('igw-service-account'), 'c2-cluster').find('AuthorizationPolicy');
    expect(JSON.stringify(policies)).toContain('c2.example/ns/gws/sa/igw-service-account');
  });

  test('at the address of one port where the gateway has several', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const provider = mesh(fleet, 'c2', {}, 'c2-cluster');
      const ingress = Gateway.existing(provider, 'igw', {
        kind: 'ingress',
        namespace: 'gws',
        selector: { istio: 'igw' },
        denyByDefault: true,
        ports: [GatewayPort.https(443, 8443), GatewayPort.tls(15444, 15444)],
        address: Address.hostname('lb.example.com', { port: 8443 }),
      });
      const tls = PeeringTls.mutual({ client: clientOf('c1'), server });
      const sides = { ...calling(fleet), provider, ingress };
      const peering = new PrivateGatewayPeering(fleet, 'p', { ...sides, host: 'c2.example.com', tls });
      peering.expose(servicesOf(provider).web, { allow: [] });
    });
    expect(message).toBe(
      'MESH1114 c2-cluster/c2/igw: the address names one port (8443), the gateway has 2; give it the one that is called from outside',
    );
  });
});

test('another strategy does not write at a gateway whose policies are an EnvoyFilter', () => {
  const message = messageOf(() => {
    const fleet = new Fleet();
    const { provider, ingress } = called(fleet, { policies: 'EnvoyFilter' });
    const consumer = mesh(fleet, 'c1', {}, 'c1-cluster');
    const tls = PeeringTls.simple({ server });
    const peering = new DirectPeering(fleet, 'd', {
      consumer,
      provider,
      ingress,
      tls,
      callers: Callers.workload({ namespace: 'web', labels: { app: 'web' }, serviceAccounts: ['web'] }),
    });
    peering.expose(servicesOf(provider).web, { host: 'web.example', allow: get });
  });
  expect(message).toBe(
    "MESH1232 d: gateway c2-cluster/c2/igw holds its policies in one EnvoyFilter, which only private gateway peerings add to; use another gateway, or leave policies: 'EnvoyFilter' out",
  );
});

test('another strategy does not take the host of a private gateway', () => {
  const message = exposing(({ provider, ingress, peering, services }, fleet) => {
    peering.expose(services.web, { allow: [] });
    const tls = PeeringTls.simple({ server });
    const consumer = mesh(fleet, 'c3');
    const callers = Callers.workload({ namespace: 'web', labels: { app: 'web' }, serviceAccounts: ['web'] });
    const direct = new DirectPeering(fleet, 'd', { consumer, provider, ingress, tls, callers });
    direct.expose(services.web, { host: 'c2.example.com', allow: get });
  });
  expect(message).toBe(
    "MESH1235 d: port 15443 of gateway c2-cluster/c2/igw with server name 'c2.example.com' already leads to requests of private gateways with Secret server, not to web.app.svc.cluster.local:8000; give this exposure another port, or another host",
  );
});
