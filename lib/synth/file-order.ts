import type { IConstruct } from 'constructs';
import { apiGroup } from '../facts/manifest';
import { cycleError } from './chart-order';
import { kindRank } from './kind-rank';
import type { RenderedObject } from './render';
import { CycleError, topologicalOrder } from './topology';

/** The objects of one file below one construct, which others depend on. */
interface Group {
  readonly members: RenderedObject[];
}
type Vertex = RenderedObject | Group;

/**
 * The objects of a cluster's file in the order of kind, namespace and name; what an object depends on
 * (`addDependency`, also of and on constructs around it) moves in front of it. The order of statements in the program
 * does not matter.
 *
 * @throws MESH2009 when dependencies form a cycle.
 */
export function orderFile(objects: RenderedObject[]): RenderedObject[] {
  const sorted = sortByKind(objects);
  const dependencies = dependenciesAround(sorted);
  if (dependencies.size === 0) {
    return sorted;
  }
  const scopesOf = new Map(sorted.map((object) => [object, object.construct.node.scopes]));
  const groups = new Map<IConstruct, Group>();
  for (const [object, scopes] of scopesOf) {
    for (const scope of scopes) {
      const group = groups.get(scope) ?? { members: [] };
      group.members.push(object);
      groups.set(scope, group);
    }
  }
  const outbound = (vertex: Vertex): Vertex[] => {
    if ('members' in vertex) {
      return vertex.members;
    }
    const scopes = scopesOf.get(vertex) ?? [];
    return scopes
      .flatMap((scope) => dependencies.get(scope) ?? [])
      .flatMap((target): Vertex[] => {
        const group = groups.get(target) ?? { members: [] };
        // An object never depends on itself: below both ends of a dependency, it depends on the others only.
        return scopes.includes(target) ? group.members.filter((member) => member !== vertex) : [group];
      });
  };
  try {
    const order = topologicalOrder<Vertex>(sorted, outbound);
    return order.filter((vertex): vertex is RenderedObject => !('members' in vertex));
  } catch (error) {
    if (error instanceof CycleError) {
      const cycle = error.cycle as Vertex[];
      throw cycleError(cycle.flatMap((vertex) => ('members' in vertex ? [] : [vertex.construct])));
    }
    throw error;
  }
}

/** The dependencies of the objects and of the constructs around them. */
function dependenciesAround(objects: RenderedObject[]): Map<IConstruct, IConstruct[]> {
  const dependencies = new Map<IConstruct, IConstruct[]>();
  const seen = new Set<IConstruct>();
  for (const { construct } of objects) {
    for (let scope: IConstruct | undefined = construct; scope && !seen.has(scope); scope = scope.node.scope) {
      seen.add(scope);
      const targets = scope.node.dependencies;
      if (targets.length > 0) {
        dependencies.set(
          scope,
          targets.sort((a, b) => compare(a.node.path, b.node.path)),
        );
      }
    }
  }
  return dependencies;
}

/** The objects in the order of kind, namespace and name. */
export function sortByKind(objects: RenderedObject[]): RenderedObject[] {
  return objects
    .map((object) => {
      const { kind, metadata } = object.manifest;
      const group = apiGroup(object.manifest);
      return {
        object,
        rank: kindRank(group, kind),
        kind,
        group,
        namespace: metadata?.namespace ?? '',
        name: metadata?.name ?? '',
      };
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        compare(a.kind, b.kind) ||
        compare(a.group, b.group) ||
        compare(a.namespace, b.namespace) ||
        compare(a.name, b.name) ||
        // Decides only between objects that are duplicates of each other.
        compare(a.object.construct.node.path, b.object.construct.node.path),
    )
    .map(({ object }) => object);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
