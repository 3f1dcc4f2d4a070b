import type { HopFacts } from '../../facts/exposure';
import type { RootFacts } from '../../facts/fleet';
import type { ExternalServer } from '../../mesh/external';
import type { Gateway } from '../../mesh/gateway';
import type { Credential } from '../../trust/credential';
import type { ServerEnd } from '../../trust/peering-tls';
import { needServerSecrets, writeCertificate } from '../hop/credentials';
import type { PeeringName, Provided, ProviderHalf, Strategy } from '../strategy';
import { type AtGateway, callConditions, flowOf } from './at-gateway';
import { writeIngressLeg } from './ingress-leg';
import type { Onward } from './onward';
import { leadOutside } from './outside-server';

/** A strategy whose exposures have a host of their own at the provider's ingress gateway. */
export interface AtIngress extends Strategy {
  readonly facts: HopFacts;
  readonly stated: AtGateway & {
    /** Key pair of the server for one host. */
    readonly credential?: ServerEnd;
    /** Port of the gateway that is asked for. */
    readonly gatewayPort?: number;
    /** How the gateway goes on to a server in no mesh. */
    readonly onward?: Onward;
  };
}

/** What the half is made with, besides its gateway. */
export interface AtIngressOf {
  /** The gateway's key pair, where an exposure has none of its own. */
  readonly credential?: Credential;
  /** The hop behind the gateway, where an exposure is of a server in no mesh. */
  readonly onward: (facts: HopFacts) => HopFacts | undefined;
  readonly peering: PeeringName;
}

/** The provider's half at an ingress gateway with one host per exposure. */
export class IngressHalf<S extends AtIngress> implements ProviderHalf<S> {
  private needed?: { readonly credential: Credential; readonly trusts: RootFacts | undefined };

  constructor(
    private readonly gateway: Gateway,
    private readonly own: AtIngressOf,
  ) {}

  public provide({ chart, facts, name, stated }: Omit<Provided<S>, 'service'>): void {
    const { gateway, own } = this;
    const credential = stated.credential?.kind === 'credential' ? stated.credential : own.credential;
    const { where } = own.peering;
    if (credential !== undefined) this.need(credential, facts);
    const { gatewayPort } = stated;
    const conditions = callConditions(stated, { gateway, flow: flowOf(facts), where });
    const onward = this.goOn(facts, stated);
    const { name: secret } = credential ?? {};
    writeIngressLeg(chart, {
      gateway,
      facts,
      name,
      credential: secret,
      gatewayPort,
      onward,
      conditions,
      stated,
      where,
    });
  }

  /** Notes the key pair with which the gateway serves an exposure; most have that of the last. */
  private need(credential: Credential, { tls }: S['facts']): void {
    const { gateway, own } = this;
    const trusts = tls.mode === 'mutual' ? tls.client.signer : undefined;
    if (this.needed?.credential === credential && this.needed.trusts === trusts) return;
    this.needed = { credential, trusts };
    const use = { credential, namespace: gateway.namespace, where: own.peering.where };
    needServerSecrets(gateway.chart, { ...use, tls });
    writeCertificate(gateway.chart, { ...use, usage: 'server auth' });
  }

  public provideServer(exposure: Provided<S, ExternalServer>): void {
    this.provide(exposure);
  }

  /** Lets the gateway lead to a server in no mesh, where that is what answers. */
  private goOn(facts: S['facts'], { onward }: S['stated']): HopFacts | undefined {
    const { gateway, own } = this;
    const hop = own.onward(facts);
    if (hop === undefined) return undefined;
    const { where } = own.peering;
    leadOutside({ gateway, hop, credential: onward?.tls.ownClient, connection: onward?.connection, where });
    return hop;
  }
}
