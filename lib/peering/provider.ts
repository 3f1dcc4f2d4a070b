import { Lazy } from 'cdk8s';
import * as istio from '../../imports/istio';
import { Route } from '../../imports/openshift';
import type { AccessFacts } from '../facts/access';
import { MeshError } from '../facts/error';
import type { ExposureFacts } from '../facts/exposure';
import { dnsLabel, joinLabels } from '../facts/names';
import type { Gateway } from '../fleet/gateway';
import type { GatewayPort, GatewayProtocol } from '../fleet/gateway-port';
import type { MeshChart } from '../fleet/mesh-chart';
import type { RouteFront } from '../fleet/route-front';

/** What one host of an ingress gateway leads to, and how it is protected: one answer for all peerings that share it. */
interface IngressHost {
  readonly service: ExposureFacts['service'];
  readonly mode: ExposureFacts['tls']['mode'];
  readonly credential?: string;
  /** Who may connect, where a policy cannot tell: written to the Gateway's `subjectAltNames`. */
  readonly dnsClients: Set<string>;
  /** Every client's Subject Alternative Name. */
  readonly clients: Set<string>;
}

const hosts = new WeakMap<Gateway, Map<string, IngressHost>>();

/** Which kind of gateway port a hop needs. */
const PROTOCOL = { plain: 'http', simple: 'https', mutual: 'https', application: 'tls' } as const;

/** TLS modes of a hop that each kind of Route lets through: only passthrough shows the gateway a client certificate. */
const BEHIND: Record<RouteFront['termination'], string[]> = {
  http: ['plain'],
  passthrough: ['simple', 'mutual', 'application'],
  edge: [],
  reencrypt: [],
};

/** Kind of gateway port that a hop ends at. */
export function gatewayProtocol(facts: Pick<ExposureFacts, 'tls'>): GatewayProtocol {
  return PROTOCOL[facts.tls.mode];
}

/** What `provideAtIngress` writes one exposure with. */
export interface IngressExposure {
  readonly gateway: Gateway;
  readonly facts: ExposureFacts;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** Secret of the gateway's key pair, where it ends TLS. */
  readonly credential?: string;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * The provider's half of one exposure at an ingress gateway.
 *
 * What exists once per host is in the gateway's chart: of two Gateways with one host and port istiod drops the second
 * silently. What is about one consumer is in the peering's chart, so that cancelling it removes objects and leaves all
 * others as they are: ALLOW policies add up, and so do the routes of several VirtualServices of one gateway host.
 */
export function provideAtIngress(chart: MeshChart, exposure: IngressExposure): void {
  const { gateway, facts } = exposure;
  const port = gateway.portFor(gatewayProtocol(facts));
  const spiffe = clientPrincipal(facts);
  if (spiffe !== undefined && !gateway.denyByDefault) {
    throw new MeshError(
      'MESH1207',
      exposure.where,
      `the client is told apart by its certificate (${spiffe}), but gateway ${gateway.node.path} lets everybody through that its routes know; set denyByDefault: true on the gateway`,
    );
  }
  ensureHost(exposure, port);
  if (gateway.denyByDefault) allow(chart, exposure, port, spiffe);
  else route(chart, exposure, port, matches(facts.access), exposure.name);
}

/** The SPIFFE ID of a client certificate, which AuthorizationPolicies can name; not of one with a DNS name only. */
function clientPrincipal(facts: ExposureFacts): string | undefined {
  const san = facts.tls.mode === 'mutual' ? facts.tls.client.subjectAltName : '';
  return san.startsWith('spiffe://') ? san.slice('spiffe://'.length) : undefined;
}

/** Gateway, Route and (where every call needs a policy) deny-all and VirtualService of a host, once. */
function ensureHost(exposure: IngressExposure, port: GatewayPort): void {
  const { gateway, facts, credential } = exposure;
  const known = hosts.get(gateway) ?? new Map<string, IngressHost>();
  hosts.set(gateway, known);
  const existing = known.get(facts.host);
  const host = existing ?? {
    service: facts.service,
    mode: facts.tls.mode,
    credential,
    dnsClients: new Set(),
    clients: new Set(),
  };
  if (existing) sameHost(existing, exposure);
  if (facts.tls.mode === 'mutual') {
    const san = facts.tls.client.subjectAltName;
    host.clients.add(san);
    if (!san.startsWith('spiffe://')) host.dnsClients.add(san);
  }
  if (existing) return;
  known.set(facts.host, host);
  gatewayResource(exposure, port, host);
  if (gateway.route) routeResource(gateway, facts, port, exposure.where);
  if (gateway.denyByDefault) {
    denyAll(gateway);
    route(gateway.chart, exposure, port, undefined, `${gateway.name}.${facts.host}`);
  }
}

function sameHost(existing: IngressHost, { facts, credential, gateway, where }: IngressExposure): void {
  const describe = (host: Pick<IngressHost, 'service' | 'mode' | 'credential'>) =>
    `${host.service.host}:${host.service.port}${host.service.subset ? ` subset ${host.service.subset}` : ''} with ${host.mode} TLS${host.credential ? ` and Secret ${host.credential}` : ''}`;
  const wanted = describe({ service: facts.service, mode: facts.tls.mode, credential });
  if (describe(existing) !== wanted) {
    throw new MeshError(
      'MESH1204',
      where,
      `host '${facts.host}' of gateway ${gateway.node.path} already leads to ${describe(existing)}, not to ${wanted}; give this exposure a host of its own`,
    );
  }
}

function gatewayResource(
  { gateway, facts, credential, where }: IngressExposure,
  port: GatewayPort,
  host: IngressHost,
): void {
  const { mode } = facts.tls;
  if (credential !== undefined) gateway.readsSecrets();
  new istio.Gateway(gateway.chart, `Gateway ${facts.host}`, {
    apiVersion: gateway.mesh.platform.apiVersion('Gateway'),
    metadata: { name: gatewayName(gateway, facts.host, where), namespace: gateway.namespace },
    spec: {
      selector: gateway.selector,
      servers: [
        {
          port: { number: port.number, name: PROTOCOL[mode], protocol: PROTOCOL[mode].toUpperCase() },
          hosts: [facts.host],
          ...(mode === 'application' && { tls: { mode: 'PASSTHROUGH' } }),
          ...((mode === 'simple' || mode === 'mutual') && {
            tls: Lazy.any({
              produce: () => ({
                mode: mode === 'mutual' ? 'MUTUAL' : 'SIMPLE',
                credentialName: credential,
                // a certificate without a SPIFFE ID is no principal: only the server itself can tell such clients apart
                ...(host.dnsClients.size > 0 && { subjectAltNames: [...host.clients].sort() }),
              }),
            }),
          }),
        },
      ],
    },
  });
}

/** Name of the Gateway resource of one host: a DNS label, different for every gateway and host. */
function gatewayName(gateway: Gateway, host: string, where: string): string {
  return dnsLabel(joinLabels(gateway.name, host), where, 'name of the Gateway resource (made of gateway id and host)');
}

/** Without it, removing the last ALLOW would open the gateway. */
function denyAll(gateway: Gateway): void {
  const id = 'AuthorizationPolicy deny-all';
  if (gateway.chart.node.tryFindChild(id)) return;
  new istio.AuthorizationPolicy(gateway.chart, id, {
    apiVersion: gateway.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: `${gateway.name}.deny-all`, namespace: gateway.namespace },
    spec: { selector: { matchLabels: gateway.selector } },
  });
}

/** What one consumer may call: principal, host, methods, paths. An empty list of rules stays denied. */
function allow(
  chart: MeshChart,
  { gateway, facts, name }: IngressExposure,
  port: GatewayPort,
  principal: string | undefined,
): void {
  if (facts.access.length === 0) return;
  const from = principal === undefined ? {} : { from: [{ source: { principals: [principal] } }] };
  const passedOn = facts.tls.mode === 'application';
  const rule = passedOn
    ? { when: [{ key: 'connection.sni', values: [facts.host] }] }
    : { to: facts.access.map((access) => ({ operation: operation(facts.host, port, access) })) };
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name, namespace: gateway.namespace },
    spec: { selector: { matchLabels: gateway.selector }, action: 'ALLOW', rules: [{ ...from, ...rule }] },
  });
}

function operation(host: string, port: GatewayPort, access: AccessFacts) {
  return {
    // a client may send the port along with the host
    hosts: [host, `${host}:*`],
    ports: [String(port.targetPort)],
    ...(access.methods && { methods: access.methods }),
    ...(access.paths && { paths: access.paths }),
  };
}

/** Matches of a route by access rules: without a policy, what is not matched does not exist (404). */
function matches(access: AccessFacts[]): istio.HTTPMatchRequest[] {
  return access.flatMap(({ methods, paths }) =>
    (paths ?? ['/*']).flatMap((path) =>
      (methods ?? [undefined]).map((method) => ({
        uri: path.endsWith('*') ? { prefix: path.slice(0, -1) } : { exact: path },
        ...(method !== undefined && { method: { exact: method } }),
      })),
    ),
  );
}

function route(
  chart: MeshChart,
  { gateway, facts, where }: IngressExposure,
  port: GatewayPort,
  match: istio.HTTPMatchRequest[] | undefined,
  name: string,
): void {
  if (facts.access.length === 0 && match !== undefined) return;
  const { host, port: number, subset } = facts.service;
  if (subset !== undefined) gateway.mesh.writeSubsets(host);
  const destination = { host, port: { number }, ...(subset !== undefined && { subset }) };
  new istio.VirtualService(chart, `VirtualService ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('VirtualService'),
    metadata: { name, namespace: gateway.namespace },
    spec: {
      hosts: [facts.host],
      exportTo: ['.'],
      gateways: [`${gateway.namespace}/${gatewayName(gateway, facts.host, where)}`],
      ...(facts.tls.mode === 'application'
        ? { tls: [{ match: [{ port: port.number, sniHosts: [facts.host] }], route: [{ destination }] }] }
        : { http: [{ ...(match && { match }), route: [{ destination }] }] }),
    },
  });
}

/** The Route of one host: the router tells hosts apart by `Host` or SNI, so each has its own. */
function routeResource(gateway: Gateway, facts: ExposureFacts, port: GatewayPort, where: string): void {
  const termination = gateway.route?.termination ?? 'http';
  if (!BEHIND[termination].includes(facts.tls.mode)) {
    throw new MeshError(
      'MESH1207',
      where,
      `a Route with termination ${termination} in front of gateway ${gateway.node.path} cannot carry PeeringTls.${facts.tls.mode}; expected ${Object.keys(
        BEHIND,
      )
        .filter((front) => BEHIND[front as RouteFront['termination']].includes(facts.tls.mode))
        .map((front) => `RouteFront.${front}()`)
        .join(' or ')}`,
    );
  }
  new Route(gateway.chart, `Route ${facts.host}`, {
    metadata: { name: `${gateway.name}.${facts.host}`, namespace: gateway.namespace },
    spec: {
      host: facts.host,
      to: { kind: 'Service', name: gateway.service, weight: 100 },
      port: { targetPort: port.name },
      wildcardPolicy: 'None',
      ...(termination !== 'http' && { tls: { termination, insecureEdgeTerminationPolicy: 'None' } }),
    },
  });
}
