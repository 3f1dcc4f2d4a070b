import {
  Access,
  DirectPeering,
  External,
  Fleet,
  type Http,
  type Mesh,
  type MeshService,
  PeeringTls,
  Port,
  Routing,
  Rule,
} from '../../lib';
import type { ClusterManifests } from '../../lib/testing';
import { agencyAndPartner, mesh, messageOf, objectsOf } from '../support/model';

const remote = External.server({ host: 'api.bank.example', ports: [Port.http(80)] });

/** A mesh with a local service, and a server that it may call. */
function parts(fleet: Fleet) {
  const production = mesh(fleet, 'production', {}, 'east');
  const insurances = production.service('insurances', {
    namespace: 'travel',
    ports: [Port.http(8000)],
    subsets: { v1: { version: 'v1' }, v2: { version: 'v2' } },
  });
  const bank = new DirectPeering(fleet, 'bank', {
    consumer: production,
    provider: remote,
    tls: PeeringTls.plain(),
  }).expose(remote, { host: remote.host, allow: [Access.http()] });
  return { production, insurances, bank };
}

function routed(rules: (all: ReturnType<typeof parts>) => Rule[]) {
  return objectsOf((fleet) => {
    const all = parts(fleet);
    new Routing(all.production, 'destinations', { host: all.insurances, rules: rules(all) });
  });
}

const http = (manifests: ClusterManifests) =>
  (manifests.one('VirtualService').spec as { http: { route: object[] }[] }).http;

describe('Routing', () => {
  test('is the VirtualService of the host, in its namespace, for the sidecars of the mesh', () => {
    const virtualService = routed(({ insurances, bank }) => [
      Rule.paths(['/insurances/London', '/premium/*']).to(bank),
      Rule.otherwise().to(insurances),
    ]).one('VirtualService');
    expect(virtualService).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'destinations', namespace: 'travel' },
      spec: {
        hosts: ['insurances.travel.svc.cluster.local'],
        http: [
          {
            match: [{ uri: { exact: '/insurances/London' } }, { uri: { prefix: '/premium/' } }],
            route: [
              {
                destination: { host: 'api.bank.example', port: { number: 80 } },
                headers: { request: { set: { ':authority': 'api.bank.example' } } },
              },
            ],
          },
          { route: [{ destination: { host: 'insurances.travel.svc.cluster.local', port: { number: 8000 } } }] },
        ],
      },
    });
  });

  test('the authority is set per destination: a local one keeps its own', () => {
    const [rule] = http(
      routed(({ insurances, bank }) => [Rule.otherwise().to({ weight: 75, to: insurances }, { weight: 25, to: bank })]),
    );
    expect(rule.route).toEqual([
      { destination: { host: 'insurances.travel.svc.cluster.local', port: { number: 8000 } }, weight: 75 },
      {
        destination: { host: 'api.bank.example', port: { number: 80 } },
        weight: 25,
        headers: { request: { set: { ':authority': 'api.bank.example' } } },
      },
    ]);
  });

  test('a subset has its DestinationRule, with all subsets of the service, once', () => {
    const objects = routed(({ insurances }) => [
      Rule.paths(['/a']).to(insurances.subset('v2')),
      Rule.otherwise().to(insurances.subset('v2')),
    ]);
    expect(objects.one('DestinationRule')).toMatchObject({
      metadata: { name: 'insurances', namespace: 'travel' },
      spec: {
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
    });
    expect(http(objects)[1].route).toEqual([
      { destination: { host: 'insurances.travel.svc.cluster.local', port: { number: 8000 }, subset: 'v2' } },
    ]);
  });

  test('without subsets there is no DestinationRule', () => {
    expect(routed(({ insurances }) => [Rule.otherwise().to(insurances)]).find('DestinationRule')).toEqual([]);
  });

  test('of a host with several ports only the calls to the port that is meant are matched; others go where they went', () => {
    const objects = objectsOf((fleet) => {
      const production = mesh(fleet, 'production');
      const web = production.service('web', {
        namespace: 'travel',
        ports: [Port.http(80), Port.grpc(9000)],
      });
      const host = web.at(Port.http(80));
      new Routing(production, 'web', { host, rules: [Rule.paths(['/a']).to(host), Rule.otherwise().to(host)] });
    });
    expect(http(objects).map((rule) => ({ ...rule, route: [] }))).toEqual([
      { match: [{ port: 80, uri: { exact: '/a' } }], route: [] },
      { match: [{ port: 80 }], route: [] },
      { match: [{ port: 9000 }], route: [] },
    ]);
  });
});

describe('rules that do not fit are refused', () => {
  const never = (narrow: string, broad: string) =>
    `MESH1301 east/production/destinations: the rule for ${narrow} is never reached: the one for ${broad} above it is about the same calls; put the narrower rule first, or remove it`;

  test.each<[string[], string]>([
    [['/a', '/a'], never("'/a'", "'/a'")],
    [['/a/*', '/a/b'], never("'/a/b'", "'/a/*'")],
    [['/a/*', '/a/b/*'], never("'/a/b/*'", "'/a/*'")],
    [['*', '/a'], never("'/a'", 'every call (Rule.otherwise)')],
    [['*', '*'], never('every call (Rule.otherwise)', 'every call (Rule.otherwise)')],
    [['/*', '*'], ''],
    [['/a', '/a/*', '/*', '*'], ''],
    [['/a/b', '/a/*', '/ab'], ''],
  ])('%j', (paths, message) => {
    const build = () =>
      routed(({ insurances }) =>
        paths.map((path) => (path === '*' ? Rule.otherwise() : Rule.paths([path])).to(insurances)),
      );
    if (message === '') expect(http(build())).toHaveLength(paths.length);
    else expect(messageOf(build)).toBe(message);
  });

  test('none', () => {
    expect(messageOf(() => routed(() => []))).toBe(
      'MESH1301 east/production/destinations: the list of rules is empty, so every call would end in 404; state at least one rule',
    );
  });
});

describe('what cannot be routed is refused', () => {
  const routing = (production: Mesh, host: MeshService<Http>, id = 'destinations') =>
    new Routing(production, id, { host, rules: [Rule.otherwise().to(host)] });

  test('a host of another mesh', () => {
    const fleet = new Fleet();
    const { production } = parts(fleet);
    const host = mesh(fleet, 'other', {}, 'west').service('web', { namespace: 'travel', ports: [Port.http(80)] });
    expect(messageOf(() => routing(production, host))).toBe(
      'MESH1303 east/production/destinations: host travel/web is of mesh west/other; expected a service of east/production',
    );
  });

  test('a host that another Routing is about', () => {
    const { production, insurances } = parts(new Fleet());
    routing(production, insurances);
    expect(messageOf(() => routing(production, insurances, 'more'))).toBe(
      'MESH1303 east/production/more: another Routing is about travel/insurances; put all rules of a host into one',
    );
  });

  test('a host with several ports, of which none is named', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    const web = production.service('web', { namespace: 'travel', ports: [Port.http(80), Port.grpc(9000)] });
    expect(messageOf(() => routing(production, web))).toBe(
      'MESH1103 east/production/travel/web: the service has several ports (http 80, grpc 9000); say which one with .at(Port.…)',
    );
  });

  test('a destination of another mesh', () => {
    const fleet = new Fleet();
    const { production, insurances } = parts(fleet);
    const to = mesh(fleet, 'other', {}, 'west').service('web', { namespace: 'travel', ports: [Port.http(80)] });
    expect(
      messageOf(() => new Routing(production, 'destinations', { host: insurances, rules: [Rule.otherwise().to(to)] })),
    ).toBe(
      'MESH1304 east/production/destinations: destination web.travel.svc.cluster.local is of mesh west/other; expected a service of east/production, or an exposure that it consumes',
    );
  });

  test('an exposure that another mesh, or nobody of ours, consumes', () => {
    const fleet = new Fleet();
    const { production, insurances } = parts(fleet);
    const { agency, partner, ingress, broker } = agencyAndPartner(fleet, { denyByDefault: false });
    const peering = (id: string, consumer: typeof agency | ReturnType<typeof External.client>) =>
      new DirectPeering(fleet, id, { consumer, provider: partner, ingress, tls: PeeringTls.plain() }).expose(broker, {
        host: 'insurances.partner.example',
        allow: [Access.http()],
      });
    const route = (id: string, to: ReturnType<typeof peering>) =>
      messageOf(() => new Routing(production, id, { host: insurances, rules: [Rule.otherwise().to(to)] }));
    expect(route('one', peering('theirs', agency))).toBe(
      'MESH1304 east/production/one: destination insurances.partner.example is of mesh agency-cluster/agency; expected a service of east/production, or an exposure that it consumes',
    );
  });

  test('an exposure that nobody of ours consumes', () => {
    const fleet = new Fleet();
    const { production, insurances } = parts(fleet);
    const { partner, ingress, broker } = agencyAndPartner(fleet, { denyByDefault: false });
    const to = new DirectPeering(fleet, 'outside', {
      consumer: External.client('till'),
      provider: partner,
      ingress,
      tls: PeeringTls.plain(),
    }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http()] });
    expect(
      messageOf(() => new Routing(production, 'one', { host: insurances, rules: [Rule.otherwise().to(to)] })),
    ).toBe(
      'MESH1304 east/production/one: destination insurances.partner.example is consumed by somebody else; expected a service of east/production, or an exposure that it consumes',
    );
  });

  test('a malformed id', () => {
    const { production, insurances } = parts(new Fleet());
    expect(messageOf(() => routing(production, insurances, 'A b'))).toContain(
      "MESH1001 east/production: routing id 'A b' is no DNS label",
    );
  });
});
