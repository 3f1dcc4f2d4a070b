import {
  Access,
  Credential,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
  type ExposeOptions,
  type Fleet,
  Gateway,
  type GatewayProps,
  Identity,
  type MeshProps,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../../lib';
import type { ClusterManifests } from '../../../lib/testing';
import { mesh, objectsOf } from '../../support/model';

export const HOST = 'insurances.partner.example';
export const LABEL = 'premium-broker-insurances-8000';
export const NAME = 'premium.broker.insurances.8000';
export const ca = TrustBundle.declared('ca');
export const client = Credential.secret('client', { identity: Identity.spiffe('agency.example/egress'), signer: ca });
export const server = Credential.secret('server', { identity: Identity.dns(HOST), signer: ca });
export const serverEnd = new PeerEnd(Identity.dns(HOST), TrustBundle.declared('partner-ca'));

export const HOPS = {
  plain: () => PeeringTls.plain(),
  simple: () => PeeringTls.simple({ server }),
  mutual: () => PeeringTls.mutual({ client, server }),
  application: () => PeeringTls.application({ server: Identity.dns(HOST) }),
} satisfies Record<string, () => EgressTls>;

/** One exposure through an egress gateway. */
export interface Case {
  readonly tls: EgressTls;
  readonly mesh?: Partial<MeshProps>;
  readonly ingress?: Partial<GatewayProps>;
  readonly peering?: Partial<EgressGatewayPeeringProps<EgressTls>>;
  readonly options?: Partial<ExposeOptions>;
}

export const ownPort = (tls: EgressTls) => (tls.mode === 'application' ? Port.tls(8000) : Port.http(8000));

/** Calls of one mesh leave through its egress gateway and end at the ingress gateway of another. */
export function leg({ tls, mesh: props, ingress, peering, options }: Case) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', props, 'east');
    const provider = mesh(fleet, 'partner', props, 'west');
    consumer.namespace('egress');
    provider.namespace('gateways');
    const service = provider.service('insurances', {
      namespace: 'broker',
      ports: [ownPort(tls)],
      subsets: { v1: { version: 'v1' }, egress: { version: 'egress' } },
    });
    return new EgressGatewayPeering(fleet, 'premium', {
      consumer,
      provider,
      egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
      ingress: new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ...ingress }),
      tls,
      ...peering,
      // which protocols a hop can carry is what the types are tested for
    }).expose(service as never, {
      host: HOST,
      allow: [tls.mode === 'application' ? Access.tcp() : Access.http()],
      ...options,
    });
  };
}

/** What the consumer's cluster has. */
export function consumed(build: (fleet: Fleet) => unknown): ClusterManifests {
  return objectsOf(build, 'east');
}
