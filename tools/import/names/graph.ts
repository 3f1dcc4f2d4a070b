import type { Naming } from './naming';

/** A field of a message. */
export interface NamedField {
  /** Id of its message or enum; none for scalars. */
  readonly type?: string;
  readonly doc?: string;
}

/** A message or enum with its name in TypeScript. */
export interface NamedType {
  readonly name: string;
  /** What it is, in a sentence. */
  readonly doc?: string;
  /** By wire name; fields of which nothing is known are left out. */
  readonly fields?: Readonly<Record<string, NamedField>>;
}

/** Types by id, as the .proto files name and describe them. */
export interface NameGraph {
  /** Kind to the id of its spec. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, NamedType>>;
}

/** Names schemas by walking the graph along the schema's path. */
export function graphNaming(graph: NameGraph): Naming {
  const fieldAt = (kind: string, path: string): NamedField | undefined => {
    let field: NamedField | undefined = { type: graph.kinds[kind] ?? '' };
    for (const step of path === '' ? [] : path.split('.')) {
      const fields: NamedType['fields'] = graph.types[field?.type ?? '']?.fields;
      const wireName = step.replace(/(\[\]|\{\})+$/, '');
      field = fields?.[wireName] ?? fields?.[camelCase(wireName)];
    }
    return field;
  };
  const typeAt = (kind: string, path: string): NamedType | undefined => graph.types[fieldAt(kind, path)?.type ?? ''];
  return {
    name: (kind, path) => typeAt(kind, path)?.name,
    doc: (kind, path) => typeAt(kind, path)?.doc,
    fieldDoc: (kind, path) => fieldAt(kind, path)?.doc,
  };
}

/** The JSON name of a .proto field. CRDs list a few fields under both, `mirrorPercent` and `mirror_percent`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}
