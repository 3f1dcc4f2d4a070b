import * as istio from '../../imports/istio';
import type { NextHop } from '../facts/destination';
import type { ExposureFacts } from '../facts/exposure';
import { dnsLabel, joinLabels } from '../facts/names';
import type { Gateway } from '../fleet/gateway';
import type { GatewayPort } from '../fleet/gateway-port';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Credential } from '../trust/credential';
import type { Callers } from './callers';
import { clientTlsSettings, staysClear } from './client-tls';
import { serviceEntrySpec } from './endpoint';

/** One exposure's way through an egress gateway. */
export interface EgressLeg {
  readonly egress: Gateway;
  readonly facts: ExposureFacts;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: Callers;
  /** The gateway's key pair, for mutual TLS. */
  readonly credential?: Credential;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/** What the objects of one leg share. */
interface Leg extends EgressLeg {
  readonly port: GatewayPort;
  /** Name of the Gateway resource and of the subset: both tell the exposures of one gateway apart. */
  readonly label: string;
  readonly isPassedOn: boolean;
}

/**
 * The consumer's half of one exposure at an egress gateway, one object each, so that exposures of one gateway do not
 * touch each other's objects.
 *
 * The sidecar sends with the SNI of the exposure's host, which is what tells the exposures of one gateway port apart.
 * Everything lives in the gateway's namespace: of the DestinationRules of one host a proxy merges only those of one
 * namespace with one `exportTo`, and the one that originates TLS must be seen by the gateway alone.
 */
export function writeEgressLeg(chart: MeshChart, leg: EgressLeg): NextHop {
  const isPassedOn = leg.facts.tls.mode === 'application';
  const port = leg.egress.portFor(isPassedOn ? 'tls' : 'https');
  const label = dnsLabel(
    joinLabels(leg.egress.name, leg.facts.host),
    leg.where,
    'name of the Gateway resource (made of gateway id and host)',
  );
  const own = { ...leg, port, label, isPassedOn };
  serviceEntry(chart, own);
  gateway(chart, own);
  subset(chart, own);
  fromCallers(chart, own);
  fromGateway(chart, own);
  origination(chart, own);
  if (leg.egress.denyByDefault) allow(chart, own);
  const { host } = leg.facts;
  return { host: leg.egress.host, port: port.number, subset: label, authority: host };
}

/** Namespaces that see what callers need. */
function exportTo({ callers, egress }: Leg): string[] {
  if (callers === undefined) return ['*'];
  const others = callers.namespaces.filter((namespace) => namespace !== egress.namespace);
  return ['.', ...others.sort()];
}

function serviceEntry(chart: MeshChart, leg: Leg): void {
  const { egress, facts, name } = leg;
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
function subset(chart: MeshChart, { egress, facts, port, label, isPassedOn, name }: Leg): void {
  new istio.DestinationRule(chart, `DestinationRule ${name}.egress`, {
    apiVersion: egress.mesh.platform.apiVersion('DestinationRule'),
    metadata: { name: `${name}.egress`, namespace: egress.namespace },
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
              },
            ],
          },
        },
      ],
    },
  });
}

/** Callers that dial the host itself take the same way. */
function fromCallers(chart: MeshChart, leg: Leg): void {
  const { egress, facts, port, label, isPassedOn, name } = leg;
  const route = [{ destination: { host: egress.host, port: { number: port.number }, subset: label } }];
  new istio.VirtualService(chart, `VirtualService ${name}`, {
    apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
    metadata: { name, namespace: egress.namespace },
    spec: {
      hosts: [facts.host],
      exportTo: exportTo(leg),
      gateways: ['mesh'],
      ...(isPassedOn
        ? { tls: [{ match: [{ port: facts.port, sniHosts: [facts.host] }], route }] }
        : { http: [{ match: [{ port: facts.port }], route }] }),
    },
  });
}

/** From the gateway on to the provider. */
function fromGateway(chart: MeshChart, { egress, facts, port, label, isPassedOn, name }: Leg): void {
  const route = [{ destination: { host: facts.host, port: { number: facts.port } } }];
  new istio.VirtualService(chart, `VirtualService ${name}.egress`, {
    apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
    metadata: { name: `${name}.egress`, namespace: egress.namespace },
    spec: {
      hosts: [facts.host],
      exportTo: ['.'],
      gateways: [`${egress.namespace}/${label}`],
      ...(isPassedOn
        ? { tls: [{ match: [{ port: port.number, sniHosts: [facts.host] }], route }] }
        : { http: [{ match: [{ port: port.number }], route }] }),
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
function allow(chart: MeshChart, { egress, facts, callers, port, isPassedOn, name }: Leg): void {
  const rule = isPassedOn
    ? { when: [{ key: 'connection.sni', values: [facts.host] }] }
    : {
        from: [{ source: { principals: principals(egress.mesh.trustDomain, callers) } }],
        to: [{ operation: { hosts: [facts.host, `${facts.host}:*`], ports: [String(port.targetPort)] } }],
      };
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${name}.egress`, {
    apiVersion: egress.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: `${name}.egress`, namespace: egress.namespace },
    spec: { selector: { matchLabels: egress.selector }, action: 'ALLOW', rules: [rule] },
  });
}

/** SPIFFE IDs of callers, as policies write them; `*` at the end stands for any rest. */
function principals(trustDomain: string, callers: Callers | undefined): string[] {
  if (callers === undefined) return [`${trustDomain}/*`];
  const accounts = callers.serviceAccounts ?? ['*'];
  return callers.namespaces
    .flatMap((namespace) =>
      accounts.map((account) =>
        account === '*' ? `${trustDomain}/ns/${namespace}/*` : `${trustDomain}/ns/${namespace}/sa/${account}`,
      ),
    )
    .sort();
}
