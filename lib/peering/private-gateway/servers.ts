import * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import { dnsLabel, joinLabels, objectName } from '../../facts/names';
import { attached } from '../../fleet/attached';
import { Claims } from '../../fleet/claims';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { describeServerTls, type ServerTlsSettings } from '../../mesh/server-tls';
import { claimServer } from '../ingress/gateway-server';
import type { PrivateFacts } from './facts';

/** One exposure where it arrives at the provider's gateway. */
export interface PrivateArrival {
  readonly gateway: Gateway;
  readonly facts: PrivateFacts;
  readonly port: GatewayPort;
  /** Secret of the gateway's key pair. */
  readonly credential?: string;
  /** Versions and ciphers of TLS; absent: Istio's own. */
  readonly clientTls?: ServerTlsSettings;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * Server and route of an exposure, once however many consumers it has.
 *
 * @throws MESH1001 when names are too long together; MESH1160 for other versions or ciphers of TLS than the server has
 * already; MESH1235 when the server leads elsewhere already.
 */
export function writeArrival(arrival: PrivateArrival): void {
  checkServerName(arrival);
  checkServerTls(arrival);
  const name = gatewayName(arrival);
  writeServer(arrival, name);
  writeRoute(arrival, name);
}

/** An exposure has one server name for all peers, because they share its route. */
function checkServerName({ gateway, facts: { key, tls }, where }: PrivateArrival): void {
  const known = attached(gateway, 'private server names', () => new Claims()).claim(key, tls.sni);
  if (known === undefined || known === tls.sni) return;
  throw new MeshError(
    'MESH1235',
    where,
    `'${key}' has server name '${known}' for another peer of gateway ${gateway.node.path}, here '${tls.sni}'; state the same host`,
  );
}

/** Requests share one server of a port, and peers one of an exposure. */
function checkServerTls({ gateway, facts: { tls }, port, clientTls, where }: PrivateArrival): void {
  const here = describeServerTls(clientTls);
  const known = attached(gateway, 'private server TLS', () => new Claims()).claim(`${port.number} ${tls.sni}`, here);
  if (known === undefined || known === here) return;
  throw new MeshError(
    'MESH1160',
    where,
    `serverTls of host '${tls.sni}' at port ${port.number} of gateway ${gateway.node.path} is ${known} for other exposures, here ${here}; clients see one server: state the same, or expose it at another port with gatewayPort`,
  );
}

/** One Gateway resource for all requests, one per port for bytes, one per server name for TLS of applications. */
function writeServer({ gateway, facts, port, credential, clientTls, where }: PrivateArrival, name: string): void {
  const { key, tls, toldApart } = facts;
  const isRequests = toldApart.by === 'path';
  const leads = `${isRequests ? 'requests of private gateways' : key} with Secret ${credential}`;
  if (!claimServer(gateway, { port: port.number, serverName: tls.sni, leads, where })) return;
  const protocol = isRequests ? 'https' : 'tls';
  new istio.Gateway(gateway.chart, `Gateway ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('Gateway'),
    metadata: { name, namespace: gateway.namespace },
    spec: {
      selector: gateway.selector,
      servers: [
        {
          port: { number: port.number, name: protocol, protocol: protocol.toUpperCase() },
          hosts: [tls.sni],
          tls: { mode: 'MUTUAL', credentialName: credential, ...clientTls },
        },
      ],
    },
  });
}

/** Name of a server's Gateway resource, which must be a DNS label: a server name of an application would be too long. */
function gatewayName({ gateway, facts, port, where }: PrivateArrival): string {
  const { tls, toldApart, service } = facts;
  const isByService = toldApart.by === 'sni';
  const parts = isByService ? [service.namespace, service.name, String(service.port), service.subset] : [tls.sni];
  return dnsLabel(
    joinLabels(gateway.name, String(port.number), ...parts.filter((part) => part !== undefined)),
    where,
    `name of the Gateway resource (made of gateway id, its port, and ${isByService ? 'namespace, service, port and subset' : 'host'})`,
  );
}

/** One VirtualService per service, port and subset: their prefixes do not meet, so their order does not matter. */
function writeRoute({ gateway, facts, port, where }: PrivateArrival, gatewayResource: string): void {
  const { tls, toldApart } = facts;
  const { host, namespace, name, port: number, subset } = facts.service;
  const parts = [gateway.name, namespace, name, number, subset, port.number].filter((part) => part !== undefined);
  const id = objectName(parts.join('.'), where);
  if (gateway.chart.node.tryFindChild(`VirtualService ${id}`)) return;
  if (subset !== undefined) gateway.mesh.writeServiceRule(host);
  const route = [{ destination: { host, port: { number }, ...(subset !== undefined && { subset }) } }];
  new istio.VirtualService(gateway.chart, `VirtualService ${id}`, {
    apiVersion: gateway.mesh.platform.apiVersion('VirtualService'),
    metadata: { name: id, namespace: gateway.namespace },
    spec: {
      hosts: [tls.sni],
      exportTo: ['.'],
      gateways: [`${gateway.namespace}/${gatewayResource}`],
      ...(toldApart.by === 'path'
        ? { http: [{ match: [{ uri: { prefix: toldApart.prefix } }], rewrite: { uri: '/', authority: host }, route }] }
        : { tcp: [{ match: [{ port: port.number }], route }] }),
    },
  });
}
