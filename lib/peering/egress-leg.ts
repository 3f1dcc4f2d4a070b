import * as istio from '../../imports/istio';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import type { ExposureFacts } from '../facts/exposure';
import { dnsLabel, joinLabels } from '../facts/names';
import type { Gateway } from '../fleet/gateway';
import type { GatewayPort } from '../fleet/gateway-port';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Credential } from '../trust/credential';
import type { Callers } from './callers';
import { clientTlsSettings, staysClear } from './client-tls';
import { isRegistered, serviceEntrySpec } from './endpoint';

/** Who may use an egress gateway. */
export type EgressCallers = Callers<'namespaces' | 'serviceAccounts'>;

/** One exposure's way through an egress gateway. */
export interface EgressLeg {
  readonly egress: Gateway;
  readonly facts: ExposureFacts;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** The gateway's key pair, for mutual TLS. */
  readonly credential?: Credential;
  /** Name of the peering. */
  readonly peering: string;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/** What the objects of one leg share. */
interface Leg extends EgressLeg {
  readonly port: GatewayPort;
  /**
   * Name of everything on the way through the gateway: the Gateway resource and the subset must be DNS labels. It holds
   * no dot, so that it is never the name of what is about the host itself.
   */
  readonly label: string;
  /** Whether the application's own TLS is passed on. */
  readonly isPassedOn: boolean;
}

/**
 * The consumer's half of one exposure at an egress gateway: one object of each kind, so that exposures of one gateway do
 * not touch each other's objects.
 *
 * The sidecar sends with the SNI of the exposure's host, which is what tells the exposures of one gateway port apart.
 * Everything lives in the gateway's namespace: of the DestinationRules of one host a proxy merges only those of one
 * namespace with one `exportTo`, and the one that originates TLS must be seen by the gateway alone.
 *
 * @throws MESH1001 when the names are too long together; MESH1203 for a port that a Service of the own cluster lacks.
 */
export function writeEgressLeg(chart: MeshChart, leg: EgressLeg): NextHop {
  const isPassedOn = leg.facts.tls.mode === 'application';
  const port = leg.egress.portFor(isPassedOn ? 'tls' : 'https');
  const own = { ...leg, port, label: labelOf(leg), isPassedOn };
  serviceEntry(chart, own);
  gateway(chart, own);
  subset(chart, own);
  route(chart, own);
  origination(chart, own);
  if (leg.egress.denyByDefault) allow(chart, own);
  const { host } = leg.facts;
  return { host: leg.egress.host, port: port.number, subset: own.label, authority: host };
}

/** Peering and service, not the host: that of a server in no mesh cannot be chosen, and is easily too long. */
function labelOf({ peering, facts, where }: EgressLeg): string {
  const { namespace, name, port, subset } = facts.service;
  const parts = [...(namespace === undefined ? [] : [namespace, name]), String(port), ...(subset ? [subset] : [])];
  return dnsLabel(
    joinLabels(peering, ...parts),
    where,
    'name of the Gateway resource (made of peering id, namespace, service, port and subset)',
  );
}

/** Namespaces that see what callers need; the gateway's own is one of them. */
function exportTo({ callers, egress }: Leg): string[] {
  if (callers === undefined) return ['*'];
  const others = callers.namespaces.filter((namespace) => namespace !== egress.namespace);
  return ['.', ...others.sort()];
}

function serviceEntry(chart: MeshChart, leg: Leg): void {
  const { egress, facts, name, where } = leg;
  if (isRegistered(egress.mesh, facts)) {
    if (facts.port !== facts.service.port) {
      throw new MeshError(
        'MESH1203',
        where,
        `host '${facts.host}' is a Service of the own cluster, which callers dial at its port ${facts.service.port}, not ${facts.port}; expose it with port: ${facts.service.port}`,
      );
    }
    return;
  }
  new istio.ServiceEntry(chart, `ServiceEntry ${name}`, {
    apiVersion: egress.mesh.platform.apiVersion('ServiceEntry'),
    metadata: { name, namespace: egress.namespace },
    spec: serviceEntrySpec(facts, exportTo(leg)),
  });
}

/** Where the gateway takes the calls of this exposure: as mTLS of the mesh, or the application's TLS as it is. */
function gateway(chart: MeshChart, { egress, facts, port, label, isPassedOn }: Leg): void {
  new istio.Gateway(chart, `Gateway ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('Gateway'),
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      selector: egress.selector,
      servers: [
        {
          port: { number: port.number, name: isPassedOn ? 'tls' : 'https', protocol: isPassedOn ? 'TLS' : 'HTTPS' },
          hosts: [facts.host],
          tls: { mode: isPassedOn ? 'PASSTHROUGH' : 'ISTIO_MUTUAL' },
        },
      ],
    },
  });
}

/** How sidecars reach the gateway: automatic mTLS does not apply to gateways, so the subset says it, with its SNI. */
function subset(chart: MeshChart, { egress, facts, port, label, isPassedOn }: Leg): void {
  const { protocol } = facts.service;
  new istio.DestinationRule(chart, `DestinationRule ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('DestinationRule'),
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      host: egress.host,
      // equal in all rules of this host: a rule with another exportTo would replace the others
      exportTo: ['*'],
      subsets: [
        {
          name: label,
          trafficPolicy: {
            portLevelSettings: [
              {
                port: { number: port.number },
                tls: isPassedOn ? { mode: 'DISABLE' } : { mode: 'ISTIO_MUTUAL', sni: facts.host },
                // the name of the gateway's port does not say that HTTP/2 flows, so sidecars would send HTTP/1.1
                ...((protocol === 'http2' || protocol === 'grpc') && {
                  connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } },
                }),
              },
            ],
          },
        },
      ],
    },
  });
}

/** From callers that dial the host itself to the gateway, and from the gateway on to the provider. */
function route(chart: MeshChart, leg: Leg): void {
  const { egress, facts, port, label, isPassedOn } = leg;
  const toGateway = [{ destination: { host: egress.host, port: { number: port.number }, subset: label } }];
  const toProvider = [{ destination: { host: facts.host, port: { number: facts.port } } }];
  const resource = `${egress.namespace}/${label}`;
  const sniHosts = [facts.host];
  new istio.VirtualService(chart, `VirtualService ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      hosts: [facts.host],
      exportTo: exportTo(leg),
      gateways: ['mesh', resource],
      ...(isPassedOn
        ? {
            tls: [
              { match: [{ gateways: ['mesh'], port: facts.port, sniHosts }], route: toGateway },
              { match: [{ gateways: [resource], port: port.number, sniHosts }], route: toProvider },
            ],
          }
        : {
            http: [
              { match: [{ gateways: ['mesh'], port: facts.port }], route: toGateway },
              { match: [{ gateways: [resource], port: port.number }], route: toProvider },
            ],
          }),
    },
  });
}

/** The hop's TLS, seen by the gateway alone: a sidecar that saw it would encrypt what it sends to the gateway twice. */
function origination(chart: MeshChart, { egress, facts, credential, name }: Leg): void {
  const tls = clientTlsSettings(facts.tls, credential) ?? staysClear(egress.mesh, facts);
  if (tls === undefined) return;
  new istio.DestinationRule(chart, `DestinationRule ${name}`, {
    apiVersion: egress.mesh.platform.apiVersion('DestinationRule'),
    metadata: { name, namespace: egress.namespace },
    spec: {
      host: facts.host,
      exportTo: ['.'],
      trafficPolicy: { portLevelSettings: [{ port: { number: facts.port }, tls }] },
    },
  });
}

/** Who may use the gateway for this host: by identity, or by SNI where the application's TLS shows nobody. */
function allow(chart: MeshChart, { egress, facts, callers, port, isPassedOn, label }: Leg): void {
  const rule = isPassedOn
    ? { when: [{ key: 'connection.sni', values: [facts.host] }] }
    : {
        from: [{ source: { principals: principals(egress.mesh.trustDomain, callers) } }],
        // a client may send the port along with the host
        to: [{ operation: { hosts: [facts.host, `${facts.host}:*`], ports: [String(port.targetPort)] } }],
      };
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: label, namespace: egress.namespace },
    spec: { selector: { matchLabels: egress.selector }, action: 'ALLOW', rules: [rule] },
  });
}

/** SPIFFE IDs of callers as policies write them; `*` at the end stands for any rest. */
function principals(trustDomain: string, callers: EgressCallers | undefined): string[] {
  if (callers === undefined) return [`${trustDomain}/*`];
  const { namespaces, serviceAccounts } = callers;
  const paths = serviceAccounts
    ? serviceAccounts.map((account) => account.replace('/', '/sa/'))
    : namespaces.map((namespace) => `${namespace}/*`);
  return paths.map((path) => `${trustDomain}/ns/${path}`).sort();
}
