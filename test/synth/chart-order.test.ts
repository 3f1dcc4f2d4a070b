import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct, DependencyGroup } from 'constructs';
import * as fc from 'fast-check';
import { Fleet } from '../../lib/fleet/fleet';
import { ChartOrder } from '../../lib/synth/chart-order';
import { readTree } from '../../lib/synth/tree';
import { type AppPlan, appPlan, build } from './apps';

/** What a synth writes, by file; the error where it fails. */
function outcome(create: (outdir: string) => App, plan: AppPlan): { [file: string]: string } | string {
  const outdir = mkdtempSync(join(tmpdir(), 'chart-order-'));
  try {
    const app = create(outdir);
    build(app, plan);
    try {
      app.synth();
    } catch (error) {
      return /dependency cycle detected/i.test(String(error)) ? 'cycle' : String(error);
    }
    return Object.fromEntries(readdirSync(outdir).map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

describe('ChartOrder', () => {
  test('an app that becomes a Fleet writes the same files with the same bytes', () => {
    let files = 0;
    let cycles = 0;
    let numbered = 0;
    fc.assert(
      fc.property(appPlan, (plan) => {
        const options = { recordConstructMetadata: true };
        const expected = outcome((outdir) => new App({ outdir, ...options }), plan);
        expect(outcome((outdir) => new Fleet({ outdir, ...options }), plan)).toEqual(expected);
        cycles += expected === 'cycle' ? 1 : 0;
        files += Object.keys(expected).length > 2 ? 1 : 0;
        numbered += '0000-' === Object.keys(expected)[0]?.slice(0, 5) ? 1 : 0;
      }),
      { numRuns: 1000 },
    );
    // The property means something: there were several files, numbered ones, and cycles.
    expect(Math.min(files, cycles, numbered)).toBeGreaterThan(30);
  });

  test('a ladder of dependencies takes no longer than its length', () => {
    // GIVEN 200 layers of two objects, each depending on both of the layer before (cdk8s: doubles with every layer)
    const chart = new Chart(new App(), 'chart');
    let before: ApiObject[] = [];
    for (let layer = 0; layer < 200; layer++) {
      const objects = ['a', 'b'].map(
        (id) => new ApiObject(chart, `${id}${layer}`, { apiVersion: 'v1', kind: 'ConfigMap' }),
      );
      for (const object of objects) {
        object.addDependency(...before);
      }
      before = objects;
    }
    // WHEN
    const objects = new ChartOrder(readTree(chart.node.root), () => true).objects(chart);
    // THEN
    expect(objects).toHaveLength(400);
    expect(objects.slice(-2)).toEqual(before);
  });

  test('a dependency of a chart on a chart is one group, not all pairs of objects', () => {
    const app = new App();
    const [first, second] = ['first', 'second'].map((id) => new Chart(app, id));
    for (let index = 0; index < 3000; index++) {
      new ApiObject(first, `${index}`, { apiVersion: 'v1', kind: 'ConfigMap' });
      new ApiObject(second, `${index}`, { apiVersion: 'v1', kind: 'ConfigMap' });
    }
    first.addDependency(second);
    const order = new ChartOrder(readTree(app), () => true);
    expect(order.charts()).toEqual([second, first]);
    expect(order.numbered).toBe(true);
  });

  test('a group of dependencies is resolved', () => {
    const chart = new Chart(new App(), 'chart');
    const [a, b] = ['a', 'b'].map((id) => new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap' }));
    a.node.addDependency(new DependencyGroup(b));
    expect(new ChartOrder(readTree(chart.node.root), () => true).objects(chart)).toEqual([b, a]);
  });

  test('dependencies of constructs outside of charts are no error', () => {
    const app = new App();
    const outside = new Construct(app, 'outside');
    const chart = new Chart(app, 'chart');
    outside.node.addDependency(chart);
    const order = new ChartOrder(readTree(app), () => true);
    expect(order.charts()).toEqual([chart]);
    expect(order.numbered).toBe(false);
  });

  test('a chart that depends on itself is an error; cdk8s would leave out its file', () => {
    const chart = new Chart(new App(), 'chart');
    chart.addDependency(chart);
    expect(() => new ChartOrder(readTree(chart.node.root), () => true).charts()).toThrow(
      'MESH2009 chart: dependency cycle detected: chart => chart; remove one of these dependencies',
    );
  });

  test('a cycle is an error that names its members', () => {
    const chart = new Chart(new App(), 'chart');
    const [a, b, c] = ['a', 'b', 'c'].map((id) => new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap' }));
    a.addDependency(b);
    b.addDependency(c);
    c.addDependency(b);
    expect(() => new ChartOrder(readTree(chart.node.root), () => true).objects(chart)).toThrow(
      'MESH2009 chart/b: dependency cycle detected: chart/b => chart/c => chart/b; remove one of these dependencies',
    );
  });
});
