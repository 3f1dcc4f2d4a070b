import { App, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { byText } from '../facts/by-text';
import { MeshError } from '../facts/error';
import type { Finding } from '../facts/finding';
import type { FleetDocument } from '../facts/fleet';
import { callable, checkOptions, flag, optional, text } from '../facts/guard';
import type { PlacedManifest } from '../facts/manifest';
import { isMarked, mark } from '../facts/marks';
import { pageOf } from '../facts/user-stack';
import { constructMetadata } from '../synth/construct-metadata';
import { type Emission, emit } from '../synth/emission';
import { Judged } from '../synth/judged-file';
import { refuseOutputsInTheWay } from '../synth/output-path';
import { type Output, type OutputFile, planOutput } from '../synth/plan';
import { formatSecrets } from '../synth/secret-table';
import { refuseStale } from '../synth/stale';
import { formatSummary } from '../synth/summary';
import { formatFindings, SynthError } from '../synth/synth-error';
import { toYaml } from '../synth/yaml';
import type { Settled } from '../verify/settled';
import { type Verdict, verdictOn } from '../verify/verdict';
import { Cluster } from './cluster';
import { FindingPolicy } from './finding-policy';
import { checkFleetProps, type FleetCheck, type FleetProps, type Review, type SynthOptions } from './fleet-props';
import { IncludedManifests } from './included-manifests';
import { MeshChart } from './mesh-chart';
import { writeOnce } from './one-writer';
import { refuseOutputType } from './output-type';
import { FACTS, Outputs } from './outputs';
import { placementOf } from './placement';
import { CLI_NOTE, isStartedByCli, programName } from './program';
import { Register } from './register';
import { Synthesis } from './synthesis';

/**
 * All clusters, meshes and peerings of one repository: the cdk8s App.
 *
 * An existing app becomes a fleet by replacing `App` with `Fleet`: charts outside of clusters are written to the same
 * files with the same content. What a {@link Cluster} holds goes into the cluster's folder of the output directory.
 *
 * Synthesis writes all or nothing: when a validator, a check or the file system fails, the output directory stays as it
 * was. Indexes (`fleet.index`, also in the folder of each cluster) list the files written, so that the next synth removes
 * what is gone; they appear with the first cluster or extra output.
 */
export class Fleet extends App {
  /** Whether something is a Fleet, also one of another copy of this package. */
  public static isFleet(x: unknown): x is Fleet {
    return isMarked(x, 'Fleet');
  }

  /**
   * The fleet that a construct is in.
   *
   * @throws MESH2012 when its root is no Fleet.
   */
  public static override of(construct: IConstruct): Fleet {
    const root = construct.node.root;
    if (!Fleet.isFleet(root)) {
      throw new MeshError(
        'MESH2012',
        construct.node.path,
        'the construct is in no fleet; create a Fleet instead of an App',
      );
    }
    return root;
  }

  /** @internal what the constructs of the fleet state about it. */
  public readonly register = new Register();
  /** @internal hand-written YAML that meshes of the fleet named. */
  public readonly included = new IncludedManifests();
  private readonly recordsMetadata: boolean;
  private readonly checks: FleetCheck[] = [];
  private readonly outputs = new Outputs();
  private readonly policy = new FindingPolicy(this);
  private readonly print: (text: string) => void;
  private readonly owner: Pick<Output, 'program' | 'mayVanish'>;
  private running?: Synthesis;

  /**
   * @param props options of the App, and where the fleet prints.
   * @throws MESH2020 when the name of the program is not one line of text.
   */
  constructor(props: FleetProps = {}) {
    checkFleetProps(props);
    super(props);
    this.print = props.print ?? ((text) => process.stderr.write(text));
    this.owner = { program: programName(props.program), mayVanish: props.removedClusters };
    this.recordsMetadata = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
    mark(this, 'Fleet');
  }

  /** All clusters, by name. */
  public get clusters(): Cluster[] {
    return this.node.children.filter(Cluster.isCluster).sort(byText(({ name }) => name));
  }

  /**
   * Adds a check that runs with every synth. Findings of severity `error` stop it, others are printed.
   *
   * @throws MESH1006 when it is no function; synthesis, when it gives anything but a list of findings. MESH1190 there
   * for a code that is none.
   */
  public addCheck(check: FleetCheck): void {
    callable(check, 'Fleet.addCheck', 'check');
    this.checks.push(check);
  }

  /**
   * Says that a warning or info is meant: it is not printed and stops nothing; `fleet.json` lists it with the reason.
   * An acceptance that meets no finding is a warning itself (MESH2018).
   *
   * @param code of the finding: `MESH3001`.
   * @param about what the finding is about: a construct (everything in it is meant), or a name as the finding gives it,
   * `Gateway istio-system/public @east` or shorter: `istio-system/public`.
   * @param reason why it is meant.
   * @throws MESH2017 for an unknown code or that of an error, for nothing that has a name, without a reason.
   */
  public accept(code: Finding['code'], about: IConstruct | string, reason: string): void {
    this.policy.accept(code, about, reason);
  }

  /**
   * Lets findings stop synthesis, except those that are accepted.
   *
   * @param code of the findings, or `warning` for all warnings.
   * @throws MESH2017 for an unknown code.
   */
  public raise(code: Finding['code'] | 'warning'): void {
    this.policy.raise(code);
  }

  /**
   * Adds a file to the output directory.
   *
   * @param path below the output directory, with `/`: `fleet.json`, `contracts/premium.json`.
   * @param produce gives the text, after all manifests are collected and checked ({@link manifests} are available).
   * @throws MESH2004 when the path is malformed, MESH2003 when there is such an output already.
   */
  public addOutput(path: string, produce: () => string): void {
    text(path, 'Fleet.addOutput', 'path');
    callable(produce, path, 'what produces the output');
    this.outputs.add(path, produce);
  }

  /**
   * The objects of all clusters as they are written: by cluster, file and place in the file. Frozen. Charts outside of
   * clusters are left out.
   *
   * @throws the messages of validators, and everything else that keeps objects from being rendered.
   */
  public manifests(): readonly PlacedManifest[] {
    return (this.running ?? this.begin()).manifests;
  }

  /**
   * Writes all files, and prints findings, the Secrets that must exist, and what changed in which cluster.
   *
   * @throws SynthError with all findings of severity `error`; MESH2006 for a foreign file in a cluster's folder,
   * MESH2008 for an output type that mixes clusters, MESH2013 for the folder of a cluster that would vanish, MESH2014
   * when the directory is another program's, MESH2021 when another fleet of this run wrote something else there,
   * MESH2015 while another synth writes, MESH2016 when a dry run finds that something would change. Nothing is written
   * then.
   */
  public override synth(options: SynthOptions = {}): void {
    checkOptions<SynthOptions>(options, 'Fleet.synth', { dryRun: optional(flag) });
    const { dryRun = false } = options;
    if (this.yamlOutputType !== YamlOutputType.FILE_PER_CHART) {
      refuseOutputType(this.yamlOutputType, {
        cluster: this.clusters[0]?.name,
        output: this.outputs.some,
        hasChecks: this.checks.length > 0,
        dryRun,
      });
      super.synth();
      return;
    }
    if (isStartedByCli(process.env)) this.print(CLI_NOTE);
    const judged = new Judged(this.outdir, this.clusters.length);
    this.judge((emission, verdict) => {
      const output = this.outputOf(emission, verdict);
      if (verdict.told.length > 0) this.print(`${formatFindings(verdict.told)}\n  explained in ${pageOf()}\n`);
      const plan = dryRun ? planOutput(this.outdir, output) : writeOnce(this, output);
      const secrets = formatSecrets(this.register.secretList);
      if (secrets !== '') this.print(secrets);
      if (output.indexed || plan.changes.removed.length > 0) {
        this.print(
          formatSummary(this.outdir, { emission, verdict, output, changes: plan.changes, proof: this.running?.proof }),
        );
      }
      if (dryRun) refuseStale(this.outdir, plan);
      else judged.keep();
    }, judged.settled);
  }

  /**
   * All objects as one YAML text: charts outside of clusters as cdk8s orders them, then clusters by name.
   *
   * @throws SynthError with all findings of severity `error`.
   */
  public override synthYaml(): string {
    return this.judge((emission) => toYaml(emission.files.flatMap(({ objects }) => objects)));
  }

  /**
   * @internal runs everything that a synth does, except writing.
   * @throws SynthError with all findings of severity `error`.
   */
  public review(): Review {
    const running = this.begin();
    // frozen before they are judged: tests see what nothing that judges may change
    const { manifests } = running;
    return this.judge(
      (emission, verdict) => {
        toYaml(emission.files.flatMap(({ objects }) => objects));
        return { manifests, findings: verdict.told, facts: this.factsWith(verdict) };
      },
      undefined,
      running,
    );
  }

  /** Collects and checks, and hands both to `use`, during which `manifests()` gives what was collected. */
  private judge<T>(
    use: (emission: Emission, verdict: Verdict) => T,
    settled?: Settled,
    running: Synthesis = this.begin(),
  ): T {
    const { emission } = running;
    this.running = running;
    try {
      const found = running.findings(this.checks, { isEmpty: this.register.isEmpty, settled });
      const verdict = verdictOn(found, this.policy, (object) => running.pathsOf(object));
      if (verdict.errors.length > 0) {
        throw new SynthError(verdict.errors);
      }
      return use(emission, verdict);
    } finally {
      this.running = undefined;
    }
  }

  /** @internal what is known of clusters, meshes, peerings and Secrets, as `fleet.json` holds it. */
  public facts(): FleetDocument {
    return this.running?.facts ?? this.state();
  }

  private state(): FleetDocument {
    return this.register.document(this.clusters.map(({ name, domain }) => ({ name, domain })));
  }

  private factsWith({ accepted }: Verdict): FleetDocument {
    return accepted.length > 0 ? { ...this.facts(), accepted } : this.facts();
  }

  private outputOf(emission: Emission, verdict: Verdict): Output {
    // an app without meshes has no facts of its own
    const hasFacts = !this.register.isEmpty || verdict.accepted.length > 0;
    const stated = [
      ...(hasFacts ? [{ path: FACTS, text: `${JSON.stringify(this.factsWith(verdict), null, 2)}\n` }] : []),
      ...this.outputs.produce(),
    ];
    const beside = [...stated, ...(this.recordsMetadata ? [constructMetadata(emission)] : [])];
    const folders = this.clusters.map(({ name }) => name);
    refuseOutputsInTheWay(beside, emission.files, folders);
    const files = function* (): Generator<OutputFile> {
      for (const { path, objects } of emission.files) yield { path, text: toYaml(objects) };
      yield* beside;
    };
    return {
      files: { [Symbol.iterator]: files },
      folders,
      indexed: folders.length > 0 || stated.length > 0,
      ...this.owner,
    };
  }

  /** Reads the charts. */
  private begin(): Synthesis {
    const emission = emit(this, {
      placementOf: (chart) => placementOf(chart, this.outputFileExtension),
      rendersItself: (chart) => chart.toJson !== Chart.prototype.toJson && chart.toJson !== MeshChart.prototype.toJson,
    });
    return new Synthesis(emission, { facts: () => this.state(), included: () => this.included.manifests });
  }
}
