import type { IstioSpec } from '../../imports/sail';
import type { SailIstioVersion } from '../../lib/mesh/control-plane/sail-version';

// Compiled, never run: what is written out in `lib/` must be what the definition says.

type Nothing<Left> = [Left] extends [never] ? true : Left;

export const NONE_MISSING: Nothing<Exclude<IstioSpec['version'], SailIstioVersion>> = true;
export const NONE_UNKNOWN: Nothing<Exclude<SailIstioVersion, IstioSpec['version']>> = true;
