/** The part of a CRD's `openAPIV3Schema` that CRDs use: a structural schema. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
}

/** One entry of `x-kubernetes-validations`. */
export interface CelRule {
  readonly rule: string;
  readonly message?: string;
}

/** Keywords whose value maps names to schemas: a name such as `description` is a field there, not a keyword. */
export const SCHEMA_MAPS = new Set(['properties', 'patternProperties']);
/** Keywords whose value is a schema, or a list of schemas. */
export const SCHEMA_VALUES = new Set(['items', 'additionalProperties', 'not', 'oneOf', 'anyOf', 'allOf']);

/**
 * A copy of `schema` with keys sorted and, at every level, without the keywords `drop` and those without a value: a CRD
 * may say `anyOf:` and nothing else, which Kubernetes reads as absent.
 */
export function withoutKeywords(schema: Schema, drop: ReadonlySet<string>): Schema {
  const copy: Record<string, unknown> = {};
  for (const keyword of Object.keys(schema).sort()) {
    const value = (schema as Record<string, unknown>)[keyword];
    if (drop.has(keyword) || value === null) continue;
    if (SCHEMA_MAPS.has(keyword)) {
      copy[keyword] = mapSorted(value as Record<string, Schema>, (s) => withoutKeywords(s, drop));
    } else if (SCHEMA_VALUES.has(keyword) && Array.isArray(value)) {
      copy[keyword] = value.map((s: Schema) => withoutKeywords(s, drop));
    } else if (SCHEMA_VALUES.has(keyword) && typeof value === 'object') {
      copy[keyword] = withoutKeywords(value as Schema, drop);
    } else {
      copy[keyword] = value;
    }
  }
  return copy as Schema;
}

/** `record` with keys sorted and `f` applied to the values. */
export function mapSorted<A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, key: string) => B,
): Record<string, B> {
  const sorted: Record<string, B> = {};
  for (const key of Object.keys(record).sort()) sorted[key] = f(record[key] as A, key);
  return sorted;
}

/** Keywords that say nothing about the TypeScript type. */
const UNTYPED = new Set([
  'default',
  'description',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'maximum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minimum',
  'minItems',
  'minLength',
  'minProperties',
  'nullable',
  'pattern',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
]);

/** Text that is equal for two schemas exactly if the same TypeScript type describes both. */
export function shapeOf(schema: Schema): string {
  return JSON.stringify(withoutKeywords(schema, UNTYPED));
}

/** Visits `schema` and what is below it, parents first; `path` is written `http[].match[].headers{}`. */
export function visit(schema: Schema, path: string, visitor: (schema: Schema, path: string) => void): void {
  visitor(schema, path);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    visit(field, path === '' ? name : `${path}.${name}`, visitor);
  }
  if (schema.items !== undefined) visit(schema.items, `${path}[]`, visitor);
  if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, `${path}{}`, visitor);
}

/** Groups of fields of which at most one may be set (`oneof` in Istio's .proto files). */
export function oneOfGroups(schema: Schema): string[][] {
  const groups = [schema, ...(schema.allOf ?? [])].map((s) => oneOfGroup(s.oneOf));
  return groups.filter((group) => group !== undefined);
}

/** Istio's generator writes `oneof {a, b}` as `oneOf: [not anyOf [required a, required b], required a, required b]`. */
function oneOfGroup(oneOf: readonly Schema[] | undefined): string[] | undefined {
  const none = oneOf?.find((s) => s.not !== undefined)?.not?.anyOf;
  if (oneOf === undefined || none === undefined) return undefined;
  const fields = none.map((s) => s.required?.[0]);
  const single = oneOf.filter((s) => s.not === undefined).map((s) => s.required?.[0]);
  const same = fields.length === single.length && fields.every((f, i) => f !== undefined && f === single[i]);
  return same ? (fields as string[]) : undefined;
}
