import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Connection,
  type ConnectionOptions,
  Fleet,
  LoadBalancing,
  type Mirror,
  type Platform,
  Port,
  type Redirect,
  type RequestMatch,
  type RequestOptions,
  type Retries,
  Routing,
  Rule,
  StringMatch,
} from '../../lib';
import { PLATFORMS } from '../../lib/platform/platforms';
import { Admission } from '../../lib/verify/admission/admission';
import { mesh } from '../support/model';

// Whatever rules and connections the library takes, the API server and the webhook of the platform take, too.

const anyPlatform = fc.constantFrom(...PLATFORMS);
const admissions = new Map(PLATFORMS.map((platform) => [platform, new Admission(platform.bundles)]));
const problems = (platform: Platform, object: unknown) => admissions.get(platform)?.judge(object);

const text = fc.string({ minLength: 1, maxLength: 6 });
const mostly = <T, U>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<U>) =>
  fc.oneof({ arbitrary: right, weight: 19 }, { arbitrary: wrong, weight: 1 });
const duration = mostly(fc.integer({ min: 1, max: 5000 }), fc.constant(0)).map(Duration.millis);
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const pattern = mostly(fc.constantFrom('a.*', '^/x/(\\d+)$', 'a{2,3}'), fc.constantFrom('(', '(?=a)', '', '['));
const match: fc.Arbitrary<() => StringMatch> = fc.oneof(
  text.map((one) => () => StringMatch.exact(one)),
  text.map((one) => () => StringMatch.prefix(one)),
  pattern.map((one) => () => StringMatch.regex(one)),
  fc.constant(StringMatch.present),
);
const conditions = fc.dictionary(
  mostly(fc.constantFrom('end-user', 'x-b3'), fc.oneof(text, fc.constant('host'))),
  fc.oneof(match, text),
  {
    minKeys: 1,
    maxKeys: 2,
  },
);
const path = mostly(fc.constantFrom('/a', '/a/*', '/a*', '/*'), fc.oneof(text, fc.constant('/a?b')));

const anyCalls = fc.record({
  paths: some(fc.uniqueArray(path, { minLength: 1, maxLength: 2 })),
  methods: some(
    fc.uniqueArray(mostly(fc.constantFrom('GET', 'POST', 'QUERY'), fc.constantFrom('get', '')), {
      minLength: 1,
      maxLength: 2,
    }),
  ),
  headers: some(conditions),
  query: some(conditions),
});
const anyRetries: fc.Arbitrary<Retries> = fc.record({
  attempts: mostly(fc.integer({ min: 1, max: 4 }), fc.constantFrom(-1, 0, 1.5)),
  perTry: some(duration),
  on: some(
    fc.array(mostly(fc.constantFrom('5xx', 'reset', 503, 'cancelled'), fc.constant(200)), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  backoff: some(duration),
  remoteLocalities: some(fc.boolean()),
}) as fc.Arbitrary<Retries>;
const percent = mostly(fc.double({ min: 0.001, max: 100, noNaN: true }), fc.constantFrom(-1, 0, 101));
const anyOptions = fc.record({
  timeout: some(duration),
  retries: some(anyRetries),
  rewrite: some(
    fc.record({
      path: some(fc.oneof(path, fc.record({ regex: pattern, to: fc.constantFrom('/\\1', '', '/x') }))),
      authority: some(mostly(fc.constantFrom('a.example', 'a:80'), fc.oneof(text, fc.constant('A')))),
    }),
  ),
  mirror: some(fc.record({ percent: some(percent) })),
  faultForTests: some(
    fc.record({
      abort: some(fc.record({ status: mostly(fc.integer({ min: 200, max: 599 }), fc.constantFrom(99, 600)), percent })),
      delay: some(fc.record({ by: duration, percent })),
    }),
  ),
});
const anyRedirect: fc.Arbitrary<Redirect> = fc.record({
  authority: some(fc.constantFrom('a.example', 'a b')),
  path: some(path),
  scheme: some(fc.constantFrom('http', 'https')),
  port: some(fc.integer({ min: -1, max: 70000 })),
  code: some(fc.constantFrom(301, 308, 200)),
}) as fc.Arbitrary<Redirect>;
const anyRule = fc.record({ calls: some(anyCalls), options: some(anyOptions), redirect: some(anyRedirect) });

/** Only what is stated: of what is left out nothing is known. */
function stated<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function made(values: Record<string, (() => StringMatch) | string>): Record<string, StringMatch | string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : value()]),
  );
}

/** What is refused is none of this test; anything else must not be thrown. */
function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect((error as Error).message).toMatch(/^MESH\d{4} /);
    return undefined;
  }
}

test('rules', () => {
  let taken = 0;
  fc.assert(
    fc.property(anyPlatform, fc.array(anyRule, { minLength: 1, maxLength: 3 }), (platform, shapes) => {
      const fleet = new Fleet({ print: () => {} });
      const consumer = mesh(fleet, 'shop', { platform });
      const [cart, stage] = ['cart', 'stage'].map((name) =>
        consumer.service(name, { namespace: 'web', ports: [Port.http(80)] }),
      );
      const rules = shapes.flatMap(({ calls, options, redirect }) => {
        const rule = unlessRefused(() => {
          const { headers, query, ...rest } = stated(calls ?? {}) as Exclude<typeof calls, undefined>;
          const conditions = stated({
            ...rest,
            headers: headers && made(headers),
            query: query && made(query),
          }) as RequestMatch;
          const about = calls === undefined ? Rule.otherwise() : Rule.when(conditions);
          if (redirect !== undefined) return about.redirect(stated(redirect));
          const rule: Rule = about.to(cart);
          if (options === undefined) return rule;
          const mirror = options.mirror && ({ to: stage, ...stated(options.mirror) } as Mirror);
          return rule.with(stated({ ...options, mirror }) as RequestOptions);
        });
        return rule === undefined ? [] : [rule];
      });
      if (unlessRefused(() => new Routing(consumer, 'cart', { host: cart, rules })) === undefined) return;
      taken += 1;
      for (const { manifest } of fleet.manifests()) expect(problems(platform, manifest)).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(40);
});

const limit = some(mostly(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(-1, 0, 2 ** 29, 2 ** 31)));
const anyConnection = fc.record({
  connectTimeout: some(duration),
  idleTimeout: some(duration),
  maxDuration: some(duration),
  maxConnections: limit,
  keepalive: some(fc.record({ idle: some(duration), interval: some(duration), probes: limit })),
  requests: some(
    fc.record({
      maxPending: limit,
      max: limit,
      maxPerConnection: limit,
      maxRetries: limit,
      maxConcurrentStreams: limit,
    }),
  ),
  outlierDetection: some(
    fc.record({
      consecutive5xxErrors: limit,
      consecutiveGatewayErrors: limit,
      interval: some(duration),
      baseEjectionTime: some(duration),
      maxEjectionPercent: some(mostly(fc.integer({ min: 0, max: 100 }), fc.constantFrom(-1, 101))),
      minHealthPercent: some(mostly(fc.integer({ min: 0, max: 100 }), fc.constantFrom(-1, 101))),
    }),
  ),
  loadBalancing: some(
    fc.constantFrom(
      LoadBalancing.random(),
      LoadBalancing.byHeader('x-user'),
      LoadBalancing.byCookie('session', { ttl: Duration.hours(1), path: '/' }),
      LoadBalancing.bySourceAddress({ minimumRingSize: 64 }),
    ),
  ),
});

test('connections', () => {
  let taken = 0;
  fc.assert(
    fc.property(anyPlatform, fc.constantFrom('http', 'tcp'), anyConnection, (platform, protocol, options) => {
      const settings = unlessRefused(() =>
        Connection.of(options as ConnectionOptions).render({ protocol, platform, key: 'k', where: 'w' }),
      );
      if (settings === undefined) return;
      taken += 1;
      const rule = {
        apiVersion: platform.apiVersion('DestinationRule'),
        kind: 'DestinationRule',
        metadata: { name: 'pay', namespace: 'shop' },
        spec: { host: 'pay.example', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, ...settings }] } },
      };
      expect(problems(platform, rule)).toEqual([]);
    }),
    { numRuns: 800 },
  );
  expect(taken).toBeGreaterThan(40);
});
