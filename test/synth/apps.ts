import { ApiObject, type App, Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import * as fc from 'fast-check';

/** A tree of charts, constructs and objects, and dependencies between them; to be built in any app. */
export interface AppPlan {
  readonly nodes: { readonly kind: 'chart' | 'construct' | 'object'; readonly parent: number; readonly id: string }[];
  readonly dependencies: [number, number][];
}

export const appPlan: fc.Arbitrary<AppPlan> = fc.record({
  nodes: fc.array(
    fc.record({
      kind: fc.constantFrom('chart' as const, 'construct' as const, 'object' as const, 'object' as const),
      parent: fc.nat(),
      id: fc.constantFrom('a', 'b', 'Resource', '1', '2', '10', 'Upper', 'x.y'),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  dependencies: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }),
});

/** Builds a plan; nodes that cannot stand where the plan puts them are left out, the same ones in every app. */
export function build(app: App, plan: AppPlan): void {
  const nodes: IConstruct[] = [app];
  for (const { kind, parent, id } of plan.nodes) {
    const scope = nodes[parent % nodes.length] as Construct;
    const taken = scope.node.tryFindChild(id) !== undefined;
    const inChart = scope.node.scopes.some((construct) => Chart.isChart(construct));
    if (taken || (kind === 'object' && !inChart)) {
      continue;
    }
    nodes.push(
      kind === 'chart'
        ? new Chart(scope, id)
        : kind === 'construct'
          ? new Construct(scope, id)
          : new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap' }),
    );
  }
  // cdk8s throws for a dependency of or on something outside of charts.
  const inCharts = nodes.filter(({ node }) => node.scopes.some((construct) => Chart.isChart(construct)));
  for (const [from, to] of inCharts.length === 0 ? [] : plan.dependencies) {
    const [source, target] = [inCharts[from % inCharts.length], inCharts[to % inCharts.length]];
    // cdk8s drops what depends on itself, together with everything in it.
    if (source !== target) {
      source.node.addDependency(target);
    }
  }
}
