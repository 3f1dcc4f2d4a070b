import type {
  Metrics,
  MetricsOverridesTagOverride,
  ProviderRef,
  TelemetrySpec,
  Tracing,
  TracingCustomTag,
} from '../../../../imports/istio/telemetry';
import { each, type Path } from '../path';
import type { Report } from '../problem';
import { expressionReason } from './common/cel-syntax';
import { selectionRules } from './common/selectors';
import { refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

/** `validation.ValidateTelemetry`. */
export function telemetryRules({ spec }: IstioObject<TelemetrySpec>, report: Report): void {
  const { metrics = [], tracing = [], accessLogging = [] } = spec;
  selectionRules(spec, SPEC, report);
  each(metrics, SPEC.at('metrics'), (entry, item) => metricRules(entry, item, report));
  if (tracing.length > 1) report.warning(SPEC.at('tracing'), 'has several entries, of which istiod takes one');
  each(tracing, SPEC.at('tracing'), (entry, item) => tracingRules(entry, item, report));
  accessLogging.forEach(({ filter, providers }, i) => {
    const at = SPEC.at('accessLogging').at(i);
    if (filter !== undefined)
      refuse(report, at.at('filter').at('expression'), expressionReason(filter.expression ?? ''));
    providerRules(providers, at.at('providers'), report);
  });
}

function metricRules({ providers, overrides = [] }: Metrics, at: Path, report: Report): void {
  providerRules(providers, at.at('providers'), report);
  overrides.forEach(({ tagOverrides = {}, match }, i) => {
    const place = at.at('overrides').at(i);
    for (const [name, override] of Object.entries(tagOverrides)) {
      if (name === '') report.warning(place.at('tagOverrides'), 'has an empty key, expected the name of a tag');
      overrideRules(override, place.at('tagOverrides').at(name), report);
    }
    if (match?.customMetric === '') {
      report.error(place.at('match').at('customMetric'), 'is empty, expected the name of a metric');
    }
  });
}

function overrideRules(
  { operation = 'UPSERT', value = '' }: MetricsOverridesTagOverride,
  at: Path,
  report: Report,
): void {
  if (operation === 'UPSERT' && value === '') report.error(at.at('value'), 'is missing, which operation UPSERT needs');
  if (operation === 'REMOVE' && value !== '')
    report.error(at.at('value'), 'is set, which operation REMOVE cannot have');
}

function tracingRules(tracing: Tracing, at: Path, report: Report): void {
  const { providers = [], randomSamplingPercentage: sampling = 0, customTags = {} } = tracing;
  if (providers.length > 1) report.warning(at.at('providers'), 'has several providers, of which istiod takes one');
  providerRules(providers, at.at('providers'), report);
  if (sampling < 0 || sampling > 100) {
    report.error(at.at('randomSamplingPercentage'), `is ${sampling}, expected a percentage from 0 to 100`);
  }
  for (const [name, tag] of Object.entries(customTags)) {
    if (name === '') report.error(at.at('customTags'), 'has an empty key, expected the name of a tag');
    tagRules(tag, at.at('customTags').at(name), report);
  }
}

function tagRules({ literal, header, environment }: TracingCustomTag, at: Path, report: Report): void {
  if (literal?.value === '') report.error(at.at('literal').at('value'), 'is empty, expected the value of the tag');
  if (header?.name === '') report.error(at.at('header').at('name'), 'is empty, expected the name of a header');
  if (environment?.name === '')
    report.error(at.at('environment').at('name'), 'is empty, expected the name of a variable');
}

function providerRules(providers: readonly ProviderRef[] | undefined, at: Path, report: Report): void {
  providers?.forEach(({ name }, i) => {
    if (name === '') report.error(at.at(i).at('name'), 'is empty, expected the name of a provider');
  });
}
