import { App, type AppProps, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { byText } from '../facts/by-text';
import { MeshError } from '../facts/error';
import type { Finding } from '../facts/finding';
import type { FleetDocument } from '../facts/fleet';
import type { PlacedManifest } from '../facts/manifest';
import type { Placement } from '../synth/chart-file';
import { constructMetadata } from '../synth/construct-metadata';
import { deepFreeze } from '../synth/deep-freeze';
import { type Emission, emit, placedManifests } from '../synth/emission';
import { checkFileName, checkOutputPath, refuseOutputsInTheWay } from '../synth/output-path';
import { formatSecrets } from '../synth/secret-table';
import { formatFindings, SynthError } from '../synth/synth-error';
import { type OutputFile, writeOutput } from '../synth/write';
import { toYaml } from '../synth/yaml';
import type { VerifyInput } from '../verify/input';
import { findings } from '../verify/rule';
import { RULES } from '../verify/rules';
import { Cluster } from './cluster';
import { IncludedManifests } from './included-manifests';
import { isMarked, mark } from './marks';
import { MeshChart } from './mesh-chart';
import { Register } from './register';

/** The facts, beside the folders of the clusters. */
const FACTS = 'fleet.json';

/** Options of a fleet: those of a cdk8s App, and where it prints. */
export interface FleetProps extends AppProps {
  /**
   * Takes what `synth()` tells people: findings that do not stop it, and the Secrets that must exist.
   * @default - standard error; standard output is left to YAML
   */
  readonly print?: (text: string) => void;
}

/** Judges the objects of all clusters and what is known of them. Must not change the construct tree. */
export type FleetCheck = (input: VerifyInput) => Finding[];

/**
 * All clusters, meshes and peerings of one repository: the cdk8s App.
 *
 * An existing app becomes a fleet by replacing `App` with `Fleet`: charts outside of clusters are written to the same
 * files with the same content. What a {@link Cluster} holds goes into the cluster's folder of the output directory.
 *
 * Synthesis writes all or nothing: when a validator, a check or the file system fails, the output directory stays as it
 * was. An index (`fleet.index`) lists the files written, so that the next synth removes what is gone; it appears with
 * the first cluster or extra output.
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
  private readonly outputs = new Map<string, () => string>();
  private readonly reports: (() => string)[] = [];
  private readonly print: (text: string) => void;
  /** What the running synth has collected; the manifests once somebody asks for them. */
  private running?: { readonly emission: Emission; manifests?: readonly PlacedManifest[]; facts?: FleetDocument };

  /**
   * @param props options of the App, and where the fleet prints.
   */
  constructor(props: FleetProps = {}) {
    super(props);
    this.print = props.print ?? ((text) => process.stderr.write(text));
    this.recordsMetadata = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
    mark(this, 'Fleet');
  }

  /** All clusters, by name. */
  public get clusters(): Cluster[] {
    return this.node.children.filter(Cluster.isCluster).sort(byText(({ name }) => name));
  }

  /** Adds a check that runs with every synth. Findings of severity `error` stop it, others are printed. */
  public addCheck(check: FleetCheck): void {
    this.checks.push(check);
  }

  /**
   * Adds a file to the output directory.
   *
   * @param path below the output directory, with `/`: `fleet.json`, `contracts/premium.json`.
   * @param produce gives the text, after all manifests are collected and checked ({@link manifests} are available).
   * @throws MESH2004 when the path is malformed, MESH2003 when there is such an output already.
   */
  public addOutput(path: string, produce: () => string): void {
    if (this.outputs.has(checkOutputPath(path)) || path === FACTS) {
      throw new MeshError('MESH2003', path, 'the output is added twice; give one of them another path');
    }
    this.outputs.set(path, produce);
  }

  /**
   * Adds text for people, printed after a synth that wrote its files.
   *
   * @param produce gives whole lines; an empty text prints nothing.
   */
  public addReport(produce: () => string): void {
    this.reports.push(produce);
  }

  /**
   * The objects of all clusters as they are written: by cluster, file and place in the file. Frozen. Charts outside of
   * clusters are left out.
   *
   * @throws the messages of validators, and everything else that keeps objects from being rendered.
   */
  public manifests(): readonly PlacedManifest[] {
    const { running } = this;
    if (running === undefined) {
      return deepFreeze(placedManifests(this.emit()));
    }
    running.manifests ??= deepFreeze(placedManifests(running.emission));
    return running.manifests;
  }

  /**
   * Writes all files.
   *
   * @throws SynthError with all findings of severity `error`; MESH2006 for a foreign file in a cluster's folder, MESH2008
   * for an output type that mixes clusters. Nothing is written then.
   */
  public override synth(): void {
    if (this.yamlOutputType !== YamlOutputType.FILE_PER_CHART) {
      this.refuseOutputType(this.yamlOutputType);
      super.synth();
      return;
    }
    this.judge((emission, findings) => {
      const files: OutputFile[] = emission.files.map(({ path, objects }) => ({ path, text: toYaml(objects) }));
      const stated = this.allOutputs;
      const outputs: OutputFile[] = [...stated].map(([path, produce]) => ({ path, text: produce() }));
      if (this.recordsMetadata) {
        outputs.push(constructMetadata(emission));
      }
      const folders = this.clusters.map(({ name }) => name);
      refuseOutputsInTheWay(outputs, files, folders);
      if (findings.length > 0) {
        this.print(`${formatFindings(findings)}\n`);
      }
      const indexed = folders.length > 0 || stated.size > 0;
      writeOutput(this.outdir, { files: [...files, ...outputs], folders, indexed });
      const secrets = formatSecrets(this.register.secretList);
      for (const text of [secrets, ...this.reports.map((produce) => produce())]) {
        if (text !== '') this.print(text);
      }
    });
  }

  /**
   * All objects as one YAML text: charts outside of clusters as cdk8s orders them, then clusters by name.
   *
   * @throws SynthError with all findings of severity `error`.
   */
  public override synthYaml(): string {
    return this.judge((emission) => toYaml(emission.files.flatMap(({ objects }) => objects)));
  }

  /** Collects and checks, and hands both to `use`, during which `manifests()` gives what was collected. */
  private judge<T>(use: (emission: Emission, findings: Finding[]) => T): T {
    const emission = this.emit();
    this.running = { emission };
    try {
      const found = [...emission.findings, ...this.verify()];
      const errors = found.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) {
        throw new SynthError(errors);
      }
      return use(emission, [
        ...found.filter(({ severity }) => severity === 'warning'),
        ...found.filter(({ severity }) => severity === 'info'),
      ]);
    } finally {
      this.running = undefined;
    }
  }

  /** What rules and the user's own checks find. */
  private verify(): Finding[] {
    const input = this.verifyInput();
    const rules = this.register.isEmpty && input.included.length === 0 ? [] : RULES;
    return [...rules.flatMap((rule) => findings(rule, input)), ...this.checks.flatMap((check) => check(input))];
  }

  /** The objects and facts of the running synth; the objects are placed when somebody asks for them. */
  private verifyInput(): VerifyInput {
    const manifests = () => this.manifests();
    return {
      get manifests() {
        return manifests();
      },
      facts: this.facts(),
      included: this.included.manifests,
    };
  }

  /** @internal what is known of clusters, meshes, peerings and Secrets, as `fleet.json` holds it. */
  public facts(): FleetDocument {
    const facts =
      this.running?.facts ?? this.register.document(this.clusters.map(({ name, domain }) => ({ name, domain })));
    if (this.running) this.running.facts = facts;
    return facts;
  }

  /** What is written beside the objects; an app without meshes has no facts of its own. */
  private get allOutputs(): Map<string, () => string> {
    if (this.register.isEmpty) return this.outputs;
    return new Map([[FACTS, () => `${JSON.stringify(this.facts(), null, 2)}\n`], ...this.outputs]);
  }

  private emit(): Emission {
    return emit(this, {
      placementOf: (chart) => this.placementOf(chart),
      rendersItself: (chart) => chart.toJson !== Chart.prototype.toJson && chart.toJson !== MeshChart.prototype.toJson,
    });
  }

  private placementOf(chart: Chart): Placement | undefined {
    if (MeshChart.isMeshChart(chart)) {
      return { cluster: chart.cluster.name, file: chart.file + this.outputFileExtension };
    }
    const scopes = chart.node.scopes;
    const index = scopes.findIndex(Cluster.isCluster);
    if (index < 0) {
      return undefined;
    }
    const ids = scopes.slice(index + 1).map(({ node }) => node.id);
    return {
      cluster: scopes[index].node.id,
      file: checkFileName(ids.join('.'), chart.node.path) + this.outputFileExtension,
    };
  }

  private refuseOutputType(type: YamlOutputType): void {
    const [cluster] = this.clusters;
    const [output] = this.outputs.keys();
    const reason = cluster
      ? `the cluster '${cluster.name}' has a folder of its own`
      : output && `there is an output '${output}'`;
    if (reason !== undefined || this.checks.length > 0) {
      throw new MeshError(
        'MESH2008',
        'Fleet',
        `yamlOutputType is ${YamlOutputType[type]}, but ${reason ?? 'there are checks'}; expected FILE_PER_CHART, the default`,
      );
    }
  }
}
