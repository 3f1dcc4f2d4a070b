import { isHttp, isTcp, listenerProtocol, type Protocol, parseProtocol } from '../registry/protocol';
import type { Registry } from '../registry/registry';
import { addressFor, hasSelector, type Port, type Service } from '../registry/service';
import type { Egress } from '../scope/egress';
import { isIp } from '../world/addresses';
import { refTo } from '../world/resource';
import { type L4Client, type ListenedPort, l4Chains } from './tcp-chains';
import type { Chain } from './types';

/** A listener while services claim parts of it. */
export interface OutboundEntry {
  readonly bind: string;
  readonly port: number;
  chains: Chain[];
  protocol: Protocol;
  /** An egress listener of an earlier rank made it: later ones leave it alone. */
  isLocked: boolean;
  /** It listens on its own (`captureMode: NONE`): captured connections do not come to it. */
  readonly isBound: boolean;
}

/** Protocols that a listener of unknown protocol tells apart by its first bytes. */
export const PLAIN_HTTP: Pick<Chain, 'alpn' | 'transport'> = { alpn: ['http/1.1', 'h2c'], transport: 'raw_buffer' };

/** What the listeners of a port are made of. */
export interface OutboundSources extends L4Client {
  readonly egress: readonly Egress[];
  readonly registry: Registry;
  /** Services of an egress listener on a port. */
  readonly onPort: (egress: Egress, port: number) => readonly { readonly service: Service; readonly port: Port }[];
  /** The client's own address: a headless service does not listen for itself. */
  readonly ip: string;
}

/** Outbound listeners of a port, by address (`listener.go: buildSidecarOutboundListeners`). */
export function outboundEntries(sources: OutboundSources, number: number): Map<string, OutboundEntry> {
  const entries = new Map<string, OutboundEntry>();
  for (const egress of sources.egress) {
    const { port, captureMode, bind = captureMode === 'NONE' ? '127.0.0.1' : '' } = egress.spec;
    const add = (service: Service, one: Port, to = bind) => addService(entries, sources, egress, service, one, to);
    if (port?.number) {
      if (port.number !== number) continue;
      const own = { name: port.name ?? '', port: number, protocol: parseProtocol(port.protocol) };
      for (const service of egress.services) add(service, service.ports.length > 0 ? own : { ...own, protocol: 'TCP' });
      continue;
    }
    for (const entry of entries.values()) entry.isLocked = true;
    for (const { service, port: one } of sources.onPort(egress, number)) {
      const isHeadless = service.resolution === 'passthrough' && addressFor(service, sources.dnsCapture) === '0.0.0.0';
      if (bind !== '' || !isHeadless || listenerProtocol(one.protocol) === 'HTTP') add(service, one);
      else for (const address of headlessAddresses(service, number, sources)) add(service, one, address);
    }
  }
  return entries;
}

/** A service without address listens on the addresses of its endpoints, if it has some. */
function headlessAddresses(service: Service, port: number, { registry, ip }: OutboundSources): string[] {
  const endpoints = registry.instances(service, port);
  if (service.registry === 'ServiceEntry' && endpoints.length === 0 && !hasSelector(service)) return [''];
  return endpoints.map(({ address }) => address).filter((address) => isIp(address) && address !== ip);
}

/** Ports of the proxy itself (`Proxy.CanBindToPort`). */
export const isReserved = (port: number): boolean => [15001, 15006, 15021, 15090].includes(port);

/** How a port meets one that is there already (`listener.go: outboundListenerConflict`). */
type Conflict = 'none' | 'httpOverTcp' | 'tcpOverHttp' | 'tcpOverTcp' | 'tcpOverAuto' | 'autoOverHttp' | 'autoOverTcp';

/** `listener.go: buildSidecarOutboundListener`. */
function addService(
  entries: Map<string, OutboundEntry>,
  client: L4Client,
  egress: Egress,
  service: Service,
  port: Port,
  bindTo: string,
): void {
  const kind = listenerProtocol(port.protocol);
  if (service.resolution === 'alias' || kind === 'UDP') return;
  if (isReserved(port.port) && (bindTo === '0.0.0.0' || (bindTo === '' && kind === 'HTTP'))) return;
  const { bind, prefixes } = bindingOf(service, kind === 'HTTP', bindTo, client.dnsCapture);
  const key = `${bind}:${port.port}`;
  const current = entries.get(key);
  if (current?.isLocked) return;
  const conflict = conflictOf(kind, current);
  if (conflict === undefined) return;
  const isServerFirst = (protocol: Protocol) => protocol === 'Mongo' || protocol === 'MySQL';
  if (current && conflict !== 'none' && port.protocol !== current.protocol) {
    if (isServerFirst(port.protocol) || isServerFirst(current.protocol)) return;
  }
  const on: ListenedPort = { service, port, bind, prefixes };
  const isShared = bind === '0.0.0.0';
  const chains = [
    ...(kind === 'HTTP' ? [] : l4Chains(on, egress.virtualServices, client)),
    ...(kind === 'TCP' ? [] : [httpChain(on, kind === 'AUTO', isShared)]),
  ];
  if (!current || conflict === 'none' || conflict === 'autoOverHttp') {
    const protocol = kind === 'HTTP' && isShared ? 'Unsupported' : port.protocol;
    entries.set(key, {
      bind,
      port: port.port,
      chains,
      protocol,
      isLocked: false,
      isBound: egress.spec.captureMode === 'NONE',
    });
    return;
  }
  for (const one of chains) {
    if (!current.chains.some((held) => sameMatch(held, one))) current.chains.push(one);
  }
  if (['httpOverTcp', 'tcpOverHttp', 'autoOverTcp'].includes(conflict)) current.protocol = 'Unsupported';
}

function bindingOf(service: Service, isHttpPort: boolean, bind: string, dnsCapture: boolean) {
  if (bind !== '') return { bind, prefixes: [] };
  if (isHttpPort) return { bind: '0.0.0.0', prefixes: [] };
  const address = addressFor(service, dnsCapture);
  return address.includes('/') ? { bind: '0.0.0.0', prefixes: [address] } : { bind: address, prefixes: [] };
}

/** Undefined where the newcomer is dropped. */
function conflictOf(kind: 'HTTP' | 'TCP' | 'AUTO', current: OutboundEntry | undefined): Conflict | undefined {
  if (!current) return 'none';
  const overTcp = isTcp(current.protocol);
  const overHttp = isHttp(current.protocol);
  if (kind === 'HTTP') return overTcp ? 'httpOverTcp' : undefined;
  if (kind === 'TCP') return overHttp ? 'tcpOverHttp' : overTcp ? 'tcpOverTcp' : 'tcpOverAuto';
  if (overHttp) return 'autoOverHttp';
  return overTcp ? 'autoOverTcp' : undefined;
}

/** The chain of a shared address is that of no service in particular. */
function httpChain({ service, port }: ListenedPort, isAuto: boolean, isShared: boolean): Chain {
  const rds = isAuto && !isShared ? `${service.hostname}:${port.port}` : String(port.port);
  const match = isAuto || isShared ? PLAIN_HTTP : {};
  return { name: '', ...match, http: { rds }, rbac: [], refs: isShared ? [] : [refTo(service.from, 'spec.ports')] };
}

/** `listener.go: filterChainOpts.conflictsWith`. */
function sameMatch(a: Chain, b: Chain): boolean {
  const set = (list: readonly string[] = []) => [...new Set(list.filter((one) => one !== '*'))].sort().join();
  const match = ({ transport, alpn = [], sni, prefixes }: Chain) =>
    JSON.stringify([transport ?? '', alpn.join(), set(sni), set(prefixes)]);
  return match(a) === match(b);
}

/** `listener.go: filterChainOpts.isMatchAll`. */
export const matchesAll = ({ sni, alpn, transport, prefixes }: Chain): boolean =>
  (!sni?.length || sni.includes('*')) && !alpn?.length && !transport && !prefixes?.length;
