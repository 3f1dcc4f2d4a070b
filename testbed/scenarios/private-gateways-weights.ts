import type { ClusterSetup, Scenario } from '../bed/scenario';
import { CERTIFICATES, clientSecret, NAMESPACE } from '../support/private-gateways';
import { caller, meshed, server } from '../support/workloads';

const FOLDER = 'dist/private-gateways/weights';
const SLEEP = 'c1/default/sleep';
const NGINX = 'my-nginx.sample.svc.cluster.local';

const provider = (name: string, version: string): ClusterSetup => ({
  secrets: [
    {
      namespace: NAMESPACE,
      name: `${name}-credential`,
      data: { 'tls.crt': `cert:${name}-server`, 'tls.key': `key:${name}-server`, 'ca.crt': 'ca:example-consumers-ca' },
    },
    { namespace: 'sample', name: 'nginx', data: { 'tls.crt': 'cert:nginx', 'tls.key': 'key:nginx' } },
  ],
  objects: [
    meshed('sample'),
    ...server('sample', 'helloworld', { ports: { http: 5000 }, version }),
    ...server('sample', 'echo', { ports: { tcp: 9000 }, image: 'bed/tcp-echo', version }),
    ...server('sample', 'my-nginx', { ports: { tls: [443, 8443] }, image: 'bed/nginx', certificate: 'nginx', version }),
  ],
  apply: [`${FOLDER}/${name}`],
});

const scenario: Scenario = {
  name: 'private-gateways/weights',
  certificates: [
    ...CERTIFICATES,
    ...['c2', 'c3'].map((name) => ({
      name: `${name}-server`,
      ca: `example-${name}-ca`,
      san: [`URI:spiffe://${name}.example.com/istio-private-ingressgateway`],
      eku: 'serverAuth',
    })),
    { name: 'nginx', ca: 'app-ca', san: [`DNS:${NGINX}`], eku: 'serverAuth' },
  ],
  clusters: {
    c1: {
      controlPlane: { mesh: { dnsRefreshRate: '1s' } },
      dns: Object.fromEntries(
        ['c2', 'c3'].map((name) => [`${name}.example.com`, `${name}:${NAMESPACE}/istio-private-ingressgateway`]),
      ),
      secrets: [
        { ...clientSecret('c1'), data: { ...clientSecret('c1').data, 'ca.crt': 'ca:example-c2-ca ca:example-c3-ca' } },
      ],
      objects: [meshed('default'), meshed('sample'), ...caller('default', 'sleep')],
      apply: [`${FOLDER}/c1`],
    },
    c2: provider('c2', 'v2'),
    c3: provider('c3', 'v3'),
  },
  calls: [
    {
      from: SLEEP,
      url: 'http://helloworld:5000/hello',
      repeat: 24,
      expect: { spread: ['helloworld-v2', 'helloworld-v3'] },
      within: 10,
      why: 'requests, half and half',
    },
    {
      from: SLEEP,
      url: `https://${NGINX}/`,
      ca: 'app-ca',
      repeat: 24,
      expect: { spread: ['my-nginx-v2', 'my-nginx-v3'] },
      why: "the application's own TLS, half and half",
    },
  ],
  test: async (bed) => {
    const pods = new Set<string>();
    for (let n = 0; n < 24; n++) {
      const { body } = await bed.call({ from: SLEEP, url: 'tcp://echo:9001' });
      pods.add(/"pod": "echo-(v\d)/.exec(body)?.[1] ?? body);
    }
    if ([...pods].sort().join() !== 'v2,v3') throw new Error(`bytes reached ${[...pods].join(', ')}`);
  },
};

export default scenario;
