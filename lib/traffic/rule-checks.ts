import { MeshError } from '../facts/error';
import type { Protocol } from '../facts/port';
import { isHttp } from '../facts/port';
import { shadowHost } from '../facts/shadow-host';
import type { Mesh } from '../mesh/mesh';
import { isSince } from '../platform/since';
import { describeCalls } from './calls';
import { checkRetries } from './retries';
import type { KnownPort, RoutedHost } from './routed-host';
import type { Rule } from './rule';
import { callersOf } from './rule-callers';

/** Where rules stand. */
interface Place {
  readonly mesh: Mesh;
  readonly routed: RoutedHost;
  /** Construct path of the Routing, for messages. */
  readonly where: string;
}

/**
 * Checks that rules fit the mesh and the host that they are about.
 *
 * @throws MESH1103 for a rule that leaves open which port it is about; MESH1204 for a server name that leads elsewhere;
 * MESH1304, MESH1307, MESH1311 to MESH1313 as `Routing` says.
 */
export function checkRules(rules: readonly Rule<Protocol>[], place: Place): void {
  const { mesh, where } = place;
  for (const rule of rules) {
    checkFlow(rule, portOf(rule, place), place);
    checkDestinations(rule, place);
    checkMirror(rule, place);
    if (rule.options.retries) checkRetries(rule.options.retries, mesh.platform, where);
    for (const name of rule.calls.sniHosts ?? []) claimServerName(name, place);
  }
}

/** The port that a rule is about. */
function portOf(rule: Rule<Protocol>, { routed, where }: Place): KnownPort {
  const { port } = rule.calls;
  const known = routed.ports.map(({ protocol, number }) => `${protocol} ${number}`).join(', ');
  if (port === undefined) {
    if (routed.port !== undefined) return routed.port;
    throw new MeshError(
      'MESH1103',
      where,
      `${routed.name} has several ports (${known}), and a rule for ${nameOf(rule)} does not say which it is about; say it with Rule.port(Port.…), with port in Rule.when, or with .at(Port.…) at the host`,
    );
  }
  if (routed.ports.some(({ number, protocol }) => number === port.number && protocol === port.protocol)) return port;
  throw new MeshError(
    'MESH1313',
    where,
    `a rule is about port ${port.protocol} ${port.number}, which ${routed.name} does not have here; it has ${known}`,
  );
}

/** Conditions of requests need requests, server names need TLS, and bytes cannot be refused with a status. */
function checkFlow(rule: Rule<Protocol>, { number, protocol }: KnownPort, { routed, where }: Place): void {
  const { calls, destinations, reached } = rule;
  const refuse = (message: string) => {
    throw new MeshError('MESH1313', where, `a rule for ${nameOf(rule)} ${message}`);
  };
  const sees = `port ${number}, through which ${protocol} flows`;
  if (calls.sniHosts !== undefined && protocol !== 'tls') {
    refuse(`is about ${sees}: the mesh sees no server name there; expected a tls port`);
  }
  if (calls.sniHosts !== undefined && routed.leads) {
    refuse(`names servers beside ${routed.host}, which alone the egress gateway knows; leave the rule out`);
  }
  const other = reached.find((to) => isHttp(to.protocol) !== isHttp(protocol));
  if (other !== undefined) {
    refuse(`leads from ${sees}, to ${other.nextHop.host}, which takes ${other.protocol}; expected the same kind`);
  }
  if (isHttp(protocol)) return;
  if (calls.paths || calls.methods || calls.headers || calls.query) {
    refuse(`is about ${sees}: the mesh sees no requests there; use Rule.otherwise(), Rule.port or Rule.sni`);
  }
  if (destinations.length === 0) {
    refuse(`answers ${sees}, but the mesh cannot answer bytes; leave the rule out`);
  }
}

function checkDestinations(rule: Rule<Protocol>, { mesh, routed, where }: Place): void {
  for (const { usableIn, nextHop } of rule.reached) {
    if (nextHop.domain !== undefined && nextHop.domain !== routed.host) {
      throw new MeshError(
        'MESH1316',
        where,
        `a rule for ${nameOf(rule)} leads calls to ${routed.name} to '${nextHop.domain}', all names of a domain: which of them is meant, only callers say who dial it; let the Routing be about that exposure, or state one server per name`,
      );
    }
    if (usableIn !== mesh.node.path) {
      throw new MeshError(
        'MESH1304',
        where,
        `destination ${nextHop.host} is ${usableIn === '' ? 'consumed by somebody else' : `of mesh ${usableIn}`}; expected a service of ${mesh.node.path}, or an exposure that it consumes`,
      );
    }
  }
  const hidden = rule.destinations.find(({ to }) => to.nextHop.isHidden);
  if (hidden && rule.destinations.length > 1) {
    throw new MeshError(
      'MESH1318',
      where,
      `a rule for ${nameOf(rule)} leads a part of the calls to ${hidden.to.nextHop.host}, which is reached through a proxy of the company: among several destinations Istio says no CONNECT; let it be the only one, or use EgressGatewayPeering`,
    );
  }
  if (callersOf(rule)?.namespaces.length !== 0) return;
  throw new MeshError(
    'MESH1307',
    where,
    `a rule for ${nameOf(rule)} leads to destinations that have no caller in common (${rule.reached.map(({ nextHop }) => nextHop.host).join(', ')}); split it, or let the peerings have the same callers`,
  );
}

/** A copy keeps the authority of the original, which the next proxy must know. */
function checkMirror({ destinations, options }: Rule<Protocol>, { mesh, where }: Place): void {
  const { mirror, rewrite } = options;
  const own = mirror?.to.nextHop.authority;
  if (own === undefined) return;
  const copiesOf = mirror?.to.nextHop.copiesOf ?? [];
  for (const { to } of destinations) {
    const authority = rewrite?.authority ?? to.nextHop.authority;
    if (authority === undefined) {
      throw new MeshError(
        'MESH1311',
        where,
        `copies for ${own} have the authority of the original, and of calls to ${to.nextHop.host} that is whatever callers dial; fix it with rewrite: { authority: … }`,
      );
    }
    const keepsName = isSince(mesh.platform, '1.28');
    if (copiesOf.includes(authority) || (keepsName && authority === own)) continue;
    throw new MeshError(
      'MESH1311',
      where,
      `copies for ${own} have the authority '${keepsName ? authority : shadowHost(authority)}' of the original, which nobody on the way takes (404); state mirrorOf: ['${authority}'] where ${own} is exposed`,
    );
  }
}

/** Of two VirtualServices of one name the younger is ignored. */
function claimServerName(name: string, { mesh, routed, where }: Place): void {
  if (name === routed.host) return;
  const other = mesh.callable.claimHost(name, { by: where });
  if (other === undefined) return;
  throw new MeshError(
    'MESH1204',
    where,
    `server name '${name}' already leads through ${other.by} in ${mesh.node.path}; let one place decide where it leads`,
  );
}

function nameOf(rule: Rule<Protocol>): string {
  return describeCalls(rule.calls) ?? 'every call';
}
