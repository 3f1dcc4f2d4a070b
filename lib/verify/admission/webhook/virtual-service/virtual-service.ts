import type { HTTPMatchRequest, VirtualServiceSpec } from '../../../../../imports/istio/networking';
import { each } from '../../path';
import { type Report, show } from '../../problem';
import { exportToRules } from '../common/export-to';
import { overlap } from '../common/hosts';
import { gatewayDomainReason, isAddress, wildcardDomainReason } from '../common/names';
import { type IstioObject, SPEC } from '../object';
import { isClaim } from './headers';
import { httpRouteRules } from './http-route';
import { tcpRouteRules, tlsRouteRules } from './l4-route';
import { gatewayNameRules } from './match';
import { coveredRules, unreachableRules } from './unreachable';

const MESH = 'mesh';

/** `validation.ValidateVirtualService`. */
export function virtualServiceRules(object: IstioObject<VirtualServiceSpec>, report: Report): void {
  const { namespace, annotations, spec } = object;
  const converted = annotations['internal.istio.io/route-semantics'] === 'gateway';
  const context = { delegate: (spec.hosts ?? []).length === 0, converted };
  const { gateways = [], http = [], tcp = [], tls = [], exportTo } = spec;
  if (context.delegate) delegateRules(spec, report);
  gatewayNameRules(gateways, converted, SPEC.at('gateways'), report);
  const atGateway = gateways.length > 0 && !gateways.includes(MESH);
  if (!atGateway) claimRules(spec, report);
  hostRules(spec, atGateway, report);
  if (http.length + tcp.length + tls.length === 0) report.error(SPEC, 'has no routes, expected http, tls or tcp');
  each(http, SPEC.at('http'), (route, item) => httpRouteRules(route, context, item, report));
  each(tls, SPEC.at('tls'), (route, item) => tlsRouteRules(route, spec, converted, item, report));
  each(tcp, SPEC.at('tcp'), (route, item) => tcpRouteRules(route, converted, item, report));
  exportToRules(exportTo, namespace, SPEC.at('exportTo'), report);
  unreachableRules(http, SPEC.at('http'), report);
  coveredRules(http, SPEC.at('http'), report);
  unreachableRules(tcp, SPEC.at('tcp'), report);
  unreachableRules(tls, SPEC.at('tls'), report);
}

/** Without hosts, a VirtualService is what others delegate to. */
function delegateRules(spec: VirtualServiceSpec, report: Report): void {
  for (const field of ['gateways', 'tls', 'tcp'] as const) {
    if ((spec[field] ?? []).length === 0) continue;
    report.error(SPEC.at(field), 'is set without hosts: others delegate to such a VirtualService, for http only');
  }
}

/** Sidecars do not know what a token says. */
function claimRules({ http = [] }: VirtualServiceSpec, report: Report): void {
  http.forEach(({ match = [] }, i) => {
    match.forEach((request: HTTPMatchRequest, j) => {
      for (const field of ['headers', 'withoutHeaders'] as const) {
        for (const name in request[field]) {
          if (!isClaim(name)) continue;
          const at = SPEC.at('http').at(i).at('match').at(j).at(field).at(name);
          report.error(at, `looks at a claim of a token, which only a gateway can; ${MESH} is among the gateways`);
        }
      }
    });
  });
}

function hostRules({ hosts = [], tls = [] }: VirtualServiceSpec, atGateway: boolean, report: Report): void {
  const at = SPEC.at('hosts');
  const sni = tls.some(({ match }) => match.some(({ sniHosts }) => sniHosts.length > 0));
  let valid = true;
  hosts.forEach((host, i) => {
    const reason = atGateway ? gatewayDomainReason(host, sni) : wildcardDomainReason(host);
    if (reason !== undefined) {
      if (isAddress(host)) return;
      report.error(at.at(i), reason);
      valid = false;
    } else if (!atGateway && host === '*') {
      report.error(at.at(i), 'is "*", which only a VirtualService of gateways can have');
      valid = false;
    }
  });
  if (!valid) return;
  hosts.forEach((host, i) => {
    const twin = hosts.findIndex((other, j) => j > i && overlap(host, other));
    if (twin >= 0) report.error(at.at(twin), `is ${show(hosts[twin])}, of which ${show(host)} has names, too`);
  });
}
