import type { TrafficExtensionSpec } from '../../../../imports/istio/extensions';
import type { Report } from '../problem';
import { selectionRules } from './common/selectors';
import { longerThan } from './common/values';
import { type IstioObject, SPEC } from './object';
import { matchRules, wasmRules } from './wasm-plugin';

const MAX_SCRIPT = 65_536;

/** `validation.ValidateTrafficExtension`. */
export function trafficExtensionRules({ spec }: IstioObject<TrafficExtensionSpec>, report: Report): void {
  const { wasm, lua, match } = spec;
  if ((wasm === undefined) === (lua === undefined)) report.error(SPEC, 'expected either wasm or lua to be set');
  selectionRules(spec, SPEC, report);
  const code = SPEC.at('lua').at('inlineCode');
  if (lua?.inlineCode === '') report.error(code, 'is empty, expected a script');
  if (longerThan(lua?.inlineCode, MAX_SCRIPT)) report.error(code, `is longer than ${MAX_SCRIPT} bytes`);
  if (wasm !== undefined) wasmRules(wasm, SPEC.at('wasm'), report);
  matchRules(match, SPEC.at('match'), report);
}
