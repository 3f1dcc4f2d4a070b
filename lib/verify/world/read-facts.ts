import { readFileSync } from 'node:fs';
import { MeshError } from '../../facts/error';
import type { FleetDocument } from '../../facts/fleet';
import { misfitOf } from '../../facts/misfit';
import { yaml } from '../../facts/packages';
import type { WorldFacts } from './facts';

const factsSchema = (): Schema => require('../../../schema/facts.schema.json');
const fleetSchema = (): Schema => require('../../../schema/fleet.schema.json');

interface Schema {
  readonly $schema: string;
}

/** Facts as a file may state them: any part of them. */
export type StatedFacts = Partial<WorldFacts>;

/**
 * Reads `fleet.json`.
 *
 * @throws MESH4004 when it cannot be read or is no document of this version.
 */
export function readFleet(file: string): FleetDocument {
  return checked(file, readYaml(file), fleetSchema()) as FleetDocument;
}

/**
 * Reads a file with facts, JSON or YAML: a `fleet.json`, or facts of its own shape (`schema/facts.schema.json`).
 *
 * @throws MESH4004 when it cannot be read or is neither.
 */
export function readFacts(file: string): { readonly fleet: FleetDocument } | { readonly facts: StatedFacts } {
  const read = readYaml(file);
  const isFleet = typeof read === 'object' && read !== null && 'peerings' in read;
  if (isFleet) return { fleet: checked(file, read, fleetSchema()) as FleetDocument };
  return { facts: checkedFacts(file, read) };
}

/** @throws MESH4004 naming the field that is none of facts. */
export const checkedFacts = (file: string, read: unknown): StatedFacts =>
  checked(file, read ?? {}, factsSchema()) as StatedFacts;

/**
 * A YAML or JSON file as a value.
 *
 * @throws MESH4004 when it cannot be read.
 */
export function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MeshError('MESH4004', file, `the file cannot be read (${(error as Error).message}); correct the path`);
  }
  try {
    return asSynthesized(text) ?? yaml().parse(text);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new MeshError('MESH4004', file, `the file is neither YAML nor JSON: ${reason}`);
  }
}

/**
 * The value of JSON that a synth writes: read in a fiftieth of the time of YAML, which every other text is read as. Nothing
 * gets lost, such as the first of two keys: what was read is written the same way again.
 */
function asSynthesized(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return `${JSON.stringify(value, null, 2)}\n` === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function checked(file: string, read: unknown, schema: Schema): unknown {
  const misfit = misfitOf(schema, read);
  if (misfit === undefined) return read;
  throw new MeshError('MESH4004', file, `${misfit}; correct it`);
}

/** Facts of several files together: what stands later wins, certificates and Secrets add up. */
export function mergeFacts(all: readonly StatedFacts[]): WorldFacts {
  const merged = <T>(part: (facts: StatedFacts) => Readonly<Record<string, T>> | undefined) =>
    Object.assign({}, ...all.map((facts) => part(facts) ?? {})) as Record<string, T>;
  const nested = <T extends object>(part: (facts: StatedFacts) => Readonly<Record<string, T>> | undefined) => {
    const clusters = Object.keys(merged(part));
    return Object.fromEntries(
      clusters.map((cluster) => [cluster, Object.assign({}, ...all.map((facts) => part(facts)?.[cluster] ?? {})) as T]),
    );
  };
  return {
    meshes: nested((facts) => facts.meshes),
    dns: nested((facts) => facts.dns),
    names: merged((facts) => facts.names),
    loadBalancers: merged((facts) => facts.loadBalancers),
    routers: merged((facts) => facts.routers),
    addresses: all.flatMap(({ addresses = [] }) => addresses),
    certificates: all.flatMap(({ certificates = [] }) => certificates),
    secrets: all.flatMap(({ secrets = [] }) => secrets),
    secretsAreComplete: all.some(({ secretsAreComplete }) => secretsAreComplete === true),
    failing: merged((facts) => facts.failing),
    images: merged((facts) => facts.images),
    containers: merged((facts) => facts.containers),
  };
}
