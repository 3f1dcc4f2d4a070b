import { Admission } from '../../../lib/verify/admission/admission';
import type { Random } from '../../../tools/random';
import type { Bed } from '../../bed/bed';
import { pause } from '../../bed/process';
import type { Call } from '../../bed/scenario';
import type { KubeObject } from '../../kubernetes/types';
import { type Agreement, describeDifference } from '../agreement';
import type { Predictor } from '../predictor';
import { randomCall } from './calls';
import { type Change, randomChange } from './changes';

/** Calls that are made after one change. */
const CALLS_OF_A_CHANGE = 3;

/** Seconds for which a change may still be under way. */
const PATIENCE = 15;

export interface RandomRun {
  bed: Bed;
  predictor: Predictor;
  random: Random;
  /** How many calls are made. */
  calls: number;
  /** Calls of the scenario, some of which are made with something else in them. */
  known: readonly Call[];
  say: (line: string) => void;
}

/** What a run came to, besides the calls. */
export interface RandomResult {
  changes: number;
  /** Changes that API server or webhook refused. */
  refused: number;
  /** What was judged otherwise than by API server and webhook. */
  misjudged: string[];
}

/** Makes random calls, on the state of a scenario and on random changes of it, one at a time. */
export async function randomRun(run: RandomRun): Promise<RandomResult> {
  const { bed, predictor, random, say } = run;
  const result: RandomResult = { changes: 0, refused: 0, misjudged: [] };
  const admission = new Admission(['istio-1.31']);
  let made = 0;
  const calls = async (count: number) => {
    for (let n = 0; n < count && made < run.calls; n++, made++) await oneCall(run);
  };
  await calls(CALLS_OF_A_CHANGE);
  while (made < run.calls) {
    predictor.keepPrior();
    const change = randomChange(random, predictor.now());
    result.changes += 1;
    const refusal = await apply(bed, change);
    const judged = judge(admission, change.after);
    if ((refusal === undefined) !== (judged === undefined)) {
      result.misjudged.push(`${change.what}: ${refusal ?? 'taken'}; judged: ${judged ?? 'taken'}`);
    }
    say(`  ${refusal === undefined ? 'change' : 'refused'} @${change.cluster} ${change.what}`);
    if (refusal !== undefined) {
      result.refused += 1;
      continue;
    }
    try {
      if (await isReady(bed, say)) await calls(CALLS_OF_A_CHANGE);
    } finally {
      await undo(bed, change);
      predictor.forgetPrior();
    }
    await bed.ready();
  }
  return result;
}

function judge(admission: Admission, object: KubeObject | undefined): string | undefined {
  const problems = object === undefined ? [] : admission.judge(object);
  return problems.find(({ severity }) => severity === 'error')?.message;
}

/** A configuration that Envoy refuses never gets ready. */
async function isReady(bed: Bed, say: RandomRun['say']): Promise<boolean> {
  try {
    await bed.ready(20);
    return true;
  } catch (error) {
    say(`    is not ready: ${(error as Error).message.split('\n')[0]}`);
    return false;
  }
}

async function oneCall({ bed, predictor, random, known, say }: RandomRun): Promise<void> {
  const call = randomCall(random, predictor.now(), known);
  const what = `${call.from} ${call.method ?? 'GET'} ${call.url}${call.as ? ` as ${call.as}` : ''}`;
  const deadline = Date.now() + PATIENCE * 1000;
  let agreement: Agreement;
  for (;;) {
    const found = await bed.call({ ...call, fresh: true });
    agreement = await predictor.foresee(call, found);
    if (agreement.kind !== 'differs' || Date.now() > deadline) {
      predictor.count(call, found, agreement);
      break;
    }
    await pause(1000);
  }
  const { kind } = agreement;
  const details = agreement.kind === 'differs' ? `: ${describeDifference(agreement)}` : '';
  say(`    ${kind === 'differs' ? 'DIFFERS' : kind} ${what} ${JSON.stringify(call.headers ?? {})}${details}`);
}

/** Why it was refused; undefined when it was taken. */
async function apply(bed: Bed, { cluster, before, after }: Change): Promise<string | undefined> {
  const verb = before === undefined ? 'create' : after === undefined ? 'delete' : 'replace';
  const object = after ?? before;
  const strict = verb === 'delete' ? ['--wait=true'] : ['--validate=strict'];
  const { code, stderr } = await bed.kubectl(cluster, [verb, ...strict, '-f', '-'], JSON.stringify(object));
  return code === 0 ? undefined : stderr.trim().split('\n')[0];
}

async function undo(bed: Bed, { cluster, before, after }: Change): Promise<void> {
  const verb = before === undefined ? 'delete' : after === undefined ? 'create' : 'replace';
  const { code, stderr } = await bed.kubectl(cluster, [verb, '-f', '-'], JSON.stringify(before ?? after));
  if (code !== 0) throw new Error(`a change cannot be undone: ${stderr.trim()}`);
}
