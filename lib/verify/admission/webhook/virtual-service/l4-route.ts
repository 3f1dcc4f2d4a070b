import type {
  L4MatchAttributes,
  TCPRoute,
  TLSMatchAttributes,
  TLSRoute,
  VirtualServiceSpec,
} from '../../../../../imports/istio/networking';
import { each, type Path } from '../../path';
import { type Report, show } from '../../problem';
import { isSubset } from '../common/hosts';
import { gatewayDomainReason, isAddress, portReason, subnetReason, wildcardDomainReason } from '../common/names';
import { labelsRules, refuse } from '../common/values';
import { weightedRules } from './http-route';
import { gatewayNameRules } from './match';

/** `validation.validateTLSRoute`. */
export function tlsRouteRules(
  route: TLSRoute,
  service: VirtualServiceSpec,
  converted: boolean,
  at: Path,
  report: Report,
): void {
  if (route.match.length === 0) report.error(at.at('match'), 'is empty, expected at least one match');
  each(route.match, at.at('match'), (match, item) => tlsMatchRules(match, service, item, report));
  destinationsRules(route, converted, at.at('route'), report);
}

/** `validation.validateTCPRoute`, which drops warnings. */
export function tcpRouteRules(route: TCPRoute, converted: boolean, at: Path, report: Report): void {
  report.errorsOnly(() => {
    each(route.match, at.at('match'), (match, item) => l4MatchRules(match, item, report));
    destinationsRules(route, converted, at.at('route'), report);
  });
}

function destinationsRules({ route = [] }: TCPRoute | TLSRoute, converted: boolean, at: Path, report: Report): void {
  if (route.length === 0) report.error(at, 'is empty, expected at least one destination');
  weightedRules(route, converted, at, report);
}

function tlsMatchRules(match: TLSMatchAttributes, service: VirtualServiceSpec, at: Path, report: Report): void {
  if (match.sniHosts.length === 0) report.error(at.at('sniHosts'), 'is empty, expected at least one host');
  each(match.sniHosts, at.at('sniHosts'), (host, item) => sniRules(host, service, item, report));
  l4MatchRules(match, at, report);
}

/** `validation.validateSniHost`: a name of TLS is one of the VirtualService's hosts. */
function sniRules(sni: string, { hosts = [], gateways = [] }: VirtualServiceSpec, at: Path, report: Report): void {
  const reason = gateways.includes('mesh') ? wildcardDomainReason(sni) : gatewayDomainReason(sni, true);
  if (reason !== undefined) {
    if (!isAddress(sni)) report.error(at, reason);
    else report.warning(at, `is the address ${show(sni)}, which clients do not send as the name of a server`);
  } else if (!hosts.some((host) => isSubset(sni, host))) {
    report.error(
      at,
      `is ${show(sni)}, expected a name among the hosts: ${hosts.map(show).join(', ') || 'there are none'}`,
    );
  }
}

function l4MatchRules(match: L4MatchAttributes | TLSMatchAttributes, at: Path, report: Report): void {
  match.destinationSubnets?.forEach((subnet, i) => {
    refuse(report, at.at('destinationSubnets').at(i), subnetReason(subnet));
  });
  if (match.port) refuse(report, at.at('port'), portReason(match.port));
  labelsRules(match.sourceLabels, at.at('sourceLabels'), report);
  gatewayNameRules(match.gateways, false, at.at('gateways'), report);
}
