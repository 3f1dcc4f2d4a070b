import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { NAMESPACE, server as outside, serverSecret } from '../support/external-server';
import { caller, meshed } from '../support/workloads';

/** What sidecars do with hosts that nobody knows, where they are told to ask DNS for each (`ALLOW_ANY_DYNAMIC_DNS`). */

const WEB = 'shop/orders/web';
const internet: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

const reached = (url: string, app: string, why: string, more: Partial<Call> = {}): Call => ({
  ...{ from: WEB, url, ...more },
  expect: { code: 200, body: `"app": "${app}"` },
  why,
});

const unknownHosts: Scenario = {
  name: 'testbed/unknown-hosts',
  certificates: [{ name: 'blue', ca: 'ca', san: ['DNS:blue.cloud.example'], eku: 'serverAuth' }],
  clusters: {
    shop: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' }, dnsRefreshRate: '1s' } },
      dns: Object.fromEntries(
        ['red', 'green', 'blue'].map((name) => [`${name}.cloud.example`, `cloud:${NAMESPACE}/${name}`]),
      ),
      objects: [meshed('orders'), ...caller('orders', 'web')],
    },
    cloud: {
      secrets: [serverSecret('blue')],
      objects: [
        internet,
        ...['red', 'green'].flatMap((name) => outside(name, { tls: false })),
        ...outside('blue', { tls: true }),
      ],
    },
  },
  calls: [
    reached('http://red.cloud.example/', 'red', 'a request goes to the host that it names', { within: 10 }),
    reached('http://red.cloud.example/', 'green', 'whatever address was dialled', {
      headers: { host: 'green.cloud.example' },
    }),
    {
      ...{ from: WEB, url: 'http://red.cloud.example/', headers: { host: 'green.cloud.example:81' } },
      expect: { code: 503, flags: 'UF' },
      why: 'at the port that it names',
    },
    {
      ...{ from: WEB, url: 'http://red.cloud.example/', headers: { host: 'nobody.cloud.example' } },
      expect: { code: 503, flags: 'DF' },
      why: 'a host that DNS does not know',
    },
    reached('https://blue.cloud.example/', 'blue', 'TLS goes where it was dialled', { ca: 'ca' }),
    reached('https://blue.cloud.example/', 'blue', 'whatever it asks for', { sni: 'red.cloud.example' }),
  ],
};

export default unknownHosts;
