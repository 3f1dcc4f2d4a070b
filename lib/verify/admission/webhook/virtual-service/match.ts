import type { HTTPMatchRequest, StringMatch } from '../../../../../imports/istio/networking';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';
import { domainReason, isLabel, portReason, type Reason } from '../common/names';
import { regexReason } from '../common/regex';
import { labelsRules, refuse } from '../common/values';
import { matchedHeaderReason } from './headers';

/** `validation.validateHTTPRouteMatchRequest`, for one match. Its warnings are dropped. */
export function httpMatchRules(match: HTTPMatchRequest, at: Path, report: Report): void {
  for (const name in match.headers) {
    refuse(report, at.at('headers').at(name), matchedHeaderReason(name));
    refuse(report, at.at('headers').at(name), stringMatchReason(match.headers[name]));
  }
  for (const name in match.withoutHeaders) {
    const value = match.withoutHeaders[name];
    refuse(report, at.at('withoutHeaders').at(name), matchedHeaderReason(name));
    // `*` is no pattern here: it means a header that is there.
    if (value?.regex !== '*') refuse(report, at.at('withoutHeaders').at(name), stringMatchReason(value));
  }
  if (match.uri?.regex !== undefined) refuse(report, at.at('uri').at('regex'), patternReason(match.uri.regex));
  for (const field of ['scheme', 'method', 'authority'] as const) {
    if (match[field]) refuse(report, at.at(field), stringMatchReason(match[field]));
  }
  for (const name in match.queryParams) {
    refuse(report, at.at('queryParams').at(name), stringMatchReason(match.queryParams[name]));
  }
  if (match.port) refuse(report, at.at('port'), portReason(match.port));
  if (match.sourceLabels) labelsRules(match.sourceLabels, at.at('sourceLabels'), report);
  if (match.gateways) report.errorsOnly(() => gatewayNameRules(match.gateways, false, at.at('gateways'), report));
  const { sourceNamespace = '' } = match;
  if (sourceNamespace !== '' && !isLabel(sourceNamespace)) {
    report.error(at.at('sourceNamespace'), `is ${show(sourceNamespace)}, expected the name of a namespace`);
  }
}

/** `validation.validateStringMatch`: Envoy takes neither an empty prefix nor an empty pattern. */
function stringMatchReason(match: StringMatch | undefined): Reason {
  if (match?.prefix === '') return 'has an empty prefix, expected at least a character';
  return match?.regex === undefined ? undefined : patternReason(match.regex);
}

/** `validation.validateStringMatchRegexp`. */
export function patternReason(pattern: string): Reason {
  return pattern === '' ? 'is an empty pattern, expected at least a character' : regexReason(pattern);
}

/**
 * `validation.validateGatewayNames`: it looks no further than the first name without a slash.
 *
 * @param converted whether istiod made the object of one of the Gateway API: names may have dots then.
 */
export function gatewayNameRules(
  names: readonly string[] | undefined,
  converted: boolean,
  at: Path,
  report: Report,
): void {
  for (const [i, gateway] of (names ?? []).entries()) {
    const slash = gateway.indexOf('/');
    if (slash < 0) {
      if (gateway.includes('.')) {
        const [name, namespace] = gateway.split('.');
        report.warning(at.at(i), `is ${show(gateway)}, an old form of ${show(`${namespace}/${name}`)}`);
      }
      refuse(report, at.at(i), domainReason(gateway));
      return;
    }
    const name = gateway.slice(slash + 1);
    if (!isLabel(gateway.slice(0, slash)) || name === '' || !(converted || isLabel(name))) {
      report.error(at.at(i), `is ${show(gateway)}, expected <namespace>/<name>`);
    }
  }
}
