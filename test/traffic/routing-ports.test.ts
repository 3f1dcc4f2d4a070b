import {
  Access,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  PeeringTls,
  Port,
  Routing,
  Rule,
} from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';

const HOST = 'api.vendor.example';
const [http, admin, https] = [Port.http(80), Port.http(8080), Port.tls(443)];
const plain = PeeringTls.plain();

type Way = 'sidecar' | 'gateway';

/** Ports of one host, exposed one after the other. */
function vendor(fleet: Fleet, way: Way, host = HOST) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  consumer.namespace('shop');
  const provider = External.server<'http' | 'tls'>({ host, ports: [http, admin, https] });
  const peering =
    way === 'sidecar'
      ? new DirectPeering(fleet, 'vendor', { consumer, provider, tls: plain })
      : new EgressGatewayPeering(fleet, 'vendor', {
          ...{ consumer, provider, tls: plain },
          egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
        });
  const home = consumer.service('home', { namespace: 'shop', ports: [Port.http(8000)] });
  const expose = (port: Port<'http'>) => peering.expose(provider.at(port), { host, allow: [Access.http()] });
  const passOn = () => peering.expose(provider.at(https), { host, allow: [Access.tcp()] });
  return { consumer, home, expose, passOn };
}

const specOf = (build: (fleet: Fleet) => void) =>
  objectsOf(build, 'east').one('VirtualService').spec as { http: { match?: object[]; route?: object[] }[] };
const to = (host: string, number: number) => [{ destination: { host, port: { number } } }];

describe('ports that no rule is about', () => {
  test('of a service go where they went', () => {
    const spec = specOf((fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      const own = { namespace: 'shop' };
      const ports = [http, Port.http(8080, { name: 'http-admin' }), Port.tcp(9000)];
      const web = consumer.service<'http' | 'tcp'>('web', { ...own, ports });
      const home = consumer.service('home', { ...own, ports: [Port.http(8000)] });
      new Routing(consumer, 'web', { host: web.at(http), rules: [Rule.otherwise().to(home)] });
    });
    expect(spec).toEqual({
      hosts: ['web.shop.svc.cluster.local'],
      http: [
        { match: [{ port: 80 }], route: to('home.shop.svc.cluster.local', 8000) },
        { match: [{ port: 8080 }], route: to('web.shop.svc.cluster.local', 8080) },
      ],
    });
  });

  test('of the host of an exposure do, too, also where they are exposed later', () => {
    const spec = specOf((fleet) => {
      const { consumer, home, expose, passOn } = vendor(fleet, 'sidecar');
      const exposure = expose(admin);
      new Routing(consumer, 'admin', {
        host: exposure,
        rules: [Rule.paths(['/home/*']).to(home), Rule.otherwise().to(exposure)],
      });
      expose(http);
      passOn();
    });
    const authority = (name: string) => ({ headers: { request: { set: { ':authority': name } } } });
    expect(spec.http).toEqual([
      { match: [{ port: 8080, uri: { prefix: '/home/' } }], route: to('home.shop.svc.cluster.local', 8000) },
      { match: [{ port: 8080 }], route: [{ ...to(HOST, 8080)[0], ...authority(HOST) }] },
      { match: [{ port: 80 }], route: to(HOST, 80) },
    ]);
  });

  test('are left alone by rules for bytes: nothing is about their requests', () => {
    const spec = specOf((fleet) => {
      const consumer = mesh(fleet, 'shop', {}, 'east');
      const ports = [http, Port.tcp(9000)];
      const db = consumer.service<'http' | 'tcp'>('db', { namespace: 'shop', ports });
      new Routing<'tcp'>(consumer, 'db', {
        host: db.at(Port.tcp(9000)),
        rules: [Rule.otherwise().to(db.at(Port.tcp(9000)))],
      });
    });
    expect(spec.http).toBeUndefined();
  });
});

describe('a list of exposures', () => {
  test.each<[Way, string[]]>([
    ['sidecar', ['80', '80', '8080']],
    ['gateway', ['80', '80', '8080', '443', '443']],
  ])('by the %s: one Routing is about ports of one host', (way, ports) => {
    const spec = specOf((fleet) => {
      const { consumer, home, expose } = vendor(fleet, way);
      const [one, two] = [expose(http), expose(admin)];
      new Routing(consumer, 'vendor', {
        host: [one, two],
        rules: [
          Rule.when({ paths: ['/home/*'], port: http }).to(home),
          Rule.port(http).to(one),
          Rule.port(admin).to(two),
        ],
      });
    });
    expect(spec.http.map(({ match }) => String((match as { port: number }[])[0].port))).toEqual(ports);
  });

  const refused = (build: (own: ReturnType<typeof vendor>, fleet: Fleet) => void) =>
    messageOf(() => {
      const fleet = new Fleet();
      build(vendor(fleet, 'sidecar'), fleet);
    });

  test.each<[string, (own: ReturnType<typeof vendor>, fleet: Fleet) => void, string]>([
    [
      'a rule that does not say its port',
      ({ consumer, home, expose }) =>
        new Routing(consumer, 'vendor', { host: [expose(http), expose(admin)], rules: [Rule.otherwise().to(home)] }),
      'MESH1103 east/shop/vendor: api.vendor.example has several ports (http 80, http 8080), and a rule for every call does not say which it is about; say it with Rule.port(Port.…), with port in Rule.when, or with .at(Port.…) at the host',
    ],
    [
      'nothing',
      ({ consumer, home }) => new Routing(consumer, 'vendor', { host: [], rules: [Rule.otherwise().to(home)] }),
      'MESH1303 east/shop/vendor: the list of hosts is empty; state the exposures of a host',
    ],
    [
      'one port twice',
      ({ consumer, home, expose }) => {
        const one = expose(http);
        new Routing(consumer, 'vendor', { host: [one, one], rules: [Rule.port(http).to(home)] });
      },
      "MESH1303 east/shop/vendor: port 80 of host 'api.vendor.example' is stated twice; state it once",
    ],
    [
      'two hosts',
      ({ consumer, home, expose }, fleet) => {
        const provider = External.server({ host: 'other.example', ports: [admin] });
        const other = new DirectPeering(fleet, 'other', { consumer, provider, tls: plain }).expose(provider, {
          host: 'other.example',
          allow: [Access.http()],
        });
        new Routing(consumer, 'vendor', { host: [expose(http), other], rules: [Rule.port(http).to(home)] });
      },
      "MESH1303 east/shop/vendor: hosts 'api.vendor.example' and 'other.example' are two; state a Routing for each",
    ],
    [
      'a second Routing for another port',
      ({ consumer, home, expose }) => {
        new Routing(consumer, 'one', { host: expose(http), rules: [Rule.otherwise().to(home)] });
        new Routing(consumer, 'two', { host: expose(admin), rules: [Rule.otherwise().to(home)] });
      },
      'MESH1303 east/shop/two: another Routing is about api.vendor.example; put all rules of a host into one, with a list of exposures for several of its ports',
    ],
    [
      'what is no exposure',
      ({ consumer, home }) =>
        new Routing(consumer, 'vendor', { host: [home as never], rules: [Rule.otherwise().to(home)] }),
      "MESH1006 east/shop/vendor: 'host'[0] is a value of class MeshService, expected an exposure",
    ],
  ])('%s is refused', (_, build, message) => {
    expect(refused(build)).toBe(message);
  });
});
