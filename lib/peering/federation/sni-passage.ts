import * as istio from '../../../imports/istio';
import { SERVICE_PORT } from '../../facts/federation';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';

/** Bytes that a gateway takes with the mesh's mTLS for one SNI and passes on. */
export interface SniPassage {
  readonly gateway: Gateway;
  /** Name of the Gateway resource and its VirtualService. */
  readonly label: string;
  /** SNI by which the gateway knows them. */
  readonly sni: string;
  readonly to: { readonly host: string; readonly port: number };
}

/** Gateway and VirtualService of a passage, in the gateway's namespace. */
export function writeSniPassage(chart: MeshChart, { gateway, label, sni, to }: SniPassage): void {
  const { platform } = gateway.mesh;
  const metadata = { name: label, namespace: gateway.namespace };
  new istio.Gateway(chart, `Gateway ${label}`, {
    apiVersion: platform.apiVersion('Gateway'),
    metadata,
    spec: {
      selector: gateway.selector,
      servers: [
        {
          port: { number: SERVICE_PORT, name: 'tls', protocol: 'TLS' },
          hosts: [sni],
          tls: { mode: 'ISTIO_MUTUAL' },
        },
      ],
    },
  });
  new istio.VirtualService(chart, `VirtualService ${label}`, {
    apiVersion: platform.apiVersion('VirtualService'),
    metadata,
    spec: {
      hosts: [sni],
      exportTo: ['.'],
      gateways: [`${gateway.namespace}/${label}`],
      tcp: [
        {
          match: [{ port: SERVICE_PORT }],
          route: [{ destination: { host: to.host, port: { number: to.port } } }],
        },
      ],
    },
  });
}

/** Who may use a passage of a gateway. */
export interface SniPolicy {
  readonly gateway: Gateway;
  readonly name: string;
  readonly sni: string;
  /** SPIFFE IDs without `spiffe://`. */
  readonly principals: string[];
}

/** The policy of a passage, in the gateway's namespace. */
export function writeSniPolicy(chart: MeshChart, { gateway, name, sni, principals }: SniPolicy): void {
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name, namespace: gateway.namespace },
    spec: {
      selector: { matchLabels: gateway.selector },
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals } }], when: [{ key: 'connection.sni', values: [sni] }] }],
    },
  });
}
