import { ApiObject, type ApiObjectMetadata, type GroupVersionKind } from 'cdk8s';

/** A custom resource as plain data. */
export interface Manifest<Spec> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: ApiObjectMetadata;
  readonly spec: Spec;
}

/** Metadata of an object that is in no namespace. */
export type ClusterScopedMetadata = ApiObjectMetadata & { readonly namespace?: never };

/** An object with at most one of the fields of `T`: a protocol buffer's `oneof`. */
export type AtMostOne<T> = {
  [K in keyof T]: Partial<Pick<T, K>> & { readonly [Other in Exclude<keyof T, K>]?: never };
}[keyof T];

/** A cluster-scoped object: cdk8s gives every object its chart's namespace, this one has none. */
export abstract class ClusterScopedApiObject extends ApiObject {
  public override toJson(): ReturnType<ApiObject['toJson']> {
    const json = super.toJson();
    delete json.metadata.namespace;
    return json;
  }
}

/**
 * The object that props of a kind describe.
 *
 * Keys of `metadata` without a value are left out: cdk8s would emit an object without a name for `name: undefined`.
 */
export function manifest<Spec>(
  gvk: GroupVersionKind,
  props: { readonly metadata?: ApiObjectMetadata; readonly spec: Spec; readonly apiVersion?: string },
): Manifest<Spec> {
  const { metadata, spec, apiVersion = gvk.apiVersion } = props;
  const { kind } = gvk;
  return metadata ? { apiVersion, kind, metadata: stated(metadata), spec } : { apiVersion, kind, spec };
}

/** The same for a kind that has more than a spec, or none. */
export function withMetadata<Fields extends { readonly metadata?: ApiObjectMetadata }>(
  { apiVersion, kind }: GroupVersionKind,
  { metadata, ...fields }: Fields,
): GroupVersionKind & Fields {
  const given = metadata && { metadata: stated(metadata) };
  return { apiVersion, kind, ...given, ...fields } as GroupVersionKind & Fields;
}

/** Metadata without keys that have no value; itself where there are none. */
function stated(metadata: ApiObjectMetadata): ApiObjectMetadata {
  for (const name in metadata) {
    if (metadata[name] === undefined) {
      return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
    }
  }
  return metadata;
}
