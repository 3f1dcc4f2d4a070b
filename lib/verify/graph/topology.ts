import type { Exposure } from '../explore/exposures';
import { type Callers, describeCallers } from '../explore/who';
import type { World } from '../world/world';

/** Somebody who calls, passes on, or answers. */
export interface Node {
  /** As Mermaid and DOT name it: `n1`. */
  readonly id: string;
  readonly label: string;
  /** Undefined for strangers. */
  readonly cluster?: string;
  readonly role: 'caller' | 'gateway' | 'server';
  /** How many legs a call has taken at most when it arrives here. */
  readonly column: number;
}

/** A leg that calls take. */
export interface Edge {
  readonly from: Node;
  readonly to: Node;
  /** TLS of the leg; several where calls differ. */
  readonly tls: readonly string[];
}

/** Who is connected with whom. */
export interface Topology {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

interface Draft {
  readonly label: string;
  readonly cluster?: string;
  role: Node['role'];
  column: number;
}

/** The graph of all calls: callers, gateways, servers, and the legs between them. */
export function topologyOf(exposures: readonly Exposure[], world: World): Topology {
  const drafts = new Map<string, Draft>();
  const legs = new Map<string, { from: string; to: string; tls: Set<string> }>();
  for (const { callers, via, server, legs: tls } of exposures) {
    const first = callerOf(callers, world);
    const stations = [first.label, ...via.filter((one) => one.includes('/')), server];
    for (const [index, label] of stations.entries()) {
      const role = index === stations.length - 1 ? 'server' : index === 0 ? 'caller' : 'gateway';
      const place = index === 0 ? first.cluster : label.split('/')[0];
      const held = drafts.get(label) ?? {
        label,
        role,
        column: index,
        ...(place === undefined ? {} : { cluster: place }),
      };
      // who answers some and calls others is drawn where it answers
      held.column = Math.max(held.column, index);
      if (role === 'server') held.role = role;
      drafts.set(label, held);
      if (index === 0) continue;
      const from = stations[index - 1];
      const key = `${from}\0${label}`;
      const leg = legs.get(key) ?? { from, to: label, tls: new Set() };
      leg.tls.add(tls[index - 1] ?? '');
      legs.set(key, leg);
    }
  }
  const labels = [...drafts.keys()].sort();
  const nodes = new Map(
    labels.map((label, index): [string, Node] => [label, { id: `n${index + 1}`, ...(drafts.get(label) as Draft) }]),
  );
  const edges = [...legs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, { from, to }]) => from !== to)
    .map(([, { from, to, tls }]) => ({
      from: nodes.get(from) as Node,
      to: nodes.get(to) as Node,
      tls: [...tls].sort(),
    }));
  return { nodes: [...nodes.values()], edges };
}

function callerOf(callers: Callers, world: World): { label: string; cluster?: string } {
  if (callers.kind === 'outside') return { label: `outside of ${callers.cluster}` };
  if (callers.kind === 'network') return { label: `network of ${callers.cluster}` };
  return { label: describeCallers(callers, world), cluster: callers.cluster };
}

/** Nodes of each cluster, then those of none. */
export function byCluster(nodes: readonly Node[]): [string | undefined, Node[]][] {
  const clusters = [...new Set(nodes.map(({ cluster }) => cluster))].sort((a, b) =>
    (a ?? '\uffff') < (b ?? '\uffff') ? -1 : 1,
  );
  return clusters.map((cluster) => [cluster, nodes.filter((one) => one.cluster === cluster)]);
}

/** A label without the name of the cluster that it stands in. */
export const shortLabel = ({ label, cluster }: Node): string =>
  cluster !== undefined && label.startsWith(`${cluster}/`) ? label.slice(cluster.length + 1) : label;
