import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';

const HOST = 'httpbin.example.com';
const LOAD_BALANCER = 'cluster2:public-gateways/public';

const call = (more: Omit<Call, 'from' | 'url'> & { url?: string }): Call => ({
  from: 'cluster2/outside/curl',
  url: `https://${HOST}/status/418`,
  ca: 'example-com',
  ...more,
});

const scenario: Scenario = {
  name: 'mutual-ingress/istio',
  certificates: [
    { name: 'httpbin-server', ca: 'example-com', san: [`DNS:${HOST}`], eku: 'serverAuth' },
    { name: 'client', ca: 'example-com', san: ['DNS:client.example.com'], eku: 'clientAuth' },
    { name: 'other-client', ca: 'example-com', san: ['DNS:other.example.com'], eku: 'clientAuth' },
    { name: 'expired-client', ca: 'example-com', san: ['DNS:client.example.com'], eku: 'clientAuth', expired: true },
    { name: 'stranger-client', ca: 'stranger-ca', san: ['DNS:client.example.com'], eku: 'clientAuth' },
  ],
  clusters: {
    cluster2: {
      dns: { [HOST]: LOAD_BALANCER, 'no-such-host.example.com': LOAD_BALANCER },
      secrets: [
        {
          namespace: 'public-gateways',
          name: 'httpbin-credential',
          data: { 'tls.crt': 'cert:httpbin-server', 'tls.key': 'key:httpbin-server', 'ca.crt': 'ca:example-com' },
        },
      ],
      objects: outsideClient(),
      apply: ['dist/mutual-ingress/istio/cluster2'],
    },
  },
  calls: [
    call({
      as: 'client',
      expect: {
        code: 418,
        hops: [
          { at: 'cluster2/public', received: { sni: HOST }, sent: 'tls' },
          {
            at: 'cluster2/httpbin',
            direction: 'inbound',
            received: { peer: 'spiffe://cluster.local/ns/public-gateways/sa/public' },
          },
        ],
      },
      why: 'the client with its certificate',
    }),
    call({ expect: { error: 'curl 56' }, why: 'no certificate' }),
    call({ as: 'stranger-client', expect: { error: 'curl 56' }, why: 'the right name, a foreign CA' }),
    call({ as: 'other-client', expect: { error: 'curl 56' }, why: 'the right CA, another name' }),
    call({ as: 'expired-client', expect: { error: 'curl 56' }, why: 'expired certificate' }),
    call({ url: `http://${HOST}/status/418`, expect: { error: 'curl 7' }, why: 'no server on port 80' }),
    call({
      url: 'https://no-such-host.example.com/status/418',
      as: 'client',
      expect: { error: 'curl 35' },
      why: 'an SNI that is not exposed',
    }),
    call({
      as: 'client',
      headers: { Host: 'other.example.com' },
      expect: { code: 404 },
      why: 'the right SNI, another Host',
    }),
  ],
  async test(bed) {
    const address = bed.cluster('cluster2').publicAddress('public-gateways/public');
    const { error } = await bed.call({
      from: 'cluster2/outside/curl',
      url: `https://${address}/status/418`,
      as: 'client',
    });
    if (!error?.startsWith('curl 35')) throw new Error(`without SNI: expected curl 35, found ${error}`);
  },
};

export default scenario;
