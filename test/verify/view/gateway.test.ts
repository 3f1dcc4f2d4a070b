import type { ProxyView } from '../../../lib/verify/view/proxy';
import { deployment, gatewayDeployment, istio, namespace, planeOf, service, workloadOf } from '../support/world';

const web = namespace('b') + deployment('b/web') + service('b/web', '{ name: http, port: 80, targetPort: 8080 }');
const base = web + gatewayDeployment('gw/ingress', 'ingress');

function ingress(yaml: string): ProxyView {
  const plane = planeOf(base + yaml);
  return plane.proxy(workloadOf(plane, 'gw/ingress'));
}

const gateway = (name: string, servers: string, created = '2026-01-01T00:00:00Z') =>
  istio(
    'Gateway',
    `gw/${name}`,
    `selector: { istio: ingress }\nservers: [${servers}]`,
    `, creationTimestamp: ${created}`,
  );

const https = (host: string) =>
  `{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [${host}], tls: { mode: SIMPLE, credentialName: c } }`;
const plain = (host: string) => `{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["${host}"] }`;

test('a second server of a host and port is left out, and why is known', () => {
  const yaml = gateway('old', https('x.example')) + gateway('young', https('x.example'), '2026-01-02T00:00:00Z');
  const { skipped } = ingress(yaml).mergedGateways();
  expect(skipped.map(({ server, why }) => [server.gatewayName, why])).toEqual([
    ['gw/young', 'another server of port 443 has x.example already'],
  ]);
});

test('TCP on a port that speaks HTTP is left out', () => {
  const tcp = '{ port: { number: 80, name: tcp, protocol: TCP }, hosts: ["*"] }';
  const { skipped } = ingress(gateway('a', `${plain('*')}, ${tcp}`)).mergedGateways();
  expect(skipped.map(({ why }) => why)).toEqual(['port 80 speaks HTTP for gw/a already']);
});

test('the Service translates the port', () => {
  const ports = service('gw/ingress', '{ name: https, port: 443, targetPort: 8443 }').replace(
    'app: ingress',
    'istio: ingress',
  );
  expect([
    ...ingress(gateway('a', https('x.example')) + ports)
      .gatewayListeners()
      .keys(),
  ]).toEqual([8443]);
});

test('a namespace before the host lets only its VirtualServices in', () => {
  const routes = istio(
    'VirtualService',
    'b/r',
    'hosts: [x.example]\ngateways: [gw/a]\nhttp: [{ route: [{ destination: { host: web } }] }]',
  );
  const names = (host: string) =>
    ingress(gateway('a', plain(host)) + routes)
      .gatewayTable('http.80')
      .map(({ name }) => name);
  expect(names('b/*')).toEqual(['x.example:80']);
  expect(names('./*')).toEqual([]);
});

test('routes of all VirtualServices of a host are joined by age, what matches everything last', () => {
  const rule = (name: string, match: string, created: string) =>
    istio(
      'VirtualService',
      `b/${name}`,
      `hosts: [x.example]\ngateways: [gw/a]\nhttp: [{ ${match}route: [{ destination: { host: web, port: { number: 80 } } }] }]`,
      `, creationTimestamp: ${created}`,
    );
  const yaml =
    rule('all', '', '2026-01-01T00:00:00Z') + rule('one', 'match: [{ uri: { prefix: /a } }], ', '2026-01-02T00:00:00Z');
  const [host] = ingress(gateway('a', plain('*')) + yaml).gatewayTable('http.80');
  expect(host.routes.map(({ path }) => path.value)).toEqual(['/a', '/']);
});

test('AUTO_PASSTHROUGH has a chain per service and subset of its hosts, none for services outside of the mesh', () => {
  const auto =
    '{ port: { number: 15443, name: tls, protocol: TLS }, hosts: ["*.local"], tls: { mode: AUTO_PASSTHROUGH } }';
  const outside = istio(
    'ServiceEntry',
    'b/x',
    'hosts: [x.local]\nresolution: NONE\nports: [{ number: 80, name: http, protocol: HTTP }]',
  );
  const subsets = istio('DestinationRule', 'b/r', 'host: web\nsubsets: [{ name: v1, labels: { version: v1 } }]');
  const listener = ingress(gateway('ew', auto) + outside + subsets)
    .gatewayListeners()
    .get(15443);
  const names = listener?.chains.flatMap(({ sni = [] }) => sni).filter((name) => /web|x\.local/.test(name));
  expect(names).toEqual(['outbound_.80_._.web.b.svc.cluster.local', 'outbound_.80_.v1_.web.b.svc.cluster.local']);
});
