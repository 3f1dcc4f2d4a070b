import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { chartOf, readTree, validateConstructs } from '../../lib/synth/tree';

describe('readTree', () => {
  test('finds constructs, and objects with their closest chart', () => {
    // GIVEN
    const app = new App();
    const outer = new Chart(app, 'outer');
    const inner = new Chart(outer, 'inner');
    const construct = new Construct(outer, 'construct');
    const object = new ApiObject(construct, 'object', { apiVersion: 'v1', kind: 'ConfigMap' });
    const nested = new ApiObject(inner, 'nested', { apiVersion: 'v1', kind: 'ConfigMap' });
    object.addDependency(nested);
    // WHEN
    const tree = readTree(app);
    // THEN
    expect(tree.constructs).toEqual([app, outer, inner, nested, construct, object]);
    expect([...tree.charts]).toEqual([
      [outer, [object]],
      [inner, [nested]],
    ]);
    expect([app, outer, construct, object, nested].map(chartOf)).toEqual([undefined, outer, outer, outer, inner]);
    expect([...tree.dependencies]).toEqual([[object, new Set([nested])]]);
  });
});

describe('validateConstructs', () => {
  test('reports all messages in the words of cdk8s', () => {
    // GIVEN
    const app = new App();
    const chart = new Chart(app, 'chart');
    chart.node.addValidation({ validate: () => ['no gateway', 'no host'] });
    app.node.addValidation({ validate: () => ['no chart'] });
    // THEN
    const message =
      'Validation failed with the following errors:\n  [] no chart\n  [chart] no gateway\n  [chart] no host';
    expect(() => validateConstructs([app, chart])).toThrow(new Error(message));
    expect(() => chart.toJson()).toThrow(new Error(message));
  });

  test('accepts constructs without messages', () => {
    const app = new App();
    app.node.addValidation({ validate: () => [] });
    expect(() => validateConstructs([app])).not.toThrow();
  });
});
