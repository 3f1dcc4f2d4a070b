import type { TrafficSelector, VmConfig, WasmConfig, WasmPluginSpec } from '../../../../imports/istio/extensions';
import { anyUrl, requestUrl } from '../../../../imports/schema/cel/url';
import { each, type Path } from '../path';
import { type Report, show } from '../problem';
import { portReason, type Reason } from './common/names';
import { selectionRules } from './common/selectors';
import { longerThan, refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

const SCHEMES = ['', 'file', 'http', 'https', 'oci'];

/** `validation.ValidateWasmPlugin`. */
export function wasmPluginRules({ spec }: IstioObject<WasmPluginSpec>, report: Report): void {
  selectionRules(spec, SPEC, report);
  wasmRules(spec, SPEC, report);
  matchRules(spec.match, SPEC.at('match'), report);
}

/** What a WasmPlugin and the plugin of a TrafficExtension have in common. */
export function wasmRules(wasm: WasmConfig, at: Path, report: Report): void {
  refuse(report, at.at('url'), urlReason(wasm.url));
  if (wasm.sha256 && !/^[a-f0-9]{64}$/.test(wasm.sha256)) {
    report.error(at.at('sha256'), `is ${show(wasm.sha256)}, expected 64 hexadecimal digits`);
  }
  if (longerThan(wasm.imagePullSecret, 253)) report.error(at.at('imagePullSecret'), 'is longer than 253 bytes');
  if (longerThan(wasm.pluginName, 256)) report.error(at.at('pluginName'), 'is longer than 256 bytes');
  variableRules(wasm.vmConfig, at.at('vmConfig').at('env'), report);
}

/** `validation.validateWasmPluginMatch`. */
export function matchRules(selectors: readonly TrafficSelector[] | undefined, at: Path, report: Report): void {
  each(selectors, at, ({ ports }, selector) => {
    each(ports, selector.at('ports'), ({ number }, port) => refuse(report, port.at('number'), portReason(number)));
  });
}

/** `validation.strictParseURL`: without a scheme, it is an image. */
function urlReason(text: string): Reason {
  for (const candidate of text === '' ? [] : [text, `http://${text}`]) {
    const scheme = schemeOf(candidate);
    if (scheme === undefined) continue;
    if (SCHEMES.includes(scheme)) return undefined;
    break;
  }
  return `is ${show(text)}, expected a URL of scheme file, http, https or oci, or an image`;
}

function schemeOf(text: string): string | undefined {
  try {
    const { scheme } = requestUrl(text);
    anyUrl(text);
    return scheme;
  } catch {
    return undefined;
  }
}

function variableRules(vm: VmConfig | undefined, at: Path, report: Report): void {
  const names = new Set<string>();
  vm?.env?.forEach(({ name, value, valueFrom = 'INLINE' }, i) => {
    const place = at.at(i);
    if (name === '') report.error(place.at('name'), 'is empty, expected the name of a variable');
    if (longerThan(name, 256)) report.error(place.at('name'), 'is longer than 256 bytes');
    if (names.has(name)) report.error(place.at('name'), `is ${show(name)}, which is there already`);
    if (valueFrom !== 'INLINE' && value)
      report.error(place.at('value'), `is set with valueFrom ${valueFrom}, expected none`);
    names.add(name);
  });
}
