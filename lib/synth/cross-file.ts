import type { IConstruct } from 'constructs';
import { byText } from '../facts/by-text';
import { MeshError } from '../facts/error';
import type { Finding } from '../facts/finding';
import type { ChartFile } from './chart-file';
import { CycleError, topologicalOrder } from './topology';
import type { Tree } from './tree';

/** A file whose objects depend on objects of another file, by what the program said. */
interface Edge {
  readonly after: ChartFile;
  readonly before: ChartFile;
  /** The constructs of the dependency; files below them depend on each other. */
  readonly source: IConstruct;
  readonly target: IConstruct;
}

/**
 * Dependencies between objects of different files that the order of files does not keep: files of a cluster are applied
 * in alphabetical order (`kubectl apply -f <folder>`), clusters independently of each other. Between plain charts, cdk8s
 * numbers the files.
 *
 * @throws MESH2009 when files depend on each other in a cycle: no order keeps that.
 */
export function findUnkeptDependencies(tree: Tree, files: readonly ChartFile[]): Finding[] {
  if (tree.dependencies.size === 0) {
    return [];
  }
  const edges = edgesBetween(tree, files);
  refuseCycle(edges);
  const findings = edges.filter(({ before, after }) => !isKept(before, after)).map(finding);
  return [...new Map(findings.map((each) => [each.message, each])).values()].sort(byText(({ message }) => message));
}

function edgesBetween(tree: Tree, files: readonly ChartFile[]): Edge[] {
  const filesBelow = new Map<IConstruct, Set<ChartFile>>();
  for (const file of files) {
    for (const { construct } of file.objects) {
      for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
        filesBelow.set(scope, (filesBelow.get(scope) ?? new Set()).add(file));
      }
    }
  }
  const below = (construct: IConstruct) => [...(filesBelow.get(construct) ?? [])];
  return [...tree.dependencies].flatMap(([source, targets]) =>
    [...targets].flatMap((target) =>
      below(source).flatMap((after) =>
        below(target).flatMap((before) => (before === after ? [] : [{ after, before, source, target }])),
      ),
    ),
  );
}

function refuseCycle(edges: readonly Edge[]): void {
  const outbound = new Map<ChartFile, Edge[]>();
  for (const edge of edges) {
    outbound.set(edge.after, [...(outbound.get(edge.after) ?? []), edge]);
  }
  const files = [...outbound.keys()].sort(byText(({ path }) => path));
  try {
    topologicalOrder(files, (file) => (outbound.get(file) ?? []).map(({ before }) => before));
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    const cycle = error.cycle as ChartFile[];
    const links = cycle.slice(1).map((before, index) => {
      const after = cycle[index];
      const edge = outbound.get(after)?.find((each) => each.before === before) as Edge;
      return `'${edge.source.node.path}' of ${after.path} depends on '${edge.target.node.path}' of ${before.path}`;
    });
    throw new MeshError(
      'MESH2009',
      cycle[0].path,
      `dependency cycle detected between files: ${links.join('; ')}; remove one of these dependencies, or put the objects into one chart`,
    );
  }
}

function isKept(before: ChartFile, after: ChartFile): boolean {
  return before.cluster === after.cluster && (before.cluster === undefined || before.path < after.path);
}

function finding({ before, after, source, target }: Edge): Finding {
  return {
    code: 'MESH2010',
    severity: 'warning',
    objects: [before.path, after.path],
    message: `'${source.node.path}' depends on '${target.node.path}', but no order of files keeps ${before.path} before ${after.path}`,
    atRuntime:
      before.cluster === after.cluster
        ? 'the files are applied in alphabetical order, the one that depends first'
        : 'the two are applied independently of each other',
    fix: 'put both into one chart, or remove the dependency if the order does not matter',
  };
}
