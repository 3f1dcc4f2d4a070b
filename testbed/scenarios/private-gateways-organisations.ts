import type { Scenario } from '../bed/scenario';
import { CERTIFICATES, consumer, provider } from '../support/private-gateways';
import { caller, meshed, server } from '../support/workloads';

/** What two repositories wrote that share nothing but contracts. */
const scenario: Scenario = {
  name: 'private-gateways/organisations',
  certificates: CERTIFICATES,
  clusters: {
    c1: consumer('c1', 'dist/private-gateways/organisation-c1'),
    c2: provider('dist/private-gateways/organisation-c2', [
      meshed('bookinfo'),
      ...server('bookinfo', 'myratings', { ports: { http: 9080 } }),
      ...server('bookinfo', 'httpbin', { ports: { http: 8000 } }),
      ...caller('bookinfo', 'reviews'),
    ]),
  },
  calls: [
    {
      from: 'c1/default/sleep',
      url: 'http://ratings:9080/ratings/0',
      expect: { code: 200, body: '"path": "/ratings/0"' },
      why: 'ratings',
    },
    { from: 'c1/default/sleep', url: 'http://httpbin:9000/status/418', expect: { code: 418 }, why: 'httpbin' },
    {
      from: 'c1/default/sleep',
      url: 'http://httpbin:9000/status/418',
      method: 'POST',
      expect: { code: 403, hops: [{ at: 'c2/istio-private-ingressgateway', code: 403 }] },
      why: 'GET only',
    },
    { from: 'c1/default/other', url: 'http://httpbin:9000/status/418', expect: { code: 403 }, why: 'no caller' },
    {
      from: 'c2/bookinfo/reviews',
      url: 'http://myratings:9080/ratings/0',
      expect: { code: 200 },
      why: 'a caller inside the provider that is named',
    },
  ],
};

export default scenario;
