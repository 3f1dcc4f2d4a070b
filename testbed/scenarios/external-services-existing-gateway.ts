import type { Bed } from '../bed/bed';
import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { NAMESPACE, server, serverSecret, through } from '../support/external-server';

const FOLDER = 'dist/external-services/existing-gateway/client';
const TELLER = 'client/branch/teller';
const HOP = 'client/istio-egressgateway';
const GATEWAY = { name: 'istio-egressgateway', namespace: 'istio-egress' };

/** The gateway as Istio's Helm chart installs it: the pod listens on the ports of its Service. */
function helmGateway(): KubeObject[] {
  const labels = { app: GATEWAY.name, istio: 'egressgateway' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: GATEWAY.namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: GATEWAY },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: GATEWAY,
      spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 443 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: GATEWAY,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: {
            annotations: { 'inject.istio.io/templates': 'gateway' },
            labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
          },
          spec: { serviceAccountName: GATEWAY.name, containers: [{ name: 'istio-proxy', image: 'auto' }] },
        },
      },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: GATEWAY,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: GATEWAY,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: GATEWAY.name },
      subjects: [{ kind: 'ServiceAccount', ...GATEWAY }],
    },
  ];
}

const api = (name: string): Call => ({
  from: TELLER,
  url: `http://api.${name}.example/accounts`,
  expect: { code: 200, body: 'DNS:branch.example', hops: through(`api.${name}.example`, 'teller', 'tls', HOP) },
  why: `the certificate of the gateway, and the authority of the ${name}`,
});

const mongo: Call = {
  from: TELLER,
  url: 'https://db.mongo.example:27017/',
  ca: 'mongo-ca',
  expect: {
    code: 200,
    body: '"sni": "db.mongo.example"',
    hops: [{ at: HOP, received: { sni: 'db.mongo.example' } }],
  },
  why: 'callers dial the port of the database, and go through the gateway although ALLOW_ANY would let them past it',
};

/** istiod reads `-cacert` instead of `ca.crt`: with the roots of one peer in it, the other one is not believed. */
async function onlyOneAuthority(bed: Bed): Promise<void> {
  const patch = async (roots: string[]) =>
    bed.apply('client', [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: GATEWAY.namespace, name: 'branch-client-cacert' },
        stringData: { 'ca.crt': await bed.certificates.pem(roots.map((root) => `ca:${root}`).join(' ')) },
      },
    ]);
  await patch(['bank-ca']);
  await bed.cut();
  await bed.expect({
    ...api('treasury'),
    expect: { code: 503, flags: 'UF' },
    within: 20,
    why: 'ca.crt of the key pair, which holds its root, is not read any more',
  });
  await bed.expect(api('bank'));
  await patch(['bank-ca', 'branch-ca']);
  await bed.cut();
  await bed.expect({ ...api('treasury'), within: 20, why: 'both roots, as the table of Secrets says' });
}

const scenario: Scenario = {
  name: 'external-services/existing-gateway',
  certificates: [
    { name: 'bank', ca: 'bank-ca', san: ['DNS:api.bank.example'], eku: 'serverAuth' },
    { name: 'treasury', ca: 'branch-ca', san: ['DNS:api.treasury.example'], eku: 'serverAuth' },
    { name: 'mongo', ca: 'mongo-ca', san: ['DNS:db.mongo.example'], eku: 'serverAuth' },
    { name: 'branch', ca: 'branch-ca', san: ['DNS:branch.example'], eku: 'clientAuth' },
  ],
  clusters: {
    client: {
      crds: ['cert-manager'],
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } } },
      dns: {
        'api.bank.example': `client:${NAMESPACE}/bank`,
        'api.treasury.example': `client:${NAMESPACE}/treasury`,
        'db.mongo.example': `client:${NAMESPACE}/mongo`,
      },
      secrets: [
        {
          namespace: GATEWAY.namespace,
          name: 'branch-client',
          data: { 'ca.crt': 'ca:branch-ca', 'tls.crt': 'cert:branch', 'tls.key': 'key:branch' },
        },
        {
          namespace: GATEWAY.namespace,
          name: 'branch-client-cacert',
          data: { 'ca.crt': 'ca:bank-ca ca:branch-ca' },
        },
        serverSecret('bank', { 'ca.crt': 'ca:branch-ca' }),
        serverSecret('treasury', { 'ca.crt': 'ca:branch-ca' }),
        serverSecret('mongo'),
      ],
      objects: [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
        ...server('bank', { tls: true, clientCa: 'ca.crt' }),
        ...server('treasury', { tls: true, clientCa: 'ca.crt' }),
        ...server('mongo', { tls: true, port: 27017 }),
        ...helmGateway(),
      ],
      apply: [FOLDER],
    },
  },
  calls: [
    api('treasury'),
    api('bank'),
    mongo,
    {
      ...api('bank'),
      headers: { Host: 'unlisted.example' },
      expect: { code: 503 },
      why: 'ALLOW_ANY: a host that is not exposed leaves by itself, and is no server here',
    },
  ],
  test: onlyOneAuthority,
};

export default scenario;
