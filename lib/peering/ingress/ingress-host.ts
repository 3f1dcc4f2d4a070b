import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import { podsKey } from '../../mesh/gateway-pods';
import type { GatewayTls } from './arrival';

/** What one host of an ingress gateway leads to, and how it is protected: one answer for all peerings that share it. */
export class IngressHost {
  /**
   * The host of a gateway that an exposure is for.
   *
   * @throws MESH1204 when it leads to something else already; MESH1206 when the gateway could not tell the consumers of
   * a shared host apart and their access rules differ.
   */
  public static of(gateway: Gateway, facts: HopFacts, use: IngressUse): IngressHost {
    // two constructs that name the same pods are one gateway
    const hosts = attached(gateway.mesh.cluster, `hosts of ${podsKey(gateway)}`, () => new Map<string, IngressHost>());
    const host = hosts.get(facts.host) ?? new IngressHost(gateway, facts, use);
    hosts.set(facts.host, host);
    host.share(facts, use);
    return host;
  }

  /** Every client's Subject Alternative Name. */
  public readonly clients = new Set<string>();
  /** Whether a client has a DNS name only: no policy can name it, so the server itself must know all its clients. */
  public hasDnsClient = false;
  /** Name of its Gateway resource. */
  public readonly resource: string;
  /** Whether no other peering shares it yet. */
  public get isNew(): boolean {
    return this.shares === 1;
  }

  private shares = 0;
  /** The first peering with these access rules, by their text. */
  private readonly byAccess = new Map<string, string>();
  /** The same, of peerings whose client no policy can name. */
  private readonly byAccessOfAnybody = new Map<string, string>();
  private readonly description: string;

  private constructor(
    private readonly gateway: Gateway,
    facts: HopFacts,
    use: IngressUse,
  ) {
    this.description = describe(facts, use);
    this.resource = use.resource;
  }

  private share(facts: HopFacts, use: IngressUse): void {
    const { where, principal, arrives } = use;
    const wanted = describe(facts, use);
    if (this.description !== wanted) {
      throw new MeshError(
        'MESH1204',
        where,
        `host '${facts.host}' of gateway ${this.gateway.node.path} already leads to ${this.description}, not to ${wanted}; give this exposure a host of its own`,
      );
    }
    const access = JSON.stringify(facts.access);
    const isToldApart = principal !== undefined;
    const other = firstBut(access, isToldApart ? this.byAccessOfAnybody : this.byAccess);
    if (other !== undefined) {
      throw new MeshError(
        'MESH1206',
        where,
        `peering '${other}' exposes host '${facts.host}' with other access rules, and the gateway cannot tell the two consumers apart, so each could do what the other may; state the same access rules, or give this exposure a host of its own`,
      );
    }
    this.shares++;
    for (const known of isToldApart ? [this.byAccess] : [this.byAccess, this.byAccessOfAnybody]) {
      if (!known.has(access)) known.set(access, where);
    }
    if (facts.tls.mode !== 'mutual' || arrives !== 'mutual') return;
    this.clients.add(facts.tls.client.subjectAltName);
    this.hasDnsClient ||= principal === undefined;
  }
}

/** What the first key leads to that is another one: no host has more than a handful of distinct access rules to skip. */
function firstBut(key: string, entries: ReadonlyMap<string, string>): string | undefined {
  for (const [other, value] of entries) if (other !== key) return value;
  return undefined;
}

/** How an exposure wants to use a host. */
export interface IngressUse {
  /** Construct path of the peering, for messages. */
  readonly where: string;
  /** What reaches the gateway. */
  readonly arrives: GatewayTls;
  /** Secret of the gateway's key pair, where it ends TLS. */
  readonly credential?: string;
  /** SPIFFE ID of the client without `spiffe://`, where a policy can name it. */
  readonly principal?: string;
  /** Name of the Gateway resource that the host would get. */
  readonly resource: string;
}

const ARRIVING: Record<GatewayTls, string> = {
  plain: 'in clear text',
  simple: 'with simple TLS',
  mutual: 'with mutual TLS',
  optional: 'with mutual TLS and optional client certificates',
  application: 'with application TLS',
};

function describe({ service }: HopFacts, { arrives, credential }: IngressUse): string {
  const subset = service.subset === undefined ? '' : ` subset ${service.subset}`;
  const secret = credential === undefined ? '' : ` and Secret ${credential}`;
  return `${service.host}:${service.port}${subset} ${ARRIVING[arrives]}${secret}`;
}
