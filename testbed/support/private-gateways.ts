import type { CertificateSpec } from '../bed/certificates';
import type { ClusterSetup, SecretSetup } from '../bed/scenario';
import type { HopExpectation } from '../istio/hops';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from './clients';
import { caller, meshed } from './workloads';

export const HOST = 'c2.example.com';
export const NAMESPACE = 'istio-private-gateways';
export const INGRESS = `c2:${NAMESPACE}/istio-private-ingressgateway`;
export const EGRESS_ID = (consumer: string) => `spiffe://${consumer}.example.com/istio-private-egressgateway`;
export const INGRESS_ID = 'spiffe://c2.example.com/istio-private-ingressgateway';

const client = (name: string, ca: string, ...san: string[]): CertificateSpec => ({ name, ca, san, eku: 'clientAuth' });

export const CERTIFICATES: CertificateSpec[] = [
  client('c1', 'example-consumers-ca', `URI:${EGRESS_ID('c1')}`),
  client('c3', 'example-consumers-ca', `URI:${EGRESS_ID('c3')}`),
  // the authority is right, the identity is that of nobody
  client('c4', 'example-consumers-ca', `URI:${EGRESS_ID('c4')}`),
  // a longer and a shorter name
  client('c1-longer', 'example-consumers-ca', `URI:${EGRESS_ID('c1')}/x`),
  client('c1-dns', 'example-consumers-ca', 'DNS:c1.example.com'),
  // a name of two identities: one of them c1's
  client('c1-both', 'example-consumers-ca', `URI:${EGRESS_ID('c4')}`, `URI:${EGRESS_ID('c1')}`),
  client('forged', 'example-stranger-ca', `URI:${EGRESS_ID('c1')}`),
  { ...client('expired', 'example-consumers-ca', `URI:${EGRESS_ID('c1')}`), expired: true },
  { name: 'server-as-client', ca: 'example-consumers-ca', san: [`URI:${EGRESS_ID('c1')}`], eku: 'serverAuth' },
  { name: 'c2-wrong', ca: 'example-c2-ca', san: ['URI:spiffe://c2.example.com/another'], eku: 'serverAuth' },
  { name: 'c2-foreign', ca: 'example-stranger-ca', san: [`URI:${INGRESS_ID}`], eku: 'serverAuth' },
  // of the consumer's own mesh
  client('mesh-sleep', 'root-c1', 'URI:spiffe://cluster.local/ns/default/sa/sleep'),
  client('mesh-other', 'root-c1', 'URI:spiffe://cluster.local/ns/default/sa/other'),
  client('mesh-elsewhere', 'root-c1', 'URI:spiffe://elsewhere.local/ns/default/sa/sleep'),
  { name: 'c2', ca: 'example-c2-ca', san: [`URI:${INGRESS_ID}`], eku: 'serverAuth' },
];

export const clientSecret = (consumer: string): SecretSetup => ({
  namespace: NAMESPACE,
  name: `${consumer}-credential`,
  data: { 'tls.crt': `cert:${consumer}`, 'tls.key': `key:${consumer}`, 'ca.crt': 'ca:example-c2-ca' },
});

export const SERVER_SECRET: SecretSetup = {
  namespace: NAMESPACE,
  name: 'c2-credential',
  data: { 'tls.crt': 'cert:c2', 'tls.key': 'key:c2', 'ca.crt': 'ca:example-consumers-ca' },
};

/** What a call from `sleep` passes. */
interface Passed {
  readonly consumer: string;
  /** The host of the exposure at the egress gateway, without the provider's: `port.service.namespace`. */
  readonly exposure: string;
  /** The workload that answers: `namespace/name`. */
  readonly workload: `${string}/${string}`;
  /** What the sidecar takes from the caller. @default 'clear' */
  readonly said?: HopExpectation['received'];
  /** What the ingress gateway tells exposures apart by. @default - the host of the gateway */
  readonly sni?: string;
}

/** The way of a call: sidecar, both gateways, sidecar. */
export function way({ consumer, exposure, workload, said = 'clear', sni = HOST }: Passed): HopExpectation[] {
  const [namespace, name] = workload.split('/');
  return [
    { at: `${consumer}/sleep`, direction: 'outbound', received: said, sent: 'tls' },
    {
      at: `${consumer}/istio-private-egressgateway`,
      received: { sni: `${exposure}.${HOST}`, peer: 'spiffe://cluster.local/ns/default/sa/sleep' },
      sent: { peer: INGRESS_ID },
    },
    {
      at: 'c2/istio-private-ingressgateway',
      received: { sni, peer: EGRESS_ID(consumer) },
      sent: { peer: `spiffe://cluster.local/ns/${namespace}/sa/${name}` },
    },
    {
      at: `c2/${name}`,
      direction: 'inbound',
      received: { peer: `spiffe://cluster.local/ns/${NAMESPACE}/sa/istio-private-ingressgateway` },
    },
  ];
}

/** A consumer's cluster: `sleep` may call, `other` may not, `curl` is in no mesh. */
export function consumer(name: string, folder: string, objects: KubeObject[] = []): ClusterSetup {
  return {
    controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, dnsRefreshRate: '1s' } },
    dns: { [HOST]: INGRESS, 'wrong.example.com': INGRESS, 'x.c2.example.com': INGRESS },
    secrets: [clientSecret(name)],
    objects: [
      meshed('default'),
      ...caller('default', 'sleep'),
      ...caller('default', 'other'),
      ...outsideClient(),
      ...objects,
    ],
    apply: [`${folder}/${name}`],
  };
}

export function provider(folder: string, objects: KubeObject[], secrets: SecretSetup[] = []): ClusterSetup {
  return { secrets: [SERVER_SECRET, ...secrets], objects, apply: [`${folder}/c2`] };
}
