import path from 'node:path';
import { type Bed, Refused } from '../bed/bed';
import { GOLDEN, goldenCalls, goldenScenario } from '../bed/golden';
import type { Scenario } from '../bed/scenario';
import { type CrdFile, type CrdSource, OSSM_2_6, OSSM_3 } from '../kubernetes/crds';
import type { KubeObject } from '../kubernetes/types';

/** The testbed shows of itself what the other scenarios rely on. */

const server = {
  name: 'secure',
  ca: 'server-ca',
  san: ['DNS:secure.servers', 'DNS:secure.shop.example', 'DNS:secure.example', 'DNS:secure.shop.svc'],
  eku: 'serverAuth',
};
const client = { name: 'client', ca: 'client-ca', san: ['DNS:client.example'], eku: 'clientAuth' };

const FREE = 'c1/clients/free';
const CONFINED = 'c1/clients/confined';

const network: Scenario = {
  name: 'testbed/network',
  clusters: {
    c1: {
      dns: { 'web.example': 'c1:servers/web-public', 'alias.example': 'web.example' },
      secrets: [
        {
          namespace: 'servers',
          name: 'secure-credential',
          data: { 'tls.crt': 'cert:secure', 'tls.key': 'key:secure', 'ca.crt': 'ca:client-ca' },
        },
      ],
      apply: ['testbed/self/network'],
    },
  },
  certificates: [
    server,
    client,
    { ...client, name: 'expired', expired: true },
    { ...client, name: 'stranger', ca: 'stranger-ca' },
  ],
  calls: [
    {
      from: FREE,
      url: 'http://web.servers/',
      expect: { code: 200, body: '"client": "10\\.44\\.1\\.\\d+"' },
      why: 'the callee sees the address of the caller, not one of the node',
    },
    { from: FREE, url: 'http://10.44.1.1:30080/', expect: { code: 200 }, why: 'NodePort' },
    { from: FREE, url: 'http://alias.example/', expect: { code: 200 }, why: 'LoadBalancer, by a name and an alias' },
    {
      from: 'c1/servers/web',
      url: 'http://web.servers/',
      expect: { code: 200 },
      why: 'a pod reaches itself',
      repeat: 6,
    },
    {
      from: FREE,
      url: 'http://empty.servers/',
      expect: { error: 'curl 7' },
      why: 'a Service without endpoints refuses',
    },
    { from: FREE, url: 'http://nowhere.example/', expect: { error: 'curl 6' }, why: 'a name that nobody has' },
    { from: FREE, url: 'tcp://line.servers:9000', expect: { code: 'ok', body: '"app": "line"' }, why: 'tcp' },
    {
      from: FREE,
      url: 'https://secure.servers/',
      as: 'client',
      ca: 'server-ca',
      expect: { code: 200, body: '"subject": "client"' },
      why: 'an external server that demands a client certificate sees it',
    },
    { from: FREE, url: 'https://secure.servers/', expect: { error: 'curl 56' }, why: 'no client certificate' },
    { from: FREE, url: 'https://secure.servers/', as: 'expired', expect: { error: 'curl' }, why: 'it has expired' },
    { from: FREE, url: 'https://secure.servers/', as: 'stranger', expect: { error: 'curl' }, why: 'foreign CA' },
    {
      from: FREE,
      url: 'https://secure.servers/',
      as: 'client',
      ca: 'stranger-ca',
      expect: { error: 'curl 60' },
      why: 'the client verifies the server',
    },
    { from: CONFINED, url: 'http://web.servers/', expect: { code: 200 }, why: 'what the egress policy allows' },
    { from: CONFINED, url: 'http://guarded.servers:8000/', expect: { error: 'curl 7' }, why: 'what it does not' },
    { from: CONFINED, url: 'https://secure.servers/', as: 'client', expect: { error: 'curl 7' }, why: 'nor this' },
    { from: FREE, url: 'http://guarded.servers:8000/', expect: { code: 200 }, why: 'what the ingress policy allows' },
    { from: FREE, url: 'http://guarded.servers:9000/', expect: { error: 'curl 7' }, why: 'another port' },
    {
      from: 'c1/servers/web',
      url: 'http://guarded.servers:8000/',
      expect: { error: 'curl 7' },
      why: 'another namespace',
    },
  ],
};

const CURL = 'c1/outside/curl';

const router: Scenario = {
  name: 'testbed/router',
  clusters: {
    c1: {
      crds: ['openshift'],
      secrets: [
        { namespace: 'shop', name: 'secure-credential', data: { 'tls.crt': 'cert:secure', 'tls.key': 'key:secure' } },
      ],
      apply: ['testbed/self/router'],
    },
  },
  certificates: [server],
  calls: [
    { from: CURL, url: 'http://plain.shop.example/', expect: { code: 200, body: '"app": "plain"' }, why: 'no TLS' },
    { from: CURL, url: 'https://plain.shop.example/', expect: { code: 503 }, why: 'a Route without TLS is not on 443' },
    { from: CURL, url: 'https://edge.shop.example/', expect: { code: 200, body: '"tls": false' }, why: 'edge' },
    { from: CURL, url: 'http://edge.shop.example/', expect: { code: 302 }, why: 'insecureEdgeTerminationPolicy' },
    {
      from: CURL,
      url: 'https://secure.shop.example/',
      ca: 'server-ca',
      expect: { code: 200, body: '"sni": "secure.shop.example"' },
      why: 'passthrough: the client verifies the server itself, which sees the SNI',
    },
    { from: CURL, url: 'http://secure.shop.example/', expect: { code: 503 }, why: 'passthrough is not on 80' },
    { from: CURL, url: 'https://untrusted.shop.example/', expect: { code: 503 }, why: 'reencrypt without the CA' },
  ],
  test: async (bed) => {
    // A Route holds the CA itself: it is known only now.
    const tls = { termination: 'reencrypt', destinationCACertificate: await bed.certificates.authority('server-ca') };
    await bed.apply('c1', [
      {
        apiVersion: 'route.openshift.io/v1',
        kind: 'Route',
        metadata: { name: 'reencrypt', namespace: 'shop' },
        spec: {
          host: 'trusted.shop.example',
          to: { kind: 'Service', name: 'secure' },
          port: { targetPort: 'https' },
          tls,
        },
      },
    ]);
    await bed.ready();
    await bed.expect({
      from: CURL,
      url: 'https://trusted.shop.example/',
      expect: { code: 200, body: '"sni": null' },
      why: 'reencrypt with the CA; as in OpenShift, no SNI is sent on',
    });
  },
};

/** Applies an object that must be refused, with a message that says why. */
async function refused(bed: Bed, cluster: string, object: KubeObject, message: RegExp): Promise<void> {
  const refusal = await bed.apply(cluster, [object]).catch((error: unknown) => error);
  if (!(refusal instanceof Refused) || !message.test(refusal.message)) {
    throw new Error(`expected a refusal with ${message}, found ${refusal}`);
  }
}

const admission: Scenario = {
  name: 'testbed/admission',
  clusters: { c1: {} },
  test: async (bed) => {
    const route = (...destinations: object[]): KubeObject => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'wrong', namespace: 'default' },
      spec: { hosts: ['a'], http: [{ route: destinations }] },
    });
    const [a, b] = ['a', 'b'].map((host) => ({ destination: { host } }));
    await refused(bed, 'c1', route(a, b), /admission webhook.*weight/);
    await refused(bed, 'c1', route({ ...a, wait: 1 }), /unknown field "wait"/);
  },
};

const credential = (name: string) => ({
  'tls.crt': `cert:${name}`,
  'tls.key': `key:${name}`,
  'ca.crt': 'ca:server-ca',
});

const files: Scenario = {
  name: 'testbed/files',
  clusters: {
    c1: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: { 'secure.example': '10.71.0.50' },
      secrets: [
        { namespace: 'app', name: 'client-credential', data: credential('client') },
        {
          namespace: 'outside',
          name: 'secure-credential',
          data: { ...credential('secure'), 'ca.crt': 'ca:client-ca' },
        },
      ],
      apply: ['testbed/self/files'],
    },
  },
  certificates: [server, client, { ...client, name: 'renewed' }],
  calls: [
    {
      from: 'c1/app/sleep',
      url: 'http://secure.example/',
      expect: {
        code: 200,
        body: '"subject": "client"',
        hops: [{ at: 'c1/sleep', direction: 'outbound', received: 'clear', sent: 'tls', cluster: 'secure.example' }],
      },
      why: 'a sidecar reads key and certificate from files that its pod mounts',
    },
  ],
  test: async (bed) => {
    await bed.secret('c1', { namespace: 'app', name: 'client-credential', data: credential('renewed') });
    await bed.expect({
      from: 'c1/app/sleep',
      url: 'http://secure.example/',
      expect: { code: 200, body: '"subject": "renewed"' },
      why: 'a changed Secret arrives in the files, and Envoy reads them again',
      fresh: true,
      within: 10,
    });
  },
};

/** Clusters of OpenShift Service Mesh: their API servers judge objects, nothing runs. */
function openshift(
  name: string,
  crds: readonly (CrdSource | CrdFile)[],
  kind: KubeObject,
  wrong: KubeObject,
  message: RegExp,
): Scenario {
  return {
    name,
    clusters: { ocp: { controlPlane: false, crds, objects: [kind] } },
    test: (bed) => refused(bed, 'ocp', wrong, message),
  };
}

const smcp = (spec: object): KubeObject => ({
  apiVersion: 'maistra.io/v2',
  kind: 'ServiceMeshControlPlane',
  metadata: { name: 'basic', namespace: 'default' },
  spec,
});

const sail = (spec: object): KubeObject => ({
  apiVersion: 'sailoperator.io/v1',
  kind: 'Istio',
  metadata: { name: 'default' },
  spec,
});

const ossm2 = openshift(
  'testbed/ossm-2.6',
  OSSM_2_6,
  smcp({ version: 'v2.6', security: { dataPlane: { mtls: true } } }),
  smcp({ version: 'v2.6', security: { dataPlane: { mtsl: true } } }),
  /unknown field "mtsl"|field not declared in schema/,
);

const ossm3 = openshift(
  'testbed/ossm-3',
  OSSM_3,
  sail({ namespace: 'istio-system', version: 'v1.26.2' }),
  sail({ namespace: 'istio-system', version: 'v1.26.2', values: { pilot: { env: 1 } } }),
  /spec.values.pilot.env/,
);

/** A golden call with the way that it must take. */
function hops(): Scenario {
  const folder = path.join(GOLDEN, '11-shared-root-auto-passthrough');
  const [call] = goldenCalls(folder, [0]);
  const sni = 'outbound_.8000_._.httpbin.bar.cluster2';
  const peer = 'spiffe://cluster.local/ns/foo/sa/sleep';
  const way = [
    { at: 'c1/foo/sleep', direction: 'outbound', received: 'clear', sent: 'tls', cluster: 'httpbin.bar.cluster2' },
    { at: 'c2/ingressgateway', received: { sni } },
    { at: 'c2/httpbin', direction: 'inbound', received: { sni, peer }, sent: 'clear', code: 418 },
  ] as const;
  return {
    ...goldenScenario(folder),
    name: 'testbed/hops',
    calls: [{ ...call, expect: { ...call.expect, hops: way } }],
  };
}

export default [network, router, admission, files, ossm2, ossm3, hops()];
