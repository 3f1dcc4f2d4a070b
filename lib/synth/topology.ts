/** A dependency cycle: its members in order, the first one repeated at the end. */
export class CycleError<V> extends Error {
  constructor(public readonly cycle: V[]) {
    super('dependency cycle');
  }
}

/**
 * Depth-first order in which everything that a vertex depends on stands before it; otherwise the order of `vertices`
 * and of `outbound` is kept. Linear, and without recursion: a chain of 100,000 dependencies is fine.
 *
 * @throws CycleError when there is no such order.
 */
export function topologicalOrder<V>(vertices: Iterable<V>, outbound: (vertex: V) => Iterable<V>): V[] {
  const order: V[] = [];
  const state = new Map<V, 'open' | 'done'>();
  for (const root of vertices) {
    if (state.has(root)) {
      continue;
    }
    const stack = [{ vertex: root, rest: outbound(root)[Symbol.iterator]() }];
    state.set(root, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = top.rest.next();
      if (next.done) {
        state.set(top.vertex, 'done');
        order.push(top.vertex);
        stack.pop();
      } else if (state.get(next.value) === 'open') {
        const vertices = stack.map((entry) => entry.vertex);
        throw new CycleError([...vertices.slice(vertices.indexOf(next.value)), next.value]);
      } else if (!state.has(next.value)) {
        state.set(next.value, 'open');
        stack.push({ vertex: next.value, rest: outbound(next.value)[Symbol.iterator]() });
      }
    }
  }
  return order;
}
