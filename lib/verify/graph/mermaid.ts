import { byCluster, type Node, shortLabel, type Topology } from './topology';

/** A flowchart for Mermaid, as Markdown on GitHub and GitLab shows it. */
export function mermaid({ nodes, edges }: Topology): string {
  const lines = byCluster(nodes).flatMap(([cluster, own], index) => {
    const drawn = own.map((node) => `${shape(node)}`);
    if (cluster === undefined) return drawn.map((line) => `  ${line}`);
    return [`  subgraph g${index + 1}["${text(cluster)}"]`, ...drawn.map((line) => `    ${line}`), '  end'];
  });
  const arrows = edges.map(({ from, to, tls }) => `  ${from.id} -->|"${text(tls.join(', '))}"| ${to.id}`);
  return `${['flowchart LR', ...lines, ...arrows].join('\n')}\n`;
}

function shape(node: Node): string {
  const label = `"${text(shortLabel(node))}"`;
  if (node.role === 'gateway') return `${node.id}{{${label}}}`;
  return node.role === 'server' ? `${node.id}[${label}]` : `${node.id}([${label}])`;
}

/** Mermaid knows entities by name and number, with # in place of &. */
const text = (given: string): string =>
  given.replace(/[#"<>&|`]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
