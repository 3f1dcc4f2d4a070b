import * as fc from 'fast-check';
import { anyMesh, type MeshShape } from './place';
import { type AnyStrategy, STRATEGIES } from './strategies';
import type { Exposed } from './strategies/strategy';

// names that would be the same when joined without care
export const MESHES = ['a', 'a-b', 'b'] as const;
const SERVERS = ['server-a', 'server.a'] as const;
const IDS = ['a', 'a-b', 'b', 'out', 'public', 'egress', 'mesh', 'a-443', 'deny-all', 'premium'] as const;

export type MeshId = (typeof MESHES)[number];

/** One peering, as data. */
export interface PeeringShape {
  readonly id: string;
  /** Name of the strategy. */
  readonly strategy: string;
  readonly consumer: MeshId;
  /** A mesh, which may be the consumer itself, or a server in no mesh. */
  readonly provider: MeshId | (typeof SERVERS)[number];
  /** What its strategy states beside. */
  readonly options: unknown;
  readonly exposures: readonly Exposed[];
}

/** Meshes in clusters of their own whose peerings share gateways, as data. */
export interface FleetShape {
  readonly meshes: Readonly<Record<MeshId, MeshShape>>;
  readonly peerings: readonly PeeringShape[];
}

const rule = fc.record(
  {
    methods: fc.subarray(['GET', 'POST', 'DELETE'], { minLength: 1 }),
    paths: fc.subarray(['/a', '/b/*', '/insurances/London'], { minLength: 1 }),
  },
  { requiredKeys: [] },
);

/** What peerings of a fleet choose from, so that they often share a gateway, a host, a key pair. */
interface Pool {
  readonly services: readonly Pick<Exposed, 'service' | 'subset'>[];
  /** Options by name of the strategy. */
  readonly options: Readonly<Record<string, readonly unknown[]>>;
}

/** A peering whose options and services are places in the pool. */
interface Choice extends Omit<PeeringShape, 'options' | 'exposures'> {
  readonly options: number;
  readonly exposures: readonly (Omit<Exposed, 'service' | 'subset'> & { readonly service: number })[];
}

const pool: fc.Arbitrary<Pool> = fc.record({
  services: fc.uniqueArray(
    fc.record(
      {
        service: fc.constantFrom(
          ...([
            ['a', 'b-c'],
            ['a-b', 'c'],
            ['a', 'b'],
            ['egress', 'a'],
            ['mesh', 'a'],
          ] as const),
        ),
        subset: fc.constantFrom('v1', 'egress', 'mesh'),
      },
      { requiredKeys: ['service'] },
    ),
    { selector: ({ service, subset }) => `${service} ${subset}`, minLength: 1, maxLength: 4 },
  ),
  options: fc.record(
    Object.fromEntries(
      STRATEGIES.map(({ name, options }) => [name, fc.array(options, { minLength: 1, maxLength: 2 })]),
    ),
  ),
});

const chosen = fc.record(
  {
    service: fc.nat(59),
    serverPort: fc.constantFrom(443, 8443),
    dialled: fc.constantFrom(8080, 9090),
    access: fc.oneof(
      { arbitrary: fc.constant([{}]), weight: 2 },
      { arbitrary: fc.array(rule, { maxLength: 2 }), weight: 1 },
    ),
    routed: fc.constantFrom<Exposed['routed'][]>('not', 'all', 'part', 'own'),
    connected: fc.boolean(),
    ownKeys: fc.boolean(),
    byPath: fc.constantFrom(true, true, false),
  },
  { requiredKeys: ['service', 'serverPort', 'access', 'routed', 'byPath'] },
);

function choiceOf(strategy: fc.Arbitrary<string>): fc.Arbitrary<Choice> {
  return fc.record<Choice>({
    id: fc.constantFrom(...IDS),
    strategy,
    consumer: fc.constantFrom(...MESHES),
    provider: fc.constantFrom('b', 'b', 'b', ...MESHES, ...SERVERS),
    options: fc.nat(59),
    exposures: fc.array(chosen, { minLength: 1, maxLength: 4 }),
  });
}

function choose({ services, options }: Pool, choice: Choice): PeeringShape {
  const known = options[choice.strategy];
  return {
    ...choice,
    options: known[choice.options % known.length],
    exposures: choice.exposures.map((one) => ({ ...one, ...services[one.service % services.length] })),
  };
}

/** What can stand side by side: each id once, one peering from a mesh to a provider, each service once. */
function consistent({ meshes, peerings }: FleetShape): FleetShape {
  const taken = new Set<string>();
  const claim = (...keys: string[]) => !keys.some((key) => taken.has(key)) && keys.every((key) => taken.add(key));
  const fitting = peerings
    .filter(({ strategy, options, consumer, provider }) =>
      strategyOf(strategy).fits(options, meshes[consumer], isMesh(provider) ? meshes[provider] : undefined),
    )
    .filter(({ id, consumer, provider }) => claim(`id ${id}`, `${consumer} to ${provider}`))
    .map((peering) => ({
      ...peering,
      // a server has one host, of which not every strategy leads to several ports
      exposures: peering.exposures.filter(({ service, subset, serverPort }) => {
        const port = strategyOf(peering.strategy).leadsPorts?.(peering.options) ? `server ${serverPort}` : 'server';
        return claim(`${peering.id} ${isMesh(peering.provider) ? `${service} ${subset}` : port}`);
      }),
    }));
  return { meshes, peerings: withWaysOut(fitting) };
}

/** A namespace that calls outside directly cannot be closed (MESH3059). */
function withWaysOut(peerings: readonly PeeringShape[]): PeeringShape[] {
  const direct = new Set(
    peerings.filter(({ strategy }) => strategy === 'DirectPeering').map(({ consumer }) => consumer),
  );
  return peerings.map((peering) =>
    direct.has(peering.consumer)
      ? { ...peering, options: { ...(peering.options as object), isClosed: false } }
      : peering,
  );
}

/** Any fleet with at least one peering of a strategy, and some of others. */
export function anyFleet(strategy: AnyStrategy, others = STRATEGIES): fc.Arbitrary<FleetShape> {
  const names = fc.oneof(fc.constant(strategy.name), fc.constantFrom(...others.map(({ name }) => name)));
  return fc
    .record({
      meshes: fc.record({ a: anyMesh, 'a-b': anyMesh, b: anyMesh }),
      pool,
      choices: fc.array(choiceOf(names), { minLength: 6, maxLength: 14 }),
    })
    .map(({ meshes, pool: own, choices }) =>
      consistent({ meshes, peerings: choices.map((choice) => choose(own, choice)) }),
    )
    .filter(({ peerings }) => peerings.some((peering) => peering.strategy === strategy.name));
}

/** Any fleet in which all peerings lead from two meshes to a third, or to servers. */
export function anyConsumers(strategy: AnyStrategy): fc.Arbitrary<FleetShape> {
  return anyFleet(strategy)
    .map(({ meshes, peerings }) => ({
      meshes,
      peerings: peerings.filter(
        ({ consumer, provider }) => consumer !== 'b' && (provider === 'b' || !isMesh(provider)),
      ),
    }))
    .filter(({ peerings }) => peerings.some((one) => one.provider === 'b' && one.strategy === strategy.name));
}

/** What random fleets know of the strategy of a peering. */
export function strategyOf(name: string): AnyStrategy {
  const found = STRATEGIES.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`no strategy ${name}`);
  return found;
}

/** Whether a provider is a mesh, or else a server in no mesh. */
export function isMesh(id: string): id is MeshId {
  return MESHES.some((mesh) => mesh === id);
}
