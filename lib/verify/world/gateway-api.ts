import type { Labels } from '../../facts/labels';
import type { Manifest } from '../../facts/manifest';
import { type Resource, resource } from './resource';

/** The parts of Gateways of the Gateway API that verification reads. */
export interface KubernetesGatewaySpec {
  readonly gatewayClassName?: string;
  readonly addresses?: readonly { readonly value?: string }[];
  readonly listeners?: readonly GatewayListener[];
}

interface GatewayListener {
  readonly name?: string;
  readonly hostname?: string;
  readonly port: number;
  readonly tls?: { readonly mode?: string; readonly options?: Labels };
}

export const isGatewayApi = ({ apiVersion }: Resource): boolean => apiVersion.startsWith('gateway.networking.k8s.io/');

/** Label of what istiod deploys for a Gateway of the Gateway API: its name. */
export const DEPLOYED_FOR = 'gateway.networking.k8s.io/gateway-name';

/**
 * Deployment and Service that istiod makes for a Gateway of the class `istio` (`config/kube/gateway:
 * deploymentcontroller.go`), and the Gateway of Istio that it makes of its listeners that pass calls on by SNI (`conversion.go:
 * buildTLS`). Other listeners, and routes, are not modelled.
 */
export function deployedFor(gateway: Resource<KubernetesGatewaySpec>): Resource[] {
  const { cluster, namespace, spec } = gateway;
  if (!isGatewayApi(gateway) || spec.gatewayClassName !== 'istio') return [];
  const name = `${gateway.name}-istio`;
  const labels = { ...gateway.labels, [DEPLOYED_FOR]: gateway.name };
  const make = (apiVersion: string, kind: string, body: object, internal = {}): Resource => {
    const metadata = { name, namespace, labels, ...internal };
    const manifest: Manifest = { apiVersion, kind, metadata, spec: body };
    return resource(cluster, manifest, gateway.source);
  };
  const annotations = { 'inject.istio.io/templates': 'gateway' };
  const passing = (spec.listeners ?? []).filter(passesOn);
  const servers = passing.map(({ hostname = '*', port }) => ({
    port: { number: port, name: 'default', protocol: 'TLS' },
    hosts: [hostname],
    tls: { mode: 'AUTO_PASSTHROUGH' },
  }));
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
    ...(servers.length > 0
      ? [
          make(
            'networking.istio.io/v1',
            'Gateway',
            { selector: { [DEPLOYED_FOR]: gateway.name }, servers },
            // by which istiod knows that Gateways of other namespaces are none of this one (`filterStrictGatewayMerging`)
            {
              annotations: {
                'internal.istio.io/gateway-semantics': 'gateway',
                'internal.istio.io/service-account-name': name,
              },
            },
          ),
        ]
      : []),
  ];
}

/** Whether a listener leads calls of other networks to the service that their SNI names. */
export const passesOn = ({ tls }: GatewayListener): boolean =>
  tls?.mode === 'Passthrough' && tls.options?.['gateway.istio.io/listener-protocol'] === 'auto-passthrough';
