import { readPlainYaml } from '../../lib/facts/plain-yaml';
import { readManifests } from '../../lib/facts/read-manifests';

// Words without quotes, and what sigs.k8s.io/yaml 1.6 makes of them, by which kubectl reads.
const WORDS: readonly (readonly [word: string, value: unknown])[] = [
  // what is no number, though YAML 1.1 says so
  ...[
    '.',
    '._',
    '.1_',
    '._1',
    '.e1',
    '-.',
    '+.',
    '-e1',
    '+E8',
    '0x_',
    '0b_',
    '1e400',
    '0x1ffffffffffffffff',
    '1.2.3',
    '_1',
    '0o8',
    '+_',
    '1e',
  ].map((word) => [word, word] as const),
  ...([
    ['.5', 0.5],
    ['-.5', -0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['.5e1', 5],
    ['1_0.5', 10.5],
    ['-1', -1],
  ] as const),
  ...([
    ['010', 8],
    ['0o17', 15],
    ['0O17', 15],
    ['0_7', 7],
    ['08', 8],
    ['+07', 7],
    ['0x1F', 31],
    ['0X1F', 31],
  ] as const),
  ...([
    ['0b101', 5],
    ['-0B1', -1],
    ['1__0', 10],
    ['0_', 0],
    ['-_7', -7],
    ['1_', 1],
    ['0', 0],
  ] as const),
  ...([
    ['22:22', '22:22'],
    ['2026-01-01', '2026-01-01'],
    ['y', true],
    ['off', false],
    ['~', null],
  ] as const),
];

test.each(WORDS)('%s is %p', (word, value) => {
  // the fast reader, and the one that keeps places, to which an anchor leads
  expect(readPlainYaml(`a: ${word}\nb: [${word}]\n`)).toEqual([{ value: { a: value, b: [value] }, line: 1 }]);
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: &x { name: a }\ndata: { word: ${word} }\n`;
  expect(readManifests(manifest, 'a.yaml')).toMatchObject([{ manifest: { data: { word: value } } }]);
});

test('a namespace of its own in exportTo needs no quotes, as tools that write YAML leave them out', () => {
  const entry =
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n  exportTo:\n  - .\n  - b\n';
  expect(readManifests(entry, 'a.yaml')).toMatchObject([{ manifest: { spec: { exportTo: ['.', 'b'] } } }]);
});

test('a number that says what it is stays one', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: !!int 5, b: !!float 1.5 }\n';
  expect(readManifests(text, 'a.yaml')).toMatchObject([{ manifest: { data: { a: 5, b: 1.5 } } }]);
});
