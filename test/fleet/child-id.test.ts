import { Construct } from 'constructs';
import {
  Access,
  Cluster,
  Contract,
  ControlPlane,
  DirectPeering,
  External,
  Failover,
  Fleet,
  Gateway,
  Istio,
  Mesh,
  MtlsPolicy,
  PeeringTls,
  Port,
  Routing,
  Rule,
  Workload,
} from '../../lib';
import { Testing } from '../../lib/testing';
import { agencyAndPartner, mesh, messageOf, synth } from '../support/model';

const bank = External.server({ host: 'api.bank.example', ports: [Port.http(80)] });
const toBank = { host: bank.host, allow: [Access.http()] };
const tls = PeeringTls.plain();
const platform = Istio.v1_31();
const controlPlane = ControlPlane.existing('istio-system');

describe('a peering is called after its partner', () => {
  test('beside a cluster, a mesh and the Failover of that name, in whatever order', () => {
    const build = (peeringFirst: boolean) => (fleet: Fleet) => {
      const agency = mesh(fleet, 'agency', {}, 'east');
      const cluster = () => new Mesh(new Cluster(fleet, 'partner'), 'partner', { platform, controlPlane });
      const peering = () => new DirectPeering(fleet, 'partner', { consumer: agency, provider: bank, tls });
      if (peeringFirst) {
        peering().expose(bank, toBank);
        cluster();
      } else {
        cluster();
        peering().expose(bank, toBank);
      }
    };
    const files = synth(build(true));
    expect(files).toEqual(synth(build(false)));
    expect(Object.keys(files)).toContain('east/agency.partner.consumer.k8s.yaml');
    expect(JSON.parse(files['fleet.json']).peerings).toMatchObject([{ name: 'partner', path: 'partner' }]);
  });

  test('that is a mesh of somebody else', () => {
    const files = synth((fleet) => {
      const provider = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
      const quotes = provider.service('quotes', { namespace: 'broker', ports: [Port.http(8000)] });
      new DirectPeering(fleet, 'partner', { consumer: mesh(fleet, 'agency', {}, 'east'), provider, tls }).expose(
        quotes,
        { host: 'quotes.partner.example', allow: [Access.http()] },
      );
    });
    expect(Object.keys(files)).toContain('east/agency.partner.consumer.k8s.yaml');
  });

  test('also when its contract is read', () => {
    const text = synth((fleet) => {
      const { partner: provider, ingress, broker } = agencyAndPartner(fleet, { denyByDefault: false });
      const consumer = Mesh.external(fleet, 'agency-elsewhere', { trustDomain: 'agency-elsewhere.example' });
      new DirectPeering(fleet, 'partner', { consumer, provider, ingress, tls }).expose(broker, {
        host: 'quotes.partner.example',
        allow: [Access.http()],
      });
    })['contracts/partner.json'];
    const files = synth((fleet) => {
      const consumer = mesh(fleet, 'agency-elsewhere', {}, 'partner');
      const contract = Contract.parse(text, 'partner.json');
      const peering = DirectPeering.fromContract(fleet, { consumer, contract });
      expect(peering.name).toBe('partner');
      peering.exposure('broker/insurances:8000');
    });
    expect(Object.keys(files)).toContain('partner/agency-elsewhere.partner.consumer.k8s.yaml');
  });

  test('and findings of it are accepted for it, not for the cluster of that name', () => {
    const fleet = Testing.fleet();
    const consumer = mesh(fleet, 'agency', {}, 'partner');
    const peering = new DirectPeering(fleet, 'partner', { consumer, provider: bank, tls });
    peering.expose(bank, toBank);
    fleet.accept('MESH3001', consumer.cluster, 'the wrong construct');
    expect(fleet.review().findings.map(({ code }) => code)).toEqual(['MESH3001', 'MESH2018']);
    fleet.accept('MESH3001', peering, 'the right one');
    expect(fleet.review().findings.map(({ code }) => code)).toEqual(['MESH2018']);
  });

  test('but not after another peering', () => {
    const fleet = new Fleet();
    const consumer = mesh(fleet, 'agency');
    new DirectPeering(fleet, 'bank', { consumer, provider: bank, tls });
    expect(messageOf(() => new DirectPeering(fleet, 'bank', { consumer, provider: bank, tls }))).toBe(
      "MESH1130 fleet: peering id 'bank' is that of a DirectPeering already, and files and messages are called by ids; choose another one",
    );
  });
});

describe('in a mesh', () => {
  const NAME = 'ratings';
  /** One construct of each kind that can have the name. */
  const KINDS: Record<string, (own: Mesh) => unknown> = {
    gateway: (own) => new Gateway(own, NAME, { kind: 'egress', namespace: 'egress' }),
    routing: (own) => {
      const host = own.alias('routed', { namespace: 'shop', port: Port.http(80) });
      const local = own.service('routed-to', { namespace: 'shop', ports: [Port.http(80)] });
      return new Routing(own, NAME, { host, rules: [Rule.otherwise().to(local)] });
    },
    failover: (own) => {
      const local = own.service('near', { namespace: 'shop', ports: [Port.http(80)] });
      const host = 'ratings.global.example';
      return new Failover(own, NAME, { host, port: Port.http(80), locality: 'eu-1', local, names: 'rulesOnly' });
    },
    chart: (own) => own.chart(NAME),
    workload: (own) => {
      const service = own.service('worked', { namespace: 'shop', ports: [Port.http(80)] });
      return new Workload(own, NAME, { service, image: 'quay.io/example/worked:1.0' });
    },
    policy: (own) => new MtlsPolicy(own, NAME, { mode: 'STRICT', namespace: 'shop' }),
    alias: (own) => own.alias(NAME, { namespace: 'shop', port: Port.http(80) }),
    namespace: (own) => own.namespace(NAME, { create: true }),
    peering: (own) => new DirectPeering(own, NAME, { consumer: own, provider: bank, tls }).expose(bank, toBank),
  };
  const FILES = ['gateway', 'routing', 'failover', 'chart'];
  const pairs = Object.keys(KINDS).flatMap((first) => Object.keys(KINDS).map((second) => [first, second] as const));

  test.each(pairs.filter(([first, second]) => first !== second))(
    '%s and %s may have one name, or it is said why not',
    (first, second) => {
      const build = (fleet: Fleet) => {
        const own = mesh(fleet, 'shop', {}, 'east');
        own.namespace('shop');
        KINDS[first](own);
        KINDS[second](own);
      };
      if (FILES.includes(first) && FILES.includes(second)) {
        expect(messageOf(() => build(new Fleet()))).toMatch(
          new RegExp(`^MESH1130 east/shop: ${second} id 'ratings' is that of a \\w+ already`),
        );
      } else if ([first, second].includes('failover')) {
        // it is not written without a peering that gives an endpoint
        expect(() => build(new Fleet())).not.toThrow();
      } else {
        expect(Object.keys(synth(build)).length).toBeGreaterThan(2);
      }
    },
  );

  test.each(Object.keys(KINDS))('two of one kind are refused with a code: %s', (kind) => {
    const own = mesh(new Fleet(), 'shop', {}, 'east');
    own.namespace('shop');
    KINDS[kind](own);
    expect(messageOf(() => KINDS[kind](own))).toMatch(/^MESH\d{4} /);
  });

  test.each(['base', 'shared', 'chart', 'consumer'])('no name is kept for the library: %s', (name) => {
    const files = synth((fleet) => {
      new Gateway(mesh(fleet, name, {}, name), name, { kind: 'egress', namespace: name });
    });
    expect(Object.keys(files)).toContain(`${name}/${name}.${name}.k8s.yaml`);
  });

  test('a chart of yours does not take the objects of a service', () => {
    const own = mesh(new Fleet(), 'shop', {}, 'east');
    const chart = own.chart('shop.ratings');
    own.alias('ratings', { namespace: 'shop', port: Port.http(80) });
    expect(chart.node.children).toEqual([]);
  });
});

test('two clusters, meshes, or meshes of somebody else of one id are refused', () => {
  const fleet = new Fleet();
  const cluster = new Cluster(fleet, 'east');
  new Mesh(cluster, 'shop', { platform, controlPlane });
  Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
  const taken = (kind: string, id: string, by: string) =>
    `${kind} id '${id}' is that of a ${by} already, and files and messages are called by ids; choose another one`;
  expect(messageOf(() => new Cluster(fleet, 'east'))).toBe(`MESH1130 fleet: ${taken('cluster', 'east', 'Cluster')}`);
  expect(messageOf(() => new Cluster(fleet, 'partner'))).toBe(
    `MESH1130 fleet: ${taken('cluster', 'partner', 'ExternalMesh')}`,
  );
  expect(messageOf(() => new Mesh(cluster, 'shop', { platform, controlPlane }))).toBe(
    `MESH1130 east: ${taken('mesh', 'shop', 'Mesh')}`,
  );
  expect(messageOf(() => Mesh.external(fleet, 'east', { trustDomain: 'a.example' }))).toBe(
    `MESH1130 fleet: ${taken('mesh', 'east', 'Cluster')}`,
  );
});

test('what something is created in is of the right kind', () => {
  const fleet = new Fleet();
  const scope = (given: unknown) =>
    messageOf(() => new Gateway(given as Mesh, 'out', { kind: 'egress', namespace: 'egress' }));
  expect(scope(undefined)).toBe("MESH1006 gateway 'out': what it is created in is undefined, expected a Mesh");
  expect(scope({})).toBe("MESH1006 gateway 'out': what it is created in is no construct, expected a Mesh");
  expect(scope(new Construct(fleet, 'tools'))).toBe(
    "MESH1006 gateway 'out': what it is created in is the Construct 'tools', expected a Mesh",
  );
  expect(messageOf(() => new DirectPeering(null as never, 'bank', {} as never))).toBe(
    "MESH1006 peering 'bank': what it is created in is null, expected a construct, such as the Fleet",
  );
});
