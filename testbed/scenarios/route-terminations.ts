import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { DECODING_SLASHES } from '../support/control-planes';

const CALLER = 'client/app/caller';
const OUTSIDE = 'client/outside/curl';
const CALLER_ID = 'spiffe://company.example/caller';

const allowed = (id: string, hops: Call['expect']['hops']): Call => ({
  from: CALLER,
  url: `http://${id}.apps.example/web/x`,
  expect: { code: 200, body: '"app": "web"', hops },
  why: `${id}: the sidecar encrypts, the provider answers`,
});

const sidecar = { at: 'client/caller', direction: 'outbound', received: 'clear', sent: 'tls' } as const;

/** Every gateway denies what its exposure does not allow, whoever ended the TLS. */
const denied = (id: string): Call => ({
  from: CALLER,
  url: `http://${id}.apps.example/other`,
  expect: { code: 403 },
  why: `${id}: a path that is not allowed`,
});

const scenario: Scenario = {
  name: 'route-terminations/ossm-3',
  certificates: [
    { name: 'serving', ca: 'service-ca', san: ['DNS:reencrypt.gateways.svc'], eku: 'serverAuth' },
    { name: 'server', ca: 'company-ca', san: ['DNS:passthrough.apps.example'], eku: 'serverAuth' },
    { name: 'caller', ca: 'company-ca', san: [`URI:${CALLER_ID}`], eku: 'clientAuth' },
    { name: 'stranger', ca: 'stranger-ca', san: [`URI:${CALLER_ID}`], eku: 'clientAuth' },
  ],
  clusters: {
    client: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      secrets: [
        { namespace: 'app', name: 'router-ca', data: { 'ca.crt': 'ca:router-ca' } },
        {
          namespace: 'app',
          name: 'caller-client',
          data: { 'ca.crt': 'ca:company-ca', 'tls.crt': 'cert:caller', 'tls.key': 'key:caller' },
        },
      ],
      objects: outsideClient(),
      apply: ['dist/route-terminations/ossm-3/client'],
    },
    provider: {
      controlPlane: DECODING_SLASHES,
      crds: ['openshift'],
      secrets: [
        {
          namespace: 'gateways',
          name: 'reencrypt-serving',
          data: { 'tls.crt': 'cert:serving', 'tls.key': 'key:serving' },
        },
        {
          namespace: 'gateways',
          name: 'passthrough-server',
          data: { 'ca.crt': 'ca:company-ca', 'tls.crt': 'cert:server', 'tls.key': 'key:server' },
        },
      ],
      apply: ['dist/route-terminations/ossm-3/provider'],
    },
  },
  calls: [
    allowed('edge', [sidecar, { at: 'provider/edge', received: 'clear', sent: 'tls' }]),
    denied('edge'),
    allowed('reencrypt', [sidecar, { at: 'provider/reencrypt', received: 'tls', sent: 'tls' }]),
    denied('reencrypt'),
    allowed('passthrough', [
      sidecar,
      { at: 'provider/passthrough', received: { sni: 'passthrough.apps.example', peer: CALLER_ID }, sent: 'tls' },
    ]),
    denied('passthrough'),
    {
      from: OUTSIDE,
      url: 'https://passthrough.apps.example/web/x',
      ca: 'company-ca',
      expect: { code: 200 },
      why: 'an optional certificate: who has none is served, too',
    },
    {
      from: OUTSIDE,
      url: 'https://passthrough.apps.example/web/x',
      ca: 'company-ca',
      as: 'stranger',
      expect: { error: 'curl 56' },
      why: 'an optional certificate: a wrong one is refused',
    },
    {
      from: OUTSIDE,
      url: 'http://edge.apps.example/web/x',
      expect: { code: 503 },
      why: 'the router takes no clear text for a Route with TLS',
    },
  ],
};

export default scenario;
