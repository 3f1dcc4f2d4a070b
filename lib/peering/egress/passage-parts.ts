import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';

/** What the gateway sees of a passage: requests, bytes, or the application's own TLS as it is. */
export type SeenAs = 'http' | 'tcp' | 'passthrough';

/** What the parts of a passage have in common. */
export interface PassagePart {
  readonly egress: Gateway;
  /**
   * Name of everything on the way through the gateway: the Gateway resource and the subset must be DNS labels. It holds
   * no dot, so that it is never the name of what is about the host itself.
   */
  readonly label: string;
  readonly as: SeenAs;
  /** Port of the host. */
  readonly port: number;
}

/**
 * The port of the gateway at which a passage arrives. The application's own TLS says nothing but the host, so that of two
 * ports of one host each has the gateway's tls port of its number.
 */
export function portOf({ egress, as, port }: Pick<PassagePart, 'egress' | 'as' | 'port'>): GatewayPort {
  if (as !== 'passthrough') return egress.portFor('https');
  return egress.ports.find(({ protocol, number }) => protocol === 'tls' && number === port) ?? egress.portFor('tls');
}

/** Where the gateway takes the calls of names: as mTLS of the mesh, or the application's TLS as it is. */
export function writeGateway(
  chart: MeshChart,
  part: PassagePart,
  { name, hosts }: { readonly name: () => string; readonly hosts: () => string[] },
): void {
  const { egress, label, as } = part;
  const port = portOf(part);
  const protocol = as === 'http' ? 'https' : 'tls';
  new istio.Gateway(chart, `Gateway ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('Gateway'),
    metadata: { name: Lazy.any({ produce: name }), namespace: egress.namespace },
    spec: {
      selector: egress.selector,
      servers: [
        {
          port: { number: port.number, name: protocol, protocol: protocol.toUpperCase() },
          hosts: Lazy.any({ produce: hosts }),
          tls: { mode: as === 'passthrough' ? 'PASSTHROUGH' : 'ISTIO_MUTUAL' },
        },
      ],
    },
  });
}

/** How sidecars reach the gateway: automatic mTLS does not apply to gateways, so the subset says it, with its SNI. */
export function writeSubset(
  chart: MeshChart,
  part: PassagePart,
  { sni, isHttp2 }: { readonly sni: () => string; readonly isHttp2: boolean },
): void {
  const { egress, label, as } = part;
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
                port: { number: portOf(part).number },
                tls:
                  as === 'passthrough'
                    ? { mode: 'DISABLE' }
                    : { mode: 'ISTIO_MUTUAL', sni: Lazy.any({ produce: sni }) },
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
