import { type Region, SourceLines } from '../../../lib/verify/report/source-line';

const OBJECT = 'Service shop/web';

/** What a field's region cuts out of a text. */
function cut(text: string, field: string, { line = 1, object = OBJECT } = {}): string | Region | undefined {
  const region = new SourceLines(() => text).regionOf({ object: `${object} @c1`, field, source: { file: 'f', line } });
  if (region?.column === undefined || region.endColumn === undefined) return region;
  const [first, ...rest] = text.split(/\r?\n/);
  return [first.replace('\ufeff', ''), ...rest][region.line - 1].slice(region.column - 1, region.endColumn - 1);
}

const head = 'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\n';

test.each([
  ['a key and its value', 'spec:\n  type: NodePort # why\n', 'spec.type', 'type: NodePort'],
  ['in quotes', `spec:\n  "type": 'NodePort'\n`, 'spec.type', `"type": 'NodePort'`],
  ['an item', 'spec:\n  names:\n  - a\n  - "b c"\n', 'spec.names[1]', '"b c"'],
  ['the key alone where the value goes on below', 'spec:\n  ports:\n  - port: 80\n', 'spec.ports', 'ports'],
  [
    'the first line of an item that goes on below',
    'spec:\n  ports:\n  - name: a\n    port: 80\n',
    'spec.ports[0]',
    'name: a',
  ],
  ['flow style', 'spec: { ports: [{ name: a, port: 80 }, { port: 90 }] }\n', 'spec.ports[1].port', 'port: 90'],
  ['a list in flow style', 'spec: { ports: [{ port: 80 }, { port: 90 }] }\n', 'spec.ports[1]', '{ port: 90 }'],
  ['a value through an alias: its key', 'x: &x NodePort\nspec:\n  type: *x\n', 'spec.type', 'type: *x'],
  ['what an anchor holds', 'x: &x { type: NodePort }\nspec: *x\n', 'spec.type', 'type: NodePort'],
  ['the last part of the path that is there', 'spec:\n  type: NodePort\n', 'spec.type.more', 'type: NodePort'],
  [
    'characters beyond the basic plane count as UTF-16 has them',
    'spec: { "😀": 1, type: a }\n',
    'spec.type',
    'type: a',
  ],
])('%s', (_, text, field, found) => {
  expect(cut(head + text, field)).toBe(found);
  expect(cut((head + text).replaceAll('\n', '\r\n'), field)).toBe(found);
  expect(cut(`\ufeff${head}${text}`, field)).toBe(found);
  expect(cut(`# more\n---\n${head}${text}`, field, { line: 3 })).toBe(found);
});

test('an object as a whole is its first line', () => {
  expect(cut(head, '')).toBe('apiVersion: v1');
});

test('items of a List, also where several are on one line', () => {
  const item = (name: string) =>
    `{ kind: Service, metadata: { name: ${name}, namespace: shop }, spec: { type: ${name} } }`;
  const block = `kind: List\nitems:\n- ${item('web')}\n- ${item('api')}\n`;
  expect(cut(block, 'spec.type', { line: 4, object: 'Service shop/api' })).toBe('type: api');
  const flow = `{"kind":"List","items":[${item('web')},${item('api')}]}`;
  expect(cut(flow, 'spec.type', { object: 'Service shop/web' })).toBe('type: web');
  expect(cut(flow, 'spec.type', { object: 'Service shop/api' })).toBe('type: api');
});

test('an object of no file has no region', () => {
  expect(new SourceLines().regionOf({ object: OBJECT, field: 'spec' })).toBeUndefined();
});
