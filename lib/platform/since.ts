import type { Platform } from './platform';

/** Whether the Istio of a platform is this minor version, or a newer one. */
export function isSince(platform: Platform, version: `1.${number}`): boolean {
  const minor = (text: string) => Number(text.split('.')[1]);
  return minor(platform.istio) >= minor(version);
}
