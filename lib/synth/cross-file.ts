import type { IConstruct } from 'constructs';
import type { Finding } from '../facts/finding';
import type { ChartFile } from './chart-file';
import type { Tree } from './tree';

/**
 * Dependencies between objects of different files that the order of files does not keep: files of a cluster are applied
 * in alphabetical order (`kubectl apply -f <folder>`), clusters independently of each other. Between plain charts, cdk8s
 * numbers the files.
 */
export function findUnkeptDependencies(tree: Tree, files: readonly ChartFile[]): Finding[] {
  if (tree.dependencies.size === 0) {
    return [];
  }
  const filesBelow = new Map<IConstruct, Set<ChartFile>>();
  for (const file of files) {
    for (const { construct } of file.objects) {
      for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
        filesBelow.set(scope, (filesBelow.get(scope) ?? new Set()).add(file));
      }
    }
  }
  const findings = new Map<string, Finding>();
  for (const [source, targets] of tree.dependencies) {
    for (const target of targets) {
      for (const after of filesBelow.get(source) ?? []) {
        for (const before of filesBelow.get(target) ?? []) {
          if (!isKept(before, after)) {
            const message = `'${source.node.path}' depends on '${target.node.path}', but no order of files keeps ${before.path} before ${after.path}`;
            findings.set(message, finding(before, after, message));
          }
        }
      }
    }
  }
  return [...findings.values()].sort((a, b) => (a.message < b.message ? -1 : 1));
}

function isKept(before: ChartFile, after: ChartFile): boolean {
  return (
    before === after || (before.cluster === after.cluster && (before.cluster === undefined || before.path < after.path))
  );
}

function finding(before: ChartFile, after: ChartFile, message: string): Finding {
  return {
    code: 'MESH2010',
    severity: 'warning',
    objects: [before.path, after.path],
    message,
    atRuntime:
      before.cluster === after.cluster
        ? 'the files are applied in alphabetical order, the one that depends first'
        : 'the two are applied independently of each other',
    fix: 'put both into one chart, or remove the dependency if the order does not matter',
  };
}
