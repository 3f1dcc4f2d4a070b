/** One folder of `imports/`. */
export interface ImportGroup {
  /** Folder below `imports/`. */
  readonly folder: string;
  /** Bundle whose kinds become classes. */
  readonly bundle: string;
  /** What the kinds are of, for the comment of index.ts. */
  readonly title: string;
  /** File in `names/` with the names of types: read from .proto files, or given by hand per place. */
  readonly names: string;
}

/** The folders of `imports/` that hold classes and types. */
export const GROUPS: readonly ImportGroup[] = [
  { folder: 'istio', bundle: 'istio-1.31', title: 'Istio 1.31', names: 'istio.json' },
  { folder: 'maistra', bundle: 'maistra', title: 'OpenShift Service Mesh 2 (Maistra)', names: 'maistra.json' },
  { folder: 'openshift', bundle: 'openshift', title: 'OpenShift', names: 'openshift.json' },
  { folder: 'cert-manager', bundle: 'cert-manager', title: 'cert-manager', names: 'cert-manager.json' },
  { folder: 'sail', bundle: 'sail', title: 'Sail operator and OpenShift Service Mesh 3', names: 'sail.json' },
];
