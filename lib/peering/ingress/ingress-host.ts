import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { copiedHosts } from '../hop/copied-hosts';
import { IngressServer, type IngressUse } from './ingress-server';

/** What one host of an ingress gateway leads to, by port: one answer for all peerings that share it. */
export class IngressHost {
  /**
   * The host of a gateway that an exposure is for.
   *
   * @param resource gives the name of the Gateway resource that the host would get.
   */
  public static of(gateway: Gateway, { host }: HopFacts, resource: () => string): IngressHost {
    const hosts = attached(gateway.atPods, 'hosts', () => new Map<string, IngressHost>());
    const known = hosts.get(host);
    if (known !== undefined) return known;
    const made = new IngressHost(gateway, host, resource());
    hosts.set(host, made);
    return made;
  }

  private readonly byPort = new Map<number, IngressServer>();

  /** Hosts that copies of requests arrive under; absent: nobody said yet. */
  private copies?: string[];

  private constructor(
    private readonly gateway: Gateway,
    private readonly host: string,
    /** Name of its Gateway resource. */
    public readonly resource: string,
  ) {}

  /** Every host that requests for it arrive under. */
  public get names(): string[] {
    return [this.host, ...(this.copies ?? [])];
  }

  /** Port of the gateway at which requests in clear text are redirected; absent: they are not. */
  public get redirect(): GatewayPort | undefined {
    const found = this.servers.map(({ use }) => use.facing.redirect).find((one) => one !== undefined);
    return found === 'router' ? undefined : found;
  }

  /** Its servers, by port. */
  public get servers(): IngressServer[] {
    return [...this.byPort.values()].sort((a, b) => a.use.port.number - b.use.port.number);
  }

  /**
   * The server that an exposure uses, with all others that do.
   *
   * @throws MESH1204, MESH1206, MESH1242 as `IngressServer.share`; MESH1240 for a second port behind a Route.
   */
  public share(facts: HopFacts, use: IngressUse): IngressServer {
    this.takeCopies(facts, use.where);
    const { number } = use.port;
    const server = this.byPort.get(number) ?? new IngressServer(this.gateway, use, facts);
    this.byPort.set(number, server);
    if (this.gateway.route !== undefined && this.byPort.size > 1) {
      const ports = this.servers.map((one) => one.use.port.number);
      throw new MeshError(
        'MESH1240',
        use.where,
        `host '${this.host}' of gateway ${this.gateway.node.path} has ports ${ports.join(' and ')}, but the Route in front of it leads to one; give this exposure a host of its own`,
      );
    }
    server.share(facts, use);
    return server;
  }

  /** What stands once per host takes what all who share it say. */
  private takeCopies(facts: HopFacts, where: string): void {
    const copies = copiedHosts(facts);
    this.copies ??= copies;
    if (this.copies.join() === copies.join()) return;
    throw new MeshError(
      'MESH1315',
      where,
      `host '${this.host}' of gateway ${this.gateway.node.path} is taken with copies for ${this.copies.join(', ') || 'nothing'}, here for ${copies.join(', ') || 'nothing'}; state the same mirrorOf for all who share the host`,
    );
  }
}
