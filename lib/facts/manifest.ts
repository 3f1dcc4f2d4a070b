/** The part of `metadata` that this library reads; other fields are kept as they are. */
export interface ManifestMetadata {
  /** The object's name. */
  readonly name: string;
  /** The object's namespace; objects without one are cluster-scoped, or go where the applying context points. */
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly [field: string]: unknown;
}

/** A Kubernetes object as plain JSON. */
export interface Manifest {
  /** Group and version; the version alone for the core group. */
  readonly apiVersion: string;
  /** Kind, such as `VirtualService`. */
  readonly kind: string;
  /** Name, namespace, labels. */
  readonly metadata: ManifestMetadata;
  /** Everything else, as the API server takes it. */
  readonly [field: string]: unknown;
}

/** A manifest of a cluster, and where it comes from. Frozen data: what verification reads. */
export interface PlacedManifest {
  /** Name of the cluster. */
  readonly cluster: string;
  /** The file it is written to, relative to the output directory, with `/`. */
  readonly file: string;
  /** Construct path of the chart. */
  readonly chart: string;
  /** Construct path of the object. */
  readonly path: string;
  /** The object. */
  readonly manifest: Manifest;
}

/** The API group of a manifest without the version; `''` for the core group. */
export function apiGroup(manifest: Manifest): string {
  const slash = manifest.apiVersion.indexOf('/');
  return slash < 0 ? '' : manifest.apiVersion.slice(0, slash);
}

/** How messages call an object: `Kind namespace/name @cluster`. */
export function describeManifest(manifest: Manifest, cluster?: string): string {
  const { name, namespace } = manifest.metadata;
  const at = cluster === undefined ? '' : ` @${cluster}`;
  return `${manifest.kind} ${namespace === undefined ? name : `${namespace}/${name}`}${at}`;
}
