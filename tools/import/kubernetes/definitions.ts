/** A definition of an OpenAPI 2 document, as far as that of Kubernetes uses it. */
export interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  /** `#/definitions/<name>` */
  readonly $ref?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
}

/** What a definition is of. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Definitions by name, `io.k8s.api.core.v1.Service`. */
export type Definitions = Readonly<Record<string, Definition>>;

/**
 * The definitions of an OpenAPI 2 document.
 *
 * @param text JSON.
 * @param file the file's name, for messages.
 */
export function parseDefinitions(text: string, file: string): Definitions {
  const { swagger, definitions } = JSON.parse(text) as { swagger?: string; definitions?: Definitions };
  if (swagger !== '2.0' || definitions === undefined) {
    throw new Error(`${file}: found no OpenAPI 2 document, expected the swagger.json of Kubernetes`);
  }
  return definitions;
}

/** The definition that a reference names. */
export function referred(definitions: Definitions, reference: string): { name: string; definition: Definition } {
  const name = reference.replace('#/definitions/', '');
  const definition = definitions[name];
  if (definition === undefined) throw new Error(`${reference}: the document has no such definition`);
  return { name, definition };
}

/** What a name is called in TypeScript: `io.k8s.api.core.v1.PodSpec` is PodSpec. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
