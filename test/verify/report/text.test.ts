import { traceDocument } from '../../../lib/verify/report/json';
import { SourceLines } from '../../../lib/verify/report/source-line';
import { explain } from '../../../lib/verify/report/text';
import { type Trace, trace } from '../../../lib/verify/trace';
import { deployment, istio, namespace, service, worldOf } from '../support/world';

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
    explain(made('GET'), lines),
  ).toBe(`c1/a/client → http://web.b/x                                    200  c1/b/web v1
 1 c1/a/client sidecar outbound
      route web.b.svc.cluster.local:80 → web.b.svc.cluster.local:80 at c1/b/web:8080
      with TLS ISTIO_MUTUAL, SNI outbound_.80_._.web.b.svc.cluster.local
      expects spiffe://cluster.local/ns/b/sa/web
         VirtualService b/r @c1  spec.http[0]  c1.yaml:58
 2 c1/b/web sidecar inbound
      on virtualInbound: opens TLS ISTIO_MUTUAL, SNI outbound_.80_._.web.b.svc.cluster.local, client spiffe://cluster.local/ns/a/sa/client
      → application on 8080
         AuthorizationPolicy b/allow @c1  spec.rules[0]  c1.yaml:46
 3 c1/b/web application
`);
});

test('a call that fails ends with why, a code, and the fix', () => {
  const text = explain(made('POST'), lines);
  expect(text).toContain('      ✗ no ALLOW policy matches (ns[b]-policy[allow]-rule[0])\n');
  expect(text).toMatch(
    / MESH-T301 a policy denies the call: no ALLOW policy matches .*\n fix: allow the caller, or call what it may\n$/,
  );
});

test('assumptions, objects that are not modelled, and what depends on age are said', () => {
  const trace = {
    ...made('GET'),
    assumptions: ['x is there'],
    unmodelled: [{ object: 'EnvoyFilter a/b @c1', field: 'spec', note: 'lua' }],
  };
  const { outcome } = trace;
  const text = explain({ ...trace, ambiguous: { objects: ['A', 'B'], outcomes: [outcome, outcome] } }, lines);
  expect(text).toMatch(
    /\n assumes: x is there\n not modelled: EnvoyFilter a\/b @c1 {2}spec \(lua\)\n depends on which is older of A, B: 200 or 200\n$/,
  );
});

test('the JSON form is versioned, and names the failure with its fix', () => {
  const document = traceDocument(made('POST'));
  expect(document).toMatchObject({
    version: 1,
    outcome: { code: 403 },
    failure: { code: 'MESH-T301', fix: 'allow the caller, or call what it may' },
  });
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect(traceDocument(made('GET'))).not.toHaveProperty('failure');
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

  test('are unknown for an object of no file', () => {
    expect(new SourceLines().of({ object: 'A', field: 'spec' })).toBeUndefined();
  });
});
