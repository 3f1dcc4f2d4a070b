import {
  Access,
  Credential,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
  External,
  type ExternalServer,
  type Fleet,
  Gateway,
  type GatewayProps,
  Identity,
  type MeshProps,
  PeerEnd,
  PeeringTls,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { mesh } from '../support/model';

export const HOST = 'api.bank.example';
export const signer = TrustBundle.declared('agency-ca');
export const client = Credential.secret('egress-client', {
  identity: Identity.spiffe('agency.example/egress'),
  signer,
});
export const server = new PeerEnd(Identity.dns(HOST), TrustBundle.declared('bank-ca'));
export const mutual = PeeringTls.mutual({ client, server });
export const application = PeeringTls.application({ server: Identity.dns(HOST) });
export const bank = External.server({ host: HOST, ports: [Port.http(443)] });
export const LABEL = 'bank-443';

type Props = Partial<Omit<EgressGatewayPeeringProps<EgressTls>, 'consumer' | 'egress'>>;

/** What a call states. */
export interface Call extends Props {
  readonly tls: EgressTls;
  readonly server?: ExternalServer<Protocol>;
  readonly gateway?: Partial<GatewayProps>;
  readonly mesh?: Partial<MeshProps>;
  readonly port?: number;
}

/** A mesh that calls a server in no mesh through its egress gateway. */
export function call({ server: provider = bank, gateway, mesh: meshProps, port, ...props }: Call) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', meshProps, 'east');
    consumer.namespace('travel');
    consumer.namespace('egress');
    const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress', ...gateway });
    const peering = new EgressGatewayPeering<EgressTls>(fleet, 'bank', { consumer, provider, egress, ...props });
    const allow = [props.tls.mode === 'application' ? Access.tcp() : Access.http()];
    // which protocols a hop can carry is what the types are tested for
    return peering.expose(provider as never, { host: provider.host, allow, ...(port !== undefined && { port }) });
  };
}
