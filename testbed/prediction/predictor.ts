import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bed } from '../bed/bed';
import type { CallResult } from '../bed/expectation';
import { pause } from '../bed/process';
import type { Call, Scenario } from '../bed/scenario';
import { type Agreement, describeDifference, isLogged } from './agreement';
import { Foreseen } from './foreseen';
import { Recorder } from './recording';
import { type BedState, type StateSource, stateOf } from './state';
import { Tally } from './tally';
import { ObjectWatch } from './watch';

/** How often a call is made again whose answer was not foreseen. */
const AGAIN = 3;

/** Milliseconds that proxies have to log what was foreseen. */
const LOG_TIME = 300;

/** Folder that recordings of scenarios are written into; nothing is where it is not set. */
const RECORD = process.env.TESTBED_RECORD;

/** Foresees the calls of a scenario from the objects in its API servers, and compares. */
export class Predictor {
  readonly tally = new Tally();
  private readonly recorder: Recorder | undefined;
  private state: BedState | undefined;
  private foreseen: Foreseen | undefined;
  private prior: BedState | undefined;

  private constructor(
    private readonly scenario: string,
    private readonly bed: Bed,
    private readonly sources: readonly StateSource[],
  ) {
    this.recorder = RECORD === undefined ? undefined : new Recorder(scenario);
  }

  static async start({ name, clusters }: Scenario, bed: Bed): Promise<Predictor> {
    let predictor: Predictor | undefined;
    const meshes = Object.entries(clusters).filter(([, { controlPlane }]) => controlPlane !== false);
    const sources = await Promise.all(
      meshes.map(async ([cluster, setup]): Promise<StateSource> => {
        const watch = await ObjectWatch.start(bed.cluster(cluster), () => predictor?.changed());
        return { name: cluster, setup, watch };
      }),
    );
    predictor = new Predictor(name, bed, sources);
    return predictor;
  }

  /**
   * Compares what came of a call with what was to be foreseen, and counts it. What differs is asked again: something may
   * still have been under way.
   *
   * @returns how they differ; undefined where they agree, or where nothing is foreseen
   */
  async compare(call: Call, result: CallResult): Promise<string | undefined> {
    let found = result;
    let agreement = await this.foresee(call, found);
    for (let n = 0; n < AGAIN && agreement.kind === 'differs'; n++) {
      await pause(1000);
      found = await this.bed.call({ ...call, fresh: true });
      agreement = await this.foresee(call, found);
    }
    this.count(call, found, agreement);
    return agreement.kind === 'differs' ? describeDifference(agreement) : undefined;
  }

  /** Compares what came of a call with what was to be foreseen. What proxies log of it late is added to its hops. */
  async foresee(call: Call, result: CallResult): Promise<Agreement> {
    await Promise.all(this.sources.map(({ watch }) => watch.current()));
    const state = this.now();
    const foreseen = this.foreseen ?? new Foreseen(state, this.prior);
    this.foreseen = foreseen;
    const traces = foreseen.traces(call);
    result.hops = await this.bed.hops((seen) => traces.some((trace) => isLogged(trace, seen)), LOG_TIME);
    return foreseen.compare(call, result, traces);
  }

  count(call: Call, result: CallResult, agreement: Agreement): void {
    this.recorder?.add(this.now(), call, result, this.prior);
    this.tally.add(agreement);
  }

  /** From now on, proxies have run through whatever changes. */
  keepPrior(): void {
    this.prior = this.now();
  }

  forgetPrior(): void {
    this.prior = undefined;
    this.foreseen = undefined;
  }

  stop(): void {
    for (const { watch } of this.sources) watch.stop();
    if (RECORD === undefined || !this.recorder) return;
    mkdirSync(RECORD, { recursive: true });
    const file = path.join(RECORD, `${this.scenario.replaceAll('/', '-')}.json.gz`);
    writeFileSync(file, gzipSync(JSON.stringify(this.recorder.recording)));
  }

  private changed(): void {
    this.state = undefined;
    this.foreseen = undefined;
  }

  /** What pods answer is no object: it is looked at each time. */
  now(): BedState {
    const state = this.state;
    const failing = JSON.stringify(this.sources.map(({ name }) => this.bed.failing(name)));
    if (state && failing === JSON.stringify(Object.values(state.clusters).map((one) => one.failing))) return state;
    this.foreseen = undefined;
    this.state = stateOf(this.bed, this.sources);
    return this.state;
  }
}
