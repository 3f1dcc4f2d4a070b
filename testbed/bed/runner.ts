import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeHop } from '../istio/hops';
import { IstioInstallation } from '../istio/istiod';
import { type BedContext, Cluster, type CrdSet } from '../kubernetes/cluster';
import { crdsOf } from '../kubernetes/crds';
import { Etcd } from '../kubernetes/etcd';
import type { KubeObject } from '../kubernetes/types';
import { Predictor } from '../prediction/predictor';
import { type RandomRun, randomRun } from '../prediction/random/run';
import { Tally } from '../prediction/tally';
import { clearEvidence, saveEvidence } from './artifacts';
import { Bed } from './bed';
import { Certificates } from './certificates';
import { type CallResult, describeOutcome, mismatch } from './expectation';
import { clusterMemory } from './figures';
import { synthesize } from './fleets';
import { BED_FILE, PKI, REPOSITORY, STATE } from './paths';
import { pause } from './process';
import type { Call, ClusterSetup, Scenario } from './scenario';

/** Seconds for which a call after a change may go on failing: what the change set off may still be under way. */
const AFTER_CHANGE = 20;

export interface Report {
  passed: number;
  failed: number;
  /** What failed, a line each, with the scenario's name: a run prints some thousand lines before its end. */
  failures: string[];
  /** Seconds by step. */
  times: { what: string; seconds: Record<string, number> }[];
  /** MiB by cluster: the most that was seen. */
  memory: Record<string, number>;
  /** What of the calls was foreseen. */
  predicted: Tally;
}

/** Runs scenarios one after the other on clusters that are started once. */
export class Runner {
  readonly report: Report = { passed: 0, failed: 0, failures: [], times: [], memory: {}, predicted: new Tally() };
  private predictor: Predictor | undefined;
  private readonly slots: (Cluster | undefined)[] = [];
  private names: readonly string[] = [];
  private current: Scenario | undefined;
  private readonly context: BedContext;

  /**
   * @param say prints a line
   * @param random in place of a scenario's own calls
   */
  constructor(
    private readonly binaries: string,
    private readonly say: (line: string) => void,
    private readonly random?: Pick<RandomRun, 'random' | 'calls'>,
  ) {
    const certificates = new Certificates(PKI);
    this.context = {
      binaries,
      certificates,
      etcd: new Etcd(binaries, STATE),
      istio: new IstioInstallation(binaries),
      external: (slot, name) => this.external(slot, name),
    };
  }

  /** Runs scenarios; those with the same CustomResourceDefinitions follow each other, so that clusters can be kept. */
  async run(scenarios: readonly Scenario[], keep: boolean): Promise<void> {
    await this.context.etcd.ready();
    const sorted = [...scenarios].sort((a, b) => compare(setsOf(a), setsOf(b)));
    for (const scenario of sorted) {
      await this.runScenario(scenario);
      if (!keep || scenario !== sorted.at(-1)) await this.reset();
    }
  }

  private async runScenario(scenario: Scenario): Promise<void> {
    this.say(`\n${scenario.name}`);
    const seconds: Record<string, number> = {};
    const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
      const start = Date.now();
      try {
        return await work();
      } finally {
        seconds[step] = (Date.now() - start) / 1000;
      }
    };
    clearEvidence(scenario.name);
    this.current = scenario;
    this.names = Object.keys(scenario.clusters);
    let bed: Bed | undefined;
    try {
      for (const [name, build] of Object.entries(scenario.fleets ?? {})) synthesize(name, build);
      await timed('start', () => this.startClusters(scenario));
      const clusters = new Map(this.names.map((name, n) => [name, this.slot(n)]));
      const judge = (each: Bed, call: Call) => this.makeCall(scenario, each, call);
      bed = new Bed(this.binaries, clusters, this.context.certificates, judge);
      const ready = bed;
      writeFileSync(BED_FILE, JSON.stringify({ clusters: this.names.map((name, n) => [name, this.slot(n).slot]) }));
      await timed('control', () => this.beginClusters(scenario));
      this.predictor = await Predictor.start(scenario, ready);
      await timed('apply', () => this.apply(scenario, ready));
      await timed('ready', () => ready.ready());
      await timed('calls', () => (this.random ? this.randomCalls(scenario, ready) : this.calls(scenario, ready)));
    } catch (error) {
      const { message, stack } = error as Error;
      await this.failed(scenario, bed, message, { stack });
    }
    this.endPrediction();
    this.report.times.push({ what: scenario.name, seconds });
    const memory = this.measureMemory();
    const steps = Object.entries(seconds).map(([step, value]) => `${step} ${value.toFixed(1)} s`);
    this.say(`      ${steps.join(', ')}; ${memory}`);
  }

  /** Clusters that run and serve the right CustomResourceDefinitions are used again. */
  private async startClusters({ clusters }: Scenario): Promise<void> {
    await Promise.all(
      Object.values(clusters).map(async (setup, n) => {
        const id = setOf(setup);
        const running = this.slots[n];
        if (running?.crds.id === id) return;
        await running?.stop();
        this.slots[n] = undefined;
        this.slots[n] = await Cluster.start(n + 1, this.crdSet(setup), this.context);
      }),
    );
  }

  private async beginClusters({ clusters, certificates = [] }: Scenario): Promise<void> {
    for (const spec of certificates) await this.context.certificates.issue(spec);
    await Promise.all(Object.entries(clusters).map(([name, setup], n) => this.slot(n).begin(name, setup)));
  }

  private async apply({ clusters }: Scenario, bed: Bed): Promise<void> {
    await Promise.all(
      Object.entries(clusters).map(async ([name, setup]) => {
        for (const secret of setup.secrets ?? []) {
          await bed.cluster(name).kube.apply(namespaceObject(secret.namespace));
          await bed.secret(name, secret);
        }
        const applied = setup.objects?.length ? await bed.apply(name, setup.objects) : [];
        for (const folder of setup.apply ?? []) {
          applied.push(...(await bed.apply(name, path.resolve(REPOSITORY, folder))));
        }
        this.passed(`${name}: ${applied.length} objects admitted`);
      }),
    );
  }

  private async calls(scenario: Scenario, bed: Bed): Promise<void> {
    for (const call of scenario.calls ?? []) await this.makeCall(scenario, bed, call);
    if (!scenario.test) return;
    const { failed } = this.report;
    await scenario.test(bed);
    if (this.report.failed === failed) this.passed('test to its end');
  }

  private async randomCalls({ calls: known = [] }: Scenario, bed: Bed): Promise<void> {
    const { random, predictor, say } = this;
    if (!random || !predictor || known.length === 0) return;
    const { changes, refused, misjudged } = await randomRun({ bed, predictor, known, say, ...random });
    say(`      ${changes} changes, ${refused} of them refused; ${misjudged.length} judged otherwise`);
    for (const line of misjudged) say(`      MISJUDGED ${line}`);
    this.report.passed += predictor.tally.agree;
    this.report.failed += predictor.tally.differing + misjudged.length;
  }

  private async makeCall(scenario: Scenario, bed: Bed, call: Call): Promise<void> {
    const what = `${call.from} ${call.method ?? 'GET'} ${call.url}${call.as ? ` as ${call.as}` : ''}`;
    try {
      if (call.before) await bed.act(call.before);
      const { result, wrong: unexpected, attempts } = await patiently(bed, call);
      const unforeseen = await this.predictor?.compare(call, result);
      const wrong = unexpected ?? unforeseen;
      if (wrong === undefined) {
        const again = attempts > 1 ? `, attempt ${attempts}` : '';
        const answer = result.spread ? JSON.stringify(result.spread) : describeOutcome(result);
        this.passed(`${what} -> ${answer} (${result.duration} ms${again})`);
        return;
      }
      const way = result.hops.map((hop) => `          ${describeHop(hop)}`);
      const lines = [
        `${what}: ${wrong}`,
        `        it should show: ${call.why}`,
        ...(way.length ? ['        hops:'] : []),
        ...way,
      ];
      await this.failed(scenario, bed, lines.join('\n'), { call, result, wrong });
    } catch (error) {
      await this.failed(scenario, bed, `${what}: ${(error as Error).message}`);
    }
  }

  private endPrediction(): void {
    this.predictor?.stop();
    const tally = this.predictor?.tally;
    this.predictor = undefined;
    if (tally === undefined || tally.calls === 0) return;
    this.report.predicted.addAll(tally);
    this.say(`      ${tally.describe()}`);
  }

  private passed(line: string): void {
    this.report.passed += 1;
    this.say(`  ok  ${line}`);
  }

  private async failed(scenario: Scenario, bed: Bed | undefined, line: string, details: object = {}): Promise<void> {
    this.report.failed += 1;
    this.report.failures.push(`${scenario.name}: ${line}`);
    this.say(`  BAD ${line}`);
    const folder = await saveEvidence(scenario.name, bed, { line, ...details });
    this.say(`        saved: ${path.relative(REPOSITORY, folder)}`);
  }

  private async reset(): Promise<void> {
    this.current = undefined;
    await Promise.all(
      this.slots.map(async (cluster, n) => {
        try {
          await cluster?.reset();
        } catch (error) {
          // What cannot be put back is given up: the next scenario gets a new cluster in its place.
          console.error(error);
          await cluster?.stop();
          this.slots[n] = undefined;
        }
      }),
    );
    this.context.certificates.clear();
  }

  private slot(n: number): Cluster {
    const cluster = this.slots[n];
    if (!cluster) throw new Error(`cluster ${n + 1} does not run`);
    return cluster;
  }

  private crdSet(setup: ClusterSetup): CrdSet {
    const own = setup.controlPlane === false ? [] : this.context.istio.crds();
    const more = (setup.crds ?? []).flatMap((source) => crdsOf(source, this.binaries));
    return { id: setOf(setup), objects: [...own, ...more] };
  }

  /** Names from outside a cluster: what the scenario says, and the hosts of all Routes. */
  private external(slot: string, name: string): readonly string[] | string | undefined {
    const index = this.slots.findIndex((cluster) => cluster?.slot === slot);
    const setup = this.current?.clusters[this.names[index]];
    const target = setup?.dns?.[name];
    if (target === undefined) {
      const owner = this.slots.find((cluster) => cluster?.routeHosts().includes(name));
      const address = owner?.publicAddress('router');
      return address === undefined ? undefined : [address];
    }
    const [cluster, service] = target.split(':');
    if (service !== undefined) {
      const address = this.slots[this.names.indexOf(cluster)]?.publicAddress(service);
      return address === undefined ? undefined : [address];
    }
    return /^[0-9.]+$/.test(target) ? [target] : target;
  }

  private measureMemory(): string {
    const sums = Object.entries(clusterMemory()).sort(([a], [b]) => compare(a, b));
    for (const [slot, mebibytes] of sums) {
      this.report.memory[slot] = Math.max(this.report.memory[slot] ?? 0, mebibytes);
    }
    return sums.map(([slot, mebibytes]) => `${slot} ${mebibytes.toFixed(0)} MiB`).join(', ');
  }
}

async function patiently(
  bed: Bed,
  call: Call,
): Promise<{ result: CallResult; wrong: string | undefined; attempts: number }> {
  const deadline = Date.now() + (call.within ?? (call.before ? AFTER_CHANGE : 0)) * 1000;
  for (let attempts = 1; ; attempts++) {
    const result = await bed.call(call);
    const wrong = mismatch(call.expect, result);
    if (wrong === undefined || Date.now() > deadline) return { result, wrong, attempts };
    await pause(200);
  }
}

const namespaceObject = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const setOf = ({ controlPlane, crds = [] }: ClusterSetup) =>
  [controlPlane === false ? 'none' : 'istio', ...crds.map((source) => JSON.stringify(source))].join(' ');

const setsOf = ({ clusters }: Scenario) => Object.values(clusters).map(setOf).join(', ');

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
