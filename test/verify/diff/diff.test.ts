import { type Change, differenceOf } from '../../../lib/verify/diff/diff';
import { describeCallers } from '../../../lib/verify/explore/who';
import type { SecretFact } from '../../../lib/verify/world/facts';
import { type Resource, resource } from '../../../lib/verify/world/resource';
import { World } from '../../../lib/verify/world/world';
import { randomWorld } from '../../../tools/oracle/generator/generate';
import { type Golden, golden, goldens } from '../../../tools/oracle/golden';
import { Random } from '../../../tools/random';
import { deployment, istio, namespace, service, worldOf } from '../support/world';

const world = ({ facts, resources }: Pick<Golden, 'facts' | 'resources'>) => new World(facts, resources);

const said = (one: Change, of: World) =>
  `${one.kind}: ${describeCallers(one.callers, of)} → ${one.dials.join(', ')} ${one.requests.map(({ methods, paths }) => `${methods} ${paths}`).join('; ')}`.trim();

const changes = (old: World, changed: World) => differenceOf(old, changed).changes;
const kinds = (old: World, changed: World) => changes(old, changed).map((one) => said(one, changed));

const without = (given: Golden, isGone: (one: Resource) => boolean): World =>
  world({ ...given, resources: given.resources.filter((one) => !isGone(one)) });

test('a world does not differ from itself, however its objects are ordered and written', () => {
  for (const { facts, resources } of goldens()) {
    const copies = [...resources].reverse().map((one) => {
      const fields = Object.fromEntries(Object.entries(one.manifest).reverse());
      return resource(one.cluster, fields as unknown as Resource['manifest'], one.source);
    });
    expect(differenceOf(world({ facts, resources }), new World(facts, copies))).toMatchObject({
      changes: [],
      objects: [],
    });
  }
});

test('a random world does not differ from itself, and what opens one way closes or breaks the other', () => {
  for (const [index, given] of goldens().entries()) {
    const made = randomWorld(given, new Random(2700 + index));
    if (!given.resources.every((one) => made.resources.includes(one))) continue;
    const [old, changed] = [world(given), world(made)];
    expect(changes(changed, world(made))).toEqual([]);
    const ends = (all: readonly Change[], of: readonly string[]) =>
      all
        .filter((one) => one.while === undefined && of.includes(one.kind))
        .flatMap(({ callers, dials }) => dials.map((url) => `${callers.kind} ${callers.cluster} ${url}`));
    const opened = new Set(ends(changes(old, changed), ['opens']));
    const gone = new Set(ends(changes(changed, old), ['closes', 'breaks', 'rolls']));
    expect([...opened].sort()).toEqual([...gone].sort());
  }
});

const PRIVATE = golden('07-private-gateways-http');

test('a policy that goes opens what it denied, and is named', () => {
  const found = changes(
    world(PRIVATE),
    without(PRIVATE, ({ kind, name }) => kind === 'AuthorizationPolicy' && name === 'consumers'),
  );
  const [first] = found.filter(({ callers }) => callers.kind === 'workloads');
  expect(said(first, world(PRIVATE))).toBe(
    'opens: c1/default/other → http://httpbin.default.svc.cluster.local:9000 GET any',
  );
  expect(first.before.failure).toMatchObject({
    code: 'MESH-T301',
    at: 'c1/istio-private-gateways/istio-private-egressgateway',
  });
  expect(first.after.reached[0].server).toBe('c2/bookinfo/httpbin-v1');
  expect(first.because).toMatchObject({
    objects: ['AuthorizationPolicy istio-private-gateways/consumers @c1'],
    isTogether: false,
  });
});

test('a policy that comes closes, a rule that goes breaks', () => {
  const open = without(PRIVATE, ({ kind, name }) => kind === 'AuthorizationPolicy' && name === 'consumers');
  expect(kinds(open, world(PRIVATE))).toContain(
    'closes: c1/default/other → http://httpbin.default.svc.cluster.local:9000 GET any',
  );
  const broken = without(
    PRIVATE,
    ({ kind, name, cluster }) => kind === 'DestinationRule' && name === 'c2' && cluster === 'c1',
  );
  expect(kinds(world(PRIVATE), broken)).toContain(
    'breaks: c1/default/sleep → http://ratings.default.svc.cluster.local:9080 GET any',
  );
});

test('a caller that is gone breaks nothing that others call', () => {
  const gone = without(
    PRIVATE,
    ({ kind, name, cluster }) => kind === 'Deployment' && name === 'sleep' && cluster === 'c1',
  );
  expect(changes(world(PRIVATE), gone).filter(({ callers }) => callers.kind === 'workloads')).toEqual([]);
});

const CLIENT = namespace('a') + deployment('a/sleep', 'sleep');
const SERVER = deployment('a/web') + service('a/web', '{ name: http, port: 80, targetPort: 8080 }');
const rule = (tls: string) =>
  istio('DestinationRule', 'a/web', `host: web.a.svc.cluster.local\ntrafficPolicy: { tls: ${tls} }`);
const web = (more: string) => worldOf({ c1: CLIENT + SERVER + more });

test('less TLS weakens', () => {
  const found = changes(web(''), web(rule('{ mode: DISABLE }')));
  expect(found.map((one) => said(one, web('')))).toEqual([
    'weakens: all workloads of c1 → http://web.a.svc.cluster.local:80 any any',
  ]);
  expect(found[0].before.reached[0]).toMatchObject({ legs: ['ISTIO_MUTUAL'], identity: 'caller' });
  expect(found[0].after.reached[0]).toMatchObject({ legs: ['clear'], identity: 'nobody' });
  expect(kinds(web(rule('{ mode: DISABLE }')), web(''))).toEqual([]);
});

test('another server moves', () => {
  const other = deployment('a/other') + service('a/other', '{ name: http, port: 80, targetPort: 8080 }');
  const routed = istio(
    'VirtualService',
    'a/web',
    'hosts: [web.a.svc.cluster.local]\nhttp:\n- match: [{ uri: { prefix: /v2 } }]\n  route: [{ destination: { host: other.a.svc.cluster.local } }]\n- route: [{ destination: { host: web.a.svc.cluster.local } }]',
  );
  expect(kinds(web(other), web(other + routed))).toEqual([
    'moves: all workloads of c1 → http://web.a.svc.cluster.local:80 any /v2*',
  ]);
});

test('changes that only work together are named together', () => {
  const closed = istio(
    'AuthorizationPolicy',
    'a/one',
    'selector: { matchLabels: { app: web } }\naction: DENY\nrules: [{ to: [{ operation: { methods: [GET] } }] }]',
  );
  const twice = istio(
    'AuthorizationPolicy',
    'a/two',
    'selector: { matchLabels: { app: web } }\naction: DENY\nrules: [{ to: [{ operation: { methods: [GET] } }] }]',
  );
  const [found] = changes(web(closed + twice), web('')).filter(({ callers }) => callers.kind === 'workloads');
  expect(found.kind).toBe('opens');
  expect(found.requests).toEqual([{ methods: ['GET'], paths: ['any'], others: [] }]);
  expect(found.because).toMatchObject({
    objects: ['AuthorizationPolicy a/one @c1', 'AuthorizationPolicy a/two @c1'],
    isTogether: true,
  });
});

test('a Secret that goes is missed only when a pod restarts', () => {
  const { facts, resources } = PRIVATE;
  const isClient = ({ cluster, name }: SecretFact) => cluster === 'c1' && !name.endsWith('-cacert');
  const secrets = (facts.secrets ?? []).filter((one) => !isClient(one));
  expect(secrets.length).toBeLessThan(facts.secrets?.length ?? 0);
  const found = changes(world(PRIVATE), new World({ ...facts, secrets }, resources));
  const ofSleep = found.filter(({ callers }) => callers.workloads.includes('c1/default/sleep'));
  expect(ofSleep.map(({ kind, because }) => `${kind} ${because?.objects}`)).toEqual(['rolls facts', 'rolls facts']);
});

test('what fails only between two clusters is told with the state in which it does', () => {
  const client = (host: string) =>
    CLIENT +
    istio(
      'ServiceEntry',
      'a/far',
      `hosts: [far.example]\nlocation: MESH_EXTERNAL\nresolution: STATIC\naddresses: [240.0.0.9]\nports: [{ number: 80, name: http, protocol: HTTP }]\nendpoints: [{ address: 10.9.9.9, ports: { http: ${host} } }]`,
    );
  const server = (port: string) => `${namespace('b')}${deployment('b/web')}
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: b }
spec: { type: LoadBalancer, loadBalancerIP: 10.9.9.9, selector: { app: web }, ports: [{ name: http, port: ${port}, targetPort: 8080 }] }
`;
  const dns = { dns: { c1: { 'far.example': '240.0.0.9' } } };
  const old = worldOf({ c1: client('81'), c2: server('81') }, dns);
  const changed = worldOf({ c1: client('82'), c2: server('82') }, dns);
  const found = changes(old, changed).filter(({ callers }) => callers.kind === 'workloads' && callers.cluster === 'c1');
  expect(found.map((one) => [said(one, changed), one.while])).toEqual([
    ['breaks: c1/a/sleep → http://far.example:80 any any', 'c1 is new, c2 is old'],
    ['breaks: c1/a/sleep → http://far.example:80 any any', 'c2 is new, c1 is old'],
  ]);
});

test('more changes than can be tried one by one name none', () => {
  const many = Array.from({ length: 21 }, (_, index) =>
    istio(
      'ServiceEntry',
      `a/far-${index}`,
      `hosts: [far-${index}.example]\nports: [{ number: 80, name: http, protocol: HTTP }]\nresolution: NONE`,
    ),
  ).join('');
  const [found] = changes(web(''), web(rule('{ mode: DISABLE }') + many));
  expect(found.kind).toBe('weakens');
  expect(found.because).toBeUndefined();
});
