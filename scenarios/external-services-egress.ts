import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../lib';
import { mutualTls } from './partner-agency-option-2';
import { PARTNER_HOST, premiumBroker, routePremiumDestinations, travelAgency } from './travel-agency';

const callers = Callers.namespaces('prod-travel-agency');

function twoMeshes(fleet: Fleet) {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  agency.production.namespace('istio-egress', { create: true });
  broker.partner.namespace('partner-gateways', { create: true });
  const egress = new Gateway(agency.production, 'egress', { kind: 'egress', namespace: 'istio-egress' });
  return { agency, ...broker, egress };
}

/**
 * The application speaks TLS itself, with the agency's certificate; the egress gateway passes it on by SNI. To the
 * partner it is a client in no mesh.
 */
export function application(fleet: Fleet): void {
  const { agency, partner, broker, egress } = twoMeshes(fleet);
  const server = External.server({ host: PARTNER_HOST, ports: [Port.tls(443)] });
  new EgressGatewayPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: server,
    egress,
    tls: PeeringTls.application({ server: Identity.dns(PARTNER_HOST) }),
    callers,
  }).expose(server, { host: PARTNER_HOST, allow: [Access.tcp()] });

  const { client, server: credential } = mutualTls();
  new DirectPeering(fleet, 'application', {
    consumer: External.client('agency-application'),
    provider: partner,
    ingress: new Gateway(partner, 'public', { kind: 'ingress', namespace: 'partner-gateways' }),
    tls: PeeringTls.mutual({
      client: new PeerEnd(client.identity, TrustBundle.declared('agency-ca')),
      server: credential,
    }),
  }).expose(broker, { host: PARTNER_HOST, allow: [Access.http({ paths: ['/insurances/*'] })] });
}

/** In clear text from the egress gateway on; the way to it is encrypted all the same. */
export function unencrypted(fleet: Fleet): void {
  const { agency, partner, broker, egress } = twoMeshes(fleet);
  const premium = new EgressGatewayPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: partner,
    egress,
    ingress: new Gateway(partner, 'public', {
      kind: 'ingress',
      namespace: 'partner-gateways',
      denyByDefault: false,
    }),
    tls: PeeringTls.plain(),
    callers,
  }).expose(broker, { host: PARTNER_HOST, allow: [Access.http({ paths: ['/insurances/*'] })] });
  routePremiumDestinations(agency, premium);
}
