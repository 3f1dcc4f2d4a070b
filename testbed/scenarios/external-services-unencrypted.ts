import type { Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';

const NAMESPACE = 'greetings-service';
const NAME = 'rest-greeting-remote';

/** The greeting service: in the cluster, in no mesh. */
const greeting: KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: { selector: { app: NAME }, ports: [{ name: 'http', port: 8080 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: NAME } },
      template: {
        metadata: { labels: { app: NAME } },
        spec: { containers: [{ name: NAME, image: 'bed/http-echo', ports: [{ containerPort: 8080 }] }] },
      },
    },
  },
];

/** A mesh-wide rule as OpenShift Service Mesh 2 makes it with `mtls: true`: every host of the cluster is encrypted to. */
const meshWideMutual: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'default', namespace: 'istio-system' },
  spec: { host: '*.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
};

const call = {
  from: 'client/greetings-client/rest-greeting-client',
  url: `http://${NAME}.${NAMESPACE}.svc.cluster.local:8080/hello`,
};

const scenario: Scenario = {
  name: 'external-services/unencrypted',
  clusters: {
    client: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      objects: [...greeting, meshWideMutual],
      apply: ['dist/external-services/unencrypted/client'],
    },
  },
  calls: [
    {
      ...call,
      expect: {
        code: 200,
        body: '"xfcc": ?null',
        hops: [{ at: 'client/rest-greeting-client', direction: 'outbound', sent: 'clear' }],
      },
      why: 'our rule says clear text for a server without sidecar',
    },
    {
      ...call,
      before: [
        {
          cluster: 'client',
          kubectl: ['delete', 'destinationrule', '-n', 'greetings-client', '--all'],
        },
        { cut: true },
      ],
      expect: { code: 503 },
      why: 'without it the mesh-wide rule encrypts to a server that does not understand',
    },
  ],
};

export default scenario;
