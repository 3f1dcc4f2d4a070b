import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { isHttp } from '../../facts/port';
import type { CallConditions } from '../../mesh/call-conditions';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { describeServerTls } from '../../mesh/server-tls';
import type { GatewayTls } from './arrival';
import type { ClientFacing } from './client-facing';
import { overlap } from './path-scope';
import { Sharers } from './sharers';

/** How an exposure wants to use a host. */
export interface IngressUse {
  /** Construct path of the peering, for messages. */
  readonly where: string;
  /** What reaches the gateway. */
  readonly arrives: GatewayTls;
  /** The gateway's port that it ends at. */
  readonly port: GatewayPort;
  /** Secret of the gateway's key pair, where it ends TLS. */
  readonly credential?: string;
  /** SPIFFE ID of the client without `spiffe://`, where a policy can name it. */
  readonly principal?: string;
  /** Where the gateway goes on to, where that is a server in no mesh. */
  readonly onward?: { readonly host: string; readonly port: number };
  /** What is asked of calls besides. */
  readonly conditions: CallConditions;
  /** What the server is to clients. */
  readonly facing: ClientFacing;
}

/** A service behind a host, or behind some of its paths. */
interface Target {
  readonly facts: HopFacts;
  readonly onward?: IngressUse['onward'];
  readonly description: string;
  /** Its paths, as text. */
  readonly scope: string;
  readonly sharers: Sharers;
}

/** One port of a host at an ingress gateway: how it is protected, and which services are behind it. */
export class IngressServer {
  /** Every client's Subject Alternative Name. */
  public readonly clients = new Set<string>();
  /** Whether a client has a DNS name only: no policy can name it, so the server itself must know all its clients. */
  public hasDnsClient = false;
  private readonly targets: Target[] = [];

  constructor(
    private readonly gateway: Gateway,
    /** What is the same for all who use it; of the first. */
    public readonly use: IngressUse,
    private readonly first: HopFacts,
  ) {}

  /** Whether no other peering shares it yet. */
  public get isNew(): boolean {
    return this.targets.length === 1 && this.targets[0].sharers.size === 1;
  }

  /** What the server makes of what arrives: requests, or bytes. */
  public get protocol(): 'http' | 'https' | 'tls' | 'tcp' {
    const isRequests = isHttp(this.first.service.protocol);
    const { arrives } = this.use;
    if (arrives === 'plain') return isRequests ? 'http' : 'tcp';
    return isRequests && arrives !== 'application' ? 'https' : 'tls';
  }

  /** Where it leads, by what a request is about: no two overlap, so their order means nothing. */
  public get routes(): Pick<Target, 'facts' | 'onward'>[] {
    const byPath = ({ facts }: Target) => facts.paths?.[0] ?? '';
    return [...this.targets].sort((a, b) => (byPath(a) < byPath(b) ? -1 : 1));
  }

  /**
   * Adds an exposure.
   *
   * @throws MESH1204 when the host leads to something else already; MESH1158 or MESH1160 when clients shall see it
   * otherwise; MESH1206 when the gateway could not tell the consumers of a service apart and their access rules differ;
   * MESH1242 when two services have a path in common.
   */
  public share(facts: HopFacts, use: IngressUse): void {
    this.checkFacing(facts, use);
    const target = this.targetOf(facts, use);
    this.addSharer(target, facts, use);
    if (facts.tls.mode !== 'mutual' || use.arrives !== 'mutual') return;
    this.clients.add(facts.tls.client.subjectAltName);
    this.hasDnsClient ||= use.principal === undefined;
  }

  /** Clients see one server, whoever exposes services behind it. */
  private checkFacing({ host }: HopFacts, { facing, where }: IngressUse): void {
    const { facing: own, where: other } = this.use;
    if (own === facing) return;
    const at = `host '${host}' of gateway ${this.gateway.node.path}`;
    const [said, here] = [own.tls, facing.tls].map(describeServerTls);
    if (said !== here) {
      throw new MeshError(
        'MESH1160',
        where,
        `serverTls of ${at} is ${said} for peering '${other}', here ${here}; clients see one server: state the same`,
      );
    }
    if ((own.redirect === undefined) === (facing.redirect === undefined)) return;
    const who =
      own.redirect === undefined ? `here, and not for peering '${other}'` : `for peering '${other}', and not here`;
    throw new MeshError(
      'MESH1158',
      where,
      `${at} redirects to https ${who}; state the same httpsRedirect for all who share it`,
    );
  }

  private targetOf(facts: HopFacts, use: IngressUse): Target {
    const description = describe(facts, use);
    const scope = scopeOf(facts);
    const same = this.targets.find((one) => one.description === description && one.scope === scope);
    if (same !== undefined) return same;
    const [first] = this.targets;
    if (first !== undefined) this.checkBeside(first, facts, use);
    const target = { facts, description, scope, sharers: new Sharers(), onward: use.onward };
    this.targets.push(target);
    return target;
  }

  /** Several services are told apart by path alone. */
  private checkBeside(first: Target, facts: HopFacts, use: IngressUse): void {
    const { where } = use;
    const isOtherwise = arrival(first.facts, this.use) !== arrival(facts, use);
    if (isOtherwise || (first.facts.paths === undefined && facts.paths === undefined)) {
      throw new MeshError(
        'MESH1204',
        where,
        `host '${facts.host}' of gateway ${this.gateway.node.path} already leads to ${first.description}, not to ${describe(facts, use)}; give this exposure a host of its own`,
      );
    }
    const wanted = facts.paths ?? ['/*'];
    for (const { facts: other } of this.targets) {
      const taken = other.paths ?? ['/*'];
      const [own, its] = wanted.flatMap((a) => taken.filter((b) => overlap(a, b)).map((b) => [a, b]))[0] ?? [];
      if (own === undefined) continue;
      throw new MeshError(
        'MESH1242',
        where,
        `paths '${own}' of ${facts.key} and '${its}' of ${other.key} overlap at host '${facts.host}' of gateway ${this.gateway.node.path}, so a rule for one would open the other; state 'paths' that have nothing in common`,
      );
    }
  }

  private addSharer({ sharers }: Target, facts: HopFacts, { where, principal, conditions }: IngressUse): void {
    const sharer = {
      where,
      access: JSON.stringify(facts.access),
      conditions: JSON.stringify(conditions),
      principal,
    };
    const other = sharers.opponentOf(sharer);
    if (other) {
      const what = other.access === sharer.access ? 'conditions' : 'access rules';
      const isOne = principal !== undefined && other.principal === principal;
      const why = isOne ? `, who both are ${principal}` : '';
      throw new MeshError(
        'MESH1206',
        where,
        `peering '${other.where}' exposes host '${facts.host}' with other ${what}, and the gateway cannot tell the two consumers apart${why}, so each could do what the other may; state the same ${what}, or give this exposure a host of its own`,
      );
    }
    sharers.add(sharer);
  }
}

const ARRIVING: Record<GatewayTls, string> = {
  plain: 'in clear text',
  simple: 'with simple TLS',
  mutual: 'with mutual TLS',
  optional: 'with mutual TLS and optional client certificates',
  application: 'with application TLS',
};

const scopeOf = ({ paths }: HopFacts) => JSON.stringify(paths ?? null);

function describe(facts: HopFacts, use: IngressUse): string {
  const { host, port, subset } = { ...facts.service, ...use.onward };
  return `${host}:${port}${subset === undefined ? '' : ` subset ${subset}`} ${arrival(facts, use)}`;
}

function arrival({ service }: HopFacts, { arrives, credential }: IngressUse): string {
  const bytes = isHttp(service.protocol) || arrives === 'application' ? '' : ' as bytes';
  return `${ARRIVING[arrives]}${bytes}${credential === undefined ? '' : ` and Secret ${credential}`}`;
}
