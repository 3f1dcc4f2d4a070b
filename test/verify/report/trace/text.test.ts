import { SourceLines } from '../../../../lib/verify/report/source-line';
import { traceDocument } from '../../../../lib/verify/report/trace/json';
import { explain } from '../../../../lib/verify/report/trace/text';
import { type Trace, trace } from '../../../../lib/verify/trace';
import { deployment, istio, namespace, service, worldOf } from '../../support/world';

const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  namespace('b') +
  deployment('b/web') +
  service('b/web', '{ name: http, port: 80, targetPort: 8080 }');
const allow = istio(
  'AuthorizationPolicy',
  'b/allow',
  'rules:\n- from:\n  - source: { namespaces: [a] }\n  to:\n  - operation: { methods: [GET] }',
);
const route = istio(
  'VirtualService',
  'b/r',
  'hosts: [web]\nhttp:\n- route:\n  - destination: { host: web, port: { number: 80 } }',
);
const yaml = base + allow + route;
const lines = new SourceLines(() => yaml);
const made = (method: string): Trace =>
  trace(worldOf({ c1: yaml }), { from: 'c1/a/client', url: 'http://web.b/x', method });

test('a call that succeeds: each hop, what it does, and the fields that say so', () => {
  expect(
    explain(made('GET'), { lines }),
  ).toBe(`c1/a/client → http://web.b/x                                    200  web v1 @ c1
 1 c1 sidecar client        route web.b:80 → web.b:80, mTLS
      VirtualService b/r  spec.http[0]                                c1.yaml:58
 2 c1 sidecar web           mTLS, client spiffe://…/a/client, ALLOW allow rule 0
      AuthorizationPolicy b/allow  spec.rules[0]                      c1.yaml:46
`);
});

test('a call that fails ends with why, a code, and the fix', () => {
  const text = explain(made('POST'), { lines });
  expect(text).toContain('mTLS, client spiffe://…/a/client ✗ no ALLOW policy\n');
  // why is said at the hop, once
  expect(text.match(/no ALLOW policy/g)).toHaveLength(1);
  expect(text).toMatch(/\n MESH-T301: a policy denies the call\n fix: allow the caller, or call what it may\n$/);
});

test('assumptions, objects that are not modelled, and what depends on age are said', () => {
  const trace = {
    ...made('GET'),
    assumptions: ['x is there'],
    unmodelled: [{ object: 'EnvoyFilter a/b @c1', field: 'spec', note: 'lua' }],
  };
  const { outcome } = trace;
  const text = explain({ ...trace, ambiguous: { objects: ['A', 'B'], outcomes: [outcome, outcome] } }, { lines });
  expect(text).toMatch(
    /\n assumes: x is there\n not modelled: EnvoyFilter a\/b @c1 spec \(lua\)\n depends on which is older of A, B: 200 or 200\n$/,
  );
});

test('the JSON form is versioned, and names the failure with its fix', () => {
  const document = traceDocument(made('POST'), lines);
  expect(document).toMatchObject({
    version: 1,
    outcome: { code: 403 },
    failure: { code: 'MESH-T301', fix: 'allow the caller, or call what it may' },
  });
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect(traceDocument(made('GET'), lines)).not.toHaveProperty('failure');
});

describe('lines of fields', () => {
  const text = '# head\nkind: A\nspec:\n  http:\n  - x: 1\n  - y:\n      z: 2\n---\nkind: B\nspec: {}\n';
  const of = (line: number, field: string) =>
    new SourceLines(() => text).of({ object: 'A', field, source: { file: 'f', line } });

  test('are those of the field, of what is left of it, or of the object', () => {
    expect([of(2, 'spec.http[1].y'), of(2, 'spec.http[1].nothing'), of(2, 'status'), of(2, ''), of(9, 'spec')]).toEqual(
      ['f:6', 'f:6', 'f:2', 'f:2', 'f:10'],
    );
  });

  test('of a List, of a list by name, and of a key with dots', () => {
    const list = [
      'kind: List',
      'items:',
      '- kind: A',
      '  metadata:',
      '    labels:',
      '      x.y/z: 1',
      '  spec: { }',
      '- kind: B',
      '  spec:',
      '    subsets:',
      '    - name: v1',
      '      labels: {}',
    ].join('\n');
    const inList = (line: number, field: string) =>
      new SourceLines(() => list).lineOf({ object: 'A', field, source: { file: 'f', line } });
    expect([
      inList(3, 'metadata.labels[x.y/z]'),
      inList(8, 'spec.subsets[v1].labels'),
      inList(8, 'spec.subsets[v2]'),
      inList(4, 'spec'),
    ]).toEqual([6, 12, 10, 4]);
  });

  test('of what an anchor or a merge holds are there, and a field of its own goes before', () => {
    const anchors = [
      'base: &base',
      '  mode: SIMPLE',
      '  sni: a.example',
      'spec:',
      '  tls: *base',
      '  more:',
      '    <<: [*base, { alpn: h2 }]',
      '    sni: b.example',
    ].join('\n');
    const inAnchors = (field: string) =>
      new SourceLines(() => anchors).lineOf({ object: 'A', field, source: { file: 'f', line: 1 } });
    const fields = ['spec.tls', 'spec.tls.sni', 'spec.more.mode', 'spec.more.sni', 'spec.more.alpn', 'spec.more.none'];
    expect(fields.map(inAnchors)).toEqual([5, 3, 2, 8, 7, 6]);
  });

  test('are unknown for an object of no file', () => {
    expect(new SourceLines().of({ object: 'A', field: 'spec' })).toBeUndefined();
  });
});
