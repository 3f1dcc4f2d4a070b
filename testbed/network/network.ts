import { run } from '../bed/process';
import { clusterIpRange, dnsAddress, GATEWAY, loadBalancerRange, MAX_CLUSTERS, nodeAddress } from './addresses';

const CLUSTERS = Array.from({ length: MAX_CLUSTERS }, (_, i) => i + 1);

/**
 * Prepares the bed's network namespace (this process is in it). Pods are routed, not bridged: every packet between two
 * pods passes this namespace's IP stack, so that addresses of Services are translated without masquerading (the callee
 * sees the caller's address, as in a real cluster) and NetworkPolicies can be enforced in one place.
 */
export async function prepareNetwork(): Promise<void> {
  const virtual = CLUSTERS.flatMap((index) => [clusterIpRange(index), loadBalancerRange(index)]);
  await ip([
    'link set lo up',
    `addr add ${GATEWAY}/32 dev lo`,
    ...CLUSTERS.flatMap((index) => [
      `addr add ${nodeAddress(index)}/32 dev lo`,
      `addr add ${dnsAddress(index)}/32 dev lo`,
    ]),
    // Virtual addresses need a route to get as far as the rules that translate or refuse them.
    ...virtual.map((range) => `route add ${range} dev lo src ${GATEWAY}`),
  ]);
  await sysctl('net.ipv4.ip_forward', '1');
  await sysctl('net.ipv4.conf.all.rp_filter', '0');
  await nft(`table ip bed {
  chain forward {
    type filter hook forward priority filter + 10; policy accept;
    ip daddr { ${virtual.join(', ')} } meta l4proto tcp reject with tcp reset
    ip daddr { ${virtual.join(', ')} } reject
  }
}
`);
}

/** Applies nftables rules, all or nothing. */
export async function nft(rules: string): Promise<void> {
  await run(['nft', '-f', '-'], { input: rules });
}

async function ip(batch: readonly string[], namespace?: string): Promise<void> {
  const scope = namespace ? ['-n', namespace] : [];
  await run(['ip', ...scope, '-batch', '-'], { input: `${batch.join('\n')}\n` });
}

async function sysctl(name: string, value: string): Promise<void> {
  await run(['sh', '-c', `echo ${value} > /proc/sys/${name.replaceAll('.', '/')}`]);
}

/** Makes a network namespace with one address, reachable from all others. */
export async function addNamespace(name: string, address: string): Promise<void> {
  await run(['ip', 'netns', 'add', name]);
  await ip([
    `link add ${name} type veth peer name eth0 netns ${name}`,
    `link set ${name} up`,
    `route add ${address}/32 dev ${name} src ${GATEWAY}`,
  ]);
  await ip(
    [
      'link set lo up',
      `addr add ${address}/32 dev eth0`,
      'link set eth0 up',
      `route add ${GATEWAY} dev eth0 scope link`,
      `route add default via ${GATEWAY}`,
    ],
    name,
  );
}

/** The network interface goes with its namespace, once the last process in it has ended. */
export async function deleteNamespace(name: string): Promise<void> {
  await run(['ip', 'link', 'del', name], { mayFail: true });
  await run(['ip', 'netns', 'del', name], { mayFail: true });
}
