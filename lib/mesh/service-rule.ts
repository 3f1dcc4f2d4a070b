import { Lazy } from 'cdk8s';
import type { IConstruct } from 'constructs';
import * as istio from '../../imports/istio';
import { byText } from '../facts/by-text';
import type { MeshService } from '../facts/service';
import { attached } from '../fleet/attached';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Platform } from '../platform/platform';
import type { MtlsMode, MtlsModes } from './mtls-modes';

/** Whose rule it is, and what decides what it says. */
export interface ServiceRule {
  readonly platform: Platform;
  readonly modes: MtlsModes;
  readonly service: MeshService;
  /** What it says besides TLS, by host of the service. */
  readonly settings: ReadonlyMap<string, ServiceSettings>;
}

/** What peerings need of the one rule of a service. */
export type ServiceSettings = Pick<istio.TrafficPolicy, 'loadBalancer' | 'outlierDetection'>;

/** Settings of the rules of a mesh's services, by host. */
export function serviceSettings(mesh: IConstruct): Map<string, ServiceSettings> {
  return attached(mesh, 'service settings', () => new Map<string, ServiceSettings>());
}

/**
 * The one DestinationRule of a service: all subsets that it declares, so that the rule does not depend on who uses
 * them, and the TLS of its callers. Only one rule per host and namespace may have settings of its own.
 *
 * The rule takes the place of the mesh-wide one that OpenShift Service Mesh 2 makes with `mtls: true` (rules of
 * different namespaces are never merged), so there it states ISTIO_MUTUAL, or DISABLE where a policy says so. Elsewhere
 * automatic mTLS finds out, and a rule would only get in its way.
 */
export function writeServiceRule(chart: MeshChart, rule: ServiceRule): void {
  const { platform, modes, service, settings } = rule;
  if (chart.node.tryFindChild('DestinationRule')) return;
  const subsets = Object.entries(service.subsets)
    .sort(byText(([name]) => name))
    .map(([name, labels]) => ({ name, labels }));
  new istio.DestinationRule(chart, 'DestinationRule', {
    apiVersion: platform.apiVersion('DestinationRule'),
    metadata: { name: service.name, namespace: service.namespace },
    spec: {
      host: service.host,
      // lazy: a policy or a setting may be stated after the rule
      trafficPolicy: Lazy.any({
        produce: () =>
          modes.hasMeshWideRule || settings.has(service.host)
            ? { ...(modes.hasMeshWideRule && tlsOfCallers(modes, service)), ...settings.get(service.host) }
            : undefined,
      }),
      ...(subsets.length > 0 && { subsets }),
    },
  });
}

/** TLS of callers: policies are about ports of the workload, rules about those of the Service. */
function tlsOfCallers(modes: MtlsModes, service: MeshService): istio.TrafficPolicy {
  const { mode = 'STRICT', ports = {} } = modes.ofService(service) ?? {};
  const portLevelSettings = service.ports
    .filter(({ targetPort }) => ports[targetPort] && clientTls(ports[targetPort]) !== clientTls(mode))
    .sort((a, b) => a.number - b.number)
    .map(({ number, targetPort }) => ({ port: { number }, tls: { mode: clientTls(ports[targetPort]) } }));
  return { tls: { mode: clientTls(mode) }, ...(portLevelSettings.length > 0 && { portLevelSettings }) };
}

/** How callers connect under a mesh-wide ISTIO_MUTUAL rule: workloads that take both are sent mTLS. */
export function clientTls(mode: MtlsMode): 'DISABLE' | 'ISTIO_MUTUAL' {
  return mode === 'DISABLE' ? 'DISABLE' : 'ISTIO_MUTUAL';
}
