import { apiGroup, describeManifest, type Manifest } from '../facts/manifest';
import type { VerifyInput } from './input';

/** An object of a cluster, whoever wrote it. */
export interface Found<S extends object> {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly spec: S;
  /** `Kind namespace/name @cluster`. */
  readonly ref: string;
}

/** Objects of a kind, the fleet's own and hand-written ones. */
export function objectsOf<S extends object>(input: VerifyInput, kind: string, group: string): Found<S>[] {
  return [...input.manifests, ...input.included]
    .filter(({ manifest }) => isOfKind(manifest, kind, group))
    .map(({ cluster, manifest }) => ({
      cluster,
      namespace: manifest.metadata.namespace ?? '',
      name: manifest.metadata.name,
      labels: manifest.metadata.labels ?? {},
      spec: specOf<S>(manifest),
      ref: describeManifest(manifest, cluster),
    }));
}

/** Whether an object is of a kind, and that of its group: others have a Service, too. */
export function isOfKind(manifest: Manifest, kind: string, group: string): boolean {
  return manifest.kind === kind && apiGroup(manifest) === group;
}

/** The spec as far as a rule reads it; hand-written objects may lack anything. */
export function specOf<S extends object>(manifest: Manifest): S {
  return (manifest.spec ?? {}) as S;
}
