import type { Call, ClusterSetup, Scenario } from '../bed/scenario';
import { installedWith } from '../support/installation';
import { caller, meshed, server } from '../support/workloads';

const DIST = 'failover/istio';
const HELLO = 'http://helloworld.sample.global:5000/hello';

const scaled = (cluster: string, deployment: string, replicas: number) => ({
  cluster,
  kubectl: ['scale', `deploy/${deployment}`, '-n', 'sample', `--replicas=${replicas}`],
});

const local = (fail: number | null) => ({ cluster: 'c1', namespace: 'sample', workload: 'helloworld', fail });

const answeredBy = (version: string, why: string, rest: Partial<Call> = {}): Call => ({
  from: 'c1/sample/sleep',
  url: HELLO,
  repeat: 10,
  expect: { spread: [`helloworld-${version}`] },
  why,
  ...rest,
});

const calls: Call[] = [
  answeredBy('v1', 'all are healthy: the own mesh alone', { within: 15 }),
  answeredBy('v2', 'the own service has no pod: c2 alone', { before: [scaled('c1', 'helloworld', 0)] }),
  answeredBy('v3', 'c2 has none either: c3', { before: [scaled('c2', 'helloworld-v2', 0)], within: 60 }),
  answeredBy('v2', 'c2 is back: c2 again', { before: [scaled('c2', 'helloworld-v2', 1)], within: 60 }),
  answeredBy('v1', 'the own service is back, and its ejection over', {
    before: [scaled('c1', 'helloworld', 1)],
    within: 60,
  }),
  answeredBy('v2', 'the own service answers 503: left out, c2 alone', { before: [local(503)] }),
  // each ejection is longer than the one before
  answeredBy('v1', 'the own service is well again', { before: [local(null)], within: 150 }),
];

const remote = (cluster: string, version: string): ClusterSetup => ({
  controlPlane: { root: 'shared-root' },
  objects: [meshed('sample'), ...server('sample', 'helloworld', { ports: { http: 5000 }, version })],
  apply: [`dist/${DIST}/${cluster}`],
});

const scenario: Scenario = {
  name: DIST,
  clusters: {
    c1: {
      // the gateways' names are known after the proxies have asked for them
      controlPlane: installedWith(DIST, 'c1', { root: 'shared-root', mesh: { dnsRefreshRate: '1s' } }),
      dns: { 'gateway.c2.example': 'c2:istio-system/eastwest', 'gateway.c3.example': 'c3:istio-system/eastwest' },
      objects: [
        meshed('sample'),
        ...caller('sample', 'sleep'),
        ...server('sample', 'helloworld', { ports: { http: 5000 } }),
      ],
      apply: [`dist/${DIST}/c1`],
    },
    c2: remote('c2', 'v2'),
    c3: remote('c3', 'v3'),
  },
  calls,
};

export default scenario;
