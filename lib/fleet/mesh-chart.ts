import { type ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { MeshError } from '../facts/error';
import { checkOptions, type Guards, made, mapOf, optional, text } from '../facts/guard';
import { isMarked, mark } from '../facts/marks';
import { orderFile } from '../synth/file-order';
import { checkFileName } from '../synth/output-path';
import { Renderer } from '../synth/render';
import { readTree, validateConstructs } from '../synth/tree';
import { keepChildrenByName } from './children';
import type { Cluster } from './cluster';

/** Options of a {@link MeshChart}. */
export interface MeshChartProps {
  /** The cluster whose folder the file is written to. */
  readonly cluster: Cluster;
  /** Name of the mesh that the objects belong to. */
  readonly mesh: string;
  /** Name of the file in the cluster's folder, without the extension `.k8s.yaml`: `production.premium.consumer`. */
  readonly file: string;
  /**
   * Namespace of objects that state none.
   *
   * @default - objects state their namespace
   */
  readonly namespace?: string;
  /**
   * Labels of all objects.
   *
   * @default - none
   */
  readonly labels?: { [name: string]: string };
}

const PROPS: Guards<MeshChartProps> = {
  cluster: made('a Cluster', 'Cluster'),
  mesh: text,
  file: text,
  namespace: optional(text),
  labels: optional(mapOf(text)),
};

/**
 * The objects that one construct owns in one cluster: one file.
 *
 * It is a child of the construct that owns the objects, wherever that stands in the tree; the cluster is stated, never
 * derived. Objects carry the names they state, nothing is made up from the construct path. A chart without objects
 * writes no file. Inside the file, objects stand in the order of kind, namespace and name, each after those it depends
 * on.
 */
export class MeshChart extends Chart {
  /** Whether something is a MeshChart, also one of another copy of this package. */
  public static isMeshChart(x: unknown): x is MeshChart {
    return isMarked(x, 'MeshChart');
  }

  /** The cluster whose folder the file is written to. */
  public readonly cluster: Cluster;
  /** Name of the mesh that the objects belong to. */
  public readonly mesh: string;
  /** Name of the file in the cluster's folder, without the extension. */
  public readonly file: string;

  /**
   * @param owner the construct that owns the objects.
   * @throws MESH2004 when the file name is malformed, MESH2011 when owner and cluster belong to different fleets.
   */
  constructor(owner: Construct, id: string, props: MeshChartProps) {
    checkOptions<MeshChartProps>(props, `chart ${id}`, PROPS);
    super(owner, id, { namespace: props.namespace, labels: props.labels, disableResourceNameHashes: true });
    keepChildrenByName(this);
    this.cluster = props.cluster;
    this.mesh = props.mesh;
    this.file = checkFileName(props.file, this.node.path);
    if (this.node.root !== props.cluster.node.root || !isMarked(this.node.root, 'Fleet')) {
      throw new MeshError(
        'MESH2011',
        this.node.path,
        `the cluster '${props.cluster.name}' belongs to another fleet than the chart; create both in one fleet`,
      );
    }
    mark(this, 'MeshChart');
  }

  /**
   * Objects of a mesh have names that others refer to; none is generated.
   *
   * @throws MESH2002 always.
   */
  public override generateObjectName(object: ApiObject): string {
    throw new MeshError(
      'MESH2002',
      object.node.path,
      `the ${object.kind} states no name; set metadata.name, because names in a mesh are an interface and none is made up`,
    );
  }

  /**
   * The manifests of this chart, as they are written. Runs the validators of the chart's own constructs; the rest of the
   * fleet is left alone.
   *
   * @throws the messages of validators, MESH2009 when dependencies form a cycle.
   */
  public override toJson(): ReturnType<Chart['toJson']> {
    const tree = readTree(this);
    validateConstructs(tree.constructs);
    const renderer = new Renderer(App.of(this));
    const objects = (tree.charts.get(this) ?? []).map((construct) => ({
      construct,
      manifest: renderer.render(construct),
    }));
    return orderFile(objects).map(({ manifest }) => manifest);
  }
}
