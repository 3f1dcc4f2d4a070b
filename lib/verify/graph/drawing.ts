import { escaped } from './escaped';
import { byCluster, type Edge, type Node, shortLabel, type Topology } from './topology';

const BOX = { width: 240, height: 40, gapX: 150, gapY: 16, pad: 14, head: 24 };

/** The topology as SVG: a column per leg, a frame per cluster; what is not encrypted is red and dashed. */
export function drawing({ nodes, edges }: Topology): string {
  const places = new Map<Node, { x: number; y: number }>();
  const frames: string[] = [];
  let top = BOX.pad;
  const columns = 1 + Math.max(0, ...nodes.map(({ column }) => column));
  const width = columns * (BOX.width + BOX.gapX) - BOX.gapX + 4 * BOX.pad;
  for (const [cluster, own] of byCluster(nodes)) {
    const used = new Map<number, number>();
    for (const node of own) {
      const index = used.get(node.column) ?? 0;
      used.set(node.column, index + 1);
      const x = 2 * BOX.pad + node.column * (BOX.width + BOX.gapX);
      places.set(node, { x, y: top + BOX.head + index * (BOX.height + BOX.gapY) });
    }
    const height = BOX.head + Math.max(...used.values()) * (BOX.height + BOX.gapY) + BOX.pad - BOX.gapY;
    if (cluster !== undefined) {
      frames.push(
        `<rect class="cluster" x="${BOX.pad}" y="${top}" width="${width - 2 * BOX.pad}" height="${height}" rx="8"/>`,
        `<text x="${2 * BOX.pad}" y="${top + 17}">${escaped(cluster)}</text>`,
      );
    }
    top += height + BOX.pad;
  }
  const title = `${nodes.length} callers, gateways and servers with ${edges.length} legs between them; the table above says the same`;
  return [
    '<div class="scroll" role="region" aria-labelledby="topology" tabindex="0">',
    `<svg role="img" aria-label="${escaped(title)}" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...frames,
    ...edges.map((edge) => drawnEdge(edge, places)),
    ...nodes.map((node) => drawnNode(node, places)),
    '</svg>',
    '</div>',
  ].join('\n');
}

function drawnNode(node: Node, places: ReadonlyMap<Node, { x: number; y: number }>): string {
  const { x, y } = places.get(node) as { x: number; y: number };
  const radius = node.role === 'gateway' ? 2 : node.role === 'server' ? 8 : 20;
  const label = shortLabel(node);
  const short = label.length > 34 ? `${label.slice(0, 33)}…` : label;
  return `<g><title>${escaped(node.label)}</title><rect class="node" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="${radius}"/><text x="${x + 10}" y="${y + 25}">${escaped(short)}</text></g>`;
}

function drawnEdge({ from, to, tls }: Edge, places: ReadonlyMap<Node, { x: number; y: number }>): string {
  const [a, b] = [from, to].map((node) => places.get(node) as { x: number; y: number });
  const [x1, y1, x2, y2] = [a.x + BOX.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  const kind = tls.includes('clear') ? 'edge clear' : 'edge';
  return [
    `<path class="${kind}" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}" marker-end="url(#arrow)"/>`,
    `<text class="tls" x="${(x1 * 2 + x2) / 3 - 24}" y="${(y1 * 2 + y2) / 3 - 4}">${escaped(tls.join(', '))}</text>`,
  ].join('');
}
