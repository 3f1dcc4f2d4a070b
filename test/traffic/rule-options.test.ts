import { Duration } from 'cdk8s';
import { type Redirect, type RequestOptions, Rule, type Rule as RuleOf, StringMatch } from '../../lib';
import { messageOf } from '../support/model';
import { routesOf, type shop } from './services';

type All = ReturnType<typeof shop>;

const routeOf = (rule: (all: All) => RuleOf) => routesOf((all) => [rule(all)])[0];
const withOptions = (options: RequestOptions) => routeOf(({ cart }) => Rule.paths(['/v1/*']).to(cart).with(options));

describe('options of a rule', () => {
  test('what is not stated is not written', () => {
    expect(Object.keys(routeOf(({ cart }) => Rule.otherwise().to(cart)))).toEqual(['route']);
  });

  test('timeout and retries', () => {
    expect(
      withOptions({
        timeout: Duration.seconds(3),
        retries: {
          attempts: 2,
          perTry: Duration.millis(1500),
          on: ['5xx', 'reset', 429],
          backoff: Duration.millis(10),
          remoteLocalities: true,
        },
      }),
    ).toMatchObject({
      timeout: '3s',
      retries: {
        attempts: 2,
        perTryTimeout: '1500ms',
        retryOn: '5xx,reset,429',
        backoff: '10ms',
        retryRemoteLocalities: true,
      },
    });
    expect(withOptions({ retries: { attempts: 0 } }).retries).toEqual({ attempts: 0 });
  });

  test('path and authority are rewritten', () => {
    expect(withOptions({ rewrite: { path: '/v2/', authority: 'cart:8080' } }).rewrite).toEqual({
      uri: '/v2/',
      authority: 'cart:8080',
    });
    expect(withOptions({ rewrite: { path: { regex: '^/v1/(.*)$', to: '/\\1' } } }).rewrite).toEqual({
      uriRegexRewrite: { match: '^/v1/(.*)$', rewrite: '/\\1' },
    });
    const exact = routeOf(({ cart }) =>
      Rule.paths(['/old'])
        .to(cart)
        .with({ rewrite: { path: '/new' } }),
    );
    expect(exact.rewrite).toEqual({ uri: '/new' });
  });

  test('faults for tests', () => {
    expect(
      withOptions({
        faultForTests: { abort: { status: 503, percent: 10 }, delay: { by: Duration.seconds(1), percent: 0.5 } },
      }).fault,
    ).toEqual({
      abort: { httpStatus: 503, percentage: { value: 10 } },
      delay: { fixedDelay: '1s', percentage: { value: 0.5 } },
    });
  });

  test('a mirror gets copies', () => {
    const route = routeOf(({ cart, stage }) =>
      Rule.otherwise()
        .to(cart)
        .with({ mirror: { to: stage, percent: 25 } }),
    );
    expect(route).toMatchObject({
      mirror: { host: 'stage.web.svc.cluster.local', port: { number: 80 } },
      mirrorPercentage: { value: 25 },
    });
  });

  test('options add up, each is stated once', () => {
    const rule = ({ cart }: All) =>
      Rule.otherwise()
        .to(cart)
        .with({ timeout: Duration.seconds(1) });
    expect(routeOf((all) => rule(all).with({ retries: { attempts: 1 } }))).toMatchObject({
      timeout: '1s',
      retries: { attempts: 1 },
    });
    expect(messageOf(() => routeOf((all) => rule(all).with({ timeout: Duration.seconds(2) })))).toBe(
      "MESH1309 Rule.otherwise: option 'timeout' is stated twice; state it once",
    );
  });

  test('callers are told to go somewhere else', () => {
    const redirect = { authority: 'new.example', path: '/x', scheme: 'https', port: 8443, code: 308 } as const;
    expect(routesOf(({ cart }) => [Rule.paths(['/old']).redirect(redirect), Rule.otherwise().to(cart)])[0]).toEqual({
      match: [{ uri: { exact: '/old' } }],
      redirect: { uri: '/x', authority: 'new.example', scheme: 'https', port: 8443, redirectCode: 308 },
    });
  });
});

describe('options that do not fit are refused', () => {
  const at = 'Rule.paths /v1/*';
  const range = 'is out of range; expected more than 0, at most 100';

  test.each<[unknown, string]>([
    [{ timeout: Duration.millis(0) }, 'timeout of 0 milliseconds is malformed; expected whole milliseconds, 1 or more'],
    [{ retries: { attempts: 1.5 } }, 'retries with 1.5 attempts are malformed; expected a whole number from 0 to 100'],
    [{ retries: { attempts: -1 } }, 'retries with -1 attempts are malformed; expected a whole number from 0 to 100'],
    [
      { retries: { attempts: 0, on: ['5xx'] } },
      "0 attempts switch retries off, but 'on' says how to retry; leave it out",
    ],
    [{ retries: { attempts: 1, on: [] } }, "the list 'on' is empty; state when to retry, or leave it out"],
    [
      { retries: { attempts: 1, on: ['5xx', 'timeout'] } },
      "'on' has 'timeout'; expected a status code from 400 to 599, or one of 5xx, gateway-error, reset, reset-before-request, connect-failure, envoy-ratelimited, retriable-4xx, refused-stream, cancelled, deadline-exceeded, internal, resource-exhausted, unavailable",
    ],
    [
      { timeout: Duration.seconds(1), retries: { attempts: 2, perTry: Duration.seconds(1) } },
      'perTry 1s is not shorter than timeout 1s, which all attempts have together, so nothing would be retried; state a longer timeout',
    ],
    [{ rewrite: {} }, "'rewrite' is empty; state path or authority, or leave it out"],
    [
      { rewrite: { path: '/v2' } },
      "path '/v2' stands for the beginning '/v1/', so '/v1/rest' would become '/v2rest'; let both end with '/', or neither",
    ],
    [
      { rewrite: { path: '/v2/*' } },
      "path '/v2/*' ends in '*', but the rest of a path follows by itself; leave the '*' out",
    ],
    [
      { rewrite: { path: { regex: '/v1/', to: '' } } },
      "nothing is stated to replace '/v1/', which istiod refuses; state 'to'",
    ],
    [
      { rewrite: { authority: 'https://cart' } },
      "authority 'https://cart' is malformed; expected a host in lower case, with or without a port, such as 'pay.example.com'",
    ],
    [{ faultForTests: {} }, 'the fault is empty; state abort or delay'],
    [
      { faultForTests: { abort: { status: 99, percent: 5 } } },
      'status 99 of the fault is malformed; expected a status code from 200 to 599',
    ],
    [{ faultForTests: { abort: { status: 503, percent: 0 } } }, `percent 0 ${range}`],
    [{ faultForTests: { delay: { by: Duration.seconds(1), percent: 101 } } }, `percent 101 ${range}`],
  ])('%#', (options, message) => {
    expect(messageOf(() => withOptions(options as RequestOptions))).toBe(`MESH1309 ${at}: ${message}`);
  });

  test.each<[unknown, string]>([
    [{ timeOut: 1 }, "'timeOut' is not an option, expected 'timeout'"],
    [{ deadline: 1 }, "'deadline' is not an option, expected timeout, retries, rewrite, mirror, faultForTests"],
    [
      { retries: { attempts: 1, retryOn: '5xx' } },
      "'retryOn' is not an option of 'retries', expected attempts, perTry, on, backoff, remoteLocalities",
    ],
    [{ retries: null }, "'retries' is null, expected an object with attempts, perTry, on, backoff, remoteLocalities"],
    [{ rewrite: { host: 'a' } }, "'host' is not an option of 'rewrite', expected path, authority"],
    [{ mirror: { percent: 5, destination: 1 } }, "'destination' is not an option of 'mirror', expected to, percent"],
    [
      { faultForTests: { abort: { status: 503, percent: 5 }, after: 1 } },
      "'after' is not an option of 'faultForTests', expected abort, delay",
    ],
    [
      { faultForTests: { abort: { status: 503, percent: 5, body: '' } } },
      "'body' is not an option of 'abort' of 'faultForTests', expected status, percent",
    ],
  ])('%#: an option that does not exist, or is of another kind', (options, message) => {
    const refused = messageOf(() => withOptions(options as RequestOptions));
    expect(refused.replace(/; is an environment variable.*/, '')).toBe(`MESH1006 ${at}: ${message}`);
  });

  test('a duration without unit', () => {
    expect(messageOf(() => withOptions({ timeout: 2 as unknown as Duration }))).toBe(
      `MESH1006 ${at}: 'timeout' is the number 2, expected a Duration of cdk8s such as Duration.seconds(2)`,
    );
  });

  test('a mirror without destination', () => {
    expect(messageOf(() => withOptions({ mirror: {} as RequestOptions['mirror'] }))).toContain(
      `MESH1006 ${at}: destination of the mirror is undefined`,
    );
  });

  test('a malformed regular expression', () => {
    expect(messageOf(() => withOptions({ rewrite: { path: { regex: '(', to: '/' } } }))).toContain(
      `MESH1308 ${at}: the regular expression '(' is none of RE2 syntax`,
    );
  });

  test('a beginning that a rule for every path shares', () => {
    expect(
      messageOf(() =>
        routeOf(({ cart }) =>
          Rule.otherwise()
            .to(cart)
            .with({ rewrite: { path: '/base' } }),
        ),
      ),
    ).toContain("path '/base' stands for the beginning '/', so '/rest' would become '/baserest'");
  });

  test('an authority that the next proxy does not know', () => {
    const message = messageOf(() =>
      routeOf(({ pay }) =>
        Rule.otherwise()
          .to(pay)
          .with({ rewrite: { authority: 'other.example' } }),
      ),
    );
    expect(message).toBe(
      "MESH1310 Rule.otherwise: authority 'other.example' cannot be sent to 'pay.vendor.example', which the next proxy knows by its own; leave rewrite.authority out",
    );
  });

  test('options where nothing is passed on', () => {
    expect(
      messageOf(() =>
        Rule.otherwise()
          .deny()
          .with({ timeout: Duration.seconds(1) }),
      ),
    ).toBe('MESH1309 Rule.otherwise: the rule passes no requests on, so options say nothing; leave with() out');
  });

  test.each<[unknown, string]>([
    [
      {},
      'MESH1309 Rule.otherwise: the redirect changes nothing, so callers would go in circles; state authority, path, scheme or port',
    ],
    [{ scheme: 'ftp' }, "MESH1006 Rule.otherwise: 'scheme' is 'ftp', expected 'http' or 'https'"],
    [
      { path: '/a', code: 305 },
      'MESH1309 Rule.otherwise: code 305 is no redirect that Envoy sends; expected 301, 302, 303, 307 or 308',
    ],
    [{ path: '/a/*' }, "MESH1309 Rule.otherwise: path '/a/*' ends in '*'; expected the whole path that callers go to"],
    [{ uri: '/a' }, "MESH1006 Rule.otherwise: 'uri' is not an option, expected authority, path, scheme, port, code"],
  ])('redirect %j', (redirect, message) => {
    expect(messageOf(() => Rule.otherwise().redirect(redirect as Redirect))).toBe(message);
  });

  test('a regular expression needs no slash at the end', () => {
    const rule = routeOf(({ cart }) =>
      Rule.paths([StringMatch.regex('/v[12]/.*')])
        .to(cart)
        .with({ rewrite: { path: '/all' } }),
    );
    expect(rule.rewrite).toEqual({ uri: '/all' });
  });
});
