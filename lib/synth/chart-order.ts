import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { MeshError } from '../facts/error';
import { CycleError, topologicalOrder } from './topology';
import { chartOf, type Tree } from './tree';

/** The objects of one chart below one construct, which others depend on. Stands for all edges to them. */
interface Group {
  readonly members: ApiObject[];
}
type Vertex = IConstruct | Group;

/**
 * The orders in which cdk8s writes charts and the objects of a chart, so that an app that becomes a Fleet keeps its
 * file names and the order in its files.
 *
 * It follows `resolveDependencies` and `DependencyGraph` of cdk8s 2.70 step by step, with three differences that do
 * not show in the result: nothing is added to the constructs, a vertex is visited once, and "all objects of A depend
 * on all objects of B" is one group instead of |A| x |B| edges.
 */
export class ChartOrder {
  /** Whether charts depend on each other; file names are then numbered. */
  public readonly numbered: boolean;
  /** The constructs in and around plain charts, if there are dependencies. */
  private readonly constructs: IConstruct[];
  private readonly dependencies: Map<IConstruct, Set<IConstruct>>;
  private readonly groups = new Map<IConstruct, Group>();

  /** @param isPlain tells the charts whose files cdk8s would name; others are left out. */
  constructor(
    private readonly tree: Tree,
    private readonly isPlain: (chart: Chart) => boolean,
  ) {
    const isPlainOrOutside = (construct: IConstruct) => {
      const chart = chartOf(construct);
      return chart === undefined || isPlain(chart);
    };
    this.dependencies = new Map(
      [...tree.dependencies]
        .filter(([source]) => isPlainOrOutside(source))
        .map(([source, targets]) => [source, new Set(targets)]),
    );
    let numbered = false;
    const depend = (source: Chart | undefined, target: Chart | undefined) => {
      if (source && target && source !== target && isPlain(source) && isPlain(target)) {
        this.dependencies.set(source, (this.dependencies.get(source) ?? new Set()).add(target));
        numbered = true;
      }
    };
    for (const chart of tree.charts.keys()) {
      const parent = chart.node.scope;
      depend(parent && tree.charts.has(parent as Chart) ? (parent as Chart) : undefined, chart);
    }
    this.constructs = this.dependencies.size === 0 ? [] : tree.constructs.filter(isPlainOrOutside);
    const edges = this.constructs.flatMap((source) =>
      [...(this.dependencies.get(source) ?? [])].map((target) => [source, target] as const),
    );
    for (const [source, target] of edges) {
      depend(chartOf(source), chartOf(target));
    }
    this.numbered = numbered;
  }

  /**
   * All plain charts, each after the charts it depends on.
   *
   * @throws MESH2009 when dependencies form a cycle.
   */
  public charts(): Chart[] {
    return this.dependencies.size === 0
      ? inKeyOrder([...this.tree.charts.keys()].filter(this.isPlain))
      : this.topology(this.constructs).filter((construct) => Chart.isChart(construct));
  }

  /**
   * The objects of a chart, each after the objects it depends on.
   *
   * @throws MESH2009 when dependencies form a cycle.
   */
  public objects(chart: Chart): ApiObject[] {
    const objects = this.tree.charts.get(chart) ?? [];
    if (this.dependencies.size === 0 || objects.length === 0) {
      return objects;
    }
    const subtree = chart.node.findAll();
    if (!subtree.some((construct) => this.dependencies.has(construct))) {
      return objects;
    }
    return this.topology(subtree).filter((construct) => this.isObjectOf(construct, chart)) as ApiObject[];
  }

  private topology(constructs: IConstruct[]): IConstruct[] {
    const ordered = inKeyOrder(constructs);
    const inside = new Set(constructs);
    const outbound = (vertex: Vertex): Vertex[] =>
      isGroup(vertex)
        ? vertex.members
        : this.outbound(vertex).filter((target) => isGroup(target) || inside.has(target));
    const dependedOn = new Set<Vertex>();
    for (const construct of constructs) {
      for (const target of outbound(construct)) {
        if (!dependedOn.has(target)) {
          dependedOn.add(target);
          for (const member of isGroup(target) ? target.members : []) {
            dependedOn.add(member);
          }
        }
      }
    }
    const roots = ordered.filter((construct) => !dependedOn.has(construct));
    try {
      // What no root leads to is part of a cycle; visiting it finds the cycle.
      return topologicalOrder<Vertex>([...roots, ...ordered], outbound).filter(
        (vertex) => !isGroup(vertex),
      ) as IConstruct[];
    } catch (error) {
      throw error instanceof CycleError ? cycleError(error.cycle) : error;
    }
  }

  private outbound(construct: IConstruct): Vertex[] {
    const targets: Vertex[] = [...(this.dependencies.get(construct) ?? [])];
    const chart = chartOf(construct);
    if (chart === undefined || !ApiObject.isApiObject(construct)) {
      return targets;
    }
    const scopes = construct.node.scopes;
    for (const scope of scopes.slice(scopes.indexOf(chart))) {
      for (const target of this.dependencies.get(scope) ?? []) {
        const group = this.group(target);
        if (scopes.includes(target)) {
          // An object never depends on itself: below both ends of a dependency, it depends on the others only.
          for (const member of group.members) {
            if (member !== construct) {
              targets.push(member);
            }
          }
        } else {
          targets.push(group);
        }
      }
    }
    return targets;
  }

  private group(target: IConstruct): Group {
    let group = this.groups.get(target);
    if (!group) {
      const chart = chartOf(target);
      const members = chart
        ? (target.node.findAll().filter((construct) => this.isObjectOf(construct, chart)) as ApiObject[])
        : [];
      group = { members };
      this.groups.set(target, group);
    }
    return group;
  }

  private isObjectOf(construct: IConstruct, chart: Chart): boolean {
    return ApiObject.isApiObject(construct) && chartOf(construct) === chart;
  }
}

function isGroup(vertex: Vertex): vertex is Group {
  return 'members' in vertex;
}

/** Error for a dependency cycle, with the construct paths that form it. */
export function cycleError(cycle: readonly unknown[]): MeshError {
  const paths = cycle.filter((vertex) => ApiObject.isConstruct(vertex)).map((construct) => construct.node.path);
  if (paths[0] !== paths[paths.length - 1]) {
    paths.push(paths[0]);
  }
  return new MeshError(
    'MESH2009',
    paths[0],
    `dependency cycle detected: ${paths.join(' => ')}; remove one of these dependencies`,
  );
}

/**
 * cdk8s keeps constructs in an object keyed by path, and JavaScript lists keys that are array indexes (the charts
 * '1', '2') first.
 */
function inKeyOrder<C extends IConstruct>(constructs: C[]): C[] {
  const isIndex = (construct: IConstruct) =>
    /^(0|[1-9]\d{0,9})$/.test(construct.node.path) && Number(construct.node.path) < 2 ** 32 - 1;
  const indexes = constructs.filter(isIndex);
  if (indexes.length === 0) {
    return constructs;
  }
  return [...indexes, ...constructs.filter((construct) => !isIndex(construct))];
}
