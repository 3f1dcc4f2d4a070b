import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import type { HopFacts } from '../../facts/exposure';
import { pathMatch } from '../../facts/names';
import { isHttp } from '../../facts/port';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { CallConditions } from '../../mesh/call-conditions';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import type { GatewayTls } from './arrival';
import type { AtGateway } from './at-gateway';
import type { ClientFacing } from './client-facing';
import type { IngressHost } from './ingress-host';
import type { IngressServer } from './ingress-server';

/** A server in no mesh, as the gateway's registry knows it. */
export interface Onwards {
  readonly host: string;
  readonly port: number;
}

/** One exposure at an ingress gateway. */
export interface IngressExposure {
  readonly gateway: Gateway;
  readonly facts: HopFacts;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** Secret of the server's key pair, where it is ours. */
  readonly credential?: string;
  /** Port of the gateway that is asked for; absent: the first that fits. */
  readonly gatewayPort?: number;
  /** Where the gateway goes on to, where that is a server in no mesh. */
  readonly onward?: Onwards;
  /** What is asked of its calls besides host, method and path. */
  readonly conditions: CallConditions;
  /** What is stated of its servers towards clients. */
  readonly stated: Pick<AtGateway, 'httpsRedirect' | 'serverTls'>;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/** An exposure and what reaches the gateway of it. */
export interface ArrivingExposure extends IngressExposure {
  readonly arrives: GatewayTls;
  readonly port: GatewayPort;
  readonly facing: ClientFacing;
}

/** The subset that an exposure leads to is declared by the rule of its service. */
export function subsetRule({ gateway, facts: { service } }: ArrivingExposure): void {
  if (service.subset !== undefined) gateway.mesh.writeServiceRule(service.host);
}

/** Where calls of a host go, whoever makes them: a policy decides who may. */
export function writeHostRoutes(gateway: Gateway, name: string, host: IngressHost): void {
  writeRoutes(gateway.chart, { gateway, name: `${gateway.name}.${name}`, host }, () =>
    host.servers.flatMap((server) =>
      server.routes.map(({ facts, onward }) => ({
        ...{ server, facts, onward },
        match: facts.paths?.map((path) => ({ uri: pathMatch(path) })),
      })),
    ),
  );
}

/** Where calls of one consumer go: without a policy, what is not matched does not exist (404). */
export function writeConsumerRoute(chart: MeshChart, exposure: ArrivingExposure, host: IngressHost): void {
  const { gateway, facts, name, port, onward } = exposure;
  if (facts.access.length === 0) return;
  subsetRule(exposure);
  writeRoutes(chart, { gateway, name, host }, () =>
    host.servers
      .filter(({ use }) => use.port.number === port.number)
      .map((server) => ({ server, facts, onward, match: matches(facts.access) })),
  );
}

/** Matches of a route by access rules. */
function matches(access: AccessFacts[]): istio.HTTPMatchRequest[] {
  return access.flatMap(({ methods, paths }) =>
    (paths ?? ['/*']).flatMap((path) =>
      (methods ?? [undefined]).map((method) => ({
        uri: pathMatch(path),
        ...(method !== undefined && { method: { exact: method } }),
      })),
    ),
  );
}

/** A VirtualService of a host. */
interface HostRoutes {
  readonly gateway: Gateway;
  readonly name: string;
  readonly host: IngressHost;
}

/** Where some calls of a host go. */
interface Route {
  readonly server: IngressServer;
  readonly facts: HopFacts;
  readonly onward?: Onwards;
  /** Which calls; absent: all. */
  readonly match?: istio.HTTPMatchRequest[];
}

function writeRoutes(chart: MeshChart, { gateway, name, host }: HostRoutes, routes: () => Route[]): void {
  new istio.VirtualService(chart, `VirtualService ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('VirtualService'),
    metadata: { name, namespace: gateway.namespace },
    spec: Lazy.any({
      produce: () => ({
        hosts: host.names,
        exportTo: ['.'],
        gateways: [`${gateway.namespace}/${host.resource}`],
        ...sections(routes(), hasPorts(host)),
      }),
    }),
  });
}

/**
 * Whether routes say at which port: also beside a redirect, which Envoy leaves out for requests that call themselves
 * https (X-Forwarded-Proto) where proxies before the gateway are trusted. At its port they must find nothing.
 */
const hasPorts = ({ servers, redirect }: IngressHost) => servers.length > 1 || redirect !== undefined;

/** A server outside knows its own name alone, and has no business with the certificates of our consumers. */
const outOfTheMesh = ({ host }: Onwards): Pick<istio.HTTPRoute, 'rewrite' | 'headers'> => ({
  rewrite: { authority: host },
  headers: { request: { remove: ['x-forwarded-client-cert'] } },
});

/** The sections of the VirtualService, each about what flows: requests, the application's own TLS, or bytes. */
function sections(routes: Route[], areOfPorts: boolean): Pick<istio.VirtualServiceSpec, 'http' | 'tls' | 'tcp'> {
  const found: { http: istio.HTTPRoute[]; tls: istio.TLSRoute[]; tcp: istio.TCPRoute[] } = {
    http: [],
    tls: [],
    tcp: [],
  };
  for (const { server, facts, match, onward } of routes) {
    const { host, port: number, subset } = { ...facts.service, ...onward };
    const route = [{ destination: { host, port: { number }, ...(subset !== undefined && { subset }) } }];
    const { number: port } = server.use.port;
    if (server.use.arrives === 'application') {
      found.tls.push({ match: [{ port, sniHosts: [facts.host] }], route });
    } else if (!isHttp(facts.service.protocol)) {
      found.tcp.push({ match: [{ port }], route });
    } else {
      const ofPort = areOfPorts ? (match ?? [{}]).map((one) => ({ port, ...one })) : match;
      found.http.push({ ...(ofPort && { match: ofPort }), ...(onward && outOfTheMesh(onward)), route });
    }
  }
  return Object.fromEntries(Object.entries(found).filter(([, section]) => section.length > 0));
}
