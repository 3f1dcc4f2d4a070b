import { type FederationForm, type FederationNames, importNetwork } from '../../facts/federation';
import type { Manifest } from '../../facts/manifest';
import type { Protocol } from '../../facts/port';
import { Exposure } from '../exposure';
import type { FederationCommon, FederationFacts } from './facts';
import { discoveryNames, exportObjects, importObjects } from './in-memory';

/** What becomes of an exported service on both sides. */
export interface FederationDescription {
  /** How both meshes federate: control planes exchange services, or everything is written. */
  readonly form: FederationForm;
  /** Host that callers of the consumer's mesh dial. */
  readonly host: string;
  /** Host between the meshes: SNI of the hop. */
  readonly wireHost: string;
  /** Who is seen where, as SPIFFE IDs without `spiffe://`. */
  readonly principals: {
    /** Whom the provider's ingress gateway sees: the consumer's egress gateway (`clientID`). */
    readonly atIngress: string;
    /** Whom the workload sees, and what policies of the provider must name: its own ingress gateway. */
    readonly atWorkload: string;
  };
  /** What control planes that federate make besides; absent where everything is written. */
  readonly inMemory?: InMemoryDescription;
}

/** What `oc get` does not show: the objects are in the memory of istiod. */
export interface InMemoryDescription {
  /** Network that the endpoints of imported services are said to be in (`requestedNetworkView` names it). */
  readonly network: string;
  /** Where the address of the imported host is from; it changes when istiod starts anew. */
  readonly virtualIps: '240.241.0.0/16';
  /** Of control planes that exchange what they export, once per peer. */
  readonly discovery: { readonly consumer: Discovery; readonly provider: Discovery };
  /**
   * The consumer's objects as plain Istio has them; entries of the control plane's registry stand as ServiceEntries and
   * DestinationRules. They carry the same calls.
   */
  readonly consumer: Manifest[];
  /** The provider's objects as plain Istio has them. */
  readonly provider: Manifest[];
}

/** How one control plane reaches the other. */
export interface Discovery {
  /** Host of the peer's control plane. */
  readonly host: string;
  /** Objects for it, as `Kind name`. */
  readonly objects: string[];
}

/** A service that is exported to a peer. */
export class FederationExposure<P extends Protocol = Protocol> extends Exposure<P, FederationFacts> {
  /** @internal */
  constructor(
    { usableIn, nextHop, facts, dialled }: Exposure<P, FederationFacts>,
    private readonly common: FederationCommon,
    private readonly names: FederationNames,
  ) {
    super(usableIn, nextHop, facts, dialled);
  }

  /** Host that callers dial: it depends on what the consumer makes of the import. */
  public override get host(): string {
    return this.nextHop.host;
  }

  /** What becomes of it on both sides, also what no object shows. */
  public describe(): FederationDescription {
    const { facts, host } = this;
    const { consumer, provider } = this.common;
    return {
      form: provider.form,
      host,
      wireHost: facts.wireHost,
      principals: { atIngress: consumer.egress.identity, atWorkload: provider.ingress.identity },
      ...(provider.form === 'maistra' && { inMemory: this.inMemory() }),
    };
  }

  private inMemory(): InMemoryDescription {
    const { facts, host, common, names } = this;
    const { consumer, provider } = common;
    const one = { facts, host, consumer, provider, providerName: names.provider, consumerName: names.consumer };
    return {
      network: importNetwork(names.provider),
      virtualIps: '240.241.0.0/16',
      discovery: {
        consumer: discoveryNames(names.provider, consumer.namespace),
        provider: discoveryNames(names.consumer, provider.namespace),
      },
      consumer: importObjects(one),
      provider: exportObjects(one),
    };
  }
}
