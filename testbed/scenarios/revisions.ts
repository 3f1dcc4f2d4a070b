import type { Scenario } from '../bed/scenario';
import { client, outsideClient } from '../support/clients';
import { REVISION, revisions } from '../support/revisions';
import { caller, meshed } from '../support/workloads';

const URL = 'http://httpbin.legacy:8000/status/418';

/** An istiod of a revision, as the Sail operator installs it: what asks for the default revision gets no proxy. */
const scenario: Scenario = {
  name: 'revisions',
  fleets: { revisions },
  clusters: {
    c1: {
      controlPlane: { revision: REVISION },
      dns: { 'httpbin.example.com': 'c1:gateways/public' },
      objects: [
        ...outsideClient(),
        ...['legacy', 'gateways'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
        meshed('mistaken'),
        client('mistaken', 'stray'),
      ],
      apply: ['build/fleets/revisions/c1'],
    },
  },
  calls: [
    {
      from: 'c1/outside/curl',
      url: 'http://httpbin.example.com/status/418',
      expect: {
        code: 418,
        hops: [
          { at: 'c1/public', received: 'clear', sent: 'tls' },
          {
            at: 'c1/httpbin',
            direction: 'inbound',
            received: { peer: 'spiffe://cluster.local/ns/gateways/sa/public' },
          },
        ],
      },
      why: 'gateway and workload have proxies in namespaces without a label: their pods ask for the revision',
    },
    {
      from: 'c1/mistaken/stray',
      url: URL,
      expect: { error: 'curl 56' },
      why: 'istio-injection: enabled asks for the default revision, which is not there: no proxy, so no mTLS',
    },
  ],
  test: async (bed) => {
    await bed.apply('c1', caller('ours', 'sleep'));
    await bed.ready();
    await bed.expect({
      from: 'c1/ours/sleep',
      url: URL,
      expect: {
        code: 418,
        hops: [
          { at: 'c1/httpbin', direction: 'inbound', received: { peer: 'spiffe://cluster.local/ns/ours/sa/sleep' } },
        ],
      },
      why: 'a pod that says nothing, in a namespace of ours with istio.io/rev',
    });
  },
};

export default scenario;
