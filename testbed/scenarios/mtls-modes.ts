import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { client } from '../support/clients';

const SLEEP = 'modes/client/sleep';
const CURL = 'modes/no-mesh/curl';
const PLAIN = '"xfcc": null';

/** A namespace outside of the mesh: a client, and a server that sidecars call. */
function outside(): KubeObject[] {
  const metadata = { name: 'greeting', namespace: 'no-mesh' };
  const labels = { app: 'greeting', version: 'v1' };
  const container = { name: 'greeting', image: 'bed/httpbin', ports: [{ containerPort: 8080 }] };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'no-mesh' } },
    client('no-mesh', 'curl'),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'greeting' }, ports: [{ name: 'http', port: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
  ];
}

/** One callee, called from a sidecar and from outside of the mesh. */
function callee(host: string, inside: Call['expect'], outsideOf: Call['expect'], why: string): Call[] {
  const url = `http://${host}:8000/headers`;
  return [
    { from: SLEEP, url, expect: inside, why },
    { from: CURL, url, expect: outsideOf, why: `${why}; without a sidecar` },
  ];
}

const encrypted = (workload: string): Call['expect'] => ({
  code: 200,
  body: 'spiffe://cluster.local/ns/client/sa/sleep',
  hops: [
    { at: 'modes/sleep', direction: 'outbound', received: 'clear', sent: 'tls' },
    {
      at: `modes/${workload}`,
      direction: 'inbound',
      received: { peer: 'spiffe://cluster.local/ns/client/sa/sleep' },
    },
  ],
});

const clear = (workload: string): Call['expect'] => ({
  code: 200,
  body: PLAIN,
  hops: [
    { at: 'modes/sleep', direction: 'outbound', sent: 'clear' },
    { at: `modes/${workload}`, direction: 'inbound', received: 'clear' },
  ],
});

const scenario: Scenario = {
  name: 'mtls-modes/istio',
  clusters: {
    modes: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      objects: outside(),
      apply: ['dist/mtls-modes/istio/modes'],
    },
  },
  calls: [
    ...callee('strict.server', encrypted('strict'), { error: 'curl 56' }, 'the whole mesh takes mTLS only'),
    ...callee('permissive.server', encrypted('permissive'), { code: 200, body: PLAIN }, 'PERMISSIVE takes both'),
    ...callee('disabled.server', clear('disabled'), { code: 200, body: PLAIN }, 'DISABLE takes clear text only'),
    ...callee('plain-port.server', clear('plain-port'), { code: 200, body: PLAIN }, 'one port takes clear text only'),
    ...callee('old.legacy', clear('old'), { code: 200, body: PLAIN }, 'a namespace takes clear text only'),
    {
      from: SLEEP,
      url: 'http://greeting.no-mesh:8080/hello',
      expect: { code: 200, body: PLAIN, hops: [{ at: 'modes/sleep', direction: 'outbound', sent: 'clear' }] },
      why: 'a workload in no mesh is called in clear text',
    },
  ],
};

export default scenario;
