import * as fc from 'fast-check';
import { Access, Address, Cluster, FederationGateways, FederationPeering, Fleet, type Mesh, Port } from '../../lib';
import type { Manifest } from '../../lib/facts/manifest';
import type { VerifyInput } from '../../lib/verify/input';
import { findings } from '../../lib/verify/rule';
import { RULES } from '../../lib/verify/rules';
import { namesAreUnique } from '../support/assertions';
import { type Form, federated } from './federations';

// GIVEN three meshes, in one cluster or in three, and any federations between them: up to six directions, each with any
// of some services, whose names would be the same if joined by one character.

const IDS = ['a', 'b', 'c'] as const;
const SERVICES = [
  ['a-b', 'c'],
  ['a', 'b-c'],
  ['b', 'c'],
] as const;

interface Exposed {
  readonly service: number;
  readonly alias?: 'quotes' | 'b-c';
  readonly local: boolean;
  readonly labels: boolean;
  readonly methods: boolean;
}

/** Who may call whom: consumer and provider. */
const PAIRS = IDS.flatMap((_, from) => IDS.flatMap((_, to) => (from === to ? [] : [[from, to] as const])));

interface World {
  readonly form: Form;
  readonly isOneCluster: boolean;
  readonly directions: readonly (readonly [number, number])[];
  readonly exposures: readonly Exposed[];
}

const exposures = fc.uniqueArray(
  fc.record<Exposed>({
    service: fc.constantFrom(0, 1, 2),
    alias: fc.constantFrom(undefined, 'quotes', 'b-c'),
    local: fc.boolean(),
    labels: fc.boolean(),
    methods: fc.boolean(),
  }),
  { selector: ({ service }) => service, minLength: 1, maxLength: 3 },
);

const worlds: fc.Arbitrary<World> = fc
  .record({
    form: fc.constantFrom<Form>('maistra', 'gateways'),
    isOneCluster: fc.boolean(),
    directions: fc.shuffledSubarray(PAIRS, { minLength: 1 }),
    exposures,
  })
  // several meshes of Istio in one cluster see each other's objects, unless their control planes select namespaces
  .map((world) => ({ ...world, isOneCluster: world.isOneCluster && world.form === 'maistra' }));

const maistra = worlds.filter(({ form }) => form === 'maistra');

function program({ form, isOneCluster, directions, exposures: exposed }: World) {
  return (fleet: Fleet) => {
    const cluster = isOneCluster ? { cluster: new Cluster(fleet, 'one') } : {};
    const meshes = IDS.map((id) => federated(fleet, form, id, cluster));
    const services = meshes.map((own) =>
      SERVICES.map(([name, namespace]) => own.service(name, { namespace, ports: [Port.http(80)] })),
    );
    for (const own of isOneCluster ? [] : meshes) stateAddresses(own, meshes);
    for (const [from, to] of directions) {
      const [consumer, provider] = [meshes[from], meshes[to]];
      const peering = new FederationPeering(fleet, `${consumer.name}-${provider.name}`, { consumer, provider });
      for (const { service, alias, local, labels, methods } of exposed) {
        peering.expose(services[to][service], {
          allow: [Access.http(methods ? { methods: ['GET'] } : {})],
          // of two aliases in one namespace only one could be
          ...(alias !== undefined && { alias: { name: `${alias}-${service}` } }),
          ...(form === 'maistra' && local && { asLocal: { namespace: `of-${provider.name}` } }),
          ...(form === 'maistra' && labels && { labels: { export: consumer.name } }),
        });
      }
    }
  };
}

function stateAddresses(own: Mesh, meshes: readonly Mesh[]): void {
  for (const { name } of meshes.filter((other) => other !== own)) {
    new FederationGateways(own, name, { address: Address.hostname(`for-${name}.${own.name}.example`) });
  }
}

function input(world: World): VerifyInput {
  const fleet = new Fleet();
  program(world)(fleet);
  return { manifests: fleet.manifests(), facts: fleet.facts(), included: [] };
}

interface Peer extends Manifest {
  readonly spec: {
    readonly remote: { readonly addresses: string[] };
    readonly gateways: { readonly ingress: { readonly name: string }; readonly egress: { readonly name: string } };
    readonly security: { readonly trustDomain: string; readonly clientID: string };
  };
}

const FEDERATION = RULES.filter(({ code }) => code >= 'MESH3030' && code <= 'MESH3039');
const federationFindings = (one: VerifyInput) => FEDERATION.flatMap((rule) => findings(rule, one));

test('names are unique, whoever federates with whom', () => {
  fc.assert(
    fc.property(worlds, (world) => namesAreUnique(program(world))),
    { numRuns: 60 },
  );
});

test('what two sides say of each other agrees', () => {
  fc.assert(
    fc.property(maistra, (world) => {
      const { manifests } = input(world);
      const peers = manifests
        .map(({ manifest }) => manifest)
        .filter(({ kind }) => kind === 'ServiceMeshPeer') as Peer[];
      for (const peer of peers) {
        const own = String(peer.metadata.namespace).replace('-system', '');
        const other = peer.metadata.name;
        const mirror = peers.find(({ metadata }) => metadata.name === own && metadata.namespace === `${other}-system`);
        expect(peer.spec.security).toMatchObject({
          trustDomain: `${other}.local`,
          clientID: `${other}.local/ns/${other}-system/sa/${mirror?.spec.gateways.egress.name}-service-account`,
        });
        expect(peer.spec.remote.addresses).toEqual([
          world.isOneCluster
            ? `${mirror?.spec.gateways.ingress.name}.${other}-system.svc.cluster.local`
            : `for-${own}.${other}.example`,
        ]);
      }
      const pairs = new Set(world.directions.map((pair) => [...pair].sort().join()));
      expect(peers).toHaveLength(pairs.size * 2);
    }),
    { numRuns: 40 },
  );
});

test('what is written breaks no rule of federation', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      expect(federationFindings(input(world))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('a change by hand is found', () => {
  type Change = (peer: Peer) => object;
  const changes: Record<string, Change> = {
    MESH3030: ({ metadata }) => ({
      security: { trustDomain: String(metadata.namespace).replace('-system', '.local') },
    }),
    MESH3032: () => ({ gateways: { ingress: { name: 'nobody' }, egress: { name: 'nobody' } } }),
    MESH3033: ({ spec }) => ({ security: { ...spec.security, clientID: `${spec.security.clientID}s` } }),
  };
  test.each(Object.keys(changes))('%s', (code) => {
    fc.assert(
      fc.property(maistra, (world) => {
        const one = input(world);
        const index = one.manifests.findIndex(({ manifest }) => manifest.kind === 'ServiceMeshPeer');
        const manifests = one.manifests.map((placed, at) => {
          if (at !== index) return placed;
          const peer = placed.manifest as Peer;
          return { ...placed, manifest: { ...peer, spec: { ...peer.spec, ...changes[code](peer) } } };
        });
        expect(federationFindings({ ...one, manifests }).map((finding) => finding.code)).toContain(code);
      }),
      { numRuns: 20 },
    );
  });

  test('MESH3031: a second peer at the ingress gateway of the first', () => {
    fc.assert(
      fc.property(maistra, (world) => {
        const one = input(world);
        const [placed] = one.manifests.filter(({ manifest }) => manifest.kind === 'ServiceMeshPeer');
        const manifest = { ...placed.manifest, metadata: { ...placed.manifest.metadata, name: 'another' } };
        const codes = federationFindings({ ...one, included: [{ ...placed, manifest }] }).map(({ code }) => code);
        expect(codes).toContain('MESH3031');
      }),
      { numRuns: 20 },
    );
  });
});
