import { isIPv4 } from 'node:net';
import { Lazy } from 'cdk8s';
import * as istio from '../../imports/istio';
import type { AccessFacts } from '../facts/access';
import { byText } from '../facts/by-text';
import { pathMatch } from '../facts/names';
import { spiffeUri } from '../facts/principal';
import type { GatewaySite } from './gateway-site';
import { type PeerPolicy, pathsBelow } from './peer-policy';

/**
 * The one EnvoyFilter of a gateway, with what all its peers may do: of two RBAC filters only what both allow would pass.
 *
 * It stands in every filter chain of the gateway, also where nothing is allowed: it names no port and no server name in
 * what it is put into, so that no mistake there, and no exposure that comes or goes, leaves a chain without it. What is
 * allowed is told apart inside, and an empty list denies everything.
 */
export class RbacFilter {
  private readonly policies: PeerPolicy[] = [];

  constructor({ chart, name, namespace, selector }: GatewaySite) {
    new istio.EnvoyFilter(chart, 'EnvoyFilter rbac', {
      metadata: { name: `${name}.rbac`, namespace },
      spec: {
        workloadSelector: { labels: selector },
        // lazy: peerings add to it
        configPatches: Lazy.any({ produce: () => this.patches() }),
      },
    });
  }

  public add(policy: PeerPolicy): void {
    this.policies.push(policy);
  }

  private patches(): istio.EnvoyFilterEnvoyConfigObjectPatch[] {
    const sorted = [...this.policies].sort(byText(({ name }) => name));
    const isHttp = ({ toldApart }: PeerPolicy) => toldApart.by === 'path';
    return [
      patch('http', sorted.filter(isHttp)),
      patch(
        'network',
        sorted.filter((policy) => !isHttp(policy)),
      ),
    ];
  }
}

/** Filters before which the policies of requests, and those of connections, stand. */
const BEFORE = {
  http: {
    name: 'envoy.filters.network.http_connection_manager',
    subFilter: { name: 'envoy.filters.http.router' },
  },
  network: { name: 'envoy.filters.network.tcp_proxy' },
} as const;

function patch(kind: keyof typeof BEFORE, policies: readonly PeerPolicy[]): istio.EnvoyFilterEnvoyConfigObjectPatch {
  return {
    applyTo: kind === 'http' ? 'HTTP_FILTER' : 'NETWORK_FILTER',
    match: { context: 'GATEWAY', listener: { filterChain: { filter: BEFORE[kind] } } },
    patch: {
      operation: 'INSERT_BEFORE',
      value: {
        name: `envoy.filters.${kind}.rbac`,
        typed_config: {
          '@type': `type.googleapis.com/envoy.extensions.filters.${kind}.rbac.v3.RBAC`,
          // Envoy demands it of network filters
          ...(kind === 'network' && { stat_prefix: 'peering.' }),
          rules: {
            action: 'ALLOW',
            policies: Object.fromEntries(policies.map((policy) => [policy.name, envoyPolicy(policy)])),
          },
        },
      },
    },
  };
}

/** One policy as Envoy's `config.rbac.v3.Policy`: lists of what may be done, and by whom. */
function envoyPolicy(policy: PeerPolicy) {
  return {
    permissions: policy.access.map((rule) => permission(rule, policy)),
    principals: [principal(policy)],
  };
}

/** The peer, at its addresses; tokens are none of them, as the gateway refuses such a policy. */
function principal({ principal: peer, conditions: { ipBlocks, remoteIpBlocks } }: PeerPolicy): object {
  // the whole URI: a principal of an AuthorizationPolicy is written without its scheme
  const byName = { authenticated: { principal_name: { exact: spiffeUri(peer) } } };
  const ids = [
    byName,
    ...(ipBlocks ? [anyId(ipBlocks.map((block) => ({ direct_remote_ip: cidrRange(block) })))] : []),
    ...(remoteIpBlocks ? [anyId(remoteIpBlocks.map((block) => ({ remote_ip: cidrRange(block) })))] : []),
  ];
  return ids.length === 1 ? byName : { and_ids: { ids } };
}

/** A block as Envoy's `CidrRange`. */
function cidrRange(block: string): object {
  const [address, length] = block.split('/');
  return { address_prefix: address, prefix_len: length === undefined ? (isIPv4(address) ? 32 : 128) : Number(length) };
}

function anyId(ids: object[]): object {
  return ids.length === 1 ? ids[0] : { or_ids: { ids } };
}

function permission({ methods, paths }: AccessFacts, { port, toldApart }: PeerPolicy): object {
  const atPort = { destination_port: port };
  switch (toldApart.by) {
    case 'port':
    case 'sni':
      return allOf([atPort, { requested_server_name: { exact: toldApart.sni } }]);
    case 'path': {
      const byPath = pathsBelow(toldApart.prefix, paths).map((path) => ({
        url_path: { path: pathMatch(path) },
      }));
      const byMethod = methods?.map((exact) => ({ header: { name: ':method', string_match: { exact } } }));
      return allOf([atPort, anyOf(byPath), ...(byMethod ? [anyOf(byMethod)] : [])]);
    }
  }
}

const allOf = (rules: object[]) => ({ and_rules: { rules } });

function anyOf(rules: object[]): object {
  return rules.length === 1 ? rules[0] : { or_rules: { rules } };
}
