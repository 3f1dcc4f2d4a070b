import type {
  EnvoyFilterApplyTo,
  EnvoyFilterEnvoyConfigObjectPatch,
  EnvoyFilterListenerMatchFilterMatch,
  EnvoyFilterSpec,
} from '../../../../../imports/istio/networking';
import { each, type Path } from '../../path';
import { type Report, show } from '../../problem';
import { patternReason } from '../common/regex';
import { selectorRules } from '../common/selectors';
import { longerThan } from '../common/values';
import { type IstioObject, SPEC } from '../object';
import { flaws } from './decode';
import type { Messages } from './messages';
import { newName } from './names';
import { withoutConfig } from './typed-config';

const CONNECTION_MANAGERS = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];
const MAX_VERSION_PATTERN = 1024;

/** What a patch changes: the message, and the match that goes with it. */
const TARGETS: Readonly<Record<Exclude<EnvoyFilterApplyTo, 'INVALID'>, Target>> = {
  LISTENER: { message: 'envoy.config.listener.v3.Listener', match: 'listener' },
  FILTER_CHAIN: { message: 'envoy.config.listener.v3.FilterChain', match: 'listener' },
  NETWORK_FILTER: { message: 'envoy.config.listener.v3.Filter', match: 'listener' },
  HTTP_FILTER: { message: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter', match: 'listener' },
  ROUTE_CONFIGURATION: { message: 'envoy.config.route.v3.RouteConfiguration', match: 'routeConfiguration' },
  VIRTUAL_HOST: { message: 'envoy.config.route.v3.VirtualHost', match: 'routeConfiguration' },
  HTTP_ROUTE: { message: 'envoy.config.route.v3.Route', match: 'routeConfiguration' },
  CLUSTER: { message: 'envoy.config.cluster.v3.Cluster', match: 'cluster' },
  EXTENSION_CONFIG: { message: 'envoy.config.core.v3.TypedExtensionConfig' },
  BOOTSTRAP: { message: 'envoy.config.bootstrap.v3.Bootstrap' },
  LISTENER_FILTER: { message: 'envoy.config.listener.v3.ListenerFilter' },
};

interface Target {
  readonly message: string;
  readonly match?: 'listener' | 'routeConfiguration' | 'cluster';
}

/** `envoyfilter.ValidateEnvoyFilter`. */
export function envoyFilterRules({ spec }: IstioObject<EnvoyFilterSpec>, report: Report, messages: Messages): void {
  const { workloadSelector, configPatches } = spec;
  selectorRules(workloadSelector?.labels, workloadSelector !== undefined, SPEC.at('workloadSelector'), report);
  if (!report.accepted) return;
  report.warning(
    SPEC,
    'changes what istiod makes, which other versions of Istio make differently; other kinds are safer',
  );
  each(configPatches, SPEC.at('configPatches'), (patch, at) => {
    // istiod leaves patches of waypoints alone.
    if (patch.match?.context !== 'WAYPOINT') patchRules(patch, messages, at, report);
  });
}

function patchRules(config: EnvoyFilterEnvoyConfigObjectPatch, messages: Messages, at: Path, report: Report): void {
  const { applyTo = 'INVALID', patch, match } = config;
  const { operation = 'INVALID', value } = patch ?? {};
  if (applyTo === 'INVALID') {
    report.error(at.at('applyTo'), 'is required');
  } else if (patch === undefined) {
    report.error(at.at('patch'), 'is required');
  } else if (operation === 'INVALID') {
    report.error(at.at('patch').at('operation'), 'is required');
  } else if (operation !== 'REMOVE' && value === undefined) {
    report.error(at.at('patch').at('value'), `is missing, which operation ${operation} needs`);
  } else if (
    versionAccepted(match?.proxy?.proxyVersion ?? '', at, report) &&
    matchAccepted(config, applyTo, at, report)
  ) {
    if (value !== undefined) valueRules(TARGETS[applyTo].message, value, messages, at.at('patch').at('value'), report);
  }
}

function versionAccepted(pattern: string, at: Path, report: Report): boolean {
  const place = at.at('match').at('proxy').at('proxyVersion');
  if (longerThan(pattern, MAX_VERSION_PATTERN)) {
    report.warning(place, `is longer than ${MAX_VERSION_PATTERN} bytes and ignored`);
    return true;
  }
  const reason = patternReason(pattern);
  if (reason !== undefined) report.error(place, reason);
  return reason === undefined;
}

/** Whether istiod goes on to look at the value. */
function matchAccepted(
  { match }: EnvoyFilterEnvoyConfigObjectPatch,
  applyTo: Exclude<EnvoyFilterApplyTo, 'INVALID'>,
  at: Path,
  report: Report,
): boolean {
  const { match: wanted } = TARGETS[applyTo];
  const given = (['listener', 'routeConfiguration', 'cluster', 'waypoint'] as const).find(
    (field) => match?.[field] !== undefined,
  );
  if (wanted === undefined || given === undefined) return true;
  if (given !== wanted) {
    report.error(at.at('match').at(given), `is set with applyTo ${applyTo}, expected ${wanted}`);
    // Of listeners, istiod looks no further.
    return wanted !== 'listener';
  }
  const filter = match?.listener?.filterChain?.filter;
  return (
    filter === undefined ||
    filterAccepted(filter, applyTo, at.at('match').at('listener').at('filterChain').at('filter'), report)
  );
}

function filterAccepted(
  filter: EnvoyFilterListenerMatchFilterMatch,
  applyTo: string,
  at: Path,
  report: Report,
): boolean {
  const { name = '', subFilter } = filter;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') report.warning(at, `has no effect with applyTo ${applyTo}`);
  const before = report.problems.length;
  if (name === '') {
    report.error(at.at('name'), 'is required');
  } else if (subFilter !== undefined && applyTo !== 'HTTP_FILTER') {
    report.error(at.at('subFilter'), `is set with applyTo ${applyTo}, expected HTTP_FILTER`);
  } else if (subFilter !== undefined && !CONNECTION_MANAGERS.includes(name)) {
    report.error(at.at('name'), `is ${show(name)}, expected ${CONNECTION_MANAGERS[0]} with a subFilter`);
  } else if (subFilter?.name === '' || (subFilter !== undefined && subFilter.name === undefined)) {
    report.error(at.at('subFilter').at('name'), 'is required');
  }
  if (report.problems.length > before) return false;
  oldNameRules(name, at.at('name'), report);
  oldNameRules(subFilter?.name ?? '', at.at('subFilter').at('name'), report);
  return true;
}

function oldNameRules(name: string, at: Path, report: Report): void {
  const today = newName(name);
  if (today !== undefined) report.warning(at, `is ${show(name)}, an old name of ${today}`);
}

/** `xds.BuildXDSObjectFromStruct`: the value is a message of Envoy's API. */
function valueRules(message: string, value: unknown, messages: Messages, at: Path, report: Report): void {
  const found = flaws(messages, message, value, at);
  for (const flaw of found) if (!flaw.unknownField) report.error(flaw.at, flaw.reason);
  if (found.some(({ unknownField }) => !unknownField)) return;
  const [first] = found;
  if (first !== undefined) {
    report.warning(first.at, first.reason);
    return;
  }
  const names = withoutConfig(messages, message, value);
  if (names.length > 0)
    report.warning(at, `names ${names.map(show).join(', ')} without typed_config, which Envoy will not know`);
}
