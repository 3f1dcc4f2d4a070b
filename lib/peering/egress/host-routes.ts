import type * as istio from '../../../imports/istio';
import type { Gateway } from '../../mesh/gateway';
import type { Routes } from '../../traffic/routes';
import { portOf, type SeenAs } from './passage-parts';
import type { PassageName } from './passage-policy';
import type { WrittenPassage } from './port-passage';

/** A port of a host, as its VirtualService leads it. */
export interface RoutedPassage {
  readonly passage: WrittenPassage;
  readonly name: PassageName;
  /** Gateway resource that takes it. */
  readonly server: string;
  /** Whether the gateway tells it from other ports of the host by authority. */
  readonly isToldByAuthority: boolean;
}

/** What the VirtualService of a host leads. */
export interface HostRoutes {
  readonly host: string;
  readonly egress: Gateway;
  /** By port. */
  readonly passages: readonly RoutedPassage[];
}

/**
 * The VirtualService of a host behind an egress gateway: from callers that dial it to the gateway, and from the gateway on
 * to the host. Of two for one host in a mesh the younger is ignored.
 */
export function routesOf({ host, egress, passages }: HostRoutes, exportTo: string[]): istio.VirtualServiceSpec {
  const own = passages.filter(({ name }) => name.server === host);
  const servers = [...new Set(own.map(resourceOf))];
  const parts = [...passages.map((one) => fromMesh(host, egress, one)), ...own.map((one) => onward(host, one))];
  const http = parts.flatMap((one) => one.http ?? []);
  const tls = parts.flatMap((one) => one.tls ?? []);
  const tcp = parts.flatMap((one) => one.tcp ?? []);
  return {
    hosts: [host],
    exportTo,
    gateways: ['mesh', ...servers],
    ...(http.length > 0 && { http }),
    ...(tls.length > 0 && { tls }),
    ...(tcp.length > 0 && { tcp }),
  };
}

/** The way on of bytes that have an SNI of their own. */
export function onwardOf(host: string, routed: RoutedPassage): istio.VirtualServiceSpec {
  return { hosts: [routed.name.server], exportTo: ['.'], gateways: [resourceOf(routed)], ...onward(host, routed) };
}

const resourceOf = ({ passage: { egress }, server }: RoutedPassage) => `${egress.namespace}/${server}`;

/** The section of a VirtualService that is about what the gateway sees. */
const SECTION: Record<SeenAs, keyof Routes> = { http: 'http', tcp: 'tcp', passthrough: 'tls' };

/** From callers that dial the host to the gateway, or where a Routing leads them. */
function fromMesh(host: string, egress: Gateway, { passage, name, isToldByAuthority }: RoutedPassage): Routes {
  const { port, label, as, rules } = passage;
  const match = { gateways: ['mesh'], port };
  const section = SECTION[as];
  if (rules) return { [section]: rules(match)[section] };
  const destination = { host: egress.host, port: { number: portOf(passage).number }, subset: label };
  const [authority] = name.authorities;
  const headers = isToldByAuthority ? { headers: { request: { set: { ':authority': authority } } } } : {};
  const sni = as === 'passthrough' ? { sniHosts: [host] } : {};
  return { [section]: [{ match: [{ ...match, ...sni }], route: [{ destination, ...headers }] }] };
}

/** From the gateway to the host. */
function onward(host: string, routed: RoutedPassage): Routes {
  const { passage, name, isToldByAuthority } = routed;
  const { port, as } = passage;
  const match = { gateways: [resourceOf(routed)], port: portOf(passage).number };
  const sni = as === 'passthrough' ? { sniHosts: [host] } : {};
  const matches = isToldByAuthority
    ? name.authorities.map((exact) => ({ ...match, authority: { exact } }))
    : [{ ...match, ...sni }];
  return { [SECTION[as]]: [{ match: matches, route: [{ destination: { host, port: { number: port } } }] }] };
}
