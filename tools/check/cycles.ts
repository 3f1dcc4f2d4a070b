import { type Files, resolvedImports } from './modules';
import type { Problem } from './problem';

/**
 * Import cycles, also of types alone: of files in a circle none can be understood without all others; where values are
 * imported, which of them is loaded first decides what the others see.
 */
export function cycleProblems(files: Files): Problem[] {
  const graph = new Map<string, { to: string; line: number }[]>([...files.keys()].map((file) => [file, []]));
  for (const { from, to, line } of resolvedImports(files)) {
    if (to !== undefined) graph.get(from)?.push({ to, line });
  }
  const reported = new Set<string>();
  return [...graph.keys()].sort().flatMap((start) => {
    if (reported.has(start)) return [];
    const cycle = shortestCycle(graph, start);
    if (cycle === undefined) return [];
    for (const file of cycle) reported.add(file);
    const line = graph.get(start)?.find(({ to }) => to === (cycle[1] ?? start))?.line;
    return [
      {
        where: `${start}:${line}`,
        message: `is part of an import cycle: ${[...cycle, start].join(' → ')}; move what both need into a file of its own`,
      },
    ];
  });
}

/** Files from `start` back to it, breadth first. */
function shortestCycle(graph: ReadonlyMap<string, { to: string }[]>, start: string): string[] | undefined {
  const before = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const { to } of graph.get(file) ?? []) {
      if (to === start) {
        const path = [file];
        while (path[0] !== start) path.unshift(before.get(path[0] as string) as string);
        return path;
      }
      if (before.has(to)) continue;
      before.set(to, file);
      queue.push(to);
    }
  }
  return undefined;
}
