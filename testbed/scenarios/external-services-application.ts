import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';

const HOST = 'web.shop.example';
const PUBLIC = 'shop:gateways/public';
const CALLER = 'client/app/caller';

/** A server with a certificate of its own, behind a sidecar that does not decrypt. */
const web: KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web', labels: { 'istio-injection': 'enabled' } } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'tls', port: 443, targetPort: 8443 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'bed/nginx',
              env: [{ name: 'CLIENT_CA', value: 'ca.crt' }],
              ports: [{ containerPort: 8443 }],
              volumeMounts: [{ name: 'certs', mountPath: '/etc/certs' }],
            },
          ],
          volumes: [{ name: 'certs', secret: { secretName: 'web-certificate' } }],
        },
      },
    },
  },
];

const call = (more: Partial<Call> & Pick<Call, 'expect' | 'why'>): Call => ({
  from: CALLER,
  url: `https://${HOST}/`,
  as: 'caller',
  ca: 'shop-ca',
  ...more,
});

const scenario: Scenario = {
  name: 'external-services/application',
  certificates: [
    { name: 'web', ca: 'shop-ca', san: [`DNS:${HOST}`], eku: 'serverAuth' },
    { name: 'caller', ca: 'client-ca', san: ['DNS:caller.client.example'], eku: 'clientAuth' },
    { name: 'stranger', ca: 'stranger-ca', san: ['DNS:stranger.example'], eku: 'clientAuth' },
  ],
  clusters: {
    client: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: { [HOST]: PUBLIC, 'other.shop.example': PUBLIC },
      objects: outsideClient(),
      apply: ['dist/external-services/application/client'],
    },
    shop: {
      secrets: [
        {
          namespace: 'web',
          name: 'web-certificate',
          data: { 'tls.crt': 'cert:web', 'tls.key': 'key:web', 'ca.crt': 'ca:client-ca' },
        },
      ],
      objects: web,
      apply: ['dist/external-services/application/shop'],
    },
  },
  calls: [
    call({
      expect: {
        code: 200,
        body: '"subject": "caller"',
        hops: [
          { at: CALLER, direction: 'outbound', received: { sni: HOST } },
          { at: 'shop/gateways/public', received: { sni: HOST } },
          { at: 'shop/web/web', direction: 'inbound' },
        ],
      },
      why: 'the server sees the certificate of the application; sidecars and gateway forward its bytes by SNI',
    }),
    call({ as: undefined, expect: { error: '' }, why: 'the server itself refuses a client without a certificate' }),
    call({ as: 'stranger', expect: { error: '' }, why: 'the server itself refuses a foreign certificate' }),
    call({
      url: 'https://other.shop.example/',
      expect: { error: '' },
      why: 'REGISTRY_ONLY: a name that nobody registered does not leave',
    }),
    call({
      from: 'client/outside/curl',
      url: 'https://other.shop.example/',
      expect: { error: '' },
      why: 'the gateway passes on no other name',
    }),
    call({ url: `http://${HOST}/`, expect: { error: '', flags: 'UH' }, why: 'nothing is registered in clear text' }),
  ],
};

export default scenario;
