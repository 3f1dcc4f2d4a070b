import { trace } from '../../../lib/verify/trace';
import { agreementOf, describeDifference, isLogged, type Judged } from '../../../testbed/prediction/agreement';
import { deployment, istio, namespace, service, worldOf } from '../../verify/support/world';

const yaml = `${namespace('a')}${deployment('a/client', 'sleep')}${deployment('a/web')}${service('a/web', '{ name: http, port: 80, targetPort: 8080 }')}`;
const deny = istio('AuthorizationPolicy', 'a/deny', '{}');
const missing = istio(
  'VirtualService',
  'a/web',
  'hosts: [web]\nhttp: [{ route: [{ destination: { host: web, subset: no } }] }]',
);
const half = istio(
  'VirtualService',
  'a/web',
  'hosts: [web]\nhttp: [{ route: [{ destination: { host: web }, weight: 50 }, { destination: { host: gone }, weight: 50 }] }]',
);

const pods = new Map([['web-1-a', ['c1/a/web']]]);
const body = '{\n "pod": "web-1-a",\n "app": "web"\n}';

const judged = (result: Partial<Judged['result']>, more = '', url = 'http://web.a/', repeat = 1) => {
  const world = worldOf({ c1: yaml + more });
  return agreementOf({
    ...{ world, pods, call: { url, repeat } },
    trace: trace(world, { from: 'c1/a/client', url }),
    result: { body: '', hops: [], ...result },
  });
};

const logged = (at: string, flags: string) =>
  ({ at, flags, start: 0, direction: 'outbound', details: '', received: {}, sent: {} }) as const;

test('status, server and flags agree', () => {
  expect(judged({ code: 200, body })).toEqual({ kind: 'agrees' });
  expect(judged({ code: 403 }, deny)).toEqual({ kind: 'agrees' });
  expect(judged({ code: 503, hops: [logged('c1/a/client', 'NC')] }, missing)).toEqual({ kind: 'agrees' });
});

test('an incidental flag is none', () => {
  expect(judged({ code: 200, body, hops: [logged('c1/a/web', 'DC')] })).toEqual({ kind: 'agrees' });
});

test('who gives up does so before the proxy has logged why; what it has logged is compared', () => {
  const url = 'tcp://10.1.2.3:8002';
  const error = 'curl 28: timed out';
  expect(judged({ error, hops: [logged('c1/a/client', 'UF')] }, '', url)).toEqual({ kind: 'agrees' });
  expect(judged({ error }, '', url)).toEqual({ kind: 'agrees' });
  expect(judged({ error, hops: [logged('c1/a/client', 'NR')] }, '', url)).toMatchObject({ by: 'flags' });
});

test('a proxy of bytes may have led on what it denies: flags from there on are of another connection', () => {
  const bytes = service('a/bytes', '{ name: tcp, port: 90, targetPort: 8080 }').replace('app: bytes', 'app: web');
  const made = (...flags: readonly [string, string][]) =>
    judged(
      { error: 'closed without an answer', hops: flags.map(([at, flag]) => logged(at, flag)) },
      deny + bytes,
      'tcp://bytes.a:90',
    );
  expect(made()).toEqual({ kind: 'agrees' });
  expect(made(['c1/a/web', 'UF'], ['c1/b/behind', 'NR'])).toEqual({ kind: 'agrees' });
  expect(made(['c1/b/behind', 'NR'])).toMatchObject({ by: 'flags' });
  expect(made(['c1/a/web', 'UF'], ['c1/a/client', 'UF'])).toMatchObject({ by: 'flags' });
});

test.each([
  ['answer', { error: 'curl 56: reset' }, 'curl 56: reset', '200'],
  ['status', { code: 503 }, '503', '200'],
  ['server', { code: 200 }, '200 of a proxy', 'c1/a/web'],
  ['server', { code: 200, body: '{"pod":"other-1-b"}' }, '200 of other-1-b', 'c1/a/web'],
  ['flags', { code: 200, body, hops: [logged('c1/a/web', 'UC')] }, 'c1/a/web UC', 'no flags'],
  ['word', { error: 'curl 99: x' }, 'curl 99: x', 'a word of lib/verify/run/words.ts'],
])('a difference is told by %s', (by, result, found, predicted) => {
  expect(judged(result)).toEqual({ kind: 'differs', by, found, predicted });
});

test('a predicted flag that nobody logs is a difference, and so is another class of error', () => {
  expect(judged({ code: 503 }, missing)).toEqual({
    ...{ kind: 'differs', by: 'flags' },
    ...{ found: 'no flags', predicted: 'c1/a/client NC' },
  });
  expect(judged({ error: 'curl 35: x' }, '', 'http://nobody.a/')).toEqual({
    ...{ kind: 'differs', by: 'error class' },
    ...{ found: 'curl 35: x', predicted: 'curl 6 (name)' },
  });
});

test('one of several ways is enough for one call; many calls have to show the likely ones', () => {
  expect(judged({ code: 200, body }, half)).toEqual({ kind: 'agrees' });
  const spread = (counts: Record<string, number>, repeat: number) =>
    judged({ spread: counts }, half, 'http://web.a/', repeat);
  expect(spread({ 'web-v1': 5, 503: 5 }, 10)).toEqual({ kind: 'agrees' });
  expect(spread({ 'web-v1': 2 }, 2)).toEqual({ kind: 'agrees' });
  expect(spread({ 'web-v1': 20 }, 20)).toEqual({
    ...{ kind: 'differs', by: 'ways' },
    ...{ found: '{"web-v1":20}', predicted: '503 50 %, web-v1 50 %' },
  });
  expect(spread({ 'web-v1': 1, 'web-v2': 1 }, 2)).toMatchObject({ kind: 'differs', by: 'ways' });
});

test('what is not modelled is told with why, whatever came of the call', () => {
  const policy = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: a }
spec: { podSelector: {} }
`;
  expect(judged({ code: 200, body }, policy)).toEqual({ kind: 'unmodelled', why: 'NetworkPolicy a/closed @c1 spec' });
});

test('proxies are waited for until they have logged the predicted flags', () => {
  const of = (more: string) => trace(worldOf({ c1: yaml + more }), { from: 'c1/a/client', url: 'http://web.a/' });
  expect(isLogged(of(''), [])).toBe(true);
  expect(isLogged(of(missing), [])).toBe(false);
  expect(isLogged(of(missing), [logged('c1/a/client', 'NC')])).toBe(true);
});

test('a difference is told with both sides', () => {
  expect(describeDifference({ kind: 'differs', by: 'status', found: '503', predicted: '200' })).toBe(
    'lib/verify foresees another status: 200, found 503',
  );
});

test('of endpoints that outlier detection may have ejected either flag is right', () => {
  const rule = istio(
    'DestinationRule',
    'a/plain',
    'host: plain.out.svc.cluster.local\ntrafficPolicy: { outlierDetection: {}, tls: { mode: SIMPLE, insecureSkipVerify: true } }',
  );
  const plain = `${deployment('out/plain')}${service('out/plain', '{ name: http, port: 80, targetPort: 8080 }')}`;
  const found = (flag: string) =>
    judged({ code: 503, hops: [logged('c1/a/client', flag)] }, plain + rule, 'http://plain.out/');
  expect([found('UF'), found('UH')]).toEqual([{ kind: 'agrees' }, { kind: 'agrees' }]);
  expect(found('NC')).toMatchObject({ by: 'flags', predicted: 'c1/a/client UF' });
  const made = trace(worldOf({ c1: yaml + plain + rule }), { from: 'c1/a/client', url: 'http://plain.out/' });
  expect(isLogged(made, [logged('c1/a/client', 'UH')])).toBe(true);
  expect(isLogged(made, [])).toBe(false);
});
