import { describeOutcome } from '../../lib/verify/run/outcome';
import { trace } from '../../lib/verify/trace';
import { deployment, istio, namespace, service, worldOf } from './support/world';

// a cluster whose Services are in a DNS domain of its own
const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  namespace('b') +
  deployment('b/web') +
  service('b/web', '{ name: http, port: 80, targetPort: 8080 }') +
  service('b/none', '{ name: http, port: 8080 }', ', clusterIP: None').replace('app: none', 'app: web');

function said(url: string, yaml = '', more: object = {}): string {
  const world = worldOf({ c1: base + yaml }, { meshes: { c1: { dnsDomain: 'corp.internal' } } });
  const { outcome, ways } = trace(world, { from: 'c1/a/client', url, ...more });
  return [describeOutcome(outcome), ways[0].hops[0].cluster].filter((one) => one).join(' ');
}

const WEB = 'outbound|80||web.b.svc.corp.internal';

test.each(['web.b', 'web.b.svc', 'web.b.svc.corp.internal', 'web.b.svc.corp.internal.'])(
  '%s is a name of it',
  (host) => {
    expect(said(`http://${host}/`)).toBe(`200 ${WEB}`);
  },
);

test('names of another domain are unknown', () => {
  expect(said('http://web.b.svc.cluster.local/')).toBe('curl 6');
  expect(said('http://web.b/', '', { headers: { host: 'web.b.svc.cluster.local' } })).toBe('200 PassthroughCluster');
});

test('short hosts of rules are names of it', () => {
  const routes = istio(
    'VirtualService',
    'b/r',
    'hosts: [web]\nhttp: [{ route: [{ destination: { host: web, subset: s } }] }]',
  );
  const rule = istio('DestinationRule', 'b/d', 'host: web\nsubsets: [{ name: s }]');
  expect(said('http://web.b/', routes + rule)).toBe('200 outbound|80|s|web.b.svc.corp.internal');
  expect(said('http://web.b/', routes.replace('host: web,', 'host: web.b.svc.cluster.local,') + rule)).toMatch(/^503 /);
});

test('a Service without address is found by its name', () => {
  expect(said('http://none.b:8080/')).toBe('200 outbound|8080||none.b.svc.corp.internal');
});
