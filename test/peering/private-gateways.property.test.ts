import * as fc from 'fast-check';
import {
  Access,
  Contract,
  Credential,
  type Fleet,
  Gateway,
  GatewayPort,
  type GatewayRendering,
  Identity,
  Mesh,
  type MeshService,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  type Protocol,
  TrustBundle,
} from '../../lib';
import {
  cancellingLeavesOthers,
  namesAreUnique,
  nothingElseIsGone,
  twoRepositoriesEqualOne,
} from '../support/assertions';
import { byIdentity, mesh } from '../support/model';

// GIVEN two to eight meshes, each with a private gateway of each kind, and any peerings between them

const MESHES = ['a', 'a-b', 'b', 'c', 'd', 'e', 'f', 'g'];

interface Exposed {
  readonly service: readonly [namespace: string, name: string];
  readonly protocol: Protocol;
  readonly port: number;
  readonly subset?: string;
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  readonly isShut: boolean;
}

interface PeeringShape {
  readonly consumer: number;
  readonly provider: number;
  readonly exposures: readonly Exposed[];
}

interface World {
  readonly size: number;
  readonly policies: GatewayRendering;
  readonly peerings: readonly PeeringShape[];
}

// names that would be the same if joined by one character, or that begin each other
const exposed = fc.record<Exposed>(
  {
    service: fc.constantFrom(['a', 'b-c'], ['a-b', 'c'], ['a', 'b'], ['a', 'b-'.concat('v1')]),
    protocol: fc.constantFrom<Protocol>('http', 'http2', 'grpc', 'tcp', 'tls'),
    port: fc.constantFrom(80, 8000, 8001),
    subset: fc.constantFrom('v1', '8000'),
    methods: fc.constantFrom(['GET'], ['GET', 'POST']),
    paths: fc.constantFrom(['/*'], ['/a', '/a/*'], ['/a/v1/*']),
    isShut: fc.boolean(),
  },
  { requiredKeys: ['service', 'protocol', 'port', 'isShut'] },
);

const worlds: fc.Arbitrary<World> = fc.integer({ min: 2, max: 8 }).chain((size) => {
  const party = fc.integer({ min: 0, max: size - 1 });
  return fc.record<World>({
    size: fc.constant(size),
    policies: fc.constantFrom<GatewayRendering>('AuthorizationPolicy', 'EnvoyFilter'),
    peerings: fc.uniqueArray(
      fc.record<PeeringShape>({
        consumer: party,
        provider: party,
        exposures: fc.uniqueArray(exposed, {
          selector: ({ service, port, subset }) => `${service} ${port} ${subset}`,
          minLength: 1,
          maxLength: 4,
        }),
      }),
      { selector: ({ consumer, provider }) => `${consumer} ${provider}`, minLength: 1, maxLength: 6 },
    ),
  });
});

const ca = TrustBundle.declared('ca', { rootSha256: ['a1'.repeat(32)] });
const endOf = (name: string, kind: string) =>
  Credential.secret(`${name}-${kind}`, { identity: Identity.spiffe(`${name}.example/${kind}`), signer: ca });
const hostOf = (name: string) => `${name}.example.com`;

const portOf = ({ protocol, port }: Exposed): Port => Port[protocol](port, { name: `${protocol}-${port}` });

/** A service has one protocol per port, so it says in its name which. */
const nameOf = ({ service: [, name], protocol, port }: Exposed) => `${name}-${protocol}-${port}`;

class Place {
  private readonly services = new Map<string, MeshService>();
  private next = 31400;
  private readonly ports = new Map<string, number>();

  constructor(
    public readonly mesh: Mesh,
    public readonly egress: Gateway,
    public readonly ingress: Gateway,
  ) {}

  public service(one: Exposed): MeshService {
    const key = `${one.service[0]}/${nameOf(one)}`;
    const known =
      this.services.get(key) ??
      this.mesh.service(nameOf(one), {
        namespace: one.service[0],
        ports: [portOf(one)],
        subsets: { v1: { version: 'v1' }, '8000': { version: '8000' } },
      });
    this.services.set(key, known);
    return known;
  }

  /** Every service of bytes has a port of its own, for all consumers. */
  public gatewayPort(one: Exposed): number {
    const key = `${one.service} ${one.port} ${one.subset}`;
    const port = this.ports.get(key) ?? this.next++;
    this.ports.set(key, port);
    return port;
  }
}

function placeOf(fleet: Fleet, name: string, policies: GatewayRendering): Place {
  const own = mesh(fleet, name, {}, `cluster-${name}`);
  const bytes = Array.from({ length: 24 }, (_, index) => GatewayPort.tls(31400 + index, 31400 + index));
  const ports = [GatewayPort.https(15443, 15443), GatewayPort.tls(15444, 15444), ...bytes];
  return new Place(
    own,
    new Gateway(own, 'out', { kind: 'egress', namespace: 'gateways' }),
    new Gateway(own, 'in', { kind: 'ingress', namespace: 'gateways', ports, policies }),
  );
}

function accessOf({ protocol, methods, paths, isShut }: Exposed): Access[] {
  if (isShut) return [];
  if (protocol === 'tcp' || protocol === 'tls') return [Access.tcp()];
  return [Access.http({ ...(methods && { methods: [...methods] }), ...(paths && { paths: [...paths] }) })];
}

function expose(peering: PrivateGatewayPeering, place: Place, one: Exposed): void {
  peering.expose(place.service(one), {
    allow: accessOf(one),
    ...(one.subset && { subset: one.subset }),
    ...(one.protocol === 'tcp' && { gatewayPort: place.gatewayPort(one) }),
    // one server name per subset
    ...(one.protocol === 'tls' && { host: `${one.subset ?? 'all'}.${nameOf(one)}.${one.service[0]}.example` }),
  });
}

const idOf = ({ consumer, provider }: PeeringShape) => `${MESHES[consumer]}-to-${MESHES[provider]}`;

function tlsOf({ consumer, provider }: PeeringShape) {
  return PeeringTls.mutual({ client: endOf(MESHES[consumer], 'client'), server: endOf(MESHES[provider], 'server') });
}

function fleetOf({ size, policies, peerings }: World) {
  return (fleet: Fleet) => {
    const places = MESHES.slice(0, size).map((name) => placeOf(fleet, name, policies));
    for (const shape of peerings) {
      const [from, to] = [places[shape.consumer], places[shape.provider]];
      const peering = new PrivateGatewayPeering(fleet, idOf(shape), {
        consumer: from.mesh,
        provider: to.mesh,
        egress: from.egress,
        ingress: to.ingress,
        host: hostOf(MESHES[shape.provider]),
        tls: tlsOf(shape),
      });
      for (const one of shape.exposures) expose(peering, to, one);
    }
  };
}

/** Hosts and ports of Gateways and what the two sides rewrite, by identity of the object. */
interface Resource {
  readonly spec: {
    readonly gateways?: string[];
    readonly hosts?: string[];
    readonly http?: {
      readonly match: { readonly uri: { readonly prefix: string } }[];
      readonly rewrite: { readonly uri: string };
    }[];
  };
}

test('nothing collides in any cluster: hosts, ports, server names, subsets, objects', () => {
  fc.assert(
    fc.property(worlds, (world) => namesAreUnique(fleetOf(world))),
    { numRuns: 40 },
  );
});

test('what the egress gateway puts before a path is what the ingress gateway takes away; no prefix begins another', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const routes = [...byIdentity(fleetOf(world))]
        .filter(([identity]) => identity.startsWith('VirtualService gateways/'))
        .map(([identity, json]) => ({ cluster: identity.split('@')[1], ...(JSON.parse(json) as Resource) }));
      const requests = routes.flatMap(({ cluster, spec }) => (spec.http ?? []).map((route) => ({ cluster, route })));
      const taken = requests.filter(({ route }) => route.rewrite.uri === '/');
      const put = requests.filter(({ route }) => route.rewrite.uri !== '/').map(({ route }) => route.rewrite.uri);
      const prefixes = taken.map(({ route }) => route.match[0].uri.prefix);
      expect([...new Set(put)].sort()).toEqual([...new Set(prefixes)].sort());
      for (const cluster of new Set(taken.map((one) => one.cluster))) {
        const own = taken.filter((one) => one.cluster === cluster).map(({ route }) => route.match[0].uri.prefix);
        const shadowed = own.filter((one, index) => own.some((other, at) => at !== index && one.startsWith(other)));
        expect({ cluster, shadowed }).toEqual({ cluster, shadowed: [] });
      }
    }),
    { numRuns: 40 },
  );
});

test('a cancelled exposure takes its objects with it and leaves all others as they were', () => {
  fc.assert(
    fc.property(worlds, fc.nat(), (world, chosen) => {
      const index = chosen % world.peerings.length;
      const { exposures } = world.peerings[index];
      // ports of bytes are counted in order of statements, so the last one goes
      const peerings = world.peerings.map((one, at) =>
        at === index ? { ...one, exposures: exposures.slice(0, -1) } : one,
      );
      fc.pre(!exposures.some(({ protocol }) => protocol === 'tcp'));
      const gone = cancellingLeavesOthers(fleetOf(world), fleetOf({ ...world, peerings }), (identity) =>
        identity.startsWith('EnvoyFilter '),
      );
      expect(gone.length).toBeGreaterThan(0);
      const alone = [{ ...world.peerings[index], exposures: exposures.slice(-1) }];
      nothingElseIsGone(gone, fleetOf({ ...world, peerings: alone }));
      // what denies by default stays
      for (const identity of gone) expect(identity).not.toMatch(/deny-all|^EnvoyFilter/);
    }),
    { numRuns: 40 },
  );
});

test('two repositories write what one would', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const [shape] = world.peerings;
      fc.pre(shape.consumer !== shape.provider);
      const [from, to] = [MESHES[shape.consumer], MESHES[shape.provider]];
      const only = { ...world, peerings: [shape] };
      twoRepositoriesEqualOne({
        together: (fleet) => {
          const places = [placeOf(fleet, from, only.policies), placeOf(fleet, to, only.policies)];
          const peering = new PrivateGatewayPeering(fleet, idOf(shape), {
            consumer: places[0].mesh,
            provider: places[1].mesh,
            egress: places[0].egress,
            ingress: places[1].ingress,
            host: hostOf(to),
            tls: tlsOf(shape),
          });
          for (const one of shape.exposures) expose(peering, places[1], one);
        },
        provider: () => (fleet) => {
          const place = placeOf(fleet, to, only.policies);
          const consumer = Mesh.external(fleet, from, { trustDomain: `${from}.example` });
          const { mesh: provider, ingress } = place;
          const sides = { consumer, provider, ingress, host: hostOf(to) };
          const peering = new PrivateGatewayPeering(fleet, idOf(shape), { ...sides, tls: tlsOf(shape) });
          for (const one of shape.exposures) expose(peering, place, one);
        },
        consumer: (contracts) => (fleet) => {
          const place = placeOf(fleet, from, only.policies);
          const contract = Contract.parse(contracts(`${idOf(shape)}.json`), 'contract');
          const { mesh: consumer, egress } = place;
          const client = endOf(from, 'client');
          const peering = PrivateGatewayPeering.fromContract(fleet, { consumer, contract, egress, client });
          for (const one of shape.exposures) {
            const key = `${one.service[0]}/${nameOf(one)}:${one.port}${one.subset ? `/${one.subset}` : ''}`;
            if (one.protocol === 'tcp') peering.tcpExposure(key);
            else if (one.protocol === 'tls') peering.tlsExposure(key);
            else peering.exposure(key);
          }
        },
      });
    }),
    { numRuns: 15 },
  );
});
