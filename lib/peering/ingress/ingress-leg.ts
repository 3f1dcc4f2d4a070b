import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { joinLabels, shortLabel } from '../../facts/names';
import { spiffeIdOf } from '../../facts/principal';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import { copiedHosts } from '../hop/copied-hosts';
import { needKeyPair, writeCertificate } from '../hop/credentials';
import { arrivalAt, type GatewayTls } from './arrival';
import { clientFacing } from './client-facing';
import { claimServer } from './gateway-server';
import { IngressHost } from './ingress-host';
import { writeIngressPolicy } from './ingress-policy';
import {
  type ArrivingExposure,
  type IngressExposure,
  subsetRule,
  writeConsumerRoute,
  writeHostRoutes,
} from './ingress-route';
import type { IngressServer } from './ingress-server';
import { writeRoute } from './openshift-route';
import { writeRequestAuthentications } from './request-authentication';

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
 * @throws MESH1158 to MESH1160 as `clientFacing`; MESH1204, MESH1206, MESH1240, MESH1242 as `IngressHost.share`;
 * MESH1207 when clients are told apart at a gateway that lets everybody through; MESH1223 for a port that the gateway
 * lacks; MESH1232 for a gateway whose policies are an EnvoyFilter; MESH1235 for a host, or a port for bytes, that leads
 * elsewhere already.
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
  const { tls: arrives, port } = arrivalAt(gateway, { gatewayPort: exposure.gatewayPort, ...facts }, where);
  const principal = clientPrincipal(facts, arrives);
  if (principal !== undefined && !gateway.denyByDefault) {
    throw new MeshError(
      'MESH1207',
      where,
      `the client is told apart by its certificate (${principal}), but gateway ${gateway.node.path} lets everybody through that its routes know; set denyByDefault: true on the gateway`,
    );
  }
  const facing = clientFacing(exposure.stated, { gateway, facts, arrives, where });
  const arrival = { arrives, port, facing, ...exposure };
  const host = ensureHost(arrival, principal);
  writeRequestAuthentications(gateway, exposure.conditions.jwtRules ?? [], where);
  if (gateway.denyByDefault) writeIngressPolicy(chart, arrival, { principal, host });
  else writeConsumerRoute(chart, arrival, host);
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
  const { gateway, facts, credential, arrives, port, onward, conditions, facing, where } = arrival;
  const host = IngressHost.of(gateway, facts, () => gatewayName(arrival));
  const server = host.share(facts, { where, arrives, port, credential, principal, onward, conditions, facing });
  if (gateway.denyByDefault) subsetRule(arrival);
  if (!server.isNew) return host;
  if (gateway.route?.reencrypt === undefined) {
    const to = onward ?? facts.service;
    const service = `${to.host}:${to.port}`;
    // without TLS and without requests the port is all that tells where bytes go
    const claim = port.protocol === 'tcp' ? { serverName: '*', leads: `${service} as ${facts.host}` } : {};
    for (const serverName of [facts.host, ...copiedHosts(facts)]) {
      claimServer(gateway, { port: port.number, serverName, leads: service, where, ...claim });
    }
  }
  claimRedirect(arrival);
  needServerKeys(arrival);
  if (host.servers.length > 1) return host;
  writeGatewayResource(arrival, host);
  if (gateway.route) writeRoute({ gateway, facts, port, credential, redirects: facing.redirect === 'router' });
  if (gateway.denyByDefault) writeHostRoutes(gateway, facts.host, host);
  return host;
}

/** The server that redirects has the port of its own: nothing else of the host may be there. */
function claimRedirect({ gateway, facts: { host }, facing: { redirect }, where }: ArrivingExposure): void {
  if (redirect === undefined || redirect === 'router') return;
  claimServer(gateway, { port: redirect.number, serverName: host, leads: 'its redirect to https', where });
}

const endsTls = (arrives: GatewayTls) => arrives === 'simple' || arrives === 'mutual' || arrives === 'optional';

/** The key pair of the server; of a re-encrypting router's, one for all hosts. */
function needServerKeys({ gateway, arrives, credential, where }: ArrivingExposure): void {
  const reencrypt = gateway.route?.reencrypt;
  if (reencrypt) {
    const use = { credential: reencrypt.credential, namespace: gateway.namespace, where };
    needKeyPair(gateway.chart, use);
    writeCertificate(gateway.chart, { ...use, usage: 'server auth' });
  }
  if (endsTls(arrives) && (reencrypt?.credential.name ?? credential) !== undefined) gateway.readsSecrets();
}

/** The Gateway resource of a host; behind a re-encrypting router, which sends no SNI, one for all hosts. */
function writeGatewayResource({ gateway, facts }: ArrivingExposure, host: IngressHost): void {
  const served = gateway.route?.reencrypt ? '*' : facts.host;
  const id = `Gateway ${served}`;
  if (gateway.chart.node.tryFindChild(id)) return;
  new istio.Gateway(gateway.chart, id, {
    apiVersion: gateway.mesh.platform.apiVersion('Gateway'),
    metadata: { name: host.resource, namespace: gateway.namespace },
    spec: {
      selector: gateway.selector,
      servers: Lazy.any({
        produce: () => [...host.servers.map((server) => serverSpec(server, host, gateway, served)), ...redirects(host)],
      }),
    },
  });
}

/** What answers requests in clear text with where to go. */
const redirects = ({ redirect, names }: IngressHost): istio.Server[] =>
  redirect === undefined
    ? []
    : [
        {
          port: { number: redirect.number, name: 'http-redirect', protocol: 'HTTP' },
          hosts: names,
          tls: { httpsRedirect: true },
        },
      ];

function serverSpec(
  server: IngressServer,
  { servers, names }: IngressHost,
  gateway: Gateway,
  served: string,
): istio.Server {
  const { protocol, clients, hasDnsClient } = server;
  const { arrives, port, credential } = server.use;
  const name = servers.length > 1 ? `${protocol}-${port.number}` : protocol;
  return {
    port: { number: port.number, name, protocol: protocol.toUpperCase() },
    hosts: served === '*' ? [served] : names,
    ...(arrives !== 'plain' && {
      tls: {
        mode: SERVER_MODE[arrives],
        ...(endsTls(arrives) && { credentialName: gateway.route?.reencrypt?.credential.name ?? credential }),
        // a certificate without a SPIFFE ID is no principal: only the server itself can tell such clients apart
        ...(hasDnsClient && { subjectAltNames: [...clients].sort() }),
        ...server.use.facing.tls,
      },
    }),
  };
}

/** Name of the Gateway resource of one host: a DNS label, different for every gateway and host. */
function gatewayName({ gateway, facts }: IngressExposure): string {
  return shortLabel(joinLabels(...(gateway.route?.reencrypt ? [gateway.name] : [gateway.name, facts.host])));
}
