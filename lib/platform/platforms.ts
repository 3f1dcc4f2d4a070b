import { Istio } from './istio';
import { Ossm } from './ossm';
import type { Platform } from './platform';

/** Every platform that the library knows, oldest first. */
export const PLATFORMS: readonly Platform[] = [
  Istio.v1_26(),
  Istio.v1_27(),
  Istio.v1_28(),
  Istio.v1_29(),
  Istio.v1_30(),
  Istio.v1_31(),
  Ossm.v2_6(),
  Ossm.v3(),
  Ossm.v3_0(),
  Ossm.v3_1(),
  Ossm.v3_2(),
];

/** The platform that `fleet.json` calls so. */
export const platformNamed = (name: string): Platform | undefined => PLATFORMS.find((one) => one.name === name);
