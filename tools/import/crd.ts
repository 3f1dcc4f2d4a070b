import { parseAllDocuments } from 'yaml';
import { type Schema, visit, withoutKeywords } from './schema';

const NONE: ReadonlySet<string> = new Set();

/** What a CEL rule may say; other fields would be lost in the schema data. */
const RULE_FIELDS: readonly string[] = ['rule', 'message'];

/** A served version of a kind. */
export interface CrdVersion {
  readonly name: string;
  /** Whether the API server stores objects in this version. */
  readonly storage: boolean;
  /** Whether the status is a subresource: what a user writes there is dropped. */
  readonly status: boolean;
  readonly schema: Schema;
}

/** A kind, as a CustomResourceDefinition describes it. */
export interface Crd {
  readonly group: string;
  readonly kind: string;
  /** Name in paths of the API server, `virtualservices`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Served versions, newest first. */
  readonly versions: readonly CrdVersion[];
}

interface CrdDocument {
  readonly kind?: string;
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string; readonly plural: string };
    readonly conversion?: { readonly strategy: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly subresources?: { readonly status?: object };
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
    crds.push(crdOf(crd, file));
  }
  if (crds.length === 0) throw new Error(`${file}: no CustomResourceDefinition in it`);
  return crds.sort((a, b) => compareText(`${a.group}/${a.kind}`, `${b.group}/${b.kind}`));
}

function crdOf({ spec }: CrdDocument, file: string): Crd {
  const { kind, plural } = spec.names;
  if (spec.conversion !== undefined && spec.conversion.strategy !== 'None') {
    throw new Error(`${file}: ${kind}: conversion by ${spec.conversion.strategy}, expected None`);
  }
  const versions = spec.versions
    .filter((version) => version.served)
    .map((version) => ({
      name: version.name,
      storage: version.storage,
      status: version.subresources?.status !== undefined,
      schema: withoutKeywords(version.schema.openAPIV3Schema, NONE),
    }))
    .sort((a, b) => compareVersions(b.name, a.name));
  if (!versions.some(({ storage }) => storage)) throw new Error(`${file}: ${kind}: the stored version is not served`);
  for (const { name, schema } of versions) checkRules(schema, `${file}: ${kind} ${name}`);
  return { group: spec.group, kind, plural, namespaced: spec.scope === 'Namespaced', versions };
}

function checkRules(schema: Schema, where: string): void {
  visit(schema, '', (part, path) => {
    for (const rule of part['x-kubernetes-validations'] ?? []) {
      const other = Object.keys(rule).find((field) => !RULE_FIELDS.includes(field));
      if (other !== undefined) {
        throw new Error(`${where}: rule of ${path}: unknown field ${other}, expected ${RULE_FIELDS.join(', ')}`);
      }
    }
  });
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
