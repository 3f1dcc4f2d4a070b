import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { client, outsideClient } from '../support/clients';
import { DECODING_SLASHES } from '../support/control-planes';
import {
  AGENCY,
  CERTIFICATES,
  EGRESS_SECRET,
  OUTSIDE,
  OUTSIDERS,
  PARTNER_HOST,
  PARTNER_SECRET,
  premiumDestinations,
  TRAVELS,
} from '../support/travel-agency';

const PUBLIC = 'partner:partner-gateways/public';
const DIRECT = `https://${PARTNER_HOST}/insurances/Rome`;

/** A pod of the agency that goes around the mesh: it has no sidecar, but the certificate. */
const around: KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'prod-travel-agency', labels: { 'istio-injection': 'enabled' } },
  },
  client('prod-travel-agency', 'around', { 'sidecar.istio.io/inject': 'false' }),
];

/** A namespace of the mesh that the peering does not name as caller. */
const stranger: KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'back-office', labels: { 'istio-injection': 'enabled' } } },
  client('back-office', 'clerk'),
];

const calls: Call[] = [
  ...premiumDestinations([
    { at: 'agency/travels', direction: 'outbound', received: 'clear', sent: 'tls', code: 200 },
    {
      at: 'agency/egress',
      received: { sni: PARTNER_HOST, peer: 'spiffe://cluster.local/ns/prod-travel-agency/sa/travels' },
      sent: 'tls',
      code: 200,
    },
    { at: 'partner/public', received: { sni: PARTNER_HOST, peer: AGENCY }, sent: 'tls', code: 200 },
    {
      at: 'partner/insurances',
      direction: 'inbound',
      received: { peer: 'spiffe://cluster.local/ns/partner-gateways/sa/public' },
    },
  ]),
  {
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/insurances/Rome`,
    expect: { code: 200, body: AGENCY, hops: [{ at: 'agency/egress', code: 200 }] },
    why: 'the host dialled directly goes through the egress gateway, too; the partner sees the gateway, not the workload',
  },
  { from: TRAVELS, url: `http://${PARTNER_HOST}/other`, expect: { code: 403 }, why: 'the partner allows no such path' },
  {
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/insurances/Rome`,
    method: 'POST',
    expect: { code: 403 },
    why: 'the partner allows GET only',
  },
  {
    from: TRAVELS,
    url: DIRECT,
    expect: { error: '' },
    why: 'an application that encrypts itself dials a port that nobody registered, and no address outside is reachable',
  },
  {
    from: 'agency/back-office/clerk',
    url: `http://${PARTNER_HOST}/insurances/Rome`,
    expect: { error: '', flags: 'UH' },
    why: 'a namespace that is no caller does not know the host (REGISTRY_ONLY)',
  },
  {
    from: 'agency/back-office/clerk',
    url: 'http://insurances.prod-travel-agency:8000/insurances/Rome',
    expect: { code: 200, body: '"version": "v1"' },
    why: 'a workload that is no caller falls through the rule for premium destinations to the local service',
  },
  {
    from: OUTSIDE,
    url: 'http://insurances.prod-travel-agency.svc.cluster.local:8000/insurances/Rome',
    expect: { error: '' },
    why: 'the mesh is STRICT: nobody without a sidecar gets in',
  },
  ...OUTSIDERS,
  {
    from: OUTSIDE,
    url: DIRECT,
    as: 'agency-other',
    ca: 'partner-ca',
    expect: { code: 403 },
    why: 'the right authority, another identity',
  },
  {
    from: OUTSIDE,
    url: DIRECT,
    as: 'agency-client',
    ca: 'partner-ca',
    expect: { code: 200 },
    why: 'from outside the closed namespaces the gateway can be reached: the certificate is what counts',
  },
  {
    from: 'agency/prod-travel-agency/around',
    url: DIRECT,
    as: 'agency-client',
    ca: 'partner-ca',
    expect: { error: '' },
    why: 'a pod of a closed namespace does not get out around the egress gateway, certificate or not',
  },
  {
    from: 'agency/prod-travel-agency/around',
    url: DIRECT,
    as: 'agency-client',
    ca: 'partner-ca',
    before: [
      { cluster: 'agency', kubectl: ['delete', 'networkpolicy', '-n', 'prod-travel-agency', 'premium.only-way-out'] },
    ],
    expect: { code: 200 },
    why: 'it is the NetworkPolicy that stopped it',
  },
];

const scenario: Scenario = {
  name: 'partner-agency/option-2',
  certificates: CERTIFICATES,
  clusters: {
    agency: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: { [PARTNER_HOST]: PUBLIC },
      secrets: [EGRESS_SECRET],
      objects: [...outsideClient(), ...stranger, ...around],
      apply: ['dist/partner-agency/option-2/agency'],
    },
    partner: {
      controlPlane: DECODING_SLASHES,
      secrets: [PARTNER_SECRET],
      apply: ['dist/partner-agency/option-2/partner'],
    },
  },
  calls,
};

export default scenario;
