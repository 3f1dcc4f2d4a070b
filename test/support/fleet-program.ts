import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Connection,
  type ConnectionUse,
  Contract,
  type Exposure,
  External,
  LoadBalancing,
  Mesh,
  MeshContract,
  type MeshService,
  type Protocol,
  Routing,
  Rule,
  StringMatch,
} from '../../lib';
import type { Contracts, Program, Repositories } from './assertions';
import { keyOf, Place, portOf } from './place';
import { type FleetShape, isMesh, MESHES, type MeshId, type PeeringShape, strategyOf } from './random-fleet';
import type { AnyPeering, Exposed, Sides } from './strategies/strategy';

/** A fleet in one repository. */
export function programOf(shape: FleetShape): Program {
  return repositoryOf(shape, { own: MESHES, isIntroduced: false, contracts: noContract });
}

/**
 * A fleet whose peerings all lead to mesh `b`, or to servers: in one repository, and in two.
 *
 * @param isIntroduced whether the provider knows clients by mesh contracts, or by what it types itself
 */
export function repositoriesOf(shape: FleetShape, isIntroduced: boolean): Repositories {
  const consumers: MeshId[] = ['a', 'a-b'];
  return {
    together: programOf(shape),
    provider: (contracts) => repositoryOf(shape, { own: ['b'], isIntroduced, contracts }),
    consumer: (contracts) => repositoryOf(shape, { own: consumers, isIntroduced, contracts }),
    ...(isIntroduced && { before: introducing(shape, consumers) }),
  };
}

/** What a repository knows. */
interface Repository {
  /** Its own meshes; all others are somebody else's. */
  readonly own: readonly MeshId[];
  /** Whether it knows consumers of somebody else's by their mesh contracts, or by what it types itself. */
  readonly isIntroduced: boolean;
  /** Contracts of others. */
  readonly contracts: Contracts;
}

function noContract(name: string): never {
  throw new Error(`nobody wrote ${name}`);
}

function repositoryOf({ meshes, peerings }: FleetShape, { own, isIntroduced, contracts }: Repository): Program {
  return (fleet) => {
    // ids of peerings and of meshes may be the same
    const scope = new Construct(fleet, 'peerings');
    const places = new Map<string, Place>(own.map((id) => [id, new Place(fleet, id, meshes[id])]));
    const others = new Map<string, ReturnType<typeof Mesh.external>>();
    const somebodyElses = (id: string) => {
      const file = `${id}.mesh.json`;
      const told = () => ({ contract: MeshContract.parse(contracts(file), file) });
      const isTold = isIntroduced && clientsOf(peerings, id).length > 0;
      const known = others.get(id) ?? Mesh.external(fleet, id, isTold ? told() : { trustDomain: `${id}.example` });
      others.set(id, known);
      return known;
    };
    for (const shape of peerings) {
      const consumer = places.get(shape.consumer);
      const provider = isMesh(shape.provider) ? places.get(shape.provider) : serverOf(shape);
      if (provider === undefined) {
        if (consumer) consumeAll(scope, shape, consumer, contracts);
      } else if (consumer || provider.kind === 'place') {
        exposeAll(scope, shape, { consumer: consumer ?? somebodyElses(shape.consumer), provider, isIntroduced });
      }
    }
  };
}

/** What consumers state before there is a contract: by which certificates they will call. */
function introducing({ meshes, peerings }: FleetShape, own: readonly MeshId[]): Program {
  return (fleet) => {
    for (const mesh of own) {
      const consumer = new Place(fleet, mesh, meshes[mesh]);
      for (const { id, client } of clientsOf(peerings, mesh)) consumer.mesh.introduce(id, { client });
    }
  };
}

/** The certificates that a mesh shows to other meshes, by peering. */
function clientsOf(peerings: readonly PeeringShape[], mesh: string) {
  return peerings
    .filter(({ consumer, provider }) => consumer === mesh && isMesh(provider))
    .flatMap(({ id, strategy, options }) => {
      const client = strategyOf(strategy).client(id, options, mesh);
      return client === undefined ? [] : [{ id, client }];
    });
}

function serverOf({ provider, strategy, options }: PeeringShape) {
  const protocol = strategyOf(strategy).protocol(options);
  return External.server({ host: `${provider}.example`, ports: [portOf(protocol, 443), portOf(protocol, 8443)] });
}

function exposeAll(scope: Construct, { id, strategy: name, options, exposures, ...ids }: PeeringShape, sides: Sides) {
  const strategy = strategyOf(name);
  const protocol = strategy.protocol(options);
  const { consumer, provider } = sides;
  const peering = strategy.peer(scope, id, options, sides);
  for (const exposed of exposures) {
    const isServer = provider.kind === 'externalServer';
    const stated = strategy.stated({ id, options, provider: ids.provider, isServer, exposed });
    const all = { ...stated, ...(consumer.kind === 'place' && usedOf(exposed, protocol)) };
    const exposure = peering.expose(serviceOf(provider, exposed, protocol) as never, all as never);
    if (consumer.kind === 'place') route(consumer, id, exposed, exposure);
  }
}

function serviceOf(provider: Sides['provider'], exposed: Exposed, protocol: Protocol) {
  switch (provider.kind) {
    case 'place':
      return provider.service(exposed, protocol);
    case 'externalServer':
      return provider.at(portOf(protocol, exposed.serverPort));
    case 'externalMesh':
      throw new Error(`${provider.name} is of somebody else, who exposes services itself`);
  }
}

function consumeAll(scope: Construct, shape: PeeringShape, consumer: Place, contracts: Contracts) {
  const { id, options, exposures } = shape;
  const strategy = strategyOf(shape.strategy);
  const protocol = strategy.protocol(options);
  const contract = Contract.parse(contracts(`${id}.json`), `contracts/${id}.json`);
  const peering = strategy.fromContract(scope, id, options, consumer, contract);
  for (const exposed of exposures) {
    route(consumer, id, exposed, contracted(peering, exposed, protocol));
  }
}

function contracted(peering: AnyPeering, exposed: Exposed, protocol: Protocol): Exposure {
  const key = keyOf(exposed, protocol);
  const used = usedOf(exposed, protocol);
  switch (protocol) {
    case 'tls':
      return peering.tlsExposure(key, used);
    case 'tcp':
      return peering.tcpExposure(key, used);
    default:
      return peering.exposure(key, used);
  }
}

/** What a consumer states of an exposure: nobody else's business, so no contract holds it. */
function usedOf({ connected, byPath }: Exposed, protocol: Protocol): ConnectionUse {
  // what shares a port of a host is connected in one way
  if (!connected || byPath) return {};
  const seesRequests = protocol !== 'tls' && protocol !== 'tcp';
  return {
    connection: Connection.of({
      connectTimeout: Duration.seconds(2),
      keepalive: { idle: Duration.minutes(4), probes: 3 },
      outlierDetection: { consecutive5xxErrors: 3 },
      ...(seesRequests && { requests: { max: 10 }, loadBalancing: LoadBalancing.byHeader('x-user') }),
    }),
  };
}

/** A Routing of a local name, if wanted: one of its own for each exposure. */
function route({ mesh }: Place, peering: string, exposed: Exposed, exposure: Exposure) {
  if (exposed.routed === 'not') return;
  const { service, subset, serverPort, routed } = exposed;
  const id = [peering, ...service, subset ?? 'all', serverPort].join('-x-');
  const port = portOf(exposure.protocol, 9080);
  const local = mesh.service(`${id}-local`, { namespace: 'travel', ports: [port] });
  if (routed === 'own') {
    // a server has one host, whatever ports of it are exposed, and a host has one Routing
    if (!exposure.dialled || exposure.facts.service.namespace === undefined || exposed.byPath) return;
    new Routing(mesh, id, { host: exposure as never, rules: ownRules(exposure, local) as never });
    return;
  }
  const host = mesh.alias(id, { namespace: 'travel', port });
  const rule =
    routed === 'all'
      ? Rule.otherwise().to<Protocol>(exposure)
      : Rule.otherwise().to<Protocol>({ weight: 90, to: local }, { weight: 10, to: exposure });
  // what can be led where is what the types are tested for
  new Routing(mesh, id, { host: host as never, rules: [rule as never] });
}

/** Rules about the host of an exposure: a part of the calls comes home. */
function ownRules(exposure: Exposure, local: MeshService): unknown[] {
  const split = Rule.otherwise().to<Protocol>({ weight: 90, to: exposure }, { weight: 10, to: local });
  if (exposure.protocol === 'tls' || exposure.protocol === 'tcp') return [split];
  const tester = Rule.when({ headers: { 'x-try': StringMatch.present() }, methods: ['GET', 'HEAD'] });
  return [tester.to(local as MeshService<'http'>).with({ timeout: Duration.seconds(2) }), split];
}
