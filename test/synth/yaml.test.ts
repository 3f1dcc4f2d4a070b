import { App, Chart, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import * as jsYaml from 'js-yaml';
import * as yaml from 'yaml';
import { MeshError } from '../../lib/facts/error';
import { toYaml } from '../../lib/synth/yaml';
import { MISREAD, NASTY, nastyString } from './nasty';

const construct = new Chart(new App(), 'chart');

function write(...manifests: object[]): string {
  return toYaml(manifests.map((manifest) => ({ construct, manifest: manifest as never })));
}

/** Any JSON, with the given strings as keys and values. */
function json(string: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      string,
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
      fc.constantFrom(1e21, 1e-7, 2 ** 53, -1.5e300, 0.1),
      fc.array(tie('value'), { maxLength: 4 }),
      tie('object'),
    ),
    object: fc.dictionary(string, tie('value'), { maxKeys: 4 }),
  })).object as fc.Arbitrary<Record<string, unknown>>;
}

describe('toYaml', () => {
  const READERS: [string, (text: string) => unknown[]][] = [
    ['yaml, as YAML 1.1', (text) => parseAll(text, { version: '1.1' })],
    ['yaml, as YAML 1.2', (text) => parseAll(text, { version: '1.2' })],
    ['js-yaml', (text) => jsYaml.loadAll(text)],
  ];

  describe.each(READERS)('reads back as the same objects with %s', (_, read) => {
    test('any of them', () => {
      fc.assert(
        fc.property(fc.array(json(nastyString), { minLength: 1, maxLength: 3 }), (manifests) => {
          expect(read(write(...manifests))).toEqual(manifests);
        }),
        { numRuns: 1000 },
      );
    });

    test('every nasty string, as key, value and item', () => {
      const manifests = NASTY.map((text) => ({
        [text]: text,
        deep: { [text]: [text, [text], { [text]: text }] },
      }));
      expect(read(write(...manifests))).toEqual(manifests);
    });
  });

  test('is what cdk8s writes, byte for byte', () => {
    const usual = nastyString.filter((text) => !MISREAD.test(text));
    fc.assert(
      fc.property(json(usual), (manifest) => {
        expect(write(manifest)).toBe(Yaml.stringify(manifest));
      }),
      { numRuns: 1000 },
    );
  });

  test('keys of more than 1024 characters are written like cdk8s does', () => {
    const [text, map, list] = ['t', 'm', 'l'].map((letter) => letter.repeat(1030));
    const manifest = { a: { [text]: 'x', [map]: { b: 1, c: {} }, [list]: [1, { d: 2 }] }, [text]: [] };
    expect(write(manifest)).toBe(Yaml.stringify(manifest));
    expect(yaml.parse(write(manifest))).toEqual(manifest);
    expect(jsYaml.load(write(manifest))).toEqual(manifest);
  });

  test('a list that keeps an undefined item (cdk8s removes null) has null there', () => {
    expect(write({ list: [1, undefined] })).toBe('list:\n  - 1\n  - null\n');
  });

  test('minus zero and big integers keep their value', () => {
    expect(write({ minus: -0, big: 12345678901234567890n })).toBe('minus: 0\nbig: 12345678901234567890\n');
  });

  test('more keys than are remembered make no difference', () => {
    const keys = Array.from({ length: 10_050 }, (_, index) => `key-${index}`);
    const manifest = { data: Object.fromEntries(keys.map((key) => [key, key])) };
    expect(jsYaml.load(write(manifest))).toEqual(manifest);
    expect(jsYaml.load(write(manifest))).toEqual(manifest);
  });

  test('objects of another realm are plain objects', () => {
    const foreign = jest.requireActual<typeof import('node:vm')>('node:vm').runInNewContext('({ a: [{ b: 1 }] })');
    expect(write({ foreign })).toBe('foreign:\n  a:\n    - b: 1\n');
  });

  test.each([
    ['NaN', { spec: { weight: NaN } }, 'spec.weight is NaN'],
    ['infinity', { spec: { list: [1, -Infinity] } }, 'spec.list[1] is -Infinity'],
    ['a function', { spec: { run: () => 1 } }, 'spec.run is a function'],
    ['a symbol', { spec: Symbol.iterator }, 'spec is a symbol'],
    ['a Date', { spec: { at: new Date(0) } }, 'spec.at is an instance of Date'],
    ['a Map', { spec: { at: [new Map()] } }, 'spec.at[0] is an instance of Map'],
    ['half a character', { spec: { text: 'a\ud83d' } }, 'spec.text is text with half of a surrogate pair'],
    [
      'half a character in a text of lines',
      { data: { text: 'a\n\ude00' } },
      'data.text is text with half of a surrogate pair',
    ],
    [
      'half a character in a key',
      { spec: { 'a\ud83d': 1 } },
      'the key "a\\ud83d" of spec is text with half of a surrogate pair',
    ],
  ])('%s is an error with construct path and field', (_, manifest, message) => {
    expect(() => write({ kind: 'ConfigMap' }, manifest)).toThrow(
      new MeshError(
        'MESH2005',
        'chart',
        `${message}; expected plain JSON: objects, lists, strings, finite numbers, booleans`,
      ),
    );
  });
});

function parseAll(text: string, options: yaml.ParseOptions & yaml.DocumentOptions): unknown[] {
  return yaml.parseAllDocuments(text, options).map((document) => {
    expect(document.errors).toEqual([]);
    expect(document.warnings).toEqual([]);
    return document.toJS();
  });
}
