import * as fc from 'fast-check';
import {
  cancellingLeavesOthers,
  hostsLeadOneWay,
  namesAreUnique,
  nothingElseIsGone,
  twoRepositoriesEqualOne,
} from '../support/assertions';
import { withoutComposed, withoutExposure, withoutExposures, withoutPeering } from '../support/cancelling';
import { programOf, repositoriesOf } from '../support/fleet-program';
import { byIdentity } from '../support/model';
import { ADDRESSES, type MeshShape, USUAL } from '../support/place';
import { anyConsumers, anyFleet, type FleetShape, isMesh } from '../support/random-fleet';
import { soundFleet } from '../support/sound-fleet';
import { type AnyStrategy, STRATEGIES } from '../support/strategies';
import { SHARED } from '../support/strategies/hop';
import type { Exposed } from '../support/strategies/strategy';

const byName = (strategies: readonly AnyStrategy[]) => strategies.map((strategy) => [strategy.name, strategy] as const);
const withHosts = STRATEGIES.filter(({ hasHosts }) => hasHosts);

/** At a gateway that does not, each consumer of a host has a route of its own, and routes add up. */
function denying({ meshes, peerings }: FleetShape): FleetShape {
  const denies = (mesh: MeshShape) => ({ ...mesh, ingress: { ...mesh.ingress, denyByDefault: true } });
  return { meshes: { a: denies(meshes.a), 'a-b': denies(meshes['a-b']), b: denies(meshes.b) }, peerings };
}

/** Every exposure has a host of its own: no two are ports or paths of one. */
function withOwnHosts({ meshes, peerings }: FleetShape): FleetShape {
  const own = (exposures: readonly Exposed[], isServer: boolean) =>
    (isServer ? exposures.slice(0, 1) : exposures).map((exposed) => ({ ...exposed, byPath: false }));
  return {
    meshes,
    peerings: peerings.map((one) => ({ ...one, exposures: own(one.exposures, !isMesh(one.provider)) })),
  };
}

/** What a host has once for all of its ports and paths: one ServiceEntry, one rule, one way through a gateway. */
function isOfHost(identity: string, json = ''): boolean {
  const isOfServer = /^(ServiceEntry|DestinationRule) \S+\.server[-.]a\.example\.\d+ @/.test(identity);
  const isOfPassage = /^[A-Z]\w+ gateways\/[a-z0-9-]+-(443|8443)(\.onward)? @/.test(identity);
  return isOfServer || isOfPassage || json.includes(`"${SHARED}.`);
}

describe.each(byName(STRATEGIES))('%s, in any fleet', (_, strategy) => {
  test('two objects never have one name, and nothing that a proxy tells apart stands twice', () => {
    fc.assert(
      fc.property(anyFleet(strategy), (shape) => namesAreUnique(programOf(shape))),
      { numRuns: 60 },
    );
  });

  test.each([
    ['an exposure', withoutExposure],
    ['all exposures of a peering', withoutExposures],
    ['a peering', withoutPeering],
  ] as const)('cancelling %s leaves every other object as it was, to the byte', (_what, cancel) => {
    fc.assert(
      fc.property(anyFleet(strategy), fc.nat(), (shape, choice) => {
        const { peering, rest } = cancel(shape, choice);
        // WHEN
        const gone = cancellingLeavesOthers(programOf(shape), programOf(rest), isOfHost, withoutComposed(shape));
        // THEN something is gone, of the two sides alone; of a server with another port its one ServiceEntry stays, and a
        // path of a shared host that nobody may call has no object of its own
        const left = rest.peerings.find(({ id }) => id === peering.id)?.exposures ?? [];
        const cut = peering.exposures.filter((one) => !left.includes(one));
        const hasObjects = cut.some(({ byPath, access }) => !byPath || access.length > 0);
        if (hasObjects && (isMesh(peering.provider) || left.length === 0)) expect(gone).not.toEqual([]);
        const sides = [peering.consumer, peering.provider].map((id) => ` @cluster-${id}`);
        expect(gone.filter((object) => !sides.some((side) => object.endsWith(side)))).toEqual([]);
        // AND of those what was cancelled alone
        const alone = programOf({ meshes: shape.meshes, peerings: [{ ...peering, exposures: cut }] });
        const isLeft = left.length > 0 || cut.some(({ byPath }) => byPath);
        nothingElseIsGone(isLeft ? gone.filter((one) => !isOfHost(one)) : gone, alone);
        // AND what denies by default is not
        expect(gone.filter((object) => /^AuthorizationPolicy gateways\/(public|out)\.deny-all /.test(object))).toEqual(
          [],
        );
      }),
      { numRuns: 60 },
    );
  });

  test('what is stated first means nothing', () => {
    fc.assert(
      fc.property(anyFleet(strategy), (shape) => {
        const peerings = shape.peerings.map((one) => ({ ...one, exposures: [...one.exposures].reverse() }));
        const reversed = { ...shape, peerings: peerings.reverse() };
        expect([...byIdentity(programOf(reversed))].sort()).toEqual([...byIdentity(programOf(shape))].sort());
      }),
      { numRuns: 40 },
    );
  });

  test('two repositories write what one would, whatever is exposed, and however', () => {
    fc.assert(
      fc.property(anyConsumers(strategy), fc.boolean(), (shape, isIntroduced) => {
        twoRepositoriesEqualOne(repositoriesOf(soundFleet(shape), isIntroduced));
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(byName(withHosts))('%s, where every exposure has a host of its own', (_, strategy) => {
  test('hosts lead one way, by one SNI, where gateways deny by default', () => {
    fc.assert(
      fc.property(anyFleet(strategy, withHosts), (shape) => hostsLeadOneWay(programOf(denying(withOwnHosts(shape))))),
      { numRuns: 60 },
    );
  });
});

describe('two repositories write what one would: the same files, the same bytes', () => {
  const rest = { serverPort: 443, routed: 'not' } as const;
  const insurances = { ...rest, service: ['broker', 'insurances'] } as const;
  const exposures: Exposed[] = [
    { ...insurances, access: [{ methods: ['GET'], paths: ['/insurances/*'] }] },
    { ...insurances, subset: 'v1', dialled: 8080, access: [{ methods: ['GET'] }] },
    { ...insurances, subset: 'mesh', access: [] },
    { ...rest, service: ['broker', 'quotes'], dialled: 8080, access: [{}, { methods: ['POST'] }] },
  ];
  const withPorts = (ports: MeshShape['ingress']['ports'], address: MeshShape['ingress']['address']) => ({
    ...USUAL,
    ingress: { ...USUAL.ingress, address, ports },
  });
  const samples = STRATEGIES.flatMap((strategy) =>
    Object.entries(strategy.samples).flatMap(([sample, options]) =>
      (Object.keys(ADDRESSES) as MeshShape['ingress']['address'][]).flatMap((address) => {
        const all = (['http', 'https', 'bytes'] as const).map((ports) => withPorts(ports, address));
        const provider = all.find((one) => strategy.fits(options, USUAL, one)) ?? all[1];
        // a port of the nodes leads to one port of a gateway, and bytes need one for each service
        const isMany = provider.ingress.ports === 'bytes' && address === 'a port of nodes';
        return isMany ? [] : [{ strategy, sample, address, options, provider }];
      }),
    ),
  );

  test.each(samples)('$strategy.name, $sample, the provider at $address', ({ strategy, options, provider }) => {
    // GIVEN a gateway with one port, which a port of the nodes can lead to, or one for each service
    const shape: FleetShape = {
      meshes: { a: USUAL, 'a-b': USUAL, b: provider },
      peerings: [{ id: 'premium', strategy: strategy.name, consumer: 'a', provider: 'b', options, exposures }],
    };
    // WHEN
    const files = twoRepositoriesEqualOne(repositoriesOf(shape, false));
    // THEN
    const others = /^(cluster-a-b|values)\//;
    expect(Object.keys(files).filter((path) => !others.test(path))).toEqual(
      [
        'contracts/premium.json',
        'cluster-a/a.premium.consumer.k8s.yaml',
        'cluster-b/b.premium.provider.k8s.yaml',
        ...strategy.files(options),
      ].sort(),
    );
  });
});
