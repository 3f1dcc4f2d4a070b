import { CycleError, topologicalOrder } from '../../lib/synth/topology';

const edges: { [vertex: string]: string[] } = { a: ['c'], b: ['d'], c: ['d'], d: [] };

describe('topologicalOrder', () => {
  test('puts what a vertex depends on before it and keeps the order otherwise', () => {
    expect(topologicalOrder(['a', 'b', 'c', 'd'], (vertex) => edges[vertex])).toEqual(['d', 'c', 'a', 'b']);
  });

  test('is fine with a chain of 100,000', () => {
    const last = 100_000;
    const order = topologicalOrder([0], (vertex) => (vertex < last ? [vertex + 1] : []));
    expect(order).toHaveLength(last + 1);
    expect(order[0]).toBe(last);
  });

  test('names the members of a cycle, not what leads to it', () => {
    const error = catchError(() =>
      topologicalOrder(['a'], (vertex) => ({ a: ['b'], b: ['c'], c: ['b'] })[vertex] ?? []),
    );
    expect(error).toBeInstanceOf(CycleError);
    expect((error as CycleError<string>).cycle).toEqual(['b', 'c', 'b']);
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
