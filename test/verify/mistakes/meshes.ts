import type { Mistake } from './mistake';

const SHARED = '11-shared-root-auto-passthrough';

/** Mistakes about what two meshes of one root, or federated ones, must agree on. */
export const MESHES: readonly Mistake[] = [
  [
    'the host of another mesh is stated as outside',
    {
      golden: SHARED,
      object: 'ServiceEntry istio-system/httpbin-remote @c2',
      change: ['MESH_INTERNAL', 'MESH_EXTERNAL'],
    },
  ],
  [
    'the provider does not say that its workloads take mTLS',
    { golden: SHARED, object: 'DestinationRule istio-system/httpbin-remote @c2', change: ['ISTIO_MUTUAL', 'DISABLE'] },
  ],
  [
    'the consumer does not send mTLS',
    { golden: SHARED, object: 'DestinationRule foo/httpbin-bar @c1', change: ['ISTIO_MUTUAL', 'DISABLE'] },
  ],
  [
    'the two sides state other port numbers',
    {
      golden: SHARED,
      object: 'ServiceEntry istio-system/httpbin-remote @c2',
      change: ['"number":8000', '"number":8001'],
    },
  ],
  [
    'a client certificate of its own for a gateway that passes mTLS on',
    {
      golden: SHARED,
      object: 'DestinationRule foo/httpbin-bar @c1',
      change: ['"mode":"ISTIO_MUTUAL"', '"mode":"MUTUAL","credentialName":"a"'],
    },
  ],
  [
    'ports of an endpoint are named otherwise than those of the host',
    { golden: SHARED, object: 'ServiceEntry foo/httpbin-bar @c1', change: ['{"http":15443}', '{"web":15443}'] },
  ],
  [
    'two roots where one is needed',
    { refused: 'MESH1251', byHand: 'MESH3080, where facts state the roots (`meshes.<cluster>.root`)' },
  ],
  [
    'the gateway does not pass the host on',
    { golden: SHARED, object: 'Gateway istio-system/cross-cluster @c2', change: ['"httpbin.bar.cluster2",', ''] },
  ],
  [
    'a gateway passes every host on',
    { undecidable: 'meshes of one control plane mean it; SharedRootPeering names the hosts' },
  ],
  ['a policy at a gateway that sees no callers', { rule: 'MESH3085' }],
  ['failoverPriority that ends istiod', { rule: 'MESH3020' }],
  ['two meshes on one control plane', { rule: 'MESH3053' }],
  ['two control planes see the same namespaces', { rule: 'MESH3054' }],
  ['a namespace of two meshes', { rule: 'MESH3055' }],
  ['names of ServiceMeshPeer and sets differ', { rule: 'MESH3032' }],
  ['clientID is not who calls', { rule: 'MESH3033' }],
  ['two federated meshes with one trust domain', { rule: 'MESH3030' }],
  [
    'the ConfigMap with the root of the peer is elsewhere, or holds the own one',
    { undecidable: 'what a ConfigMap of somebody else holds is in no manifest; the table of Secrets says it' },
  ],
  [
    'remote.addresses are those of another gateway',
    { undecidable: 'whose an address is, DNS and load balancers know; FederationPeering writes it' },
  ],
  ['one ingress gateway for two peers', { rule: 'MESH3031' }],
  ['a Route before a federation gateway', { rule: 'MESH3036' }],
  [
    'ports of federation gateways are changed',
    { refused: 'MESH1272', byHand: 'undecided: a Service or a load balancer before the gateway may put them right' },
  ],
  ['importAsLocal without the namespace of an alias', { rule: 'MESH3034' }],
  [
    'a wrong suffix of an imported host',
    {
      golden: '16-federation-end-to-end',
      object: 'ServiceEntry foo/httpbin-bar @c1',
      change: ['httpbin.bar.svc.c2-imports.local', 'httpbin.bar.svc.cluster.local'],
    },
  ],
  ['requestedNetworkView of another network', { rule: 'MESH3037' }],
  ['a namespace that is no member', { rule: 'MESH3052' }],
  [
    'a version that the control plane does not serve',
    {
      admission:
        '{ apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: { name: a, namespace: shop }, spec: { hosts: [a.example] } }',
      platform: 'ossm2',
    },
  ],
];
