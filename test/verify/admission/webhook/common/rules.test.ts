import { said } from '../../support';

const V1 = 'networking.istio.io/v1';

/** Whether a DestinationRule may distribute from these localities. */
function distributes(...localities: string[]): boolean {
  const distribute = localities.map((from) => ({ from, to: { anywhere: 100 } }));
  const trafficPolicy = { loadBalancer: { localityLbSetting: { distribute } } };
  return said(V1, 'DestinationRule', { host: 'a', trafficPolicy }).length === 0;
}

test.each([
  [['a', 'b'], true],
  [['a', 'a'], false],
  [['*', 'a'], false],
  [['a', '*'], true],
  [['a', 'a/b'], false],
  [['a/b', 'a'], false],
  [['a/b', 'a/c'], true],
  [['a/*', 'a/c'], false],
  [['a/c', 'a/*'], true],
  [['a/b', 'a/b/c'], false],
  [['a/b/c', 'a/b/d', 'a/b/*'], true],
  [['a/b/*', 'a/b/d'], false],
  [['a/b/c', 'a/b'], false],
  [['a*b'], false],
  [['**'], false],
  [['a//b'], false],
])('localities %j: %s', (localities, accepted) => {
  expect(distributes(...localities)).toBe(accepted);
});

test('a port for TCP needs an address unless istiod allots one, which a label switches off', () => {
  const spec = {
    hosts: ['a.b'],
    ports: [{ number: 1, name: 'tcp', protocol: 'TCP' }],
    resolution: 'STATIC',
    endpoints: [{ address: '1.2.3.4' }],
  };
  expect(said(V1, 'ServiceEntry', spec)).toEqual([]);
  expect(
    said(V1, 'ServiceEntry', spec, { labels: { 'networking.istio.io/enable-autoallocate-ip': 'False' } }),
  ).toHaveLength(1);
  expect(said(V1, 'ServiceEntry', { ...spec, addresses: ['1.2.3.4'] })).toEqual([]);
});

test.each([
  [['./*', 'prod/*'], 1],
  [['./a.b', 'prod/*'], 1],
  [['./a.b', 'prod/a.b'], 1],
  [['./a.b', './c.d', 'other/*'], 0],
  [['*/*', './a.b'], 1],
  [['~prod/*', './*'], 0],
])('egress hosts %j: %i warnings', (hosts, warnings) => {
  expect(said(V1, 'Sidecar', { egress: [{ hosts }] })).toHaveLength(warnings);
});

test.each<[rule: object, warnings: number]>([
  [{ from: [{ source: { requestPrincipals: ['a'] } }] }, 1],
  [{ from: [{ source: { principals: ['a'] } }] }, 0],
  [{ from: [{ source: { requestPrincipals: ['a'] } }], to: [{ operation: { ports: ['80'] } }] }, 0],
  [{ from: [{ source: { principals: ['a'] } }], to: [{ operation: { methods: ['GET'] } }] }, 1],
  [{ when: [{ key: 'request.auth.principal', values: ['a'] }] }, 0],
])('a DENY policy with %j: %i warnings', (rule, warnings) => {
  expect(said('security.istio.io/v1', 'AuthorizationPolicy', { action: 'DENY', rules: [rule] })).toHaveLength(warnings);
});

const route = (match: object) => ({ match: [match], route: [{ destination: { host: 'a' } }] });

test.each<[first: object, second: object, warnings: number]>([
  [{ name: 'x', uri: { exact: '/a' } }, { name: 'y', uri: { exact: '/a' } }, 2],
  [{ uri: { exact: '/a' }, port: 0, headers: {} }, { uri: { exact: '/a' }, gateways: [] }, 2],
  [{ uri: { exact: '/a' } }, { uri: { exact: '/a' }, ignoreUriCase: true }, 0],
  [{ uri: { prefix: '/a' } }, { uri: { prefix: '/ab' } }, 1],
  [{ uri: { prefix: '/a' }, port: 80 }, { uri: { prefix: '/ab' }, port: 81 }, 0],
  [{ uri: { prefix: '/a' }, headers: { h: { exact: 'x' } } }, { uri: { prefix: '/ab' } }, 0],
  [
    { uri: { prefix: '/a' }, headers: { h: { exact: 'x' } } },
    { uri: { prefix: '/ab' }, headers: { h: { exact: 'x' } } },
    1,
  ],
  [{ uri: { prefix: '/a' }, method: { exact: 'POST' } }, { uri: { prefix: '/ab' } }, 0],
  [{ uri: { prefix: '/a' } }, { uri: { prefix: '/ab' }, method: { exact: 'GET' } }, 1],
])('routes with the matches %j and %j: %i warnings', (first, second, warnings) => {
  expect(said(V1, 'VirtualService', { hosts: ['a'], http: [route(first), route(second)] })).toHaveLength(warnings);
});

test.each([
  ['plain', true],
  ['100%%', true],
  ['%HOST%', true],
  ['%A(x)%', true],
  ['%A( ["b", "c"] )%', true],
  ['%A(["\\"b"])%', true],
  ['%', false],
  ['%A', false],
  ['%A(x', false],
  ['%A(x)', false],
  ['%A(x)y%', false],
  ['%A([b])%', false],
  ['%A(["b" "c"])%', false],
  ['%A(["b"] x)%', false],
  ['%A("b\\', false],
  ['a\u0001', false],
])('the header value %j: %s', (value, accepted) => {
  const http = [{ ...route({}), headers: { request: { set: { a: value } } } }];
  expect(said(V1, 'VirtualService', { hosts: ['a'], http }).length === 0).toBe(accepted);
});

test.each([
  ['a.b == 1 ? [1, 2] : {"k": v}', true],
  ["has(a.b) && !x.exists(y, y in ['c']) // comment", true],
  ['a.filter(x, x > 1u).map(y, y * 0x1F)[0] % 2 == -1', true],
  ['pkg.Message{field: 1.5e3,}', true],
  ['r"\\d" + b\'x\' + """multi\nline"""', true],
  ['', false],
  ['a ==', false],
  ['(a', false],
  ['a b', false],
  ['if', false],
  ['has(a)', false],
  ['x.all(1, true)', false],
  ['a.1', false],
  ['"open', false],
  ['a ? b', false],
])('the expression %j: %s', (expression, accepted) => {
  const spec = { accessLogging: [{ filter: { expression } }] };
  expect(said('telemetry.istio.io/v1', 'Telemetry', spec).length === 0).toBe(accepted);
});

test.each([
  ['/a/{*}/b', true],
  ['/{*}/{**}', true],
  ['/{**}/b', true],
  ['/{**}/{*}', false],
  ['/{**}/{**}', false],
  ['/a{*}', false],
  ['/{*}/a b', false],
])('the path %s: %s', (path, accepted) => {
  const rules = [{ to: [{ operation: { paths: [path] } }] }];
  expect(said('security.istio.io/v1', 'AuthorizationPolicy', { rules }).length === 0).toBe(accepted);
});
