import type { GatewayFacts, MeshFacts } from '../../facts/fleet';
import { selects } from '../../facts/labels';
import { Memo } from '../../facts/memo';
import { type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { callersNamedBy, isAboutPorts, type NamedCaller, namesCallers } from '../objects/policy-callers';
import { areAbout, withoutPort } from '../objects/policy-hosts';
import { hostsMatch, isWildcard } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import { type GatewayCallers, type HostCallers, identityOf, peeringCallers } from '../stated/callers';
import type { AuthorizationPolicySpec, PolicyRule } from '../world/istio-types';

type Policy = Found<AuthorizationPolicySpec>;

/** An ALLOW at a closed gateway for callers of whom no peering through it knows. */
export const callersBeyondPeerings: Rule = {
  code: 'MESH3077',
  severity: 'warning',
  title: 'policy for callers whom no peering names',
  why: 'ALLOW policies add up: these callers pass the gateway, too, and no peering, contract or list of exposures shows it',
  fix: 'name the hosts that the policy is about, or take the callers out of it; accept the finding if it is meant',
  inProgram: 'state them where the host is exposed (callers, allow)',
  reads: ['AuthorizationPolicy'],
  check: (input) => {
    const planes = planesOf(input);
    const callers = peeringCallers(input.facts);
    const gateways = new Memo<readonly Closed[]>();
    return objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io')
      .filter(({ spec: { action = 'ALLOW', rules = [] } }) => action === 'ALLOW' && rules.some(namesCallers))
      .flatMap((policy): Problem[] => {
        const mesh = planes.meshOf(policy);
        if (mesh === undefined) return [];
        const closed = gateways.get(`${mesh.cluster}/${mesh.name}`, () => closedGateways(mesh, callers));
        return closed
          .filter(({ gateway }) => isAt(policy, gateway, planes.rootOf(policy)))
          .flatMap((one) => problemsOf(policy, mesh, one));
      });
  },
};

/** A gateway that lets nobody in whom no policy names, and who is stated to come through it. */
interface Closed {
  readonly gateway: GatewayFacts;
  readonly callers: GatewayCallers;
  /** Whether one of the hosts stands for several. */
  readonly hasWildcards: boolean;
}

function closedGateways(mesh: MeshFacts, stated: ReturnType<typeof peeringCallers>): Closed[] {
  return mesh.gateways.flatMap((gateway) => {
    const callers = stated.get(`${mesh.name} ${gateway.name}`);
    if (!gateway.denyByDefault || callers === undefined) return [];
    return [{ gateway, callers, hasWildcards: [...callers.keys()].some(isWildcard) }];
  });
}

const isAt = ({ namespace, spec }: Policy, gateway: GatewayFacts, root: string): boolean =>
  (namespace === gateway.namespace || namespace === root) && selects(spec.selector?.matchLabels, gateway.selector);

function problemsOf(policy: Policy, mesh: MeshFacts, closed: Closed): Problem[] {
  const { gateway } = closed;
  const ports = gateway.ports.map(({ targetPort }) => targetPort);
  const hosts = new Set<string>();
  const others = new Map<string, NamedCaller>();
  for (const [index, rule] of (policy.spec.rules ?? []).entries()) {
    const named = isAboutPorts(rule, ports) ? callersNamedBy(rule, `spec.rules[${index}]`, policy.namespace) : [];
    if (named.length === 0) continue;
    const about = candidates(rule, closed).filter(([host]) => isAbout(rule, host));
    for (const one of named) {
      const identity = identityOf(one.principal, mesh);
      for (const [host, allowed] of about) {
        if (allowed.includes(identity)) continue;
        hosts.add(host);
        others.set(one.field, one);
      }
    }
  }
  if (others.size === 0) return [];
  const principals = new Set([...others.values()].map(({ principal }) => principal));
  return [
    {
      objects: [...others.keys()].map((field) => at(policy.ref, field)),
      message: `${policy.ref} lets ${listed(principals)} call ${listed(hosts)} at gateway ${gateway.namespace}/${gateway.name}, and no peering names ${principals.size === 1 ? 'it' : 'them'}`,
    },
  ];
}

/** Hosts that a rule may be about: where it names them one by one, not all are gone through. */
function candidates(rule: PolicyRule, { callers, hasWildcards }: Closed): (readonly [string, HostCallers])[] {
  const named = hostsNamedBy(rule);
  if (named === undefined || hasWildcards || named.some(isWildcard)) return [...callers];
  return [...new Set(named)].flatMap((host) => {
    const allowed = callers.get(host);
    return allowed ? [[host, allowed] as const] : [];
  });
}

/** Hosts, of requests or by SNI, of which a rule is about no other; undefined where it may be about any. */
function hostsNamedBy({ to = [], when = [] }: PolicyRule): readonly string[] | undefined {
  const lists = to.map(({ operation: { hosts } = {} }) => hosts?.map(withoutPort));
  if (lists.length > 0 && lists.every((hosts) => hosts !== undefined)) return lists.flat();
  return when.find(({ key }) => key === 'connection.sni')?.values;
}

/** Whether a rule is about a host, or about all. */
function isAbout({ to = [], when = [] }: PolicyRule, host: string): boolean {
  const sni = when.find(({ key }) => key === 'connection.sni')?.values;
  if (sni !== undefined && !sni.some((name) => hostsMatch(name, host))) return false;
  return to.length === 0 || to.some(({ operation: { hosts } = {} }) => hosts === undefined || areAbout(hosts, host));
}

const listed = (names: ReadonlySet<string>): string => [...names].sort().join(', ');
