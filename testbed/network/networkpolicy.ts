import type {
  LabelSelector,
  Namespace,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
  ObjectMeta,
  Pod,
} from '../kubernetes/types';

/** Whether labels fulfil a selector; an empty selector selects everything. */
export function selects(selector: LabelSelector, labels: Record<string, string> = {}): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return key in labels && values.includes(labels[key]);
        case 'NotIn':
          return !(key in labels && values.includes(labels[key]));
        case 'Exists':
          return key in labels;
        case 'DoesNotExist':
          return !(key in labels);
        default:
          throw new Error(`label selector operator '${operator}'`);
      }
    })
  );
}

type Direction = 'ingress' | 'egress';

/**
 * The nftables table that enforces the NetworkPolicies of one cluster: where packets between pods are forwarded, after
 * the addresses of Services have been translated. What a policy refuses is answered with an ICMP message instead of
 * silence, so that a caller knows at once.
 *
 * Traffic of the node itself (probes, webhooks) is never filtered, as in a real cluster; DNS is a local address here,
 * so egress is also filtered where packets come in.
 */
export function networkPolicyRules(
  table: string,
  policies: readonly NetworkPolicy[],
  pods: readonly Pod[],
  namespaces: readonly Namespace[],
): string {
  const cluster = { pods: pods.filter(addressOf), namespaces: new Map(namespaces.map((n) => [n.metadata.name, n])) };
  const chains: string[] = [];
  const verdicts: Record<Direction, string[]> = { ingress: [], egress: [] };
  for (const pod of cluster.pods) {
    for (const direction of ['ingress', 'egress'] as const) {
      const applying = policies.filter((policy) => applies(policy, pod, direction));
      if (applying.length === 0) continue;
      const address = addressOf(pod);
      const chain = `${direction}-${address?.replaceAll('.', '-')}`;
      const allowed = applying.flatMap((policy) =>
        (policy.spec[direction] ?? []).flatMap((rule) => allow(rule, direction, policy, pod, cluster)),
      );
      chains.push(
        `  chain ${chain} {\n${allowed.map((line) => `    ${line} return\n`).join('')}    reject with icmp admin-prohibited\n  }`,
      );
      verdicts[direction].push(`${address} : jump ${chain}`);
    }
  }
  const check = (field: string, direction: Direction) =>
    verdicts[direction].length > 0 ? `    ${field} vmap { ${verdicts[direction].join(', ')} }\n` : '';
  return `table ip ${table}
delete table ip ${table}
table ip ${table} {
${chains.join('\n')}
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state established,related accept
${check('ip saddr', 'egress')}${check('ip daddr', 'ingress')}  }
  chain input {
    type filter hook input priority filter; policy accept;
    ct state established,related accept
${check('ip saddr', 'egress')}  }
}
`;
}

interface ClusterView {
  pods: readonly Pod[];
  namespaces: ReadonlyMap<string, Namespace>;
}

const addressOf = (pod: Pod) => pod.status?.podIP;

function applies({ metadata, spec }: NetworkPolicy, pod: Pod, direction: Direction): boolean {
  const types = spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
  return (
    metadata.namespace === pod.metadata.namespace &&
    types.some((type) => type.toLowerCase() === direction) &&
    selects(spec.podSelector ?? {}, pod.metadata.labels)
  );
}

/** The matches of one rule; a rule without peers or ports means all of them. */
function allow(
  rule: NetworkPolicyRule,
  direction: Direction,
  policy: NetworkPolicy,
  pod: Pod,
  cluster: ClusterView,
): string[] {
  const peers = direction === 'ingress' ? rule.from : rule.to;
  const field = direction === 'ingress' ? 'ip saddr' : 'ip daddr';
  const targets = peers?.length ? peers.map((peer) => matchPeer(peer, field, policy, cluster)) : [''];
  // A named port of an ingress rule is the selected pod's own; of an egress rule it is a port of the peer, by any name.
  const portPods = direction === 'ingress' ? [pod] : cluster.pods;
  const ports = rule.ports?.length
    ? rule.ports.map((port) => matchPort(port, portPods))
    : ['meta l4proto { tcp, udp }'];
  return targets.flatMap((target) =>
    target === undefined ? [] : ports.flatMap((port) => (port === undefined ? [] : [`${target} ${port}`.trim()])),
  );
}

/** An nftables match of a peer's addresses; undefined when nothing matches it at present. */
function matchPeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  field: string,
  policy: NetworkPolicy,
  { pods, namespaces }: ClusterView,
): string | undefined {
  if (ipBlock) {
    const except = ipBlock.except?.length ? ` ${field} != { ${ipBlock.except.join(', ')} }` : '';
    return `${field} ${ipBlock.cidr}${except}`;
  }
  const inNamespace = ({ namespace = '' }: ObjectMeta) =>
    namespaceSelector
      ? selects(namespaceSelector, namespaces.get(namespace)?.metadata.labels)
      : namespace === policy.metadata.namespace;
  const addresses = pods
    .filter((pod) => inNamespace(pod.metadata) && selects(podSelector ?? {}, pod.metadata.labels))
    .flatMap((pod) => addressOf(pod) ?? []);
  return addresses.length > 0 ? `${field} { ${addresses.join(', ')} }` : undefined;
}

function matchPort(
  { protocol = 'TCP', port, endPort }: NonNullable<NetworkPolicyRule['ports']>[number],
  pods: readonly Pod[],
): string | undefined {
  const name = protocol.toLowerCase();
  if (port === undefined) return `meta l4proto ${name}`;
  if (typeof port === 'number') return `${name} dport ${endPort ? `${port}-${endPort}` : port}`;
  const numbers = pods.flatMap(({ spec }) =>
    spec.containers.flatMap(({ ports = [] }) =>
      ports.filter((declared) => declared.name === port).map(({ containerPort }) => containerPort),
    ),
  );
  return numbers.length > 0 ? `${name} dport { ${[...new Set(numbers)].join(', ')} }` : undefined;
}
