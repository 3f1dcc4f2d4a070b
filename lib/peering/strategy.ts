import type { NextHop } from '../facts/destination';
import type { ExposureFacts } from '../facts/exposure';
import type { Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import type { MeshChart } from '../fleet/mesh-chart';
import type { ExternalServer } from '../mesh/external';
import type { Leader } from '../mesh/led-hosts';
import type { DialledHost } from '../traffic/dialled-host';

/** What one strategy is about. Types only: the things in which strategies differ. */
export interface Strategy {
  /** What can be exposed. */
  readonly protocol: Protocol;
  /** What both sides agree on for all exposures together: JSON, in the contract. */
  readonly common: object;
  /** What both sides agree on about one exposure: JSON, in the contract. */
  readonly facts: ExposureFacts;
  /** What the provider states about an exposure. */
  readonly stated: object;
  /** What the consumer states about an exposure, which is nobody else's business; all optional. */
  readonly used: object;
}

/** What both halves know of their peering: it is in the contract, too. */
export interface PeeringName {
  /** Id of the peering. */
  readonly id: string;
  /** Construct path, for messages. */
  readonly where: string;
}

/** One exposure, as a half writes it. */
interface Written<S extends Strategy> {
  /** Where this half's objects of the peering go. */
  readonly chart: MeshChart;
  readonly facts: S['facts'];
  /** Base name of the exposure's objects. */
  readonly name: string;
}

/** One exposure at its provider. */
export interface Provided<S extends Strategy, E = MeshService> extends Written<S> {
  /** The own service: its pods and ports. */
  readonly service: E;
  /** What the provider stated, for what is nobody else's business. */
  readonly stated: S['stated'];
}

/** One exposure at its consumer. */
export interface Consumed<S extends Strategy> extends Written<S> {
  /** What the consumer states, which is nobody else's business. */
  readonly used: S['used'];
  /**
   * Says that a host leads through this peering.
   *
   * @param leader whose proxies see that, and how it is registered; absent: all of the mesh.
   * @throws MESH1204 when it leads elsewhere already for one that sees it.
   */
  readonly claimHost: (host: string, leader?: Omit<Leader, 'by'>) => void;
  /** Says that callers dial a host themselves, so that a Routing may be about it. */
  readonly letDial: (host: DialledHost) => void;
}

/** Writes at the provider. It is made with what is the provider's own, so it sees nothing of the other side but facts. */
export interface ProviderHalf<S extends Strategy> {
  /** Writes one exposure. */
  provide(exposure: Provided<S>): void;
  /** Writes one of a server in no mesh, where the strategy puts a gateway before such. */
  provideServer?(exposure: Provided<S, ExternalServer>): void;
}

/** Writes at the consumer. It is made with what is the consumer's own, so it sees nothing of the other side but facts. */
export interface ConsumerHalf<S extends Strategy> {
  /** Writes one exposure; gives what rules point at. */
  consume(exposure: Consumed<S>): NextHop;
}
