import type { FieldModel, MessageModel, TypeRef } from '../../../../tools/import/model';
import { mentions, renderType, typeText } from '../../../../tools/import/render/types';

const text: TypeRef = { kind: 'scalar', text: 'string' };

function field(name: string, type: TypeRef = text, rest: Partial<FieldModel> = {}): FieldModel {
  return { name, type, required: false, doc: '', ...rest };
}

function message(fields: FieldModel[], oneOfs: string[][] = []): MessageModel {
  return { kind: 'message', name: 'Thing', doc: 'A thing.', fields, oneOfs };
}

test('a message is an interface with wire names', () => {
  const fields = [field('consecutive5xxErrors', text, { required: true, doc: 'How many.' }), field('3scale')];
  expect(renderType(message(fields))).toBe(`/** A thing. */
export interface Thing {
  /** How many. */
  readonly consecutive5xxErrors: string;
  readonly '3scale'?: string;
}
`);
});

test('what the type says is not repeated, a default is', () => {
  const mode = field('mode', text, { doc: 'The mode.\n\nValid Options: A, B', default: 'A' });
  expect(renderType(message([mode]))).toContain(`  /**
   * The mode.
   *
   * @default "A"
   */
  readonly mode?: string;
`);
});

test('a choice is a union, beside the other fields', () => {
  const thing = message([field('a'), field('b'), field('name', text, { required: true })], [['a', 'b'], ['name']]);
  expect(renderType(thing)).toBe(`/** A thing. */
export type Thing = {
  readonly name: string;
} & AtMostOne<{
  readonly a: string;
  readonly b: string;
}>;
`);
  expect(renderType(message([field('a'), field('b')], [['a', 'b']]))).toMatch(
    /^.*\nexport type Thing = AtMostOne<\{\n/,
  );
});

test('enums, on several lines when one is too long', () => {
  expect(renderType({ kind: 'enum', name: 'Mode', values: ['A', 'B'] })).toBe("export type Mode = 'A' | 'B';\n");
  const long = Array.from({ length: 4 }, (_, i) => `${'VALUE_'.repeat(6)}${i}`);
  expect(renderType({ kind: 'enum', name: 'Mode', values: long })).toMatch(/^export type Mode =\n {2}\| 'VALUE_.*'\n/);
  const inline = field('mode', { kind: 'literals', values: long });
  expect(renderType(message([inline]))).toContain(`  readonly mode?:\n    | '${long[0]}'\n    | '${long[1]}'`);
});

test.each<[TypeRef, string]>([
  [{ kind: 'json' }, 'unknown'],
  [{ kind: 'object' }, '{ readonly [key: string]: any }'],
  [{ kind: 'map', of: text }, '{ readonly [key: string]: string }'],
  [{ kind: 'list', of: text }, 'readonly string[]'],
  [{ kind: 'list', of: { kind: 'scalar', text: 'number | string' } }, 'readonly (number | string)[]'],
  [{ kind: 'list', of: { kind: 'list', of: text } }, 'readonly (readonly string[])[]'],
  [{ kind: 'list', of: { kind: 'literals', values: ['A', 'B'] } }, "readonly ('A' | 'B')[]"],
  [{ kind: 'list', of: { kind: 'literals', values: ['A'] } }, "readonly 'A'[]"],
  [
    { kind: 'list', of: { kind: 'map', of: { kind: 'scalar', text: 'number | string' } } },
    'readonly { readonly [key: string]: number | string }[]',
  ],
  [
    { kind: 'map', of: { kind: 'list', of: { kind: 'named', name: 'Port' } } },
    '{ readonly [key: string]: readonly Port[] }',
  ],
])('type %j is %s', (type, expected) => {
  expect(typeText(type)).toBe(expected);
});

test('mentions finds names in lists and maps', () => {
  const list = field('a', { kind: 'list', of: { kind: 'map', of: { kind: 'named', name: 'Port' } } });
  expect(mentions(message([list, field('b')]))).toEqual(['Port']);
});
