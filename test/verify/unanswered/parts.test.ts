import { judge } from '../../../lib/verify/judge';
import { deployment, istio, namespace, service, worldOf } from '../support/world';

// Routes that fail beside those of the same host that are answered.

const OLD = istio(
  'ServiceEntry',
  'shop/old',
  'hosts: [old.example]\nlocation: MESH_EXTERNAL\nresolution: STATIC\nports: [{ number: 443, name: tls, protocol: TLS }]\nendpoints: [{ address: 10.0.0.9 }]',
);
const PODS =
  namespace('shop') +
  deployment('shop/web') +
  deployment('shop/api') +
  service('shop/api', '{ name: http, port: 80, targetPort: 8080 }');

function found(http: string): string[] {
  const { facts, resources } = worldOf({
    c1: PODS + OLD + istio('VirtualService', 'shop/api', `hosts: [api]\nhttp: ${http}`),
  });
  const { findings } = judge({ clusters: ['c1'], resources, facts, assumptions: [], leftAlone: [] });
  return findings.filter(({ code }) => code === 'MESH3080').map(({ message }) => message);
}

const route = (host: string, port: number, weight = '') =>
  `{ destination: { host: ${host}, port: { number: ${port} } }${weight} }`;

test('a rule for some paths that leads to where nobody answers is told beside one that is answered', () => {
  const rule = (match: string) =>
    `[{ match: [${match}], route: [${route('old.example', 80)}] }, { route: [${route('api', 80)}] }]`;
  expect(found(rule('{ uri: { prefix: /old } }'))).toEqual([
    expect.stringMatching(
      /^nobody in c1 gets an answer from http:\/\/api\.shop\.svc\.cluster\.local:80\/old: .*outbound\|80\|\|old\.example/,
    ),
  ]);
  expect(found(rule('{ uri: { exact: /old/one } }'))).toEqual([expect.stringMatching(/:80\/old\/one: /)]);
});

test('a share of the calls that weights lead to where nobody answers is told as such', () => {
  const both = (port: number) =>
    `[{ route: [${route('api', 80, ', weight: 50')}, ${route('old.example', port, ', weight: 50')}] }]`;
  expect(found(both(81))).toEqual([
    expect.stringMatching(
      /^nobody in c1 gets an answer from http:\/\/api\.shop\.svc\.cluster\.local:80 for a share of its calls: /,
    ),
  ]);
});

test('nothing is told of what is answered, and of what rules say by themselves', () => {
  expect(
    found(`[{ match: [{ uri: { prefix: /v2 } }], route: [${route('api', 80)}] }, { route: [${route('api', 80)}] }]`),
  ).toEqual([]);
  expect(
    found(
      `[{ match: [{ uri: { prefix: /gone } }], directResponse: { status: 410 } }, { route: [${route('api', 80)}] }]`,
    ),
  ).toEqual([]);
  expect(
    found(`[{ match: [{ uri: { prefix: /new } }], redirect: { uri: /v2 } }, { route: [${route('api', 80)}] }]`),
  ).toEqual([]);
});
