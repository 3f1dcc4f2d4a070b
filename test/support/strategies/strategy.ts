import type { Construct } from 'constructs';
import type * as fc from 'fast-check';
import type {
  ConnectionUse,
  Contract,
  Credential,
  Exposure,
  ExternalMesh,
  ExternalServer,
  Protocol,
} from '../../../lib';
import type { MeshShape, Place } from '../place';

/** One service exposed through a peering, or one port of a server in no mesh. */
export interface Exposed {
  /** Namespace and name. */
  readonly service: readonly [string, string];
  readonly subset?: string;
  /** Port of a server in no mesh. */
  readonly serverPort: number;
  /** Port that callers dial, where they do not take the usual one. */
  readonly dialled?: number;
  /** Who may do what; empty: nobody anything. */
  readonly access: readonly { readonly methods?: string[]; readonly paths?: string[] }[];
  /** Whether a Routing of the consumer leads all of a local name there, or a part; or is about its own host. */
  readonly routed: 'not' | 'all' | 'part' | 'own';
  /** Whether a consumer of ours states how it connects. */
  readonly connected?: boolean;
  /** Whether the host shows a key pair of its own, where it is not that of the peering. */
  readonly ownKeys?: boolean;
  /** Whether it is a part of the paths of one host that all such exposures of the peering share. */
  readonly byPath?: boolean;
}

/** What a strategy is told of one exposure. */
export interface Stated<O> {
  /** Id of the peering. */
  readonly id: string;
  readonly options: O;
  /** Id of the mesh or server. */
  readonly provider: string;
  readonly isServer: boolean;
  readonly exposed: Exposed;
}

/** The two sides as one repository knows them: a place is its own. */
export interface Sides {
  readonly consumer: Place | ExternalMesh;
  readonly provider: Place | ExternalMesh | ExternalServer;
  /** Whether a consumer of somebody else's has a mesh contract. */
  readonly isIntroduced: boolean;
}

/** A peering of any strategy, as far as random fleets use it. */
export interface AnyPeering {
  expose(service: never, options: never): Exposure;
  exposure(key: string, used: ConnectionUse): Exposure;
  tlsExposure(key: string, used: ConnectionUse): Exposure;
  tcpExposure(key: string, used: ConnectionUse): Exposure;
}

/**
 * What random fleets know of a strategy. A new strategy adds one file with one of these and a line in `index.ts`, and
 * gets every assertion that is about all strategies.
 *
 * @typeParam O what a peering states beside its sides and exposures, as plain data
 */
export interface StrategyShape<O> {
  /** Name of the class. */
  readonly name: string;
  readonly options: fc.Arbitrary<O>;
  /** Options that are shown one by one, by what is special about them. */
  readonly samples: Readonly<Record<string, O>>;
  /** What a sample with `broker/insurances` and a subset of it writes beside the contract and the two halves. */
  readonly files: (options: O) => string[];
  /** Whether every exposure has a host of its own, which carries it from the caller to the provider. */
  readonly hasHosts: boolean;
  /**
   * Whether several ports of one host can be exposed.
   * @default - they cannot
   */
  readonly leadsPorts?: (options: O) => boolean;
  /**
   * Takes out of the JSON of an object what is composed from all peerings, and so differs when one of them goes.
   * @default - nothing
   */
  readonly withoutComposed?: (json: string, options: O) => string;
  /** Whether such a peering can be stated between meshes like these; no provider: a server in no mesh. */
  fits(options: O, consumer: MeshShape, provider: MeshShape | undefined): boolean;
  /** What flows through an exposure. */
  protocol(options: O): Protocol;
  /** The client's key pair, which a mesh contract can say; none where the hop shows no certificate. */
  client(id: string, options: O, consumer: string): Credential | undefined;
  peer(scope: Construct, id: string, options: O, sides: Sides): AnyPeering;
  fromContract(scope: Construct, id: string, options: O, consumer: Place, contract: Contract): AnyPeering;
  /** What `expose` is told. */
  stated(stated: Stated<O>): object;
}
