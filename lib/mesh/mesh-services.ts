import { MeshError } from '../facts/error';
import type { Port, Protocol } from '../facts/port';
import { MeshService, type MeshServiceProps } from '../facts/service';
import { type Leader, type LedElsewhere, LedHosts } from './led-hosts';

/** What may be called in a mesh: its own services, aliases among them, and hosts that peerings lead elsewhere. */
export class MeshServices {
  private readonly services = new Map<string, MeshService>();
  private readonly aliases = new Set<string>();
  private readonly hosts = new LedHosts();

  constructor(
    /** Construct path of the mesh, and DNS domain of its cluster. */
    private readonly owner: { readonly mesh: string; readonly domain: string },
  ) {}

  /**
   * Notes a service.
   *
   * @throws MESH1101 when it is stated twice, or malformed; MESH1204 when a peering leads its host elsewhere.
   */
  public add<P extends Protocol>(name: string, props: MeshServiceProps<P>): MeshService<P> {
    const service = new MeshService<P>(this.owner, name, props);
    const where = `${this.owner.mesh}/${service.ref}`;
    if (this.services.has(service.host)) {
      throw new MeshError(
        'MESH1101',
        where,
        'the service is stated twice; state it once, with all its ports and subsets, and pass the value on',
      );
    }
    const peering = this.hosts.of(service.host);
    if (peering !== undefined) {
      throw new MeshError(
        'MESH1204',
        where,
        `host '${service.host}' already leads through peering '${peering}'; give the exposure a host of its own`,
      );
    }
    this.services.set(service.host, service);
    return service;
  }

  /** Notes that a service has no endpoints of its own. */
  public makeAlias({ host }: MeshService): void {
    this.aliases.add(host);
  }

  public isAlias({ host }: MeshService): boolean {
    return this.aliases.has(host);
  }

  /** The service with a host, if any. */
  public of(host: string): MeshService | undefined {
    return this.services.get(host);
  }

  /** The ports of a service: a value made by `at()` knows one of them only. */
  public portsOf({ host, ports }: MeshService): Port[] {
    return this.services.get(host)?.ports ?? ports;
  }

  /** Notes where a host leads that is no service; what led it elsewhere before, if a proxy of the callers sees that. */
  public claimHost(host: string, leader: Leader): LedElsewhere | undefined {
    const service = this.services.get(host);
    if (service) return { by: `service '${service.ref}'` };
    const other = this.hosts.claim(host, leader);
    return other && { ...other, by: `peering '${other.by}'` };
  }

  /** Another one that registers a host in the namespace of a leader, for other pods. */
  public ledBeside(host: string, leader: Leader): Leader | undefined {
    return this.hosts.beside(host, leader);
  }
}
