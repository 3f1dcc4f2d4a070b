import { selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { type Found, objectsOf, type RuleInput } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { isForEverybody, isOfSomeRequests } from '../objects/policy-callers';
import { withoutPort } from '../objects/policy-hosts';
import { isSubsetOf, isWildcard, splitHost } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import type { AuthorizationPolicySpec, GatewaySpec, PolicyRule } from '../world/istio-types';

type Policy = Found<AuthorizationPolicySpec>;

/** An ALLOW that lets everybody do at a closed gateway what other policies let some do, or everything. */
export const openedGateway: Rule = {
  code: 'MESH3067',
  severity: 'error',
  title: 'policy that opens a closed gateway',
  why: 'ALLOW policies add up: what one allows to everybody, no other one limits; whoever reaches the gateway may call',
  fix: 'name the callers (from) and hosts of the policy, narrow its selector, or remove it',
  reads: ['AuthorizationPolicy', 'Gateway'],
  check: (input) => {
    const planes = planesOf(input);
    const allows = objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io').filter(
      ({ spec: { action = 'ALLOW' } }) => action === 'ALLOW',
    );
    const closed = new Map<string, Policy[]>();
    for (const policy of allows.filter(deniesAll)) push(closed, `${policy.cluster}/${policy.namespace}`, policy);
    const limits = limitsOf(allows);
    const redirects = redirectsOf(input);
    const open = new Set([...openHosts(input), ...hostsOfNamedClients(input)]);
    return allows.flatMap((policy): Problem[] => {
      const place = `${policy.cluster}/${policy.namespace}`;
      const here = policy.namespace === planes.rootOf(policy) ? [...closed.values()].flat() : (closed.get(place) ?? []);
      const opened = here.find(
        (one) =>
          planes.of(one) === planes.of(policy) &&
          selects(policy.spec.selector?.matchLabels, one.spec.selector?.matchLabels ?? {}),
      );
      if (opened === undefined) return [];
      const what = new Map<string, number>();
      for (const [index, rule] of (policy.spec.rules ?? []).entries()) {
        if (!isForEverybody(rule) || redirects(rule, policy)) continue;
        for (const one of openedBy(rule, policy, limits.get(place) ?? new Map())) {
          if (!what.has(one)) what.set(one, index);
        }
      }
      return [...what]
        .filter(([one]) => !open.has(one))
        .map(([one, index]) => ({
          objects: [at(policy.ref, `spec.rules[${index}]`), at(opened.ref, 'spec')],
          message: `${policy.ref} lets everybody call ${one} at the gateway pods that ${opened.ref} closes`,
        }));
    });
  },
};

/** A closed gateway has such a policy: it allows nothing. */
const deniesAll = ({ spec: { rules = [], selector } }: Policy): boolean =>
  rules.length === 0 && selector?.matchLabels !== undefined;

/**
 * Hosts that a peering opens to callers without a certificate, or with one that no policy can name, so that the server
 * lists its clients itself: what no policy limits, none opens.
 */
function openHosts({ facts }: RuleInput): Set<string> {
  const open = facts.peerings.filter(
    ({ tls, clientCertificate, client }) =>
      tls !== 'mutual' || clientCertificate === 'optional' || client?.subjectAltName.startsWith('spiffe://') === false,
  );
  return new Set(open.flatMap(({ exposures }) => exposures.flatMap(({ host }) => host ?? [])));
}

/** Hosts whose server lets in the clients that it names: a client with a DNS name is none that a policy could name. */
function hostsOfNamedClients(input: RuleInput): string[] {
  const gateways = objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io');
  return gateways
    .flatMap(({ spec: { servers = [] } }) => servers)
    .filter(({ tls }) => tls?.mode === 'MUTUAL' && (tls.subjectAltNames ?? []).length > 0)
    .flatMap(({ hosts = [] }) => hosts.map((host) => splitHost(host).host));
}

/** Whether nothing but a redirect to https is behind the ports of the hosts that a rule is about. */
function redirectsOf(input: RuleInput): (rule: PolicyRule, policy: Policy) => boolean {
  const places = new Set<string>();
  for (const { cluster, spec } of objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io')) {
    for (const { hosts = [], port, tls } of (spec.servers ?? []).filter((one) => one.tls?.httpsRedirect)) {
      if (!tls || !port) continue;
      for (const host of hosts)
        for (const pod of podPorts(input, cluster, port.number))
          places.add(`${cluster} ${splitHost(host).host} ${pod}`);
    }
  }
  return ({ to = [] }, { cluster }) =>
    to.length > 0 &&
    to.every(({ operation: { hosts = [], ports = [] } = {} }) => {
      const names = hosts.map(withoutPort);
      const isThere = (name: string) => ports.every((port) => places.has(`${cluster} ${name} ${port}`));
      return names.length > 0 && ports.length > 0 && names.every(isThere);
    });
}

/** Ports that pods of gateways listen on for a port of their Service. */
function podPorts({ facts }: RuleInput, cluster: string, number: number): number[] {
  const gateways = facts.meshes.filter((mesh) => mesh.cluster === cluster).flatMap((mesh) => mesh.gateways);
  const own = gateways.flatMap(({ ports = [] }) => ports.filter((port) => port.number === number));
  return [...new Set([number, ...own.map(({ targetPort }) => targetPort)])];
}

/** Hosts and, where there is none, ports that a rule is about. */
function namesOf({ to = [], when = [] }: PolicyRule): string[] {
  const operations = to.map(({ operation = {} }) => operation);
  const sni = when.flatMap(({ key, values = [] }) => (key === 'connection.sni' ? values : []));
  const hosts = operations.flatMap(({ hosts: named = [] }) => named.map(withoutPort));
  const all = [...hosts, ...sni];
  return all.length > 0 ? all : operations.flatMap(({ ports = [] }) => ports.map((port) => `port ${port}`));
}

/** What policies that name callers are about, by `<cluster>/<namespace>`, with those policies. */
function limitsOf(policies: readonly Policy[]): Map<string, Map<string, Policy[]>> {
  const found = new Map<string, Map<string, Policy[]>>();
  for (const policy of policies) {
    const place = `${policy.cluster}/${policy.namespace}`;
    const here = found.get(place) ?? new Map<string, Policy[]>();
    found.set(place, here);
    for (const rule of policy.spec.rules ?? []) {
      if (!isForEverybody(rule)) for (const name of namesOf(rule)) push(here, name, policy);
    }
  }
  return found;
}

/** What a rule for everybody opens: everything, or what another policy names callers of. */
function openedBy(rule: PolicyRule, policy: Policy, limits: ReadonlyMap<string, Policy[]>): string[] {
  if (isOfSomeRequests(rule)) return [];
  const names = namesOf(rule);
  if (names.length === 0) return ['everything'];
  const limited = (name: string) => (limits.get(name) ?? []).some((other) => other !== policy);
  return names.flatMap((name) => {
    if (!isWildcard(name)) return limited(name) ? [name] : [];
    return [...limits.keys()].filter((host) => isSubsetOf(host, name) && limited(host));
  });
}
