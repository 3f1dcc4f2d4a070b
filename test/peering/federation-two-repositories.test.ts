import { Access, Address, Contract, FederationGateways, FederationPeering, Fleet, Mesh, MeshContract } from '../../lib';
import { type Contracts, twoRepositoriesEqualOne } from '../support/assertions';
import { messageOf, synth } from '../support/model';
import { type Form, federated, services } from './federations';

// GIVEN two repositories, one mesh each. Both state the gateways that face the other, which needs only its name; the
// mesh contracts that this writes are all that passes before the contract of the peering.

const allow = [Access.http({ methods: ['GET'] })];
const facing = (mesh: Mesh, peer: string) =>
  new FederationGateways(mesh, peer, { address: Address.hostname(`${mesh.name}.example`) });

function consumer(form: Form, fleet: Fleet): Mesh {
  const a = federated(fleet, form, 'a');
  facing(a, 'b');
  return a;
}

function provider(form: Form, fleet: Fleet): Mesh {
  const b = federated(fleet, form, 'b');
  for (const namespace of ['x', 'y']) b.namespace(namespace);
  facing(b, 'a');
  return b;
}

function expose(peering: FederationPeering, b: Mesh): void {
  const { web, database } = services(b);
  peering.expose(web, { allow, alias: { name: 'quotes' } });
  peering.expose(database, { allow: [Access.tcp()], domainSuffix: 'databases.example' });
}

const externalA = (fleet: Fleet, contracts: Contracts) =>
  Mesh.external(fleet, 'a', { contract: MeshContract.parse(contracts('a.mesh.json'), 'a.mesh.json') });

describe.each(['maistra', 'gateways'] as const)('%s', (form) => {
  test('two repositories write what one would', () => {
    const files = twoRepositoriesEqualOne({
      together: (fleet) => {
        const [a, b] = [consumer(form, fleet), provider(form, fleet)];
        expose(new FederationPeering(fleet, 'p', { consumer: a, provider: b }), b);
      },
      before: (fleet) => consumer(form, fleet),
      provider: (contracts) => (fleet) => {
        const b = provider(form, fleet);
        expose(new FederationPeering(fleet, 'p', { consumer: externalA(fleet, contracts), provider: b }), b);
      },
      consumer: (contracts) => (fleet) => {
        const contract = Contract.parse(contracts('p.json'), 'p.json');
        const peering = FederationPeering.fromContract(fleet, { consumer: consumer(form, fleet), contract });
        expect(peering.exposure('x/web:80').host).toBe('quotes.x.svc.b-imports.local');
        const database = peering.tcpExposure('y/database:5432', { domainSuffix: 'databases.example' });
        expect(database.describe().principals.atIngress).toMatch(/^a\.local\/ns\/a-system\/sa\/b-egress/);
      },
    });
    expect(JSON.parse(files['contracts/p.json'])).toMatchObject({
      strategy: 'FederationPeering',
      common: { consumer: { trustDomain: 'a.local' }, provider: { ingress: { addresses: ['b.example'] } } },
      exposures: [{ key: 'x/web:80', exportedAs: { name: 'quotes', namespace: 'x' } }, { key: 'y/database:5432' }],
    });
  });

  test('a mesh contract needs nothing of the other side', () => {
    const files = synth((fleet) => consumer(form, fleet));
    expect(JSON.parse(files['contracts/a.mesh.json'])).toMatchObject({
      federations: [
        {
          peer: 'b',
          end: {
            form,
            trustDomain: 'a.local',
            domain: 'cluster.local',
            namespace: 'a-system',
            ingress: { name: 'b-ingress', addresses: ['a.example'], servicePort: 15443 },
            egress: { name: 'b-egress' },
          },
        },
      ],
    });
  });
});

test('both directions meet: the peer is known by a contract in one, by its mesh contract in the other', () => {
  const introduced = synth((fleet) => consumer('maistra', fleet));
  const provided = synth((fleet) => {
    const b = provider('maistra', fleet);
    const a = externalA(fleet, (name) => introduced[`contracts/${name}`]);
    expose(new FederationPeering(fleet, 'p', { consumer: a, provider: b }), b);
  });
  const both = synth((fleet) => {
    const a = consumer('maistra', fleet);
    a.namespace('x');
    const contract = Contract.parse(provided['contracts/p.json'], 'p.json');
    FederationPeering.fromContract(fleet, { consumer: a, contract }).exposure('x/web:80');
    const b = Mesh.external(fleet, 'b', {
      contract: MeshContract.parse(provided['contracts/b.mesh.json'], 'b.mesh.json'),
    });
    new FederationPeering(fleet, 'back', { consumer: b, provider: a }).expose(services(a).rates, { allow: [] });
  });
  expect(both['a-cluster/a.federation.b.k8s.yaml'].match(/kind: ServiceMeshPeer/g)).toHaveLength(1);
});

describe('what does not fit is refused', () => {
  const introduced = synth((fleet) => consumer('maistra', fleet));
  const provided = synth((fleet) => {
    const b = provider('maistra', fleet);
    const a = externalA(fleet, (name) => introduced[`contracts/${name}`]);
    expose(new FederationPeering(fleet, 'p', { consumer: a, provider: b }), b);
  });
  const contract = () => Contract.parse(provided['contracts/p.json'], 'p.json');
  const refused = (make: (fleet: Fleet) => Mesh) => {
    const fleet = new Fleet();
    return messageOf(() => FederationPeering.fromContract(fleet, { consumer: make(fleet), contract: contract() }));
  };

  test('a consumer that is not what the provider was told', () => {
    expect(
      refused((fleet) => {
        const a = federated(fleet, 'maistra', 'a');
        new FederationGateways(a, 'b', { address: Address.hostname('moved.example') });
        return a;
      }),
    ).toBe(
      `MESH1504 p.json: field 'common.consumer.ingress.addresses' is ["a.example"], here it is ["moved.example"]; let the provider write the contract again from our mesh contract`,
    );
    expect(refused((fleet) => federated(fleet, 'maistra', 'a'))).toContain('MESH1273 p: the consumer');
  });

  test('control planes of two kinds', () => {
    expect(refused((fleet) => consumer('gateways', fleet))).toContain('MESH1271 p: the consumer is of Istio');
  });

  test('a mesh contract without the peer', () => {
    const fleet = new Fleet();
    const b = federated(fleet, 'maistra', 'c');
    const a = externalA(fleet, (name) => introduced[`contracts/${name}`]);
    expect(messageOf(() => new FederationPeering(fleet, 'p', { consumer: a, provider: b }))).toBe(
      "MESH1504 a.mesh.json: field 'federations' has no peer 'c'; it has b: its mesh says so with new FederationGateways(…, 'c')",
    );
  });

  test('two contracts that disagree about one peer', () => {
    const fleet = new Fleet();
    const a = consumer('maistra', fleet);
    FederationPeering.fromContract(fleet, { consumer: a, contract: contract() });
    const moved = synth((other) => {
      const b = federated(other, 'maistra', 'b');
      new FederationGateways(b, 'a', { address: Address.hostname('moved.example') });
    });
    const b = Mesh.external(fleet, 'b', {
      contract: MeshContract.parse(moved['contracts/b.mesh.json'], 'b.mesh.json'),
    });
    expect(messageOf(() => new FederationPeering(fleet, 'back', { consumer: b, provider: a }))).toMatch(
      /^MESH1504 back: peer 'b' is .*moved.example.*, for another peering with it .*b.example.*; one of the two contracts is old/,
    );
  });

  test('options that the consumer alone can state', () => {
    const fleet = new Fleet();
    const b = provider('maistra', fleet);
    const a = externalA(fleet, (name) => introduced[`contracts/${name}`]);
    expect(
      messageOf(() => new FederationPeering(fleet, 'p', { consumer: a, provider: b, locality: { region: 'r' } })),
    ).toBe(
      "MESH1215 p: 'locality' is stated, but the consumer a is not ours, so nothing would be written; leave it out",
    );
  });

  test('limits at a workload of somebody else', () => {
    const fleet = new Fleet();
    const a = consumer('maistra', fleet);
    const b = Mesh.external(fleet, 'b', {
      contract: MeshContract.parse(provided['contracts/b.mesh.json'], 'b.mesh.json'),
    });
    const peering = new FederationPeering(fleet, 'p', { consumer: a, provider: b });
    const web = services(provider('maistra', new Fleet())).web;
    const theirs = b.service('web', { namespace: 'x', ports: web.ports });
    expect(messageOf(() => peering.expose(theirs, { allow }))).toBe(
      'MESH1206 p: an access rule limits methods or paths, but the workload of b is not ours; expected Access.http() without limits; the rule would be widened',
    );
    expect(peering.expose(theirs, { allow: [Access.http()] }).host).toBe('web.x.svc.b-imports.local');
  });
});
