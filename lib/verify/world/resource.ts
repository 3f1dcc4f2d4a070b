import type { Labels } from '../../facts/labels';
import type { Manifest } from '../../facts/manifest';
import { visible } from '../../facts/visible';

/** Where an object was read from. */
export interface Source {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What decided: an object and the field of it. */
export interface Ref {
  /** `Kind namespace/name @cluster`. */
  readonly object: string;
  /** Path of the field, such as `spec.http[0].match[1]`; empty for the whole object. */
  readonly field: string;
  readonly note?: string;
  readonly source?: Source;
}

/** An object of a cluster, with what every reader needs of it at hand. Frozen data. */
export interface Resource<Spec = unknown> {
  readonly cluster: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for an object of the whole cluster. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: Spec;
  /** `metadata.creationTimestamp` in seconds, where the manifest says it (a dump of a cluster does). */
  readonly created?: number;
  readonly source?: Source;
  readonly manifest: Manifest;
}

/** The object as engines read it: names defaulted, labels at hand. */
export function resource(cluster: string, manifest: Manifest, source?: Source): Resource {
  const { name, namespace = '', labels = {}, annotations = {}, creationTimestamp } = manifest.metadata;
  const created = typeof creationTimestamp === 'string' ? Date.parse(creationTimestamp) / 1000 : Number.NaN;
  return {
    cluster,
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    name,
    namespace,
    labels,
    annotations,
    spec: manifest.spec ?? {},
    ...(Number.isNaN(created) ? {} : { created }),
    ...(source ? { source } : {}),
    manifest,
  };
}

/** How messages call an object. */
export const describe = ({ kind, namespace, name, cluster }: Resource): string =>
  visible(`${kind} ${namespace === '' ? name : `${namespace}/${name}`} @${cluster}`);

/** Points at a field of an object. */
export function refTo(to: Resource, field = '', note?: string): Ref {
  return {
    object: describe(to),
    field,
    ...(note === undefined ? {} : { note }),
    ...(to.source ? { source: to.source } : {}),
  };
}
