import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import type { WorldFacts } from '../../../lib/verify/world/facts';
import { deployment, gatewayDeployment, istio, namespace, service, worldOf } from '../support/world';

const route = (name: string, spec: string) => `
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: ${name}, namespace: app }
spec: { ${spec}, to: { kind: Service, name: web } }
`;

const mounted = (id: string, image: string) =>
  deployment(id, image).replace(
    'containers: [{ name: app,',
    'volumes: [{ name: certs, secret: { secretName: web } }]\n      containers: [{ name: app, volumeMounts: [{ name: certs, mountPath: /certs }],',
  );

const clear = deployment('app/web') + service('app/web', '{ name: http, port: 80, targetPort: 8080 }');
const encrypted = mounted('app/web', 'secure') + service('app/web', '{ name: https, port: 443, targetPort: 8080 }');

const facts: Partial<WorldFacts> = {
  routers: { c1: { address: '10.0.0.4', certificate: 'router', serviceCa: 'service-ca' } },
  dns: { c1: { 'x.example': '10.0.0.4', 'y.example': '10.0.0.4' } },
  certificates: [
    { name: 'router', ca: 'ingress-ca', san: ['DNS:*.example'] },
    { name: 'own', ca: 'our-ca', san: ['DNS:x.example'] },
    { name: 'web', ca: 'service-ca', san: ['DNS:web.app.svc'] },
    { name: 'stray', ca: 'other-ca', san: ['DNS:web.app.svc'] },
  ],
  images: {
    web: { speaks: 'http' },
    sleep: { speaks: 'none' },
    secure: { speaks: 'https', certificate: { directory: '/certs' } },
  },
};
const holding = (name: string): Partial<WorldFacts> => ({
  secrets: [
    { cluster: 'c1', namespace: 'app', name: 'web', data: { 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}` } },
  ],
});

const made = (yaml: string, url: string, more: object = {}, other: Partial<WorldFacts> = {}) =>
  trace(worldOf({ c1: namespace('app') + deployment('out/curl', 'sleep') + yaml }, { ...facts, ...other }), {
    ...{ from: 'c1/out/curl', url },
    ...more,
  });
const said = (yaml: string, url: string, more: object = {}, other: Partial<WorldFacts> = {}) =>
  describeOutcome(made(yaml, url, more, other).outcome);

const outside = (yaml: string) => yaml.replace('istio-injection: enabled', 'none: x');
const open = (spec: string, servers = clear) => servers + route('web', `host: x.example, ${spec}`);

test('tells who called, to whoever trusts it, and opens connections of its own', () => {
  const gateway =
    gatewayDeployment('app/in', 'in') +
    service('app/in', '{ name: http, port: 80, targetPort: 8080 }').replace('app: in', 'istio: in') +
    istio(
      'Gateway',
      'app/g',
      'selector: { istio: in }\nservers: [{ port: { number: 80, name: h, protocol: HTTP }, hosts: [x.example] }]',
    ) +
    istio(
      'VirtualService',
      'app/v',
      'hosts: [x.example]\ngateways: [app/g]\nhttp: [{ route: [{ destination: { host: web.app.svc.cluster.local } }] }]',
    );
  const policy = (asked: string, block: string) =>
    istio(
      'AuthorizationPolicy',
      'app/p',
      `selector: { matchLabels: { istio: in } }\nrules: [{ from: [{ source: { ${asked}: ['${block}'] } }] }]`,
    );
  const meshConfig = { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } };
  const answer = (asked: string, block: string, more: object = {}) =>
    said(
      clear +
        gateway +
        policy(asked, block) +
        route('in', 'host: x.example, port: { targetPort: http }').replace('name: web }', 'name: in }'),
      'http://x.example/',
      more,
      { meshes: { c1: { meshConfig } } },
    );
  const forged = { headers: { 'x-forwarded-for': '203.0.113.9' } };
  expect(answer('ipBlocks', '10.0.0.4/32')).toBe('200');
  expect(answer('remoteIpBlocks', '203.0.113.0/24', forged)).toBe('403');
  expect(answer('remoteIpBlocks', '203.0.113.0/24', { sourceIp: '203.0.113.9' })).toBe('200');
  expect(answer('remoteIpBlocks', '198.51.100.0/24', { sourceIp: '203.0.113.9' })).toBe('403');
});

test.each([
  ['without TLS on port 80', open('port: { targetPort: http }'), 'http://x.example/', '200'],
  ['without TLS on port 443', open('port: { targetPort: http }'), 'https://x.example/', '503'],
  ['of another host', open('port: { targetPort: http }'), 'http://y.example/', '503'],
  ['of a path, for it', open('path: /a'), 'http://x.example/a/b', '200'],
  ['of a path, for another', open('path: /a'), 'http://x.example/b', '503'],
  ['to a port that the Service lacks', open('port: { targetPort: admin }'), 'http://x.example/', '503'],
  ['with edge', open('tls: { termination: edge }'), 'https://x.example/', '200'],
  ['with edge, in clear text', open('tls: { termination: edge }'), 'http://x.example/', '503'],
  [
    'with edge that allows clear text',
    open('tls: { termination: edge, insecureEdgeTerminationPolicy: Allow }'),
    'http://x.example/',
    '200',
  ],
  [
    'with edge that redirects it',
    open('tls: { termination: edge, insecureEdgeTerminationPolicy: Redirect }'),
    'http://x.example/',
    '302',
  ],
  ['with passthrough, in clear text', open('tls: { termination: passthrough }'), 'http://x.example/', '503'],
])('a Route %s', (_, yaml, url, expected) => {
  expect(said(outside(yaml), url)).toBe(expected);
});

test('a passed host meets the server itself, by its SNI', () => {
  const yaml = open('tls: { termination: passthrough }', encrypted);
  expect(said(yaml, 'https://x.example/', { ca: 'other-ca' }, holding('stray'))).toBe('curl 60');
  expect(said(yaml, 'https://X.example/', {}, holding('stray'))).toBe('200');
  expect(said(yaml, 'https://y.example/', {}, holding('stray'))).toBe('503');
});

test('a router presents its own certificate, or that of the Route', () => {
  const edge = open('tls: { termination: edge }');
  expect(said(edge, 'https://x.example/', { ca: 'ingress-ca' })).toBe('200');
  expect(said(edge, 'https://x.example/', { ca: 'our-ca' })).toBe('curl 60');
  const own = open('tls: { termination: edge, certificate: "cert:own" }');
  expect(said(own, 'https://x.example/', { ca: 'our-ca' })).toBe('200');
  expect(said(own, 'https://x.example/', { ca: 'ingress-ca' })).toBe('curl 60');
});

test('reencrypt demands the authority of the Route, or a serving certificate of the Service', () => {
  const reencrypt = open('tls: { termination: reencrypt }', encrypted);
  expect(said(reencrypt, 'https://x.example/', {}, holding('web'))).toBe('200');
  expect(said(reencrypt, 'https://x.example/', {}, holding('stray'))).toBe('503');
  expect(said(open('tls: { termination: reencrypt }'), 'https://x.example/')).toBe('503');
  const stated = open('tls: { termination: reencrypt, destinationCACertificate: "ca:other-ca" }', encrypted);
  expect(said(stated, 'https://x.example/', {}, holding('stray'))).toBe('200');
});

test('a router has two ports, and reads TLS on one and HTTP on the other', () => {
  expect(said(clear, 'http://x.example:8080/')).toBe('curl 7');
  expect(said(clear, 'http://x.example:443/')).toBe('curl 52');
  expect(said(clear, 'https://x.example:80/')).toBe('curl 35');
});

test('a Route leads to several Services by weight', () => {
  const more = deployment('app/two') + service('app/two', '{ name: http, port: 80, targetPort: 8080 }');
  const split = clear + more + route('web', 'host: x.example, alternateBackends: [{ name: two, weight: 100 }]');
  const { ways } = made(split, 'http://x.example/');
  expect(ways.map(({ probability, outcome }) => [probability, outcome.served?.workload])).toEqual([
    [0.5, 'c1/app/web'],
    [0.5, 'c1/app/two'],
  ]);
});
