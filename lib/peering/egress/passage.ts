import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import type { NextHop } from '../../facts/destination';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import type { DialledHost, MeshMatch } from '../../traffic/dialled-host';
import type { Routes } from '../../traffic/routes';
import { type EgressCallers, exportTo } from './egress-callers';
import { writePassagePolicy } from './passage-policy';

/** A way through an egress gateway: from its callers to a host that it knows. */
export interface Passage {
  readonly egress: Gateway;
  /**
   * Name of everything on the way through the gateway: the Gateway resource and the subset must be DNS labels. It holds
   * no dot, so that it is never the name of what is about the host itself.
   */
  readonly label: string;
  /** What the gateway tells its passages apart by: SNI of the way to it, and authority of requests. */
  readonly host: string;
  /** Requests, bytes, or the application's own TLS as it is. */
  readonly as: 'http' | 'tcp' | 'passthrough';
  /** Whether HTTP/2 flows. */
  readonly isHttp2: boolean;
  /** Where it leads. */
  readonly to: { readonly host: string; readonly port: number };
  /** What requests are made into before they go on. */
  readonly rewrite?: { readonly uri: string; readonly authority: string };
  /** Port by which callers dial the host itself; absent: they cannot, only rules lead here. */
  readonly dialled?: number;
  /** Says so to whom it concerns: a Routing about the host puts its rules here. */
  readonly letDial?: (host: DialledHost) => void;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** What they may do, where nothing of ours behind the gateway says it; absent: whatever they call. */
  readonly access?: readonly AccessFacts[];
}

/**
 * The objects of a way through an egress gateway: one of each kind, so that passages of one gateway do not touch each
 * other's objects.
 *
 * The sidecar sends with the SNI of the passage's host, which is what tells the passages of one gateway port apart.
 */
export function writePassage(chart: MeshChart, passage: Passage): NextHop {
  const { egress, label, host, as, callers } = passage;
  const port = egress.portFor(as === 'passthrough' ? 'tls' : 'https');
  gateway(chart, passage, port);
  subset(chart, passage, port);
  route(chart, passage, port);
  if (egress.denyByDefault) writePassagePolicy(chart, passage, port);
  return {
    host: egress.host,
    port: port.number,
    subset: label,
    ...(as !== 'tcp' && { authority: host }),
    ...(callers && { callers }),
  };
}

/** Where the gateway takes the calls: as mTLS of the mesh, or the application's TLS as it is. */
function gateway(chart: MeshChart, { egress, host, label, as }: Passage, port: GatewayPort): void {
  const protocol = as === 'http' ? 'https' : 'tls';
  new istio.Gateway(chart, `Gateway ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('Gateway'),
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      selector: egress.selector,
      servers: [
        {
          port: { number: port.number, name: protocol, protocol: protocol.toUpperCase() },
          hosts: [host],
          tls: { mode: as === 'passthrough' ? 'PASSTHROUGH' : 'ISTIO_MUTUAL' },
        },
      ],
    },
  });
}

/** How sidecars reach the gateway: automatic mTLS does not apply to gateways, so the subset says it, with its SNI. */
function subset(chart: MeshChart, { egress, host, label, as, isHttp2 }: Passage, port: GatewayPort): void {
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
                tls: as === 'passthrough' ? { mode: 'DISABLE' } : { mode: 'ISTIO_MUTUAL', sni: host },
                // the name of the gateway's port does not say that HTTP/2 flows, so sidecars would send HTTP/1.1
                ...(isHttp2 && { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } }),
              },
            ],
          },
        },
      ],
    },
  });
}

/** From callers that dial the host itself to the gateway, and from the gateway on to the provider. */
function route(chart: MeshChart, passage: Passage, port: GatewayPort): void {
  const { egress, label, host, as, to, rewrite, dialled, callers } = passage;
  const toGateway = [{ destination: { host: egress.host, port: { number: port.number }, subset: label } }];
  const toProvider = [{ destination: { host: to.host, port: { number: to.port } } }];
  const resource = `${egress.namespace}/${label}`;
  const sni = as === 'passthrough' ? { sniHosts: [host] } : {};
  const fromGateway = { gateways: [resource], port: port.number, ...sni };
  const onward = rewrite
    ? { match: [{ ...fromGateway, uri: { prefix: '/' } }], rewrite, route: toProvider }
    : { match: [fromGateway], route: toProvider };
  const section = as === 'passthrough' ? 'tls' : as;
  const visibleTo = dialled === undefined ? ['.'] : exportTo(egress, callers);
  let rules: ((match: MeshMatch) => Routes) | undefined;
  const fromMesh = (): object[] => {
    if (dialled === undefined) return [];
    const match = { gateways: ['mesh'], port: dialled };
    return [...(rules?.(match)[section] ?? [{ match: [{ ...match, ...sni }], route: toGateway }])];
  };
  if (dialled !== undefined) {
    const lead: DialledHost['lead'] = (stated) => {
      rules = stated;
    };
    passage.letDial?.({ host, port: dialled, namespace: egress.namespace, exportTo: visibleTo, lead });
  }
  new istio.VirtualService(chart, `VirtualService ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      hosts: [host],
      exportTo: visibleTo,
      gateways: [...(dialled === undefined ? [] : ['mesh']), resource],
      [section]: Lazy.any({ produce: () => [...fromMesh(), onward] }),
    },
  });
}
