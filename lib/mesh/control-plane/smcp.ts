import { Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { type ControlPlaneSpec, ServiceMeshControlPlane } from '../../../imports/maistra';
import { furtherMeshConfig, istiodEnvironment } from './mesh-config';
import type { ControlPlaneContext, ControlPlaneSettings, SmcpGateway } from './options';

/** Names of the two gateways that every ServiceMeshControlPlane has. */
const SMCP_DEFAULTS = { ingress: 'istio-ingressgateway', egress: 'istio-egressgateway' };

/**
 * A ServiceMeshControlPlane, named as the mesh.
 *
 * @throws MESH1105 when the platform has none.
 */
export function writeSmcp(scope: Construct, settings: ControlPlaneSettings, context: ControlPlaneContext): void {
  const { mesh, platform, where, annotations, trustDomain, gateways } = context;
  platform.require('ServiceMeshControlPlane', where, 'ControlPlane.smcp');
  const { security, ...further } = smcpSettings(settings, trustDomain);
  new ServiceMeshControlPlane(scope, 'control-plane', {
    metadata: { name: mesh, namespace: settings.namespace, annotations },
    spec: {
      version: 'v2.6',
      mode: 'MultiTenant',
      security: { dataPlane: { mtls: settings.mtls, automtls: true }, ...security },
      ...further,
      // routes are written explicitly, one per host; the operator must not make its own
      gateways: Lazy.any({
        produce: () => ({ openshiftRoute: { enabled: false }, ...smcpGateways(gateways()) }),
      }),
    },
  });
}

/**
 * What of a ServiceMeshControlPlane follows from the settings. Its own fields know neither other roots nor metadata of
 * proxies; `techPreview.meshConfig` is merged into MeshConfig.
 */
export function smcpSettings(settings: ControlPlaneSettings, trustDomain: string): ControlPlaneSpec {
  const { pluggedInCa, outboundTrafficPolicy, network, pathNormalization } = settings;
  const meshConfig = furtherMeshConfig(settings);
  const techPreview = {
    // where OpenShift Service Mesh 2 takes it
    ...(pathNormalization && { global: { pathNormalization } }),
    ...(Object.keys(meshConfig).length > 0 && { meshConfig }),
  };
  const env = istiodEnvironment(settings);
  return {
    security: {
      trust: { domain: trustDomain },
      ...(pluggedInCa && { certificateAuthority: { type: 'Istiod', istiod: { type: 'PrivateKey' } } }),
    },
    proxy: { networking: { trafficControl: { outbound: { policy: outboundTrafficPolicy } } } },
    ...(network !== undefined && { cluster: { network } }),
    ...(env && { runtime: { components: { pilot: { container: { env } } } } }),
    ...(Object.keys(techPreview).length > 0 && { techPreview }),
  };
}

/** The `gateways` section of a ServiceMeshControlPlane. */
export function smcpGateways(gateways: SmcpGateway[]): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const kind of ['ingress', 'egress'] as const) {
    const own = gateways.filter((gateway) => gateway.kind === kind);
    const standard = own.find((gateway) => gateway.name === SMCP_DEFAULTS[kind]);
    section[kind] = standard
      ? { enabled: true, service: standard.service, ...(standard.runtime && { runtime: standard.runtime }) }
      : { enabled: false };
    const additional = own
      .filter((gateway) => gateway !== standard)
      .map(({ name, namespace, service, runtime, requestedNetworkView }) => [
        name,
        {
          ...{ enabled: true, namespace },
          ...(requestedNetworkView && { requestedNetworkView }),
          service,
          ...(runtime && { runtime }),
        },
      ]);
    if (additional.length > 0) {
      section[kind === 'ingress' ? 'additionalIngress' : 'additionalEgress'] = Object.fromEntries(additional);
    }
  }
  return section;
}
