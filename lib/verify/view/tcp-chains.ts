import { type Labels, selects } from '../../facts/labels';
import { hostsMatch, isWildcard } from '../registry/hosts';
import { isTls } from '../registry/protocol';
import { addressFor, type Port, type Service } from '../registry/service';
import type { VirtualService } from '../scope/virtual-service';
import type { L4Match, L4Route } from '../world/istio-types';
import { refTo } from '../world/resource';
import { clusterName, destinationCluster } from './routes';
import type { Chain, Weighted } from './types';
import { shortForms } from './vhosts';

/** A client that asks for the filter chains of a TCP or TLS port. */
export interface L4Client {
  readonly namespace: string;
  readonly labels: Labels;
  readonly dnsCapture: boolean;
  readonly dnsDomain: string;
  readonly service: (host: string) => Service | undefined;
}

/** A port of a service on a listener. */
export interface ListenedPort {
  readonly service: Service;
  readonly port: Port;
  readonly bind: string;
  /** Addresses that the connection must be meant for. */
  readonly prefixes: readonly string[];
}

/**
 * Clusters of a TCP or TLS route. Of several destinations the rule of the first says whether they are behind a tunnel
 * (`networkfilter.go: buildOutboundNetworkFiltersWithWeightedClusters`).
 */
export function l4Clusters({ route = [] }: L4Route, port: number, service: L4Client['service']): Weighted[] {
  const all = route.map(({ destination, weight = 0 }) => ({
    cluster: destinationCluster(destination, service(destination.host), port),
    weight: route.length === 1 ? 1 : weight,
    ...(route.length === 1 ? {} : { tunnelBy: route[0].destination.host }),
  }));
  return all.filter(({ weight }) => weight > 0);
}

/** Chains for a port of a service that is not HTTP (`tls.go: buildSidecarOutboundTCPTLSFilterChainOpts`). */
export function l4Chains(on: ListenedPort, rules: readonly VirtualService[], client: L4Client): Chain[] {
  const concerned = rules.filter(({ hosts }) => hosts.some((host) => hostsMatch(host, on.service.hostname)));
  if (!isTls(on.port.protocol)) return tcpChains(on, concerned, client);
  const chains = tlsChains(on, concerned, client);
  return chains.length > 0 ? chains : [chainWithoutRules(on, client)];
}

/** `tls.go: matchTLS`, `matchTCP`. */
function applies(match: L4Match, { namespace, labels }: L4Client, port: number): boolean {
  if (match.gateways?.length && !match.gateways.includes('mesh')) return false;
  if (match.port && match.port !== port) return false;
  if (match.sourceNamespace && match.sourceNamespace !== namespace) return false;
  return selects(match.sourceLabels, labels);
}

const chain = (parts: Partial<Chain>): Chain => ({ name: '', rbac: [], refs: [], ...parts });

/** `tls.go: buildSidecarOutboundTLSFilterChainOpts`; of two equal matches the first counts. */
function tlsChains({ port, prefixes }: ListenedPort, rules: readonly VirtualService[], client: L4Client): Chain[] {
  const seen = new Set<string>();
  const chains: Chain[] = [];
  let addresses = prefixes;
  for (const { from, tls } of rules) {
    for (const [index, rule] of tls.entries()) {
      if (!rule.route?.length) continue;
      for (const match of (rule.match ?? []).filter((one) => applies(one, client, port.port))) {
        // the subnets of one match stay in force for those after it
        if (match.destinationSubnets?.length) addresses = match.destinationSubnets;
        const key = `${match.sniHosts?.join()} ${match.destinationSubnets?.join()}`;
        if (seen.has(key)) continue;
        seen.add(key);
        chains.push(
          chain({
            ...(match.sniHosts ? { sni: match.sniHosts } : {}),
            prefixes: addresses,
            tcp: l4Clusters(rule, port.port, client.service),
            refs: [refTo(from, `spec.tls[${index}]`)],
          }),
        );
      }
    }
  }
  return chains;
}

/** Only where the listener's address does not tell the service, its chain asks for the SNI. */
function chainWithoutRules({ service, port, bind, prefixes }: ListenedPort, client: L4Client): Chain {
  const address = addressFor(service, client.dnsCapture);
  const isShared = (address === '0.0.0.0' || address.includes('/')) && bind === '0.0.0.0';
  const isWild = isWildcard(service.hostname) && service.resolution === 'dynamic-dns';
  const byName = prefixes.length > 0 || address.includes('/') || isShared || isWild;
  const aliases = service.aliases.flatMap((name) => [name, ...shortForms(name, client.namespace, client.dnsDomain)]);
  return chain({
    ...(byName ? { sni: [service.hostname, ...aliases] } : {}),
    prefixes,
    tcp: [{ cluster: ownCluster(service, port), weight: 1 }],
    refs: [refTo(service.from, 'spec.ports')],
  });
}

const ownCluster = ({ hostname, ports }: Service, { port }: Port): string =>
  clusterName(hostname, ports.length === 1 ? ports[0].port : port);

/** `tls.go: buildSidecarOutboundTCPFilterChainOpts`: the first route without subnets ends the list. */
function tcpChains(on: ListenedPort, rules: readonly VirtualService[], client: L4Client): Chain[] {
  const { service, port, prefixes } = on;
  const chains: Chain[] = [];
  let hasDefault = false;
  for (const { from, tcp } of rules) {
    for (const [index, rule] of tcp.entries()) {
      if (!rule.route?.length) continue;
      const parts = { tcp: l4Clusters(rule, port.port, client.service), refs: [refTo(from, `spec.tcp[${index}]`)] };
      if (!rule.match?.length) return [...chains, chain({ ...parts, prefixes })];
      const subnets: string[] = [];
      for (const match of rule.match.filter((one) => applies(one, client, port.port))) {
        if (!match.destinationSubnets?.length) return [...chains, chain({ ...parts, prefixes })];
        subnets.push(...match.destinationSubnets);
      }
      if (subnets.length === 0) continue;
      chains.push(chain({ ...parts, prefixes: subnets }));
      hasDefault ||= [...subnets].sort().join() === [...prefixes].sort().join();
    }
  }
  if (hasDefault) return chains;
  const clusters = [{ cluster: ownCluster(service, port), weight: 1 }];
  return [...chains, chain({ prefixes, tcp: clusters, refs: [refTo(service.from, 'spec.ports')] })];
}
