import { Istio, Ossm, type Platform } from './platform';

/** Every platform that the library knows. */
export const PLATFORMS: readonly Platform[] = [Istio.v1_31(), Ossm.v2_6(), Ossm.v3()];

/** The platform that `fleet.json` calls so. */
export const platformNamed = (name: string): Platform | undefined => PLATFORMS.find((one) => one.name === name);
