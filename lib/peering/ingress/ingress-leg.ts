import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { joinLabels, pathMatch, shortLabel } from '../../facts/names';
import { spiffeIdOf } from '../../facts/principal';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { needKeyPair, writeCertificate } from '../hop/credentials';
import { arrivalAt, type GatewayTls } from './arrival';
import { claimServer } from './gateway-server';
import { IngressHost } from './ingress-host';
import { writeRoute } from './openshift-route';

/** One exposure at an ingress gateway. */
export interface IngressExposure {
  readonly gateway: Gateway;
  readonly facts: HopFacts;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** Secret of the server's key pair, where it is ours. */
  readonly credential?: string;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/** An exposure and what reaches the gateway of it. */
interface ArrivingExposure extends IngressExposure {
  readonly arrives: GatewayTls;
  readonly port: GatewayPort;
}

/** `tls` of a Gateway server. */
const SERVER_MODE = {
  simple: 'SIMPLE',
  mutual: 'MUTUAL',
  optional: 'OPTIONAL_MUTUAL',
  application: 'PASSTHROUGH',
} as const;

/**
 * The provider's half of one exposure at an ingress gateway.
 *
 * What exists once per host is in the gateway's chart: of two Gateways with one host and port istiod drops the second
 * silently. What is about one consumer is in the peering's chart, so that cancelling it removes objects and leaves all
 * others as they are: ALLOW policies add up, and so do the routes of several VirtualServices of one gateway host.
 *
 * @throws MESH1204, MESH1206 as `IngressHost.of`; MESH1207 when clients are told apart at a gateway that lets everybody
 * through; MESH1232 for a gateway whose policies are an EnvoyFilter; MESH1235 for a host that is a private gateway's.
 */
export function writeIngressLeg(chart: MeshChart, exposure: IngressExposure): void {
  const { gateway, facts, where } = exposure;
  if (gateway.filter !== undefined) {
    throw new MeshError(
      'MESH1232',
      where,
      `gateway ${gateway.node.path} holds its policies in one EnvoyFilter, which only private gateway peerings add to; use another gateway, or leave policies: 'EnvoyFilter' out`,
    );
  }
  const { tls: arrives, port } = arrivalAt(gateway, facts.tls, where);
  const principal = clientPrincipal(facts, arrives);
  if (principal !== undefined && !gateway.denyByDefault) {
    throw new MeshError(
      'MESH1207',
      where,
      `the client is told apart by its certificate (${principal}), but gateway ${gateway.node.path} lets everybody through that its routes know; set denyByDefault: true on the gateway`,
    );
  }
  const arrival = { ...exposure, arrives, port };
  const { resource } = ensureHost(arrival, principal);
  if (gateway.denyByDefault) allow(chart, arrival, principal);
  else route(chart, { ...arrival, resource, match: matches(facts.access), name: exposure.name });
}

/**
 * The SPIFFE ID of a client certificate, which AuthorizationPolicies can name: not of one with a DNS name only, nor
 * where clients without a certificate are served, too.
 */
function clientPrincipal({ tls }: HopFacts, arrives: GatewayTls): string | undefined {
  return tls.mode === 'mutual' && arrives === 'mutual' ? spiffeIdOf(tls.client.subjectAltName) : undefined;
}

/** Gateway, Route and (where every call needs a policy) VirtualService of a host, once. */
function ensureHost(arrival: ArrivingExposure, principal: string | undefined): IngressHost {
  const { gateway, facts, credential, arrives, port, where } = arrival;
  const resource = gatewayName(arrival);
  const host = IngressHost.of(gateway, facts, { where, arrives, credential, principal, resource });
  if (!host.isNew) return host;
  if (gateway.route?.reencrypt === undefined) {
    const leads = `${facts.service.host}:${facts.service.port}`;
    claimServer(gateway, { port: port.number, serverName: facts.host, leads, where });
  }
  gatewayResource(arrival, host);
  if (gateway.route) writeRoute({ gateway, facts, port, credential });
  if (gateway.denyByDefault) route(gateway.chart, { ...arrival, resource, name: `${gateway.name}.${facts.host}` });
  return host;
}

/** The Gateway resource of a host; behind a re-encrypting router, which sends no SNI, one for all hosts. */
function gatewayResource(arrival: ArrivingExposure, host: IngressHost): void {
  const { gateway, facts, arrives, port, where } = arrival;
  const reencrypt = gateway.route?.reencrypt;
  const served = reencrypt ? '*' : facts.host;
  const id = `Gateway ${served}`;
  if (gateway.chart.node.tryFindChild(id)) return;
  const credential = reencrypt?.credential.name ?? arrival.credential;
  if (reencrypt) {
    const use = { credential: reencrypt.credential, namespace: gateway.namespace, where };
    needKeyPair(gateway.chart, use);
    writeCertificate(gateway.chart, { ...use, usage: 'server auth' });
  }
  const endsTls = arrives === 'simple' || arrives === 'mutual' || arrives === 'optional';
  if (endsTls && credential !== undefined) gateway.readsSecrets();
  const protocol = endsTls ? 'https' : arrives === 'application' ? 'tls' : 'http';
  new istio.Gateway(gateway.chart, id, {
    apiVersion: gateway.mesh.platform.apiVersion('Gateway'),
    metadata: { name: host.resource, namespace: gateway.namespace },
    spec: {
      selector: gateway.selector,
      servers: [
        {
          port: { number: port.number, name: protocol, protocol: protocol.toUpperCase() },
          hosts: [served],
          ...(arrives !== 'plain' && {
            tls: Lazy.any({
              produce: () => ({
                mode: SERVER_MODE[arrives],
                ...(endsTls && { credentialName: credential }),
                // a certificate without a SPIFFE ID is no principal: only the server itself can tell such clients apart
                ...(host.hasDnsClient && { subjectAltNames: [...host.clients].sort() }),
              }),
            }),
          }),
        },
      ],
    },
  });
}

/** Name of the Gateway resource of one host: a DNS label, different for every gateway and host. */
function gatewayName({ gateway, facts }: IngressExposure): string {
  return shortLabel(joinLabels(...(gateway.route?.reencrypt ? [gateway.name] : [gateway.name, facts.host])));
}

/** What one consumer may call: principal, host, methods, paths. An empty list of rules stays denied. */
function allow(
  chart: MeshChart,
  { gateway, facts, name, port }: ArrivingExposure,
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
        uri: pathMatch(path),
        ...(method !== undefined && { method: { exact: method } }),
      })),
    ),
  );
}

/** Where calls of a host go. */
interface HostRoute extends ArrivingExposure {
  /** Name of the host's Gateway resource. */
  readonly resource: string;
  /** Which calls; absent: all, because a policy decides. */
  readonly match?: istio.HTTPMatchRequest[];
}

function route(chart: MeshChart, { gateway, facts, port, resource, match, name }: HostRoute): void {
  if (facts.access.length === 0 && match !== undefined) return;
  const { host, port: number, subset } = facts.service;
  if (subset !== undefined) gateway.mesh.writeServiceRule(host);
  const destination = { host, port: { number }, ...(subset !== undefined && { subset }) };
  new istio.VirtualService(chart, `VirtualService ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('VirtualService'),
    metadata: { name, namespace: gateway.namespace },
    spec: {
      hosts: [facts.host],
      exportTo: ['.'],
      gateways: [`${gateway.namespace}/${resource}`],
      ...(facts.tls.mode === 'application'
        ? { tls: [{ match: [{ port: port.number, sniHosts: [facts.host] }], route: [{ destination }] }] }
        : { http: [{ ...(match && { match }), route: [{ destination }] }] }),
    },
  });
}
