import type { Gateway } from '../../mesh/gateway';
import { writePeerPolicy } from '../../mesh/gateway-policy';
import type { Credential } from '../../trust/credential';
import { Identity } from '../../trust/identity';
import { needServerSecrets, writeCertificate } from '../hop/credentials';
import { callConditions, flowOf } from '../ingress/at-gateway';
import { facingTls } from '../ingress/client-facing';
import { writeRequestAuthentications } from '../ingress/request-authentication';
import { writeWorkloadPolicy } from '../ingress/workload-policy';
import type { PeeringName, Provided, ProviderHalf } from '../strategy';
import { gatewayPortOf } from './gateway-port';
import { writeArrival } from './servers';
import type { PrivateGateways } from './strategy';

/** What a provider's half is made with. */
export interface PrivateIngress {
  readonly gateway: Gateway;
  /** The gateway's key pair. */
  readonly credential?: Credential<'sds'>;
  readonly peering: PeeringName;
}

/**
 * The provider's half: what exists once (servers, routes) is in the gateway's chart, shared by all its consumers; what
 * one consumer may do is in the peering's, so that cancelling it leaves all others as they are.
 */
export class PrivateIngressHalf implements ProviderHalf<PrivateGateways> {
  constructor(private readonly own: PrivateIngress) {}

  public provide({ chart, facts, name, service, stated }: Provided<PrivateGateways>): void {
    const { gateway, credential, peering } = this.own;
    const { access, tls, toldApart } = facts;
    const { where } = peering;
    const conditions = callConditions(stated, { gateway, flow: flowOf(facts), where });
    const port = gatewayPortOf(gateway, service.protocol, stated, where);
    gateway.readsSecrets();
    const use = { credential, namespace: gateway.namespace, where };
    needServerSecrets(gateway.chart, { ...use, tls });
    writeCertificate(gateway.chart, { ...use, usage: 'server auth' });
    const clientTls = facingTls(stated.serverTls, { gateway, arrives: 'mutual', where });
    writeArrival({ gateway, facts, port, credential: credential?.name, clientTls, where });
    writeRequestAuthentications(gateway, conditions.jwtRules ?? [], where);
    writePeerPolicy(chart, gateway, {
      name,
      principal: Identity.ofSubjectAltName(tls.client.subjectAltName).value,
      access,
      conditions,
      port: port.targetPort,
      toldApart,
    });
    writeWorkloadPolicy(chart, {
      subset: facts.service.subset,
      mesh: gateway.mesh,
      name,
      service,
      access,
      arriving: [gateway.knownIdentity(where).value],
      alsoFrom: stated.alsoFrom,
    });
  }
}
