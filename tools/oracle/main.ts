/**
 * Compares the model of istiod with istiod's own code on random configurations.
 *
 *     npm run oracle -- 300                 300 random worlds, and a seed that is printed
 *     npm run oracle -- 300 --seed 7        the same worlds again
 *     npm run oracle -- 300 --seed 7 --show 20
 *     npm run oracle -- 300 --seed 7 --only 41   one of them, with its objects
 *     npm run oracle -- 300 --env PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE=false   another environment of istiod
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { ControlPlane } from '../../lib/verify/control-plane';
import { Mesh } from '../../lib/verify/world/mesh';
import { describe, type Resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import { Random } from '../random';
import type { OracleAnswer } from './answer';
import { buildOracle } from './build';
import { admissionCase, istioResources, type OracleCase, oracleCase } from './case';
import { compare, type Item } from './compare';
import { randomWorld } from './generator/generate';
import { type Golden, goldens, TESTBED } from './golden';
import { Tally } from './tally';

/** A mesh on its way through the oracle: first its webhook, then what it sends. */
interface Asked {
  readonly id: string;
  readonly mesh: Mesh;
  /** Undefined while the webhook has not answered. */
  readonly plane?: ControlPlane;
  /** Undefined before istiod has answered once. */
  readonly compared?: Compared;
}

/** What was compared, as far as istiod answers the same each time that it is asked. */
interface Compared {
  readonly items: readonly Item[];
  /** Items that have differed every time. */
  readonly differing: readonly Item[];
  readonly times: number;
}

/** Where istiod goes through a Go map, it answers by chance: it is asked again before a difference counts. */
const MOST_TIMES = 6;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      show: { type: 'string', default: '5' },
      only: { type: 'string' },
      env: { type: 'string', multiple: true },
    },
  });
  const count = Number(positionals[0] ?? 300);
  const seed = Number(values.seed ?? process.hrtime()[1]);
  console.log(`${count} random worlds, seed ${seed}`);
  const env = { ...TESTBED, ...Object.fromEntries((values.env ?? []).map((one) => one.split('='))) };
  const tally = new Tally(Number(values.show));
  const asked = new Map<string, Asked>();
  const oracle = spawn(buildOracle(), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { GOMEMLIMIT: '2GiB', ...process.env, ...env },
  });
  const send = (one: Asked, question: OracleCase) => {
    asked.set(one.id, one);
    oracle.stdin.write(`${JSON.stringify(question)}\n`);
  };
  const waiting = worlds(
    goldens().map((one) => inEnvironment(one, env)),
    count,
    seed,
    values.only === undefined ? undefined : Number(values.only),
  );
  const next = () => {
    const { value, done } = waiting.next();
    if (done) oracle.stdin.end();
    else send(value, admissionCase(value.id, value.mesh));
  };
  next();
  for await (const line of createInterface({ input: oracle.stdout })) {
    const answer = JSON.parse(line) as OracleAnswer;
    const one = asked.get(answer.id);
    if (!one) throw new Error(`the oracle answers a case that was not asked: ${answer.id}`);
    if (!one.plane) {
      tally.refused(Object.values(answer.refused ?? {}));
      const mesh = withoutRefused(one.mesh, answer);
      const plane = new ControlPlane(mesh);
      send({ ...one, mesh, plane }, oracleCase(one.id, plane));
      continue;
    }
    if (answer.error) {
      tally.failed(one.id, answer.error);
      next();
      continue;
    }
    const compared = afterAnswer(one.plane, answer, one.compared);
    if (compared.differing.length > 0 && compared.times < MOST_TIMES) {
      send({ ...one, compared }, oracleCase(one.id, one.plane));
      continue;
    }
    tally.compared(one.id, compared.items, compared.differing);
    next();
  }
  console.log(tally.summary());
  process.exitCode = tally.differs ? 1 : 0;
}

function afterAnswer(plane: ControlPlane, answer: OracleAnswer, before: Compared | undefined): Compared {
  const items = [...compare(plane, answer)];
  const differing = items.filter(({ istiod, model }) => istiod !== model);
  if (!before) return { items, differing, times: 1 };
  const isStill = ({ kind, what }: Item) => differing.some((one) => one.kind === kind && one.what === what);
  return { items: before.items, differing: before.differing.filter(isStill), times: before.times + 1 };
}

function* worlds(all: readonly Golden[], count: number, seed: number, only: number | undefined): Generator<Asked> {
  for (const golden of only === undefined ? all : []) {
    for (const [cluster, mesh] of new World(golden.facts, golden.resources).meshes) {
      yield { id: `${golden.name}/${cluster}`, mesh };
    }
  }
  for (let index = 0; index < count; index++) {
    if (only !== undefined && only !== index) continue;
    // every world has a seed of its own: one can be made again alone
    const random = new Random(seed + index * 7919);
    const golden = all[index % all.length];
    const { cluster, facts, resources } = randomWorld(golden, random);
    const mesh = new World(facts, resources).meshes.get(cluster);
    if (only !== undefined) printChanges(golden.resources, resources);
    if (mesh) yield { id: `${golden.name}/${cluster}/${index}`, mesh };
  }
}

/** The scenario with another environment of its istiods. */
function inEnvironment(golden: Golden, env: Readonly<Record<string, string>>): Golden {
  const meshes = Object.entries(golden.facts.meshes).map(([cluster, fact]) => [
    cluster,
    { ...fact, env: { ...fact.env, ...env } },
  ]);
  return { ...golden, facts: { ...golden.facts, meshes: Object.fromEntries(meshes) } };
}

function printChanges(before: readonly Resource[], after: readonly Resource[]): void {
  for (const one of before.filter((resource) => !after.includes(resource))) console.log(`- ${describe(one)}`);
  for (const one of after.filter((resource) => !before.includes(resource)))
    console.log(`---\n${stringify(one.manifest)}`);
}

/** What the webhook refuses never reaches istiod. */
function withoutRefused(mesh: Mesh, { refused = {} }: OracleAnswer): Mesh {
  const dropped = new Set(istioResources(mesh).filter((_, index) => String(index) in refused));
  if (dropped.size === 0) return mesh;
  const { cluster, index, fact, order } = mesh;
  return new Mesh(
    cluster,
    index,
    fact,
    mesh.resources.filter((one) => !dropped.has(one)),
    order,
  );
}

void main();
