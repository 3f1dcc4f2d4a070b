import { readManifests } from '../../lib/facts/read-manifests';
import { messageOf } from '../support/model';

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\n`;

test('several documents, each with its line; empty ones and comments are skipped', () => {
  const text = `# hand-written\n${service('a')}---\n# nothing\n---\n${service('b')}---\n`;
  expect(readManifests(text, 'x.yaml').map(({ line, manifest }) => [manifest.metadata.name, line])).toEqual([
    ['a', 2],
    ['b', 8],
  ]);
  expect(readManifests('', 'x.yaml')).toEqual([]);
  expect(readManifests('---\n---\n', 'x.yaml')).toEqual([]);
});

test('items of a List, also of a typed one, and of one in a list', () => {
  const item = (name: string) => `{ apiVersion: v1, kind: Service, metadata: { name: ${name} } }`;
  const text = `apiVersion: v1\nkind: List\nitems:\n- ${item('a')}\n- apiVersion: v1\n  kind: ServiceList\n  items:\n  - ${item('b')}\n`;
  expect(readManifests(text, 'x.yaml').map(({ line, manifest }) => [manifest.metadata.name, line])).toEqual([
    ['a', 4],
    ['b', 8],
  ]);
  expect(readManifests('apiVersion: v1\nkind: List\nitems: []\n', 'x.yaml')).toEqual([]);
});

test('words as kubectl reads them: YAML 1.1', () => {
  const [{ manifest }] = readManifests(`${service('a')}x: { a: yes, b: off, c: 010, d: "yes" }\n`, 'x.yaml');
  expect(manifest.x).toEqual({ a: true, b: false, c: 8, d: 'yes' });
});

test('dates and times of day stay strings, as kubectl reads them', () => {
  const [{ manifest }] = readManifests(`${service('a')}x: { a: 2026-01-01T00:00:00Z, b: 22:22 }\n`, 'x.yaml');
  expect(manifest.x).toEqual({ a: '2026-01-01T00:00:00Z', b: '22:22' });
});

test.each([
  ['y', 'is y, which YAML 1.1 reads as true; kubectl reads it so, too, and refuses it; put it in quotes: "y"'],
  ['true', 'is true, a boolean to YAML; kubectl reads it so, too, and refuses it; put it in quotes: "true"'],
  ['1e3', 'is 1e3, which YAML 1.1 reads as 1000; kubectl reads it so, too, and refuses it; put it in quotes: "1e3"'],
  ['0x10', 'is 0x10, which YAML 1.1 reads as 16; kubectl reads it so, too, and refuses it; put it in quotes: "0x10"'],
  ['5', 'is 5, a number to YAML; kubectl reads it so, too, and refuses it; put it in quotes: "5"'],
  ['null', 'is null, which is how YAML writes nothing; kubectl refuses it; state it, in quotes if it is meant: "null"'],
  ['~', 'is ~, which is how YAML writes nothing; kubectl refuses it; state it'],
  ['', 'is empty; kubectl refuses it; state it'],
  ['[a]', 'is ["a"]; expected a text'],
])('a name that YAML reads as something else is refused with its line: %s', (word, message) => {
  const named = (field: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  namespace: shop\n  ${field}: ${word}\n`;
  expect(messageOf(() => readManifests(named('name'), 'x.yaml'))).toBe(`MESH1173 x.yaml:5: metadata.name ${message}`);
  const kind = `apiVersion: v1\nkind: ${word}\nmetadata: { name: a }\n`;
  expect(messageOf(() => readManifests(kind, 'x.yaml'))).toBe(`MESH1173 x.yaml:2: kind ${message}`);
});

test('a namespace is a text, or none', () => {
  const of = (namespace: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: ${namespace} }\n`;
  expect(messageOf(() => readManifests(of('no'), 'x.yaml'))).toContain(
    'MESH1173 x.yaml:3: metadata.namespace is no, which YAML 1.1 reads as false',
  );
  expect(readManifests(of('null'), 'x.yaml')).toHaveLength(1);
});

test.each([
  [
    'x.yaml',
    'just: text',
    ': apiVersion, kind and metadata.name are missing; it has just: if it is for another program, it belongs elsewhere',
  ],
  [
    'x.yaml',
    'a: 1\nb: 1\nc: 1\nd: 1',
    ': apiVersion, kind and metadata.name are missing; it has a, b, c and 1 more: if it is for another program',
  ],
  ['x.yaml', '{}', ': apiVersion, kind and metadata.name are missing; it is empty: if it is for another program'],
  [
    'x.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: { generateName: a }',
    ': metadata.name is missing; what generateName makes of it is not known before it is created',
  ],
  ['x.yaml', 'kind: Pod\nmetadata: { name: a }', ': apiVersion is missing'],
  [
    'a/Chart.yaml',
    'apiVersion: v2\nname: a',
    ': kind and metadata.name are missing; it is of a Helm chart: judge what helm template writes',
  ],
])('%s with %j says what is missing, and what it may be', (file, text, message) => {
  expect(messageOf(() => readManifests(text, file))).toContain(`a document is no Kubernetes object${message}`);
});

test.each([
  ['a: [1, 2', 1, 'the file is no YAML: '],
  [`${service('a')}---\na: 1\na: 2\n`, 6, 'the file is no YAML: Map keys must be unique'],
  [`${service('a')}---\njust: text\n`, 5, 'a document is no Kubernetes object'],
  ['apiVersion: v1\nkind: List\nitems:\n- 7\n', 4, 'a document is 7, no Kubernetes object'],
  ['- apiVersion: v1\n', 1, 'a document is a list, no Kubernetes object; expected apiVersion, kind and metadata.name'],
  [
    'apiVersion: v1\nkind: Service\nmetadata: null\n',
    1,
    'a document is no Kubernetes object: metadata.name is missing',
  ],
])('%j is refused with its line', (text, line, message) => {
  expect(messageOf(() => readManifests(text, 'x.yaml'))).toContain(`MESH1107 x.yaml:${line}: ${message}`);
});
