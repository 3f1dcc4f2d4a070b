import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** The construct tree, read once per synth. */
export interface Tree {
  /** All constructs, parents before children. */
  readonly constructs: IConstruct[];
  /** All charts with the objects whose closest chart they are, in the order of the tree. */
  readonly charts: Map<Chart, ApiObject[]>;
  /** The closest chart of a construct; absent for constructs outside of charts. */
  readonly chartOf: Map<IConstruct, Chart>;
  /** What constructs depend on; constructs without dependencies are absent. */
  readonly dependencies: Map<IConstruct, Set<IConstruct>>;
}

/** Reads a construct tree. */
export function readTree(root: IConstruct): Tree {
  const tree: Tree = { constructs: [], charts: new Map(), chartOf: new Map(), dependencies: new Map() };
  visit(root, undefined, tree);
  return tree;
}

function visit(construct: IConstruct, parentChart: Chart | undefined, tree: Tree): void {
  tree.constructs.push(construct);
  let chart = parentChart;
  if (Chart.isChart(construct)) {
    chart = construct;
    tree.charts.set(chart, []);
  }
  if (chart) {
    tree.chartOf.set(construct, chart);
    if (ApiObject.isApiObject(construct)) {
      tree.charts.get(chart)?.push(construct);
    }
  }
  const dependencies = construct.node.dependencies;
  if (dependencies.length > 0) {
    tree.dependencies.set(construct, new Set(dependencies));
  }
  for (const child of construct.node.children) {
    visit(child, chart, tree);
  }
}

/**
 * Runs every validator once.
 *
 * @throws with all messages, in the words of cdk8s.
 */
export function validateConstructs(constructs: Iterable<IConstruct>): void {
  const errors: string[] = [];
  for (const construct of constructs) {
    for (const error of construct.node.validate()) {
      errors.push(`[${construct.node.path}] ${error}`);
    }
  }
  if (errors.length > 0) {
    throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
  }
}
