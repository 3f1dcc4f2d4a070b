import { trace } from '../../../lib/verify/trace';
import type { MeshFact } from '../../../lib/verify/world/facts';
import { deployment, istio, namespace, service, worldOf } from '../support/world';

const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  namespace('b') +
  deployment('b/web', 'flaky') +
  service('b/web', '{ name: http, port: 80, targetPort: 8080 }');
const retries = (policy: string) =>
  istio(
    'VirtualService',
    'b/web',
    `hosts: [web]\nhttp: [{ retries: { ${policy} }, route: [{ destination: { host: web } }] }]`,
  );

/** What becomes of a call whose first requests are answered with 503, by their number. */
function said(yaml: string, mesh: MeshFact = {}) {
  const images = {
    sleep: { speaks: 'none' as const },
    flaky: { speaks: 'http' as const, failuresInPath: 'fail=(\\d+)', statusInPath: '/status/(\\d+)' },
  };
  const world = worldOf({ c1: base + yaml }, { images, meshes: { c1: mesh } });
  return [0, 1, 2, 3].map((number) => {
    const { outcome, ways } = trace(world, { from: 'c1/a/client', url: `http://web.b/status/201?fail=${number}` });
    const [failed] = ways[0].hops.flatMap(({ failure }) => (failure ? [failure.code] : []));
    return [outcome.code, failed].filter((one) => one !== undefined).join(' ');
  });
}
const FAILS = '503 MESH-T108';

test('a server that fails at first is asked again as often as the route says', () => {
  expect(said(retries('attempts: 2, retryOn: "5xx,reset"'))).toEqual(['201', '201', '201', FAILS]);
  expect(said(retries('attempts: 1, retryOn: gateway-error'))).toEqual(['201', '201', FAILS, FAILS]);
  expect(said(retries('attempts: 3, retryOn: "reset, 503"'))).toEqual(['201', '201', '201', '201']);
});

test('for another status, or without retries, it is not', () => {
  expect(said(retries('attempts: 3, retryOn: "502,retriable-4xx"'))).toEqual(['201', FAILS, FAILS, FAILS]);
  expect(said(retries('attempts: 0'))).toEqual(['201', FAILS, FAILS, FAILS]);
});

test('where nothing is said of it, an answer is tried again by old versions alone', () => {
  expect(said('')).toEqual(['201', FAILS, FAILS, FAILS]);
  expect(said('', { istio: '1.23' })).toEqual(['201', '201', '201', FAILS]);
  expect(said(retries('attempts: 1'), { istio: '1.23' })).toEqual(['201', '201', FAILS, FAILS]);
  expect(said('', { istio: '1.25', env: { EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY: 'false' } })[1]).toBe('201');
});

test('MeshConfig says it for routes that do not', () => {
  const meshConfig = { defaultHttpRetryPolicy: { attempts: 1, retryOn: '5xx' } };
  expect(said('', { meshConfig })).toEqual(['201', '201', FAILS, FAILS]);
  expect(said(retries('attempts: 0'), { meshConfig })).toEqual(['201', FAILS, FAILS, FAILS]);
});
