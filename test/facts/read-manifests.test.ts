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
  ['a: [1, 2', 1, 'the file is no YAML: '],
  [`${service('a')}---\na: 1\na: 2\n`, 6, 'the file is no YAML: Map keys must be unique'],
  [`${service('a')}---\njust: text\n`, 5, 'a document is no Kubernetes object'],
  ['apiVersion: v1\nkind: List\nitems:\n- 7\n', 4, 'a document is no Kubernetes object'],
  ['apiVersion: v1\nkind: Service\nmetadata: null\n', 1, 'a document is no Kubernetes object'],
])('%j is refused with its line', (text, line, message) => {
  expect(messageOf(() => readManifests(text, 'x.yaml'))).toContain(`MESH1107 x.yaml:${line}: ${message}`);
});
