import { Report } from '../problem';
import { authorizationPolicyRules } from './authorization-policy';
import { destinationRuleRules } from './destination-rule';
import { envoyFilterRules } from './envoy-filter/envoy-filter';
import { Messages } from './envoy-filter/messages';
import { gatewayRules } from './gateway';
import { metadataRules } from './metadata';
import type { IstioObject, Rules } from './object';
import { peerAuthenticationRules } from './peer-authentication';
import { proxyConfigRules } from './proxy-config';
import { requestAuthenticationRules } from './request-authentication';
import { serviceEntryRules } from './service-entry';
import { sidecarRules } from './sidecar';
import { telemetryRules } from './telemetry';
import { trafficExtensionRules } from './traffic-extension';
import { virtualServiceRules } from './virtual-service/virtual-service';
import { wasmPluginRules } from './wasm-plugin';
import { workloadEntryRules } from './workload-entry';
import { workloadGroupRules } from './workload-group';

/** Rules by API group and kind; the version does not matter. */
const RULES: ReadonlyMap<string, Rules<never>> = new Map<string, Rules<never>>([
  ['networking.istio.io DestinationRule', destinationRuleRules],
  ['networking.istio.io EnvoyFilter', envoyFilterRules],
  ['networking.istio.io Gateway', gatewayRules],
  ['networking.istio.io ProxyConfig', proxyConfigRules],
  ['networking.istio.io ServiceEntry', serviceEntryRules],
  ['networking.istio.io Sidecar', sidecarRules],
  ['networking.istio.io VirtualService', virtualServiceRules],
  ['networking.istio.io WorkloadEntry', workloadEntryRules],
  ['networking.istio.io WorkloadGroup', workloadGroupRules],
  ['security.istio.io AuthorizationPolicy', authorizationPolicyRules],
  ['security.istio.io PeerAuthentication', peerAuthenticationRules],
  ['security.istio.io RequestAuthentication', requestAuthenticationRules],
  ['telemetry.istio.io Telemetry', telemetryRules],
  ['extensions.istio.io TrafficExtension', trafficExtensionRules],
  ['extensions.istio.io WasmPlugin', wasmPluginRules],
]);

/** istiod's validating webhook. One instance serves all objects. */
export class Webhook {
  private readonly messages = new Messages();

  /** What it says of an object that keeps to the schema of its kind; nothing of a kind that it does not know. */
  public judge(group: string, kind: string, object: IstioObject<unknown>): Report {
    const report = new Report('webhook');
    const rules = RULES.get(`${group} ${kind}`);
    if (rules === undefined || !metadataRules(kind, object, report)) return report;
    rules(object as IstioObject<never>, report, this.messages);
    return report;
  }
}
