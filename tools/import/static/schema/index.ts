import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A CRD's structural schema: JSON schema keywords and `x-kubernetes-*`, without descriptions. */
export interface StructuralSchema {
  readonly type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  readonly format?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly properties?: { readonly [field: string]: StructuralSchema };
  readonly required?: readonly string[];
  /** Schema of the values of a map, or whether unknown keys are kept. */
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly items?: StructuralSchema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly oneOf?: readonly StructuralSchema[];
  readonly anyOf?: readonly StructuralSchema[];
  readonly allOf?: readonly StructuralSchema[];
  readonly not?: StructuralSchema;
  /** A number or a string. */
  readonly 'x-kubernetes-int-or-string'?: boolean;
  /** Fields that the schema does not name are kept; without it the API server refuses or prunes them. */
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'map' | 'set';
  /** Fields whose values together are unique in a list of type map. */
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
}

/** A CEL rule (`x-kubernetes-validations`) and where it applies. */
export interface SchemaRule {
  /** Place in the object, `spec.http[].match[].headers{}`; empty for the object itself. */
  readonly path: string;
  /** Expression over `self`, true for a valid value. */
  readonly rule: string;
  /** What the API server says otherwise. */
  readonly message?: string;
}

/** What the API server checks of a kind in one version. */
export interface KindSchema {
  readonly schema: StructuralSchema;
  readonly rules: readonly SchemaRule[];
}

/** A kind that a bundle serves. */
export interface ServedKind {
  /** Group and version, `networking.istio.io/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

type Index = {
  readonly [bundle: string]: {
    readonly [apiVersion: string]: { readonly [kind: string]: { readonly file: string; readonly namespaced: boolean } };
  };
};

let loadedIndex: Index | undefined;
const loadedSchemas = new Map<string, KindSchema>();

function index(): Index {
  loadedIndex ??= JSON.parse(readFileSync(join(__dirname, 'kinds.json'), 'utf8')) as Index;
  return loadedIndex;
}

/** Names of the bundles: sets of CRDs that one control plane or operator brings, such as `istio-1.31`. */
export function bundles(): string[] {
  return Object.keys(index());
}

/**
 * Kinds and versions that a bundle serves, sorted by API version and kind.
 *
 * @param bundle a name of `bundles()`; of another name the result is empty.
 */
export function kinds(bundle: string): ServedKind[] {
  const served: ServedKind[] = [];
  for (const [apiVersion, entries] of Object.entries(index()[bundle] ?? {})) {
    for (const [kind, { namespaced }] of Object.entries(entries)) served.push({ apiVersion, kind, namespaced });
  }
  return served;
}

/**
 * The schema of a kind, read at first use.
 *
 * @param bundle a name of `bundles()`.
 * @param apiVersion group and version, `networking.istio.io/v1`.
 * @param kind such as `VirtualService`.
 * @returns undefined if the bundle does not serve it.
 */
export function schema(bundle: string, apiVersion: string, kind: string): KindSchema | undefined {
  const entry = index()[bundle]?.[apiVersion]?.[kind];
  if (entry === undefined) return undefined;
  let loaded = loadedSchemas.get(entry.file);
  if (loaded === undefined) {
    loaded = JSON.parse(readFileSync(join(__dirname, entry.file), 'utf8')) as KindSchema;
    loadedSchemas.set(entry.file, loaded);
  }
  return loaded;
}
