import type { ControlPlane } from '../../lib/verify/control-plane';
import { isReserved, type OutboundEntry } from '../../lib/verify/view/outbound';
import type { ProxyView } from '../../lib/verify/view/proxy';
import type { Chain } from '../../lib/verify/view/types';
import type { OracleAnswer, PushedChain, PushedListener, PushedProxy } from './answer';
import {
  ownChain,
  ownCluster,
  ownDomains,
  ownEndpoints,
  pushedChain,
  pushedCluster,
  pushedDomains,
  pushedEndpoints,
} from './normal';

/** One thing in which istiod and the model may differ. */
export interface Item {
  /** `listener`, `virtual host`, … */
  readonly kind: string;
  readonly what: string;
  /** Undefined where there is none. */
  readonly istiod: string | undefined;
  readonly model: string | undefined;
}

/** Everything that istiod sent and everything that the model has, side by side. */
export function* compare(plane: ControlPlane, answer: OracleAnswer): Generator<Item> {
  for (const workload of plane.mesh.workloads.filter(({ proxy }) => proxy)) {
    const pushed = answer.proxies?.[`${workload.namespace}/${workload.name}`];
    if (!pushed) throw new Error(`the oracle has no answer for ${workload.id}`);
    const view = plane.proxy(workload);
    const items = view.isGateway ? gatewayItems(view, pushed) : sidecarItems(view, pushed);
    for (const item of items) yield { ...item, what: `${workload.id} ${item.what}` };
    for (const item of clusterItems(view, pushed)) yield { ...item, what: `${workload.id} ${item.what}` };
  }
}

function* sidecarItems(view: ProxyView, pushed: PushedProxy): Generator<Item> {
  const listeners = new Map<string, PushedListener>();
  for (const listener of pushed.listeners ?? []) {
    if (listener.name === 'virtualInbound') yield inboundItem(view, listener);
    if (listener.name.startsWith('virtual') || isReserved(listener.port)) continue;
    listeners.set(`${listener.address}:${listener.port}`, listener);
  }
  const ports = new Set([...listeners.values()].map(({ port }) => port));
  for (const { spec, services } of view.scope.egress) {
    if (spec.port?.number) ports.add(spec.port.number);
    for (const service of services) for (const { port } of service.ports) ports.add(port);
  }
  for (const port of [...ports].filter((one) => !isReserved(one))) {
    const own = view.outboundEntries(port);
    const theirs = [...listeners.values()]
      .filter((one) => one.port === port)
      .map(({ address }) => `${address}:${port}`);
    for (const key of new Set([...own.keys(), ...theirs])) {
      yield {
        kind: 'listener',
        what: key,
        istiod: pushedListener(listeners.get(key)),
        model: ownListener(view, own.get(key)),
      };
    }
  }
  const chains = [...listeners.values()].flatMap((one) => [
    ...(one.chains ?? []),
    ...(one.default ? [one.default] : []),
  ]);
  for (const rds of new Set(chains.flatMap((chain) => (chain.rds ? [chain.rds] : [])))) {
    yield* domainItems(
      'virtual host',
      rds,
      pushedDomains(pushed.routes[rds] ?? []),
      ownDomains(view.outboundTable(rds)),
    );
  }
}

const isAnyPushed = ({ sni, prefixes, alpn, transport }: PushedChain): boolean =>
  !sni?.length && !prefixes?.length && !alpn?.length && !transport;

/** Chains with a match, and the one that takes the rest. */
function pushedListener(listener: PushedListener | undefined): string | undefined {
  if (!listener) return undefined;
  const chains = listener.chains ?? [];
  const rest = listener.default ?? chains.find(isAnyPushed);
  const matching = chains.filter((chain) => !isAnyPushed(chain)).map((chain) => pushedChain(chain));
  return JSON.stringify([matching.sort(), rest && pushedChain(rest)]);
}

function ownListener(view: ProxyView, entry: OutboundEntry | undefined): string | undefined {
  if (!entry) return undefined;
  const { chains, fallback } = view.listenerOf(entry);
  const own = (chain: Chain) => ownChain(chain, false, tunnelOf(view, chain));
  return JSON.stringify([chains.map(own).sort(), fallback && own(fallback)]);
}

/** That of the first destination is that of all. */
const tunnelOf = (view: ProxyView, chain: Chain) => (chain.tcp?.length ? view.tunnel(chain, chain.tcp[0]) : undefined);

function inboundItem(view: ProxyView, listener: PushedListener): Item {
  const isOwn = ({ name, port }: PushedChain) => !name.startsWith('virtualInbound-black') && port !== 15006;
  const theirs = (listener.chains ?? []).filter(isOwn).map((chain) => pushedChain(chain, true));
  const own = view.inboundListener().chains.map((chain) => ownChain(chain, true));
  return { kind: 'inbound', what: 'inbound', istiod: JSON.stringify(theirs.sort()), model: JSON.stringify(own.sort()) };
}

function* gatewayItems(view: ProxyView, pushed: PushedProxy): Generator<Item> {
  const theirs = new Map<number, PushedListener>();
  for (const one of pushed.listeners ?? []) if (one.address === '0.0.0.0') theirs.set(one.port, one);
  const own = view.gatewayListeners();
  // chains that are passed on by SNI have no policies in the model, because a proxy cannot ask for anything there
  const withoutPolicies = (chain: Chain): Chain => (chain.alpn?.includes('istio') ? { ...chain, rbac: [] } : chain);
  const pushedWithout = (chain: PushedChain): PushedChain =>
    chain.alpn?.includes('istio') ? { ...chain, rbac: [] } : chain;
  for (const port of [...new Set([...own.keys(), ...theirs.keys()])].filter((one) => !isReserved(one))) {
    const listener = theirs.get(port);
    const chains = own.get(port)?.chains;
    yield {
      kind: 'gateway listener',
      what: String(port),
      istiod: listener && JSON.stringify((listener.chains ?? []).map((one) => pushedChain(pushedWithout(one))).sort()),
      model:
        chains &&
        JSON.stringify(chains.map((one) => ownChain(withoutPolicies(one), false, tunnelOf(view, one))).sort()),
    };
    for (const rds of new Set((listener?.chains ?? []).flatMap((chain) => (chain.rds ? [chain.rds] : [])))) {
      const sent = (pushed.routes[rds] ?? []).filter(
        ({ name }) => name !== 'blackhole:80' && !name.startsWith('blackhole'),
      );
      yield* domainItems('gateway virtual host', rds, pushedDomains(sent), ownDomains(view.gatewayTable(rds)));
    }
  }
}

function* domainItems(
  kind: string,
  rds: string,
  theirs: Map<string, string>,
  own: Map<string, string>,
): Generator<Item> {
  for (const domain of new Set([...theirs.keys(), ...own.keys()])) {
    yield { kind, what: `${rds} ${domain}`, istiod: theirs.get(domain), model: own.get(domain) };
  }
}

function* clusterItems(view: ProxyView, pushed: PushedProxy): Generator<Item> {
  const names = new Set(Object.keys(pushed.clusters).filter((name) => /^outbound[|_]/.test(name)));
  for (const { hostname, ports } of view.scope.services) {
    for (const { port } of ports) {
      const name = `outbound|${port}||${hostname}`;
      if (view.cluster(name)) names.add(name);
    }
  }
  for (const name of names) {
    const theirs = pushed.clusters[name];
    const own = view.cluster(name);
    yield {
      kind: 'cluster',
      what: name,
      istiod: theirs && pushedCluster(theirs),
      model: own && ownCluster(own),
    };
    if (!theirs || !own || theirs.type === 'ORIGINAL_DST') continue;
    const sent = theirs.type === 'EDS' ? (pushed.endpoints[name] ?? []) : (theirs.endpoints ?? []);
    const isAuto = own.autoTls !== undefined;
    yield { kind: 'endpoints', what: name, istiod: pushedEndpoints(sent, isAuto), model: ownEndpoints(own) };
  }
}
