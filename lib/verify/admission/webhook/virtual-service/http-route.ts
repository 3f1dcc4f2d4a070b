import type {
  HTTPDirectResponse,
  HTTPMirrorPolicy,
  HTTPRoute,
  HTTPRouteDestination,
  Percent,
  RouteDestination,
} from '../../../../../imports/istio/networking';
import { each, type Path } from '../../path';
import type { Report } from '../../problem';
import { destinationRules } from '../common/destination';
import { byteLength } from '../common/names';
import { countReason, durationReason, refuse } from '../common/values';
import { authorityRules, headerRules } from './headers';
import { httpMatchRules } from './match';
import { corsRules, faultRules, redirectRules, retryRules, rewriteRules, statusReason } from './traffic';

const MEGABYTE = 1024 * 1024;
const LARGE = 100 * 1024;

/** What a VirtualService says about its routes. */
export interface RouteContext {
  /** It has no hosts: others delegate to it. */
  readonly delegate: boolean;
  /** istiod made it of a route of the Gateway API; destinations are what the API allows. */
  readonly converted: boolean;
}

/** `validation.validateHTTPRoute`. */
export function httpRouteRules(route: HTTPRoute, context: RouteContext, at: Path, report: Report): void {
  conflictRules(route, context.delegate, at, report);
  each(route.match, at.at('match'), (match, item) => httpMatchRules(match, item, report));
  // most routes state few of these
  if (route.headers) headerRules(route.headers, at.at('headers'), report);
  if (route.corsPolicy) corsRules(route.corsPolicy, at.at('corsPolicy'), report);
  if (route.fault) faultRules(route.fault, at.at('fault'), report);
  mirrorRules(route, at, report);
  if (route.redirect) redirectRules(route.redirect, route.match, at.at('redirect'), report);
  if (route.directResponse) responseRules(route.directResponse, at.at('directResponse'), report);
  if (route.retries) retryRules(route.retries, at.at('retries'), report);
  if (route.rewrite) rewriteRules(route.rewrite, at.at('rewrite'), report);
  authorityRules(route.rewrite, route.headers, at, report);
  each(route.route, at.at('route'), ({ headers }, item) => {
    if (headers) headerRules(headers, item.at('headers'), report);
  });
  weightedRules(route.route, context.converted, at.at('route'), report);
  if (route.timeout !== undefined) refuse(report, at.at('timeout'), durationReason(route.timeout));
}

/** `validation.validateHTTPRouteDestinations`, `validateRouteDestinations`: a weight of 0 gets nothing. */
export function weightedRules(
  destinations: readonly (HTTPRouteDestination | RouteDestination)[] | undefined,
  converted: boolean,
  at: Path,
  report: Report,
): void {
  if (destinations === undefined) return;
  let sum = 0;
  destinations.forEach(({ destination, weight = 0 }, i) => {
    if (!converted) destinationRules(destination, at.at(i).at('destination'), report);
    if (weight !== 0) refuse(report, at.at(i).at('weight'), countReason(weight));
    sum = (sum + weight) | 0;
  });
  if (destinations.length > 1 && sum === 0) report.error(at, 'has weights that add up to 0, expected more');
}

/** `validation.validateHTTPRouteConflict`: what a route does with a request. */
function conflictRules(route: HTTPRoute, delegate: boolean, at: Path, report: Report): void {
  const { redirect, directResponse, fault, rewrite, mirror, mirrors = [] } = route;
  const routed = (route.route ?? []).length > 0;
  if (!delegate && route.delegate !== undefined) {
    if (redirect !== undefined) report.error(at.at('redirect'), 'is set beside delegate, expected one of them');
    if (routed) report.error(at.at('route'), 'is set beside delegate, expected one of them');
    return;
  }
  if (route.delegate !== undefined)
    report.error(at.at('delegate'), 'is set in a delegate, which cannot delegate again');
  const answer = redirect !== undefined ? 'redirect' : directResponse !== undefined ? 'directResponse' : undefined;
  if (answer !== undefined) {
    if (routed) report.error(at.at('route'), `is set beside ${answer}, expected one of them`);
    if (fault !== undefined) report.error(at.at('fault'), `is set beside ${answer}, expected one of them`);
    if (rewrite !== undefined) report.error(at.at('rewrite'), `is set beside ${answer}, expected one of them`);
    if (redirect !== undefined && directResponse !== undefined) {
      report.error(at.at('directResponse'), 'is set beside redirect, expected one of them');
    }
  } else if (!routed) {
    report.error(at, 'sets none of route, redirect, directResponse and delegate, expected one of them');
  }
  if (mirror !== undefined && mirrors.length > 0) {
    report.error(at.at('mirrors'), 'is set beside mirror, expected one of them');
  }
}

function mirrorRules(route: HTTPRoute, at: Path, report: Report): void {
  const old = route.mirrorPercent ?? route.mirror_percent;
  if (old !== undefined) {
    const place = at.at(route.mirrorPercent === undefined ? 'mirror_percent' : 'mirrorPercent');
    if (old > 100) report.error(place, `is ${old}, expected at most 100`);
    report.warning(place, 'is deprecated; use mirrorPercentage');
  }
  if (route.mirrorPercentage) percentageRules(route.mirrorPercentage, at.at('mirrorPercentage'), report);
  if (route.mirror) destinationRules(route.mirror, at.at('mirror'), report);
  route.mirrors?.forEach(({ destination, percentage }: HTTPMirrorPolicy, i) => {
    destinationRules(destination, at.at('mirrors').at(i).at('destination'), report);
    percentageRules(percentage, at.at('mirrors').at(i).at('percentage'), report);
  });
}

function percentageRules(percentage: Percent | undefined, at: Path, report: Report): void {
  const { value = 0 } = percentage ?? {};
  if (value < 0 || value > 100) report.error(at.at('value'), `is ${value}, expected a percentage from 0 to 100`);
}

/** `validation.validateHTTPDirectResponse`: istiod sends the body to every proxy. */
function responseRules(response: HTTPDirectResponse | undefined, at: Path, report: Report): void {
  if (response === undefined) return;
  const { body, status } = response;
  const size = body?.bytes === undefined ? byteLength(body?.string ?? '') : Buffer.from(body.bytes, 'base64').length;
  if (size > MEGABYTE) report.error(at.at('body'), `has ${size} bytes, expected at most ${MEGABYTE}`);
  else if (size > LARGE) report.warning(at.at('body'), `has ${size} bytes, which every proxy is sent`);
  refuse(report, at.at('status'), statusReason(status));
}
