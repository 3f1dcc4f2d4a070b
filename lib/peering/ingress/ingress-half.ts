import type { HopFacts } from '../../facts/exposure';
import type { Gateway } from '../../mesh/gateway';
import type { Credential } from '../../trust/credential';
import type { ServerEnd } from '../../trust/peering-tls';
import { needServerSecrets, writeCertificate } from '../hop/credentials';
import type { PeeringName, Provided, ProviderHalf, Strategy } from '../strategy';
import { writeIngressLeg } from './ingress-leg';

/** A strategy whose exposures have a host of their own at the provider's ingress gateway. */
export interface AtIngress extends Strategy {
  readonly facts: HopFacts;
  readonly stated: {
    /** Key pair of the server for one host. */
    readonly credential?: ServerEnd;
    /** Port of the gateway that is asked for. */
    readonly gatewayPort?: number;
  };
}

/** The provider's half at an ingress gateway with one host per exposure. */
export class IngressHalf<S extends AtIngress> implements ProviderHalf<S> {
  constructor(
    private readonly gateway: Gateway,
    private readonly credential: Credential | undefined,
    private readonly peering: PeeringName,
  ) {}

  public provide({ chart, facts, name, stated }: Provided<S>): void {
    const { gateway } = this;
    const credential = stated.credential?.kind === 'credential' ? stated.credential : this.credential;
    const { where } = this.peering;
    const use = { credential, namespace: gateway.namespace, where };
    needServerSecrets(gateway.chart, { ...use, tls: facts.tls });
    writeCertificate(gateway.chart, { ...use, usage: 'server auth' });
    const { gatewayPort } = stated;
    writeIngressLeg(chart, { gateway, facts, name, credential: credential?.name, gatewayPort, where });
  }
}
