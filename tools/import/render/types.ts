import type { EnumModel, FieldModel, MessageModel, TypeModel, TypeRef } from '../model';
import { docComment, LINE_WIDTH, literalUnion, propertyName } from './text';

/** The declaration of a message or enum. */
export function renderType(type: TypeModel): string {
  return type.kind === 'enum' ? renderEnum(type) : renderMessage(type);
}

function renderEnum(type: EnumModel): string {
  return `${docComment(type.doc ?? '', 0)}${breakUnion(`export type ${type.name} =`, type.values, 0)}`;
}

/** A declaration that ends in a union of literals, on one line if it fits. */
function breakUnion(declaration: string, values: readonly unknown[], indent: number): string {
  const line = `${declaration} ${literalUnion(values)};\n`;
  if (line.length <= LINE_WIDTH) return line;
  return `${declaration}${values.map((value) => `\n${' '.repeat(indent + 2)}| ${literalUnion([value])}`).join('')};\n`;
}

/** A message is an interface; one with a choice between fields is an intersection with `AtMostOne`. */
function renderMessage(message: MessageModel): string {
  const doc = docComment(message.doc ?? '', 0);
  const choices = message.oneOfs.filter((group) => group.length > 1);
  if (choices.length === 0)
    return `${doc}export interface ${message.name} {\n${message.fields.map(renderField).join('')}}\n`;

  const chosen = new Set(choices.flat());
  const rest = message.fields.filter((field) => !chosen.has(field.name));
  const parts = choices.map((group) => {
    const fields = message.fields.filter((field) => group.includes(field.name));
    return `AtMostOne<{\n${fields.map((field) => renderField({ ...field, required: true })).join('')}}>`;
  });
  if (rest.length > 0) parts.unshift(`{\n${rest.map(renderField).join('')}}`);
  return `${doc}export type ${message.name} = ${parts.join(' & ')};\n`;
}

/** A property of an interface. */
export function renderField(field: FieldModel): string {
  const declaration = `  readonly ${propertyName(field.name)}${field.required ? '' : '?'}:`;
  const { type } = field;
  const line =
    type.kind === 'literals' ? breakUnion(declaration, type.values, 2) : `${declaration} ${typeText(type)};\n`;
  return docComment(fieldDoc(field), 2) + line;
}

function fieldDoc(field: FieldModel): string {
  // What the type says already is left out.
  const text = field.doc.replace(/\n*Valid Options: [^\n]*$/, '').trim();
  return field.default === undefined ? text : `${text}\n\n@default ${JSON.stringify(field.default)}`;
}

/** The TypeScript type of a field. */
export function typeText(type: TypeRef): string {
  switch (type.kind) {
    case 'scalar':
      return type.text;
    case 'json':
      return 'unknown';
    case 'object':
      return '{ readonly [key: string]: any }';
    case 'literals':
      return literalUnion(type.values);
    case 'named':
      return type.name;
    case 'map':
      return `{ readonly [key: string]: ${typeText(type.of)} }`;
    case 'list': {
      // A union, and a list in a list, bind weaker than `[]`.
      const item = typeText(type.of);
      return `readonly ${/^readonly |^[^{]* \| /.test(item) ? `(${item})` : item}[]`;
    }
  }
}

/** Names of the types that a declaration mentions. */
export function mentions(type: TypeModel): string[] {
  const names: string[] = [];
  const collect = (ref: TypeRef): void => {
    if (ref.kind === 'named') names.push(ref.name);
    if (ref.kind === 'list' || ref.kind === 'map') collect(ref.of);
  };
  if (type.kind === 'message') for (const field of type.fields) collect(field.type);
  return names;
}
