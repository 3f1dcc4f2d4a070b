import type { Manifest } from '../../lib';
import type { Call } from '../bed/scenario';
import type { HopExpectation } from '../istio/hops';
import type { KubeObject } from '../kubernetes/types';
import { client } from './clients';
import { OUTSIDE, premiumDestinations, TRAVELS } from './travel-agency';
import { caller, server } from './workloads';

/** Host by which the agency's workloads know the partner's broker. */
export const IMPORTED = 'insurances.premium-broker.svc.partner-imports.local';
/** The partner's gateway that faces the agency. */
const FEDERATION = 'federation.partner.example';

/** Who the gateways are. */
export interface Ends {
  /** SPIFFE ID of the agency's egress gateway. */
  readonly egress: string;
  /** SPIFFE ID of the partner's ingress gateway. */
  readonly ingress: string;
  /** Host of the broker between the meshes. */
  readonly wireHost: string;
}

/** Certificates that somebody outside could hold. */
export const certificates = ({ egress }: Ends) =>
  [
    { name: 'agency-egress', ca: 'root-agency', of: egress },
    { name: 'agency-travels', ca: 'root-agency', of: 'spiffe://production.local/ns/prod-travel-agency/sa/travels' },
    { name: 'agency-as-partner', ca: 'root-agency', of: 'spiffe://partner.local/ns/premium-broker/sa/friend' },
    { name: 'partner-friend', ca: 'root-partner', of: 'spiffe://partner.local/ns/premium-broker/sa/friend' },
    { name: 'stranger-egress', ca: 'root-stranger', of: egress },
  ].map(({ of, ...certificate }) => ({ ...certificate, san: [`URI:${of}`] }));

/** Of the agency: a workload that is no caller. */
export const atAgency: KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'outside' } },
  client('outside', 'curl'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'back-office', labels: { 'istio-injection': 'enabled' } } },
  ...caller('back-office', 'clerk'),
];

/** Of the partner: a service that it does not export, and a workload of its own. */
export const atPartner: KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'premium-broker', labels: { 'istio-injection': 'enabled' } },
  },
  ...server('premium-broker', 'ledger', { ports: { http: 8000 } }),
  ...caller('premium-broker', 'friend'),
];

/** Names that DNS answers at the agency. */
export const dns = (gateway: string) => ({ [FEDERATION]: `partner:${gateway}` });

/** The way of a premium call: three connections with mTLS. */
function way({ egress, ingress, wireHost }: Ends): HopExpectation[] {
  return [
    { at: 'agency/travels', direction: 'outbound', sent: { peer: egress } },
    {
      at: 'agency/partner-egress',
      received: { sni: IMPORTED, peer: 'spiffe://production.local/ns/prod-travel-agency/sa/travels' },
      sent: { peer: ingress },
    },
    { at: 'partner/production-ingress', received: { sni: wireHost, peer: egress } },
    { at: 'partner/insurances', direction: 'inbound', received: { peer: ingress } },
  ];
}

/** A client without sidecar that dials the partner's gateway. */
const byHand = (sni: string, as: string, expect: Call['expect'], why: string): Call => ({
  from: OUTSIDE,
  url: `https://${FEDERATION}:15443/insurances/Rome`,
  alpn: 'istio',
  sni,
  as,
  expect,
  why,
});

/** What both forms of a federation must answer. */
export function federationCalls(ends: Ends): Call[] {
  const { wireHost } = ends;
  const url = `http://${IMPORTED}:8000/insurances/Rome`;
  const [first, ...others] = premiumDestinations(way(ends));
  return [
    { ...first, within: 20 },
    ...others,
    { from: TRAVELS, url, expect: { code: 200, hops: way(ends) }, why: 'the imported host can be dialled, too' },
    { from: TRAVELS, url, method: 'POST', expect: { code: 403 }, why: 'the workload sees requests: method' },
    { from: TRAVELS, url: url.replace('insurances/Rome', 'ledger'), expect: { code: 403 }, why: 'and path' },
    {
      from: TRAVELS,
      url: url.replace('insurances/Rome', 'insurances/../ledger'),
      expect: { code: 403 },
      why: 'also where the path climbs out',
    },
    {
      from: TRAVELS,
      url: 'http://ledger.premium-broker.svc.partner-imports.local:8000/',
      expect: { error: '' },
      why: 'a service that is not exported has no name',
    },
    byHand(wireHost, 'agency-egress', { code: 200 }, "the identity of the agency's egress gateway, by hand"),
    byHand(
      wireHost.replace('insurances', 'ledger'),
      'agency-egress',
      { error: '' },
      'a service that is not exported is not behind the gateway either',
    ),
    byHand(wireHost, 'agency-travels', { error: '' }, 'another identity of the agency'),
    byHand(wireHost, 'agency-as-partner', { error: '' }, "an identity of the partner, signed by the agency's root"),
    byHand(wireHost, 'stranger-egress', { error: '' }, 'a third mesh, with the name of the invited one'),
    {
      from: 'partner/premium-broker/friend',
      url: 'http://insurances:8000/insurances/Rome',
      expect: { code: 403 },
      why: "the policy cuts the partner's own callers that nobody names",
    },
  ];
}

/** A gateway as the operator of OpenShift Service Mesh 2 deploys it, by injection. */
export function operatorGateway(namespace: string, name: string, type: 'ClusterIP' | 'LoadBalancer'): KubeObject[] {
  const labels = { istio: name, 'service.istio.io/canonical-name': name };
  const serviceAccountName = `${name}-service-account`;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccountName, namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: {
            annotations: {
              'inject.istio.io/templates': 'gateway',
              'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } }),
            },
            labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
          },
          spec: { serviceAccountName, containers: [{ name: 'istio-proxy', image: 'auto' }] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type, selector: labels, ports: [{ name: 'tls', port: 15443, targetPort: 15443 }] },
    },
  ];
}

/** Objects of a description, as the testbed applies them. */
export function asObjects(manifests: readonly Manifest[]): KubeObject[] {
  return JSON.parse(JSON.stringify(manifests));
}
