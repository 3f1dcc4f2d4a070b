import { compareText } from '../crd';
import type { FieldModel, MessageModel, TypeRef } from '../model';
import { mentions } from '../render/types';
import { type Definition, type Definitions, referred, shortName } from './definitions';
import { CORE_KINDS, type CoreKind } from './kinds';

/** A class that is written for a kind. */
export interface CoreClass {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly doc: string;
  /** What a user states besides metadata. */
  readonly fields: readonly FieldModel[];
}

/** Classes, and the types that their fields need. */
export interface CoreModel {
  readonly classes: readonly CoreClass[];
  readonly types: readonly MessageModel[];
}

/** Fields that the class fills in, or the API server alone. */
const NOT_STATED: readonly string[] = ['apiVersion', 'kind', 'metadata', 'status'];

/** Turns the kinds of Kubernetes that the library writes into classes and types. */
export function coreModel(definitions: Definitions, kinds: readonly CoreKind[] = CORE_KINDS): CoreModel {
  const types = new Map<string, { readonly name: string; readonly model: MessageModel }>();
  const classes = kinds.map(({ definition: name, namespaced }): CoreClass => {
    const { definition } = referred(definitions, name);
    const [gvk] = definition['x-kubernetes-group-version-kind'] ?? [];
    if (gvk === undefined) throw new Error(`${name}: found a definition of no kind, expected that of one`);
    const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
    const fields = fieldsOf(definition).filter((field) => !NOT_STATED.includes(field.name));
    return { kind: gvk.kind, apiVersion, namespaced, doc: definition.description ?? '', fields };
  });
  const needed = new Set<string>();
  for (const { fields } of classes) collect({ kind: 'message', name: '', fields, oneOfs: [] });
  return {
    classes,
    types: [...needed].sort(compareText).map((name) => (types.get(name) as { model: MessageModel }).model),
  };

  function collect(message: MessageModel): void {
    for (const name of mentions(message)) {
      if (needed.has(name)) continue;
      needed.add(name);
      collect((types.get(name) as { model: MessageModel }).model);
    }
  }

  function fieldsOf(definition: Definition): FieldModel[] {
    return Object.entries(definition.properties ?? {})
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, value]) => ({
        name,
        type: typeOf(value),
        required: definition.required?.includes(name) ?? false,
        doc: value.description ?? '',
      }));
  }

  function typeOf(schema: Definition): TypeRef {
    if (schema.$ref !== undefined) return typeOfReference(schema.$ref);
    if (schema.format === 'int-or-string') return { kind: 'scalar', text: 'number | string' };
    if (schema.items !== undefined) return { kind: 'list', of: typeOf(schema.items) };
    if (schema.additionalProperties !== undefined) return { kind: 'map', of: typeOf(schema.additionalProperties) };
    if (schema.type === 'string' || schema.type === 'boolean') return { kind: 'scalar', text: schema.type };
    if (schema.type === 'integer' || schema.type === 'number') return { kind: 'scalar', text: 'number' };
    if (schema.type === 'object') return { kind: 'object' };
    throw new Error(`type '${schema.type}' is none that the document of Kubernetes had`);
  }

  function typeOfReference(reference: string): TypeRef {
    const { name, definition } = referred(definitions, reference);
    if (definition.properties === undefined) return typeOf(definition);
    const short = shortName(name);
    const known = types.get(short);
    if (known !== undefined && known.name !== name) {
      throw new Error(`${name}: ${known.name} is called ${short} already; one of the two kinds must go`);
    }
    if (known === undefined) {
      // Known before its fields are: a type may hold itself.
      const fields: FieldModel[] = [];
      const doc = definition.description;
      const model: MessageModel = {
        kind: 'message',
        name: short,
        fields,
        oneOfs: [],
        ...(doc !== undefined && { doc }),
      };
      types.set(short, { name, model });
      fields.push(...fieldsOf(definition));
    }
    return { kind: 'named', name: short };
  }
}
