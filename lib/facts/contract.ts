import { byText } from './by-text';
import { MeshError } from './error';
import type { ExposureFacts } from './exposure';
import { mark } from './marks';
import { Shape } from './misfit';
import { parseSealed, readSealedFile, type SealedKind, writeSealed } from './sealed-json';

/**
 * Everything that the two sides of one peering agree on, as the provider's repository writes it and the consumer's reads
 * it. Its JSON schema: `schema/contract.schema.json`.
 */
export interface ContractDocument<C extends object = object, F extends ExposureFacts = ExposureFacts> {
  /** Version of this format. */
  readonly version: 2;
  /** Name of the peering: both repositories name their objects after it. */
  readonly peering: string;
  /** Class of the peering. */
  readonly strategy: string;
  readonly consumer: PartyFacts;
  readonly provider: PartyFacts;
  /** What is the same for all exposures, in the words of the strategy. */
  readonly common: C;
  readonly exposures: F[];
}

/** One side of a peering. */
export interface PartyFacts {
  readonly name: string;
  /** SPIFFE trust domain, for a mesh. */
  readonly trustDomain?: string;
}

const KIND: SealedKind = {
  name: 'contract',
  writers: "the provider's",
  version: 2,
  field: 'peering',
  other: { field: 'mesh', is: 'a mesh contract, which MeshContract.file reads' },
  shape: new Shape(() => require('../../schema/contract.schema.json')),
};

/** A contract that was read: sealed, so that an edit by hand shows. */
export class Contract {
  static {
    mark(Contract.prototype, 'Contract');
  }

  /**
   * Reads the contract that a provider's synth wrote to `dist/contracts/<peering>.json`.
   *
   * @throws MESH1501 when the file cannot be read; MESH1502 when it is no contract of this version; MESH1503, naming
   * the field, when it was edited; MESH1507, naming the field, when its shape is unknown.
   */
  public static file(path: string): Contract {
    return Contract.parse(readSealedFile(path, KIND), path);
  }

  /**
   * Reads a contract's text; `where` names it in messages.
   *
   * @throws as `file`.
   */
  public static parse(text: string, where: string): Contract {
    return new Contract(parseSealed(text, KIND, where) as ContractDocument, where);
  }

  private constructor(
    /** What it says. */
    public readonly document: ContractDocument,
    /** File that it was read from. */
    public readonly where: string,
  ) {}

  /**
   * Checks that a strategy can read it.
   *
   * @throws MESH1504 naming the field when it does not fit.
   */
  public require(field: 'strategy' | 'consumer.name' | 'consumer.trustDomain', expected: string): void {
    const { strategy, consumer } = this.document;
    const found = { strategy, 'consumer.name': consumer.name, 'consumer.trustDomain': consumer.trustDomain }[field];
    if (found !== expected) {
      throw new MeshError(
        'MESH1504',
        this.where,
        `field '${field}' is '${found}', here it is '${expected}'; the contract is for somebody else, or one of the two is wrong`,
      );
    }
  }

  /**
   * One exposure, by `<namespace>/<service>:<port>[/<subset>]`.
   *
   * @throws MESH1504 when the contract has none of that name.
   */
  public exposure(key: string): ExposureFacts {
    const found = this.document.exposures.find((exposure) => exposure.key === key);
    if (found === undefined) {
      const has = this.document.exposures.map((exposure) => exposure.key).join(', ');
      throw new MeshError('MESH1504', this.where, `field 'exposures' has no '${key}'; it has ${has || 'none'}`);
    }
    return found;
  }
}

/** A contract as text, sealed. */
export function writeContract(document: ContractDocument): string {
  return writeSealed({ ...document, exposures: [...document.exposures].sort(byText(({ key }) => key)) });
}
