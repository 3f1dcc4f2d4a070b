import type { Contract, ContractDocument } from '../facts/contract';
import { mark } from '../facts/marks';
import type { Mesh } from '../mesh/mesh';
import type { Strategy } from './strategy';

declare const brand: unique symbol;

/** What the consumer's side adds to a contract. */
export interface ContractConsumer {
  /** The mesh of ours that calls. */
  readonly consumer: Mesh;
  /** What the provider's repository wrote. */
  readonly contract: Contract;
}

/** A provider that is known by its contract alone. A value; `fromContract` of a strategy makes it. */
export class ContractedProvider<S extends Strategy = Strategy> {
  static {
    mark(ContractedProvider.prototype, 'ContractedProvider');
  }

  /**
   * The provider of a contract that a strategy can read: what `fromContract` of the strategy begins with.
   *
   * @param strategy class name of the strategy.
   * @throws MESH1504 naming the field that does not fit the consumer.
   */
  public static of<S extends Strategy>(
    strategy: string,
    { consumer, contract }: ContractConsumer,
  ): ContractedProvider<S> {
    contract.require('strategy', strategy);
    contract.require('consumer.name', consumer.name);
    if (contract.document.consumer.trustDomain !== undefined) {
      contract.require('consumer.trustDomain', consumer.trustDomain);
    }
    return new ContractedProvider<S>(contract);
  }

  declare protected readonly [brand]: S;
  /** What kind of party of a peering it is. */
  public readonly kind = 'contracted';

  private constructor(
    /** What the provider's repository wrote. */
    public readonly contract: Contract,
  ) {}

  /** Name of the mesh, as the contract says it. */
  public get name(): string {
    return this.contract.document.provider.name;
  }

  /** What the strategy wrote: its shape is checked when the contract is read, its class by `of`. */
  public get document(): ContractDocument<S['common'], S['facts']> {
    return this.contract.document as ContractDocument<S['common'], S['facts']>;
  }
}
