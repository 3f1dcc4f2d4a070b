import { type Crd, compareText } from './crd';
import type { Naming } from './names/naming';
import { oneOfGroups, type Schema, shapeOf } from './schema';

/** How a field is typed. */
export type TypeRef =
  | { readonly kind: 'scalar'; readonly text: 'string' | 'number' | 'boolean' | 'number | string' }
  | { readonly kind: 'json' }
  | { readonly kind: 'object' }
  | { readonly kind: 'literals'; readonly values: readonly unknown[] }
  | { readonly kind: 'list'; readonly of: TypeRef }
  | { readonly kind: 'map'; readonly of: TypeRef }
  | { readonly kind: 'named'; readonly name: string };

export interface FieldModel {
  /** As on the wire. */
  readonly name: string;
  readonly type: TypeRef;
  readonly required: boolean;
  readonly doc: string;
  /** What the API server fills in, where the schema says so. */
  readonly default?: unknown;
}

export interface MessageModel {
  readonly kind: 'message';
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly FieldModel[];
  /** Groups of fields of which at most one may be set. */
  readonly oneOfs: readonly (readonly string[])[];
}

export interface EnumModel {
  readonly kind: 'enum';
  readonly name: string;
  readonly doc?: string;
  readonly values: readonly unknown[];
}

export type TypeModel = MessageModel | EnumModel;

export interface KindModel {
  readonly crd: Crd;
  /** Served versions that have the schema of the newest, newest first. */
  readonly versions: readonly string[];
  readonly doc?: string;
  readonly spec: string;
}

/** What a folder of `imports/` holds. */
export interface GroupModel {
  readonly kinds: readonly KindModel[];
  /** Types by name, in the order in which the kinds use them. */
  readonly types: ReadonlyMap<string, TypeModel>;
  /** Type name to the API groups whose kinds use it. */
  readonly users: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The spec of the newest version. */
export function specOf(crd: Crd): Schema {
  const spec = crd.versions[0]?.schema.properties?.spec;
  if (spec === undefined) throw new Error(`${crd.group} ${crd.kind}: the schema has no spec`);
  return spec;
}

/** Turns the newest version of each kind into classes and types. */
export function buildModel(crds: readonly Crd[], naming: Naming): GroupModel {
  const types = new Map<string, TypeModel>();
  const shapes = new Map<string, string>();
  const users = new Map<string, Set<string>>();

  const kinds = [...crds]
    .sort((a, b) => compareText(a.kind, b.kind))
    .map((crd): KindModel => {
      const spec = specOf(crd);
      const type = typeOf(spec, '', crd);
      if (type.kind !== 'named') throw new Error(`${crd.kind}: the spec is not an object with fields`);
      const newest = shapeOf(spec);
      const same = crd.versions.filter(
        (v) => v.schema.properties?.spec && shapeOf(v.schema.properties.spec) === newest,
      );
      const doc = spec.description ?? crd.versions[0]?.schema.description;
      return { crd, versions: same.map((v) => v.name), spec: type.name, ...(doc !== undefined && { doc }) };
    });
  return { kinds, types, users };

  function typeOf(schema: Schema, path: string, crd: Crd): TypeRef {
    if (schema['x-kubernetes-int-or-string']) return { kind: 'scalar', text: 'number | string' };
    if (schema.enum !== undefined) return enumOf(schema, path, crd);
    if (schema.properties !== undefined) return messageOf(schema, path, crd);
    if (schema.items !== undefined) return { kind: 'list', of: typeOf(schema.items, `${path}[]`, crd) };
    if (typeof schema.additionalProperties === 'object') {
      return { kind: 'map', of: typeOf(schema.additionalProperties, `${path}{}`, crd) };
    }
    switch (schema.type) {
      case 'string':
      case 'boolean':
        return { kind: 'scalar', text: schema.type };
      case 'integer':
      case 'number':
        return { kind: 'scalar', text: 'number' };
      case 'object':
        return { kind: 'object' };
      default:
        return { kind: 'json' };
    }
  }

  function enumOf(schema: Schema, path: string, crd: Crd): TypeRef {
    const values = (schema.enum ?? []).filter((value) => value !== null);
    const name = naming.name(crd.kind, path);
    if (name === undefined) return { kind: 'literals', values };
    const doc = naming.doc(crd.kind, path);
    register({ kind: 'enum', name, values, ...(doc !== undefined && { doc }) }, JSON.stringify(values), path, crd);
    return { kind: 'named', name };
  }

  function messageOf(schema: Schema, path: string, crd: Crd): TypeRef {
    const name = naming.name(crd.kind, path);
    if (name === undefined)
      throw new Error(
        `${crd.kind}.spec.${path}: no name is known for this message; names/ lacks the kind or is older than its CRD`,
      );
    const doc = naming.doc(crd.kind, path);
    const place = (field: string): string => (path === '' ? field : `${path}.${field}`);
    // Registered before its fields, so that types stand in reading order.
    if (!types.has(name)) types.set(name, { kind: 'message', name, fields: [], oneOfs: [] });
    const fields = Object.entries(schema.properties ?? {}).map(([field, value]) => ({
      name: field,
      type: typeOf(value, place(field), crd),
      required: schema.required?.includes(field) ?? false,
      doc: naming.fieldDoc(crd.kind, place(field)) ?? value.description ?? '',
      ...(value.default !== undefined && { default: value.default }),
    }));
    const message = {
      kind: 'message' as const,
      name,
      fields,
      oneOfs: oneOfGroups(schema),
      ...(doc !== undefined && { doc }),
    };
    register(message, shapeOf(schema), path, crd);
    return { kind: 'named', name };
  }

  function register(type: TypeModel, shape: string, path: string, crd: Crd): void {
    const known = shapes.get(type.name);
    if (known !== undefined && known !== shape) {
      throw new Error(`${crd.kind}.spec.${path}: another schema is already called ${type.name}`);
    }
    if (known === undefined) {
      shapes.set(type.name, shape);
      types.set(type.name, type);
    }
    const groups = users.get(type.name) ?? new Set();
    users.set(type.name, groups.add(crd.group));
  }
}
