import type { Manifest } from '../../facts/manifest';
import { type Labels, type Resource, resource } from './resource';

/** The parts of Gateways of the Gateway API that verification reads. */
export interface KubernetesGatewaySpec {
  readonly gatewayClassName?: string;
  readonly addresses?: readonly { readonly value?: string }[];
  readonly listeners?: readonly {
    readonly port: number;
    readonly tls?: { readonly options?: Labels };
  }[];
}

export const isGatewayApi = ({ apiVersion }: Resource): boolean => apiVersion.startsWith('gateway.networking.k8s.io/');

/** Label of what istiod deploys for a Gateway of the Gateway API: its name. */
export const DEPLOYED_FOR = 'gateway.networking.k8s.io/gateway-name';

/**
 * Deployment and Service that istiod makes for a Gateway of the class `istio` (`config/kube/gateway:
 * deploymentcontroller.go`). Its listeners and routes are not modelled.
 */
export function deployedFor(gateway: Resource<KubernetesGatewaySpec>): Resource[] {
  const { cluster, namespace, spec } = gateway;
  if (!isGatewayApi(gateway) || spec.gatewayClassName !== 'istio') return [];
  const name = `${gateway.name}-istio`;
  const labels = { ...gateway.labels, [DEPLOYED_FOR]: gateway.name };
  const make = (apiVersion: string, kind: string, body: object): Resource => {
    const manifest: Manifest = { apiVersion, kind, metadata: { name, namespace, labels }, spec: body };
    return resource(cluster, manifest, gateway.source);
  };
  const annotations = { 'inject.istio.io/templates': 'gateway' };
  const ports = (spec.listeners ?? []).map(({ port }) => ({ name: `port-${port}`, port, targetPort: port }));
  return [
    make('apps/v1', 'Deployment', {
      template: {
        metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'true' }, annotations },
        spec: {
          serviceAccountName: name,
          containers: [{ name: 'istio-proxy', image: 'auto', args: ['proxy', 'router'] }],
        },
      },
    }),
    make('v1', 'Service', {
      type: 'LoadBalancer',
      selector: { [DEPLOYED_FOR]: gateway.name },
      ports: [{ name: 'status-port', port: 15021, targetPort: 15021 }, ...ports],
    }),
  ];
}
