import type { Naming } from './naming';

/** A message or enum with its name in TypeScript. */
export interface NamedType {
  readonly name: string;
  /** What it is, in a sentence. */
  readonly doc?: string;
  /** Wire name of a field to the id of its message or enum; fields of other types are left out. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Types by id, as a .proto file or another source of the API reference names them. */
export interface NameGraph {
  /** Kind to the id of its spec. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, NamedType>>;
}

/** Names schemas by walking the graph along the schema's path. */
export function graphNaming(graph: NameGraph): Naming {
  const typeAt = (kind: string, path: string): NamedType | undefined => {
    let type = graph.types[graph.kinds[kind] ?? ''];
    for (const field of path === '' ? [] : path.split('.')) {
      const wireName = field.replace(/(\[\]|\{\})+$/, '');
      type = graph.types[type?.fields?.[wireName] ?? type?.fields?.[camelCase(wireName)] ?? ''];
    }
    return type;
  };
  return {
    name: (kind, path) => typeAt(kind, path)?.name,
    doc: (kind, path) => typeAt(kind, path)?.doc,
  };
}

/** CRDs list a few fields twice, `mirrorPercent` and the deprecated spelling `mirror_percent`. */
function camelCase(wireName: string): string {
  return wireName.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}
