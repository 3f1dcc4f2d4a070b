import { Duration } from 'cdk8s';
import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  type Diallable,
  type DirectCallers,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Failover,
  type Fleet,
  Gateway,
  Identity,
  type Mesh,
  type MeshService,
  Ossm,
  PeeringTls,
  Port,
  Routing,
  Rule,
} from '../../lib';
import { connect, consumer as privateConsumer, provider as privateProvider } from '../../scenarios/private-gateways';
import { federated, peer, services } from '../peering/federations';
import { twoMeshes } from '../peering/shared-root/shared-root';
import { manifestsOf, mesh, messageOf, objectsOf } from '../support/model';
import { shop } from './services';

const saas = External.server({ host: 'pay.vendor.example', ports: [Port.http(443)] });
const HOME = { destination: { host: 'home.web.svc.cluster.local', port: { number: 80 } }, weight: 10 };

function direct(fleet: Fleet, callers?: DirectCallers) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  const home = consumer.service('home', { namespace: 'web', ports: [Port.http(80)] });
  const pay = new DirectPeering(fleet, 'pay', { consumer, provider: saas, tls: PeeringTls.plain(), callers }).expose(
    saas,
    { host: saas.host, allow: [Access.http()] },
  );
  return { consumer, home, pay };
}

function egress(fleet: Fleet) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  const home = consumer.service('home', { namespace: 'web', ports: [Port.http(80)] });
  const gateway = new Gateway(consumer, 'egress', { kind: 'egress', namespace: 'gateways' });
  const peering = new EgressGatewayPeering(fleet, 'pay', {
    consumer,
    provider: saas,
    egress: gateway,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('web'),
  });
  return { consumer, home, pay: peering.expose(saas, { host: saas.host, allow: [Access.http()] }) };
}

describe('a Routing about the host of an exposure', () => {
  test('is where the host is, seen by those who see the host', () => {
    const objects = objectsOf((fleet) => {
      const { consumer, home, pay } = direct(fleet, Callers.namespaces('web', 'batch'));
      new Routing(consumer, 'pay', {
        host: pay,
        rules: [Rule.otherwise().to({ weight: 90, to: pay }, { weight: 10, to: home })],
      });
    });
    const { metadata, spec } = objects.one('VirtualService');
    const { metadata: entry, spec: entrySpec } = objects.one('ServiceEntry');
    expect(metadata).toEqual({ name: 'pay', namespace: entry.namespace });
    expect(spec).toEqual({
      hosts: ['pay.vendor.example'],
      exportTo: (entrySpec as { exportTo: string[] }).exportTo,
      http: [
        {
          match: [
            { port: 443, sourceNamespace: 'batch' },
            { port: 443, sourceNamespace: 'web' },
          ],
          route: [
            {
              destination: { host: 'pay.vendor.example', port: { number: 443 } },
              headers: { request: { set: { ':authority': 'pay.vendor.example' } } },
              weight: 90,
            },
            HOME,
          ],
        },
      ],
    });
  });

  test('goes into what an egress gateway writes for the host: there is one VirtualService', () => {
    const without = objectsOf((fleet) => {
      egress(fleet);
    }).one('VirtualService');
    const objects = objectsOf((fleet) => {
      const { consumer, home, pay } = egress(fleet);
      new Routing(consumer, 'pay', {
        host: pay,
        rules: [
          Rule.when({ headers: { beta: '1' } }).to(home),
          Rule.otherwise().to({ weight: 90, to: pay }, { weight: 10, to: home }),
        ],
      });
    });
    const { metadata, spec } = objects.one('VirtualService');
    expect(metadata).toEqual(without.metadata);
    const [, onward] = (without.spec as { http: object[] }).http;
    const { destination } = (without.spec as { http: { route: { destination: object }[] }[] }).http[0].route[0];
    const fromMesh = { gateways: ['mesh'], port: 443 };
    expect(spec).toEqual({
      ...(without.spec as object),
      http: [
        { match: [{ ...fromMesh, headers: { beta: { exact: '1' } } }], route: [{ destination: HOME.destination }] },
        {
          match: [{ ...fromMesh, sourceNamespace: 'web' }],
          route: [
            {
              destination,
              headers: { request: { set: { ':authority': 'pay.vendor.example:443' } } },
              weight: 90,
            },
            HOME,
          ],
        },
        onward,
      ],
    });
  });

  test.each([direct, egress])('leads all calls where they went before, where nothing else is said', (parts) => {
    const findings = (isRouted: boolean) =>
      manifestsOf((fleet) => {
        const { consumer, pay } = parts(fleet);
        if (isRouted) new Routing(consumer, 'pay', { host: pay, rules: [Rule.otherwise().to(pay)] });
      }).cluster('east');
    expect(findings(true).find('DestinationRule')).toEqual(findings(false).find('DestinationRule'));
    expect(findings(true).find('ServiceEntry')).toEqual(findings(false).find('ServiceEntry'));
  });
});

describe('a Routing about other hosts that callers dial', () => {
  const routed = (host: string, build: (fleet: Fleet) => { consumer: Mesh; dialled: Diallable<'http'> }) => {
    const rule = objectsOf((fleet) => {
      const { consumer, dialled } = build(fleet);
      const home = consumer.service('home', { namespace: 'web', ports: [Port.http(80)] });
      const tester = Rule.when({ headers: { beta: '1' } }).to(home);
      new Routing(consumer, 'own', { host: dialled, rules: [tester, Rule.otherwise().to(dialled)] });
    })
      .find('VirtualService')
      .find(({ metadata }) => metadata.name === 'own');
    expect(rule?.spec).toMatchObject({ hosts: [host], http: [{}, { route: [{ destination: { host } }] }] });
    return rule;
  };

  test('of a failover', () => {
    const rule = routed('hello.global', (fleet) => {
      const { peering, httpbin, consumer } = twoMeshes(fleet);
      const at = { host: 'hello.global', port: Port.http(8000) };
      const dialled = new Failover(consumer, 'everywhere', { ...at, locality: 'c1/c1-a' });
      peering.expose(httpbin.at(Port.http(8000)), {
        host: at.host,
        allow: [Access.http({ from: ['cluster.local/ns/foo/*'] })],
        failover: dialled.at('c2/c2-a'),
      });
      return { consumer, dialled };
    });
    expect(rule?.metadata.namespace).toBe('istio-system');
  });

  test.each([
    ['maistra', 'web.x.svc.b-imports.local', 'a-system'],
    ['gateways', 'web.x.svc.b-imports.local', 'a-system'],
  ] as const)('of an imported service (%s)', (form, host, namespace) => {
    const rule = routed(host, (fleet) => {
      const cluster = new Cluster(fleet, 'ocp');
      const [consumer, b] = ['a', 'b'].map((id) => federated(fleet, form, id, { cluster }));
      b.namespace('x');
      consumer.namespace('web');
      const dialled = peer({ fleet, a: consumer, b }).expose(services(b).web as MeshService<'http'>, {
        allow: [Access.http()],
      });
      return { consumer, dialled };
    });
    expect(rule?.metadata.namespace).toBe(namespace);
  });
});

describe('what cannot be routed is refused', () => {
  test('a second Routing about the host', () => {
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const { consumer, pay } = egress(fleet);
        for (const id of ['one', 'two']) new Routing(consumer, id, { host: pay, rules: [Rule.otherwise().to(pay)] });
      }),
    );
    expect(message).toBe(
      'MESH1303 east/shop/two: another Routing is about pay.vendor.example; put all rules of a host into one, with a list of exposures for several of its ports',
    );
  });

  test('an exposure that another mesh consumes', () => {
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const { pay } = direct(fleet);
        const other = mesh(fleet, 'other', {}, 'west');
        new Routing(other, 'pay', { host: pay, rules: [Rule.otherwise().to(pay)] });
      }),
    );
    expect(message).toBe(
      'MESH1303 west/other/pay: exposure pay.vendor.example is consumed by east/shop; expected one that west/other consumes',
    );
  });

  test('an exposure of private gateways, which has no host to dial', () => {
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const from = privateConsumer(fleet, 'c1');
        const to = privateProvider(fleet, 'c2');
        const service = to.mesh.service('hello', { namespace: 'sample', ports: [Port.http(80)] });
        const exposure = connect(fleet, from, to).expose(service, { allow: [Access.http()] });
        new Routing(from.mesh, 'hello', { host: exposure, rules: [Rule.otherwise().to(exposure)] });
      }),
    );
    expect(message).toBe(
      'MESH1314 c1/c1/hello: exposure 80.hello.sample.c2.example.com has no host that callers dial; give it a name with mesh.alias(), and let the Routing be about that',
    );
  });

  test('server names beside the one that the egress gateway knows', () => {
    const server = External.server({ host: 'db.vendor.example', ports: [Port.tls(443)] });
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const { consumer } = egress(fleet);
        const gateway = new Gateway(consumer, 'egress-2', { kind: 'egress', namespace: 'gateways' });
        const db = new EgressGatewayPeering(fleet, 'db', {
          consumer,
          provider: server,
          egress: gateway,
          tls: PeeringTls.application({ server: Identity.dns(server.host) }),
        }).expose(server, { host: server.host, allow: [Access.tcp()] });
        new Routing<'tls'>(consumer, 'db', { host: db, rules: [Rule.sni(['other.example']).to(db)] });
      }),
    );
    expect(message).toBe(
      'MESH1313 east/shop/db: a rule for server name other.example names servers beside db.vendor.example, which alone the egress gateway knows; leave the rule out',
    );
  });

  test('a mirror that answers 404', () => {
    const mirrored = (rule: (all: ReturnType<typeof shop>) => Rule) =>
      messageOf(() =>
        objectsOf((fleet) => {
          const all = shop(fleet);
          new Routing(all.consumer, 'cart', { host: all.cart, rules: [rule(all)] });
        }),
      );
    expect(
      mirrored(({ cart, pay }) =>
        Rule.otherwise()
          .to(cart)
          .with({ mirror: { to: pay } }),
      ),
    ).toBe(
      'MESH1311 east/shop/cart: copies for pay.vendor.example have the authority of the original, and of calls to cart.web.svc.cluster.local that is whatever callers dial; fix it with rewrite: { authority: … }',
    );
    const rewrite = { authority: 'prod.example' };
    expect(
      mirrored(({ cart, pay }) =>
        Rule.otherwise()
          .to(cart)
          .with({ rewrite, mirror: { to: pay } }),
      ),
    ).toBe(
      "MESH1311 east/shop/cart: copies for pay.vendor.example have the authority 'prod.example' of the original, which nobody on the way takes (404); state mirrorOf: ['prod.example'] where pay.vendor.example is exposed",
    );
  });

  test('a mirror of the same authority is taken, where the platform lets it stand', () => {
    const state = (platform: 'istio' | 'ossm') => (fleet: Fleet) => {
      const consumer = mesh(
        fleet,
        'shop',
        platform === 'ossm' ? { platform: Ossm.v3(), controlPlane: ControlPlane.existing('istio-system') } : {},
        'east',
      );
      const cart = consumer.service('cart', { namespace: 'web', ports: [Port.http(80)] });
      const stage = new DirectPeering(fleet, 'stage', { consumer, provider: saas, tls: PeeringTls.plain() }).expose(
        saas,
        {
          host: saas.host,
          allow: [Access.http()],
        },
      );
      const rule = Rule.otherwise()
        .to(cart)
        .with({ rewrite: { authority: saas.host }, mirror: { to: stage } });
      new Routing(consumer, 'cart', { host: cart, rules: [rule] });
    };
    expect(objectsOf(state('istio')).find('VirtualService')).toHaveLength(1);
    expect(messageOf(() => objectsOf(state('ossm')))).toContain("have the authority 'pay.vendor.example-shadow'");
  });

  test('retries with a pause that the platform does not know', () => {
    const message = messageOf(() =>
      objectsOf((fleet) => {
        const consumer = mesh(fleet, 'shop', { platform: Ossm.v3() }, 'east');
        const cart = consumer.service('cart', { namespace: 'web', ports: [Port.http(80)] });
        const retries = { attempts: 1, backoff: Duration.seconds(1) };
        new Routing(consumer, 'cart', { host: cart, rules: [Rule.otherwise().to(cart).with({ retries })] });
      }),
    );
    expect(message).toBe(
      'MESH1312 east/shop/cart: OpenShift Service Mesh 3 (Istio 1.24) knows no backoff of retries, and would drop it; leave it out',
    );
  });
});
