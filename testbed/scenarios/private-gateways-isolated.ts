import type { Bed } from '../bed/bed';
import type { Call, Scenario, SecretSetup } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { caller, meshed, server } from '../support/workloads';

const FOLDER = 'dist/private-gateways/isolated/shared';
const SLEEP = 'shared/reader/sleep';
const CURL = 'shared/outside/curl';
const INGRESS = 'private-ingressgateway.bookinfo-gateways';

const secret = (namespace: string, name: string): SecretSetup => ({
  namespace,
  name: `${name}-credential`,
  data: { 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}`, 'ca.crt': 'ca:example-ca' },
});

const direct: Call = {
  from: CURL,
  url: 'http://httpbin.bookinfo:8000/status/418',
  expect: { error: 'curl 7' },
  why: 'a pod of the same cluster, straight to the workload: the NetworkPolicy refuses it',
};

/** By hand at the ingress gateway, as somebody who may reach it but not call. */
const byHand = (as: string | undefined, expect: Call['expect'], why: string): Call => ({
  from: CURL,
  url: `https://${INGRESS}:15443/bookinfo/httpbin/8000/_/status/418`,
  sni: 'bookinfo.example.com',
  ...(as && { as }),
  expect,
  why,
});

/** Without the NetworkPolicy the sidecar is all that is left: STRICT, and the policy at the workload. */
async function open(bed: Bed): Promise<void> {
  await bed.kubectl('shared', ['delete', 'networkpolicy', '-n', 'bookinfo', 'reader-bookinfo.only-way-in']);
  await bed.expect({
    ...direct,
    expect: { error: 'curl 56' },
    within: 20,
    why: 'without the NetworkPolicy the pod is reached; its sidecar takes mTLS only',
  });
  await bed.expect({
    from: SLEEP,
    url: 'http://httpbin.bookinfo:8000/status/418',
    expect: { code: 403 },
    within: 20,
    why: 'and knows the caller, who is not the ingress gateway',
  });
}

const scenario: Scenario = {
  name: 'private-gateways/isolated',
  certificates: [
    { name: 'reader', ca: 'example-ca', san: ['URI:spiffe://reader.example.com/egress'], eku: 'clientAuth' },
    { name: 'bookinfo', ca: 'example-ca', san: ['URI:spiffe://bookinfo.example.com/ingress'], eku: 'serverAuth' },
    { name: 'other', ca: 'example-ca', san: ['URI:spiffe://other.example.com/egress'], eku: 'clientAuth' },
    { name: 'forged', ca: 'stranger-ca', san: ['URI:spiffe://reader.example.com/egress'], eku: 'clientAuth' },
  ],
  clusters: {
    shared: {
      controlPlane: { mesh: { dnsRefreshRate: '1s' } },
      secrets: [secret('reader-gateways', 'reader'), secret('bookinfo-gateways', 'bookinfo')],
      objects: [
        ...outsideClient(),
        meshed('reader'),
        ...caller('reader', 'sleep'),
        ...caller('reader', 'other'),
        meshed('bookinfo'),
        ...server('bookinfo', 'httpbin', { ports: { http: 8000 } }),
        ...caller('bookinfo', 'ratings'),
      ],
      apply: [FOLDER],
    },
  },
  calls: [
    {
      from: SLEEP,
      url: 'http://httpbin:9000/status/418',
      expect: {
        code: 418,
        hops: [
          { at: 'shared/sleep', direction: 'outbound', received: 'clear', sent: 'tls' },
          {
            at: 'shared/private-egressgateway',
            received: { peer: 'spiffe://cluster.local/ns/reader/sa/sleep' },
            sent: { peer: 'spiffe://bookinfo.example.com/ingress' },
          },
          {
            at: 'shared/private-ingressgateway',
            received: { sni: 'bookinfo.example.com', peer: 'spiffe://reader.example.com/egress' },
          },
          {
            at: 'shared/httpbin',
            direction: 'inbound',
            received: { peer: 'spiffe://cluster.local/ns/bookinfo-gateways/sa/private-ingressgateway' },
          },
        ],
      },
      why: 'through both private gateways, within one cluster and one mesh',
    },
    { from: SLEEP, url: 'http://httpbin:9000/', method: 'POST', expect: { code: 403 }, why: 'GET only' },
    { from: 'shared/reader/other', url: 'http://httpbin:9000/', expect: { code: 403 }, why: 'no caller' },
    direct,
    {
      from: SLEEP,
      url: 'http://httpbin.bookinfo:8000/status/418',
      // a proxy gives up a connection that nobody answers after ten seconds
      timeout: 15,
      expect: { code: 503, flags: 'UF' },
      why: 'with its sidecar, too',
    },
    {
      from: 'shared/bookinfo/ratings',
      url: 'http://httpbin:8000/status/418',
      expect: { code: 403 },
      why: 'a neighbour reaches the pod, and is none of those who may call it',
    },
    byHand('reader', { code: 418 }, 'the certificate of the reader'),
    byHand('other', { code: 403 }, 'right CA, another SPIFFE ID'),
    byHand('forged', { error: 'curl' }, 'another CA'),
    byHand(undefined, { error: 'curl' }, 'no certificate'),
  ],
  test: open,
};

export default scenario;
