import * as istio from '../../../imports/istio';
import type { MeshChart } from '../../fleet/mesh-chart';
import { portOf } from './passage-parts';
import type { WrittenPassage } from './port-passage';

/** Whether a host is all names of a domain. */
export function isDomain(host: string): boolean {
  return host.startsWith('*.');
}

/** A name below a domain, which sidecars send on the way to the gateway: requests say themselves which one is meant. */
export function nameBelow(domain: string): string {
  return domain.replace('*', 'any');
}

/** All names of a domain behind the gateway. */
export interface PassedDomain {
  /** The way of the application's own TLS. */
  readonly passage: WrittenPassage;
  /** `*.` and the domain. */
  readonly host: string;
}

/**
 * Lets the gateway ask DNS for the name that TLS of applications asks for: what istiod writes for a ServiceEntry of all
 * names does so in sidecars, and in gateways for requests alone (Istio 1.31: without the filter TLS is reset).
 *
 * It stands in the filter chain of that domain alone, so what names something else never meets it: where the patch does
 * not fit, calls are reset.
 */
export function writeDomainFilter(chart: MeshChart, { passage, host }: PassedDomain): void {
  const { egress, label, port } = passage;
  // equal names of a cache mean equal settings to Envoy: it is of this filter alone
  const name = `by-sni|${port}|${host}`;
  const cache = { name, dns_lookup_family: 'V4_PREFERRED' };
  const match: istio.EnvoyFilterEnvoyConfigObjectMatch = {
    context: 'GATEWAY',
    listener: {
      portNumber: portOf(passage).targetPort,
      filterChain: { sni: host, filter: { name: 'envoy.filters.network.tcp_proxy' } },
    },
  };
  new istio.EnvoyFilter(chart, `EnvoyFilter ${label}`, {
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      workloadSelector: { labels: egress.selector },
      configPatches: [
        {
          applyTo: 'CLUSTER',
          match: { context: 'GATEWAY' },
          patch: {
            operation: 'ADD',
            value: {
              name,
              lb_policy: 'CLUSTER_PROVIDED',
              connect_timeout: '10s',
              cluster_type: {
                name: 'envoy.clusters.dynamic_forward_proxy',
                typed_config: {
                  '@type': `${TYPE}.clusters.dynamic_forward_proxy.v3.ClusterConfig`,
                  dns_cache_config: cache,
                },
              },
            },
          },
        },
        {
          applyTo: 'NETWORK_FILTER',
          match,
          patch: {
            operation: 'INSERT_BEFORE',
            value: {
              name: 'envoy.filters.network.sni_dynamic_forward_proxy',
              typed_config: {
                '@type': `${TYPE}.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig`,
                port_value: port,
                dns_cache_config: cache,
              },
            },
          },
        },
        {
          applyTo: 'NETWORK_FILTER',
          match,
          patch: {
            operation: 'MERGE',
            value: {
              typed_config: { '@type': `${TYPE}.filters.network.tcp_proxy.v3.TcpProxy`, cluster: name },
            },
          },
        },
      ],
    },
  });
}

const TYPE = 'type.googleapis.com/envoy.extensions';
