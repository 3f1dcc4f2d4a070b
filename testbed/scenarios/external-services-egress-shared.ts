import path from 'node:path';
import type { Bed } from '../bed/bed';
import { REPOSITORY } from '../bed/paths';
import type { Call, Scenario } from '../bed/scenario';
import { client } from '../support/clients';
import { NAMESPACE, server, serverSecret, through } from '../support/external-server';

const FOLDER = 'dist/external-services/egress-shared/client';
const TELLER = 'client/branch/teller';
const CLERK = 'client/branch/clerk';
const bank: Call = {
  from: TELLER,
  url: 'http://api.bank.example/accounts',
  expect: {
    code: 200,
    body: 'DNS:branch.example',
    hops: through('api.bank.example', 'teller', 'tls'),
  },
  why: 'mutual TLS: the bank sees the certificate of the gateway',
};
const shop: Call = {
  from: CLERK,
  url: 'http://shop.example/',
  expect: { code: 200, body: '"sni": "shop.example"', hops: through('shop.example', 'clerk', 'tls') },
  why: 'simple TLS',
};
const saas: Call = {
  from: CLERK,
  url: 'https://saas.example/',
  ca: 'saas-ca',
  expect: {
    code: 200,
    body: '"sni": "saas.example"',
    hops: [{ at: 'client/egress', received: { sni: 'saas.example' } }],
  },
  why: "the application's own TLS is passed on by the same port of the same gateway",
};
const legacy: Call = {
  from: CLERK,
  url: 'http://legacy.example/',
  expect: { code: 200, body: '"tls": false', hops: through('legacy.example', 'clerk', 'clear') },
  why: 'clear text behind the gateway, mTLS before it',
};

/** The policy of one exposure is removed, then the whole peering with the bank: all others go on. */
async function cancel(bed: Bed): Promise<void> {
  const without = async (policy: string) => {
    await bed.kubectl('client', ['delete', 'authorizationpolicy', '-n', 'istio-egress', policy]);
    await bed.cut();
  };
  await without('legacy-80');
  await bed.expect({
    ...legacy,
    expect: { code: 403 },
    within: 20,
    why: 'without its ALLOW the gateway denies the host',
  });
  await without('saas-443');
  await bed.expect({ ...saas, expect: { error: '' }, within: 20, why: 'it denies TLS that it only passes on, too' });
  const file = path.join(REPOSITORY, FOLDER, 'client.bank.consumer.k8s.yaml');
  await bed.kubectl('client', ['delete', '-f', file]);
  await bed.cut();
  await bed.expect({ ...bank, expect: { code: 502 }, within: 20, why: 'the peering with the bank has been cancelled' });
  await bed.expect({ ...shop, why: 'the others go on' });
}

const scenario: Scenario = {
  name: 'external-services/egress-shared',
  certificates: [
    { name: 'bank', ca: 'bank-ca', san: ['DNS:api.bank.example'], eku: 'serverAuth' },
    { name: 'shop', ca: 'shop-ca', san: ['DNS:shop.example'], eku: 'serverAuth' },
    { name: 'saas', ca: 'saas-ca', san: ['DNS:saas.example'], eku: 'serverAuth' },
    { name: 'branch', ca: 'branch-ca', san: ['DNS:branch.example'], eku: 'clientAuth' },
  ],
  clusters: {
    client: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: {
        'api.bank.example': `client:${NAMESPACE}/bank`,
        'shop.example': `client:${NAMESPACE}/shop`,
        'saas.example': `client:${NAMESPACE}/saas`,
        'legacy.example': `client:${NAMESPACE}/legacy`,
      },
      secrets: [
        {
          namespace: 'istio-egress',
          name: 'branch-client',
          data: { 'ca.crt': 'ca:bank-ca', 'tls.crt': 'cert:branch', 'tls.key': 'key:branch' },
        },
        { namespace: 'istio-egress', name: 'shop-ca', data: { 'ca.crt': 'ca:shop-ca' } },
        serverSecret('bank', { 'ca.crt': 'ca:branch-ca' }),
        serverSecret('shop'),
        serverSecret('saas'),
      ],
      objects: [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
        ...server('bank', { tls: true, clientCa: 'ca.crt' }),
        ...server('shop', { tls: true }),
        ...server('saas', { tls: true }),
        ...server('legacy', { tls: false }),
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'back-office', labels: { 'istio-injection': 'enabled' } },
        },
        client('back-office', 'auditor'),
      ],
      apply: [FOLDER],
    },
  },
  calls: [
    bank,
    { ...bank, from: CLERK, expect: { code: 403, hops: [{ at: 'client/egress', code: 403 }] }, why: 'another account' },
    shop,
    saas,
    legacy,
    {
      ...saas,
      url: 'https://shop.example/',
      expect: { error: 'curl 35' },
      why: 'a host that is exposed for requests is not dialled with TLS (REGISTRY_ONLY)',
    },
    {
      ...legacy,
      headers: { Host: 'unlisted.example' },
      expect: { code: 502 },
      why: 'a host that is not exposed (REGISTRY_ONLY)',
    },
    {
      from: 'client/back-office/auditor',
      url: 'http://legacy.example/',
      expect: { error: '', flags: 'UH' },
      why: 'a namespace that is no caller does not know the host',
    },
  ],
  test: cancel,
};

export default scenario;
