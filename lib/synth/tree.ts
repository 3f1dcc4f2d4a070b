import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** The construct tree, read once per synth. */
export interface Tree {
  /** All constructs, parents before children. */
  readonly constructs: IConstruct[];
  /** All charts with the objects whose closest chart they are, in the order of the tree. */
  readonly charts: Map<Chart, ApiObject[]>;
  /** What constructs depend on; constructs without dependencies are absent. */
  readonly dependencies: Map<IConstruct, Set<IConstruct>>;
}

/** Reads a construct tree. */
export function readTree(root: IConstruct): Tree {
  const tree: Tree = { constructs: [], charts: new Map(), dependencies: new Map() };
  visit(root, undefined, tree);
  return tree;
}

/** The closest chart of a construct; undefined outside of charts. */
export function chartOf(construct: IConstruct): Chart | undefined {
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    if (Chart.isChart(scope)) {
      return scope;
    }
  }
  return undefined;
}

function visit(construct: IConstruct, objectsAround: ApiObject[] | undefined, tree: Tree): void {
  tree.constructs.push(construct);
  let objects = objectsAround;
  if (Chart.isChart(construct)) {
    objects = [];
    tree.charts.set(construct, objects);
  } else if (ApiObject.isApiObject(construct)) {
    objects?.push(construct);
  }
  const dependencies = construct.node.dependencies;
  if (dependencies.length > 0) {
    tree.dependencies.set(construct, new Set(dependencies));
  }
  for (const child of construct.node.children) {
    visit(child, objects, tree);
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
