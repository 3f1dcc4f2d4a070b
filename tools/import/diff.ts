import type { Crd } from './crd';
export function readCrds(_p: string): Crd[] {
  return [];
}
export function diffCrds(_a: Crd[], _b: Crd[]): string[] {
  return [];
}
