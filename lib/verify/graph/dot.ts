import { byCluster, type Node, shortLabel, type Topology } from './topology';

/** A digraph for Graphviz. */
export function dot({ nodes, edges }: Topology): string {
  const lines = byCluster(nodes).flatMap(([cluster, own], index) => {
    const drawn = own.map((node) => `${node.id} [label=${text(shortLabel(node))}, shape=${SHAPES[node.role]}];`);
    if (cluster === undefined) return drawn.map((line) => `  ${line}`);
    const head = [`  subgraph cluster_${index + 1} {`, `    label=${text(cluster)};`];
    return [...head, ...drawn.map((line) => `    ${line}`), '  }'];
  });
  const arrows = edges.map(({ from, to, tls }) => `  ${from.id} -> ${to.id} [label=${text(tls.join(', '))}];`);
  return `${['digraph exposures {', '  rankdir=LR;', ...lines, ...arrows, '}'].join('\n')}\n`;
}

const SHAPES: Readonly<Record<Node['role'], string>> = { caller: 'ellipse', gateway: 'hexagon', server: 'box' };

const text = (given: string): string => `"${given.replace(/["\\]/g, '\\$&').replace(/\s+/g, ' ')}"`;
