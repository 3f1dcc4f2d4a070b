import * as fc from 'fast-check';
import type { HTTPMatchRequest, HTTPRoute } from '../../imports/istio/networking';
import { Port, type RequestMatch, Rule, StringMatch } from '../../lib';
import { MeshService } from '../../lib/facts/service';
import { routes } from '../../lib/traffic/routes';
import { callersOf } from '../../lib/traffic/rule-callers';
import { checkOrder } from '../../lib/traffic/rule-order';
import { messageOf } from '../support/model';

const to = new MeshService({ mesh: 'east/shop', domain: 'cluster.local' }, 'cart', {
  namespace: 'web',
  ports: [Port.http(80)],
});
const rule = (match: RequestMatch | undefined) => (match ? Rule.when(match) : Rule.otherwise()).to(to);
const check = (...matches: (RequestMatch | undefined)[]) => checkOrder(matches.map(rule), to, 'east/shop/cart');

const never = (narrow: string, broad: string) =>
  `MESH1301 east/shop/cart: the rule for ${narrow} is never reached: the one for ${broad} above it is about the same calls; put the narrower rule first, or remove it`;

const jason = { 'end-user': 'jason' };

describe('a rule that is never reached is refused', () => {
  test.each<[(RequestMatch | undefined)[], string]>([
    [[{ headers: jason }, { headers: jason }], never("header end-user 'jason'", "header end-user 'jason'")],
    [
      [{ headers: { 'end-user': StringMatch.present() } }, { paths: ['/a'], headers: jason }],
      never("'/a' with header end-user 'jason'", 'header end-user any value'),
    ],
    [
      [
        { paths: ['/a/*'], methods: ['GET'] },
        { paths: ['/a/b'], methods: ['GET'] },
      ],
      never("'/a/b' with method GET", "'/a/*' with method GET"),
    ],
    [[{ paths: ['/a'] }, { paths: ['/a'], query: { v: '1' } }], never("'/a' with query v '1'", "'/a'")],
    [
      [{ paths: [StringMatch.regex('/v[12]/.*')] }, { paths: ['/v1/a'] }],
      never("'/v1/a'", "the regular expression '/v[12]/.*'"),
    ],
    [[undefined, { headers: jason }], never("header end-user 'jason'", 'every call (Rule.otherwise)')],
    [[{ methods: ['GET'] }, { methods: ['POST', 'GET'] }], never('method GET', 'method GET')],
  ])('%#', (matches, message) => {
    expect(messageOf(() => check(...matches))).toBe(message);
  });

  test.each<[RequestMatch | undefined, RequestMatch | undefined]>([
    [{ headers: jason }, { paths: ['/a'] }],
    [{ headers: jason, methods: ['GET'] }, { headers: jason }],
    [
      { paths: ['/a'], methods: ['GET'] },
      { paths: ['/a'], methods: ['POST'] },
    ],
    [
      { paths: ['/a'], headers: jason },
      { paths: ['/a'], query: { v: '1' } },
    ],
    [
      { paths: ['/a'], query: { v: '1' } },
      { paths: ['/a'], query: { v: '2' } },
    ],
    [{ headers: { constructor: 'a' } }, { headers: jason }],
  ])('%#: what differs is kept', (first, second) => {
    expect(() => check(first, second, undefined)).not.toThrow();
  });

  test('what is refused would never be the first route that matches', () => {
    fc.assert(
      fc.property(
        fc.array(anyMatch, { minLength: 1, maxLength: 5 }),
        fc.array(anyRequest, { minLength: 60, maxLength: 60 }),
        (matches, requests) => {
          const last = matches.length - 1;
          try {
            check(...matches.slice(0, last));
          } catch {
            return;
          }
          let isRefused = false;
          try {
            check(...matches);
          } catch {
            isRefused = true;
          }
          // of an alternative only, so the whole rule must be one
          if (!isRefused || (alternativesOf(matches[last]) ?? 1) > 1) return;
          const { http = [] } = routes(matches.map(rule), { host: to.host, port: to.port, isOnlyPort: true });
          for (const request of requests) {
            expect(http.findIndex((route) => isTaken(route, request))).not.toBe(last);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('twenty thousand exact paths are no problem', () => {
    const matches = Array.from({ length: 20_000 }, (_, n) => ({ paths: [`/items/${n}`], methods: ['GET'] }));
    expect(() => check(...matches)).not.toThrow();
    expect(callersOf(rule(undefined))).toBeUndefined();
  });
});

interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly query: Record<string, string>;
}

const word = fc.constantFrom('a', 'b', 'ab');
const value = fc.oneof(
  word,
  word.map(StringMatch.prefix),
  fc.constant(StringMatch.regex('a.*')),
  fc.constant(StringMatch.present()),
);
const path = fc.oneof(
  fc.constantFrom('/a', '/a/b', '/b', '/a/*', '/*', '/a*'),
  fc.constantFrom('/a.*', '/b|/a', '/a/?b').map(StringMatch.regex),
);
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const pairs = <T>(values: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom('x', 'y'), values, { minKeys: 1 });
const anyMatch: fc.Arbitrary<RequestMatch | undefined> = fc
  .record({
    paths: some(fc.uniqueArray(path, { minLength: 1, maxLength: 2, selector: String })),
    methods: some(fc.uniqueArray(fc.constantFrom('GET', 'POST'), { minLength: 1, maxLength: 2 })),
    headers: some(pairs(value)),
    query: some(pairs(value)),
  })
  .map((match) => {
    const stated = Object.fromEntries(Object.entries(match).filter(([, stated]) => stated !== undefined));
    return Object.keys(stated).length === 0 ? undefined : stated;
  });
const anyRequest: fc.Arbitrary<Request> = fc.record({
  path: fc.constantFrom('/', '/a', '/a/b', '/b', '/ab', '/a/c'),
  method: fc.constantFrom('GET', 'POST'),
  headers: fc.dictionary(fc.constantFrom('x', 'y'), word),
  query: fc.dictionary(fc.constantFrom('x', 'y'), word),
});

function alternativesOf(match: RequestMatch | undefined): number {
  return (match?.paths?.length ?? 1) * (match?.methods?.length ?? 1);
}

/** As Envoy compares: a regular expression must match the whole text. */
function isTaken({ match = [{}] }: HTTPRoute, request: Request): boolean {
  const fits = (stated: HTTPMatchRequest['uri'], text: string | undefined) => {
    if (stated === undefined) return true;
    if (text === undefined) return false;
    const { exact, prefix, regex } = stated as Record<string, string | undefined>;
    if (exact !== undefined) return exact === text;
    if (prefix !== undefined) return text.startsWith(prefix);
    return regex === undefined || new RegExp(`^(?:${regex})$`).test(text);
  };
  return match.some(
    ({ uri, method, headers = {}, queryParams = {} }) =>
      fits(uri, request.path) &&
      fits(method, request.method) &&
      Object.entries(headers).every(([name, stated]) => fits(stated, request.headers[name])) &&
      Object.entries(queryParams).every(([name, stated]) => fits(stated, request.query[name])),
  );
}
