import { callerGroups } from '../../../lib/verify/explore/callers';
import { type Exposure, exposuresOf } from '../../../lib/verify/explore/exposures';
import { describeCallers } from '../../../lib/verify/explore/who';
import { Engine } from '../../../lib/verify/run/engine';
import type { World } from '../../../lib/verify/world/world';
import { deployment, gatewayDeployment, istio, namespace, service, worldOf } from '../support/world';

const said = (one: Exposure, world: World) =>
  `${describeCallers(one.callers, world)} → ${one.server}: ${one.requests.map(({ methods, paths, others }) => [`${methods} ${paths}`, ...others].join(', ')).join('; ')}${one.isApproximate ? ' (about)' : ''}`;

const rows = (world: World, kind?: Exposure['callers']['kind']) =>
  exposuresOf(world, kind ? { kinds: [kind] } : {}).exposures.map((one) => said(one, world));

const SLEEP = namespace('a') + deployment('a/sleep', 'sleep');
const web = (name = 'web') =>
  deployment(`a/${name}`) + service(`a/${name}`, '{ name: http, port: 80, targetPort: 8080 }');
const routes = (spec: string) => istio('VirtualService', 'a/web', `hosts: [web.a.svc.cluster.local]\n${spec}`);
const policy = (rule: string) =>
  istio('AuthorizationPolicy', 'a/web', `selector: { matchLabels: { app: web } }\nrules: [${rule}]`);
const worldWith = (more: string) => worldOf({ c1: SLEEP + web() + more });

test('callers are one row where nothing tells them apart, and divided where something does', () => {
  expect(rows(worldWith(''), 'workloads')).toEqual(['all workloads of c1 → c1/a/web: any any']);
  const one = policy('{ from: [{ source: { principals: [cluster.local/ns/a/sa/sleep] } }] }');
  expect(rows(worldWith(one), 'workloads')).toEqual(['c1/a/sleep → c1/a/web: any any']);
});

test('what is asked after a rewrite is said as the caller writes it', () => {
  const rewrite = routes(
    'http:\n- match: [{ uri: { prefix: /shop/ } }]\n  rewrite: { uri: / }\n  route: [{ destination: { host: web.a.svc.cluster.local } }]',
  );
  const found = rows(
    worldWith(rewrite + policy('{ to: [{ operation: { methods: [GET], paths: [/public/*, /exact, "*.css"] } }] }')),
    'workloads',
  );
  expect(found).toEqual(['all workloads of c1 → c1/a/web: GET *.css (behind /shop/),/shop/exact,/shop/public/*']);
});

test('a path that an expression rewrites is said as about', () => {
  const rewrite = routes(
    'http:\n- match: [{ uri: { prefix: /shop/ } }]\n  rewrite: { uriRegexRewrite: { match: /shop/(.*), rewrite: /\\1 } }\n  route: [{ destination: { host: web.a.svc.cluster.local } }]',
  );
  const found = rows(worldWith(rewrite + policy('{ to: [{ operation: { notPaths: [/secret] } }] }')), 'workloads');
  expect(found).toEqual(['all workloads of c1 → c1/a/web: any /shop/* but /secret (path as it is rewritten) (about)']);
});

test('headers and queries are said where a route asks for them', () => {
  const route = routes(
    'http:\n- match: [{ headers: { x-beta: { exact: "1" } }, queryParams: { v: { exact: "2" } } }]\n  route: [{ destination: { host: web.a.svc.cluster.local } }]\n- directResponse: { status: 404 }',
  );
  expect(rows(worldWith(route), 'workloads')).toEqual(['all workloads of c1 → c1/a/web: any any, ?v=2, x-beta: 1']);
  const fixed = routes(
    'http:\n- headers: { request: { set: { x-team: web } } }\n  route: [{ destination: { host: web.a.svc.cluster.local } }]',
  );
  const asks = policy('{ when: [{ key: "request.headers[x-team]", values: [web] }] }');
  // what a route sets is no choice of the caller
  expect(rows(worldWith(fixed + asks), 'workloads')).toEqual(['all workloads of c1 → c1/a/web: any any']);
  expect(rows(worldWith(asks), 'workloads')).toEqual(['all workloads of c1 → c1/a/web: any any, x-team: web']);
});

test('strangers in the network are told apart by address and certificate', () => {
  const found = rows(
    worldWith(policy('{ from: [{ source: { ipBlocks: [10.1.0.0/16], notIpBlocks: [10.1.2.0/24] } }] }')),
    'network',
  );
  expect(found).toContain('network of c1: anyone from 10.1.0.0/16, not from 10.1.2.0/24 → c1/a/web: any any');
  const strict = istio('PeerAuthentication', 'istio-system/default', 'mtls: { mode: STRICT }');
  expect(rows(worldWith(strict), 'network')).toEqual([
    'network of c1: a certificate of root of c1 named spiffe://cluster.local/* → c1/a/web: any any',
  ]);
});

const GATEWAY = `${namespace('gateways')}${gatewayDeployment('gateways/public', 'public')}
---
apiVersion: v1
kind: Service
metadata: { name: public, namespace: gateways }
spec: { type: LoadBalancer, selector: { istio: public }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
${istio('Gateway', 'gateways/public', 'selector: { istio: public }\nservers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }]')}
${istio('VirtualService', 'a/public', 'hosts: [shop.example, "*.shops.example"]\ngateways: [gateways/public]\nhttp:\n- match: [{ uri: { prefix: /shop } }]\n  route: [{ destination: { host: web.a.svc.cluster.local } }]')}`;

test('a gateway is entered from outside by every name that it knows', () => {
  const world = worldWith(GATEWAY);
  expect(rows(world, 'outside')).toEqual([
    'outside of c1: anyone → c1/a/web: any /shop*, host *.shops.example; any /shop*, host shop.example',
  ]);
  const [row] = exposuresOf(world, { kinds: ['outside'] }).exposures;
  expect(row).toMatchObject({
    legs: ['clear', 'ISTIO_MUTUAL'],
    via: ['c1/gateways/public', 'sidecar'],
    identity: 'spiffe://cluster.local/ns/gateways/sa/public',
  });
});

test('workloads are explored as one unless something looks at them', () => {
  const many = ['one', 'two', 'three'].map((name) => deployment(`a/${name}`, 'sleep')).join('');
  const groups = (more: string) =>
    callerGroups(
      new Engine(worldOf({ c1: SLEEP + many + namespace('b') + deployment('b/four', 'sleep') + web() + more })),
    )
      .map(({ workloads }) => workloads.map(({ namespace: of, name }) => `${of}/${name}`).join(' '))
      .sort();
  const all = 'a/sleep a/one a/two a/three b/four a/web';
  expect(groups('')).toEqual([all]);
  const byLabel = routes(
    'http:\n- match: [{ sourceLabels: { app: one } }]\n  route: [{ destination: { host: web.a.svc.cluster.local } }]',
  );
  expect(groups(byLabel)).toHaveLength(6);
  const byNamespace = routes(
    'http:\n- match: [{ sourceNamespace: a }]\n  route: [{ destination: { host: web.a.svc.cluster.local } }]',
  );
  expect(groups(byNamespace)).toEqual(['a/sleep a/one a/two a/three a/web', 'b/four']);
  expect(groups(istio('DestinationRule', 'b/web', 'host: web.a.svc.cluster.local'))).toEqual([
    'a/sleep a/one a/two a/three a/web',
    'b/four',
  ]);
  expect(
    groups(istio('Sidecar', 'a/one', 'workloadSelector: { labels: { app: one } }\negress: [{ hosts: ["./*"] }]'))
      .length,
  ).toBeGreaterThan(1);
});

test('calls grow with services, not with callers times services', () => {
  const calls = (services: number) => {
    const all = Array.from({ length: services }, (_, index) => web(`s-${index}`)).join('');
    return exposuresOf(worldOf({ c1: namespace('a') + all })).calls;
  };
  const [few, many] = [calls(20), calls(80)];
  expect(many / few).toBeGreaterThan(3.5);
  expect(many / few).toBeLessThan(4.1);
});

test('what is assumed and not modelled is said', () => {
  const { assumptions, unmodelled } = exposuresOf(
    worldWith(istio('AuthorizationPolicy', 'a/outside', 'action: CUSTOM\nprovider: { name: x }\nrules: [{}]')),
  );
  expect(unmodelled.map(({ object }) => object)).toEqual(['AuthorizationPolicy a/outside @c1']);
  expect(assumptions).toEqual([]);
});

describe('tokens', () => {
  const verified = (rules: string, namespaceOf = 'a/web') =>
    istio('RequestAuthentication', namespaceOf, `selector: { matchLabels: { app: web } }\njwtRules: [${rules}]`);
  const who = (more: string) =>
    exposuresOf(worldWith(more), { kinds: ['workloads'] }).exposures.flatMap(({ requests }) =>
      requests.map(({ methods, paths, token }) => [...methods, ...paths, token ?? 'whatever token'].join(' ')),
    );
  const X = '{ issuer: x.example }';

  test('a request may have the one that a policy asks for', () => {
    const asks = policy('{ from: [{ source: { requestPrincipals: [x.example/a] } }] }');
    expect(who(verified(X) + asks)).toEqual(['any any with a token of x.example (sub a)']);
    expect(who(asks)).toEqual([]);
    expect(who(verified('{ issuer: y.example }') + asks)).toEqual([]);
  });

  test('claims may have several values, issuer and subject have one', () => {
    const claim = (key: string, value: string) => `{ key: "${key}", values: [${value}] }`;
    const two = (key: string) => policy(`{ when: [${claim(key, 'a')}, ${claim(key, 'b')}] }`);
    expect(who(verified(X) + two('request.auth.claims[groups]'))).toEqual([
      'any any with a token of x.example (groups a and b)',
    ]);
    expect(who(verified(X) + two('request.auth.claims[sub]'))).toEqual([]);
  });

  test('what one must not be is asked, too', () => {
    const but = policy('{ when: [{ key: "request.auth.claims[groups]", values: [a*], notValues: [ab] }] }');
    expect(who(verified(X) + but)).toEqual(['any any with a token of x.example (groups a* but ab)']);
    const none = policy('{ from: [{ source: { notRequestPrincipals: ["*"] } }] }');
    expect(who(verified(X) + none)).toEqual(
      ['any any without a token of x.example', 'any any without a token (sub something)'].sort(),
    );
  });

  test('where none is asked for, those that a rule refuses are told', () => {
    expect(who(verified(X))).toEqual(['any any whatever token']);
    expect(who(verified('{ issuer: x.example, audiences: [a, b] }'))).toEqual([
      'any any without a token, or with one that is accepted',
    ]);
  });

  test('a rule without an issuer accepts a token of anybody', () => {
    const asks = policy('{ from: [{ source: { requestPrincipals: ["*"] } }] }');
    expect(who(verified('{ jwks: "{}" }') + asks)).toEqual(['any any with a token of something (sub something)']);
  });

  test('a gateway takes the token away, unless it is told to pass it on', () => {
    const through = (forward: string) =>
      exposuresOf(
        worldOf(
          {
            c1:
              namespace('a') +
              web() +
              namespace('gw') +
              gatewayDeployment('gw/in', 'in') +
              service('gw/in', '{ name: http2, port: 80, targetPort: 8080 }', ', type: LoadBalancer').replace(
                'app: in',
                'istio: in',
              ) +
              istio(
                'Gateway',
                'gw/in',
                'selector: { istio: in }\nservers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [x.example] }]',
              ) +
              istio(
                'VirtualService',
                'gw/in',
                'hosts: [x.example]\ngateways: [in]\nhttp: [{ route: [{ destination: { host: web.a.svc.cluster.local } }] }]',
              ) +
              istio(
                'RequestAuthentication',
                'gw/in',
                `selector: { matchLabels: { istio: in } }\njwtRules: [{ issuer: x.example${forward} }]`,
              ) +
              verified(X) +
              policy('{ from: [{ source: { requestPrincipals: [x.example/a] } }] }'),
          },
          { loadBalancers: { 'c1/gw/in': ['10.0.0.1'] } },
        ),
        { kinds: ['outside'] },
      ).exposures.flatMap(({ requests }) => requests.map(({ token }) => token));
    expect(through(', forwardOriginalToken: true')).toEqual(['with a token of x.example (sub a)']);
    expect(through('')).toEqual([]);
  });
});
