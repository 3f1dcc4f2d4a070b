import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MeshError } from './error';
import type { ExposureFacts } from './exposure';

/** What one peering's two sides agree on, as the provider's repository writes it and the consumer's reads it. */
export interface ContractDocument {
  /** Version of this format. */
  readonly version: 1;
  /** Name of the peering: both repositories name their objects after it. */
  readonly peering: string;
  /** Class of the peering. */
  readonly strategy: string;
  readonly consumer: PartyFacts;
  readonly provider: PartyFacts;
  readonly exposures: ExposureFacts[];
}

/** One side of a peering. */
export interface PartyFacts {
  readonly name: string;
  /** SPIFFE trust domain, for a mesh. */
  readonly trustDomain?: string;
}

type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };

/** A contract that was read: sealed, so that an edit by hand shows. */
export class Contract {
  /**
   * Reads the contract that a provider's synth wrote to `dist/contracts/<peering>.json`.
   *
   * @throws MESH1501 when the file cannot be read; MESH1502 when it is no contract of this version; MESH1503, naming
   * the field, when it was edited.
   */
  public static file(path: string): Contract {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      throw new MeshError(
        'MESH1501',
        path,
        `the contract cannot be read (${(error as Error).message}); copy it from the provider's dist/contracts/`,
      );
    }
    return Contract.parse(text, path);
  }

  /**
   * Reads a contract's text; `where` names it in messages.
   *
   * @throws as `file`.
   */
  public static parse(text: string, where: string): Contract {
    let read: unknown;
    try {
      read = JSON.parse(text);
    } catch (error) {
      throw new MeshError(
        'MESH1502',
        where,
        `the contract is no JSON (${(error as Error).message}); copy it again from the provider's dist/contracts/`,
      );
    }
    const { seal, ...document } = { ...(read as Record<string, Json>) };
    if (document.version !== 1) {
      throw new MeshError(
        'MESH1502',
        where,
        `field 'version' is ${JSON.stringify(document.version)}, expected 1; write the contract with the same major version of this library`,
      );
    }
    const expected = new Map<string, Json>(sealOf(document));
    const found = new Map(typeof seal === 'object' && seal !== null ? Object.entries(seal) : []);
    for (const field of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
      if (expected.get(field) === found.get(field)) continue;
      const how = !found.has(field) ? 'was added' : !expected.has(field) ? 'was removed' : 'was changed';
      throw new MeshError(
        'MESH1503',
        where,
        `field '${field}' ${how} after the contract was written; change the provider's main.ts and synthesize it again`,
      );
    }
    return new Contract(document as unknown as ContractDocument, where);
  }

  private constructor(
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
    const found = this.document.exposures.find(({ exposure }) => exposure === key);
    if (found === undefined) {
      const has = this.document.exposures.map(({ exposure }) => exposure).join(', ');
      throw new MeshError('MESH1504', this.where, `field 'exposures' has no '${key}'; it has ${has || 'none'}`);
    }
    return found;
  }
}

/** A contract as text, sealed. */
export function writeContract(document: ContractDocument): string {
  const exposures = [...document.exposures].sort((a, b) => (a.exposure < b.exposure ? -1 : 1));
  const sorted = { ...document, exposures };
  return `${JSON.stringify({ ...sorted, seal: Object.fromEntries(sealOf(sorted as unknown as Json)) }, null, 2)}\n`;
}

/** A digest per leaf, by its JSON path, so that a message can name the field that was edited. */
function sealOf(value: Json, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    const digest = createHash('sha256')
      .update(`${path}=${JSON.stringify(value)}`)
      .digest('hex');
    return [[path, digest.slice(0, 12)]];
  }
  return Object.entries(value).flatMap(([key, child]) => sealOf(child as Json, path + step(key, value, path)));
}

/** One step of a JSON path; a key that would read as several steps is quoted. */
function step(key: string, parent: Json, path: string): string {
  if (Array.isArray(parent)) return `[${key}]`;
  if (!/^\w+$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === '' ? key : `.${key}`;
}
