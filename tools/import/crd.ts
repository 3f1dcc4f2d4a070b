import { parseAllDocuments } from 'yaml';
import { type Schema, withoutKeywords } from './schema';

const NONE: ReadonlySet<string> = new Set();

/** A served version of a kind. */
export interface CrdVersion {
  readonly name: string;
  readonly schema: Schema;
}

/** A kind, as a CustomResourceDefinition describes it. */
export interface Crd {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Served versions, newest first. */
  readonly versions: readonly CrdVersion[];
}

interface CrdDocument {
  readonly kind?: string;
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/**
 * The CRDs of a YAML file, sorted by group and kind.
 *
 * @param text YAML, one or more documents; documents of other kinds are an error.
 * @param file the file's name, for messages.
 */
export function parseCrds(text: string, file: string): Crd[] {
  const crds: Crd[] = [];
  for (const document of parseAllDocuments(text)) {
    if (document.errors.length > 0) throw new Error(`${file}: not YAML: ${document.errors[0]?.message}`);
    const crd = document.toJS() as CrdDocument | null;
    if (crd === null) continue;
    if (crd.kind !== 'CustomResourceDefinition') {
      throw new Error(
        `${file}: found an object of kind ${crd.kind ?? '(none)'}, expected only CustomResourceDefinition`,
      );
    }
    crds.push({
      group: crd.spec.group,
      kind: crd.spec.names.kind,
      namespaced: crd.spec.scope === 'Namespaced',
      versions: crd.spec.versions
        .filter((version) => version.served)
        .map((version) => ({ name: version.name, schema: withoutKeywords(version.schema.openAPIV3Schema, NONE) }))
        .sort((a, b) => compareVersions(b.name, a.name)),
    });
  }
  if (crds.length === 0) throw new Error(`${file}: no CustomResourceDefinition in it`);
  return crds.sort((a, b) => compareText(`${a.group}/${a.kind}`, `${b.group}/${b.kind}`));
}

/** Orders Kubernetes versions as the API server does: v1alpha1 < v1beta1 < v1 < v2. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionRank(a), versionRank(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
  return 0;
}

function versionRank(version: string): number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) throw new Error(`version ${version} is not a Kubernetes API version such as v1beta1`);
  const stability = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}

/** Code unit order, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
