import type { AccessFacts } from '../../facts/access';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { Fleet } from '../../fleet/fleet';
import type { MeshChart } from '../../fleet/mesh-chart';
import { needClientSecrets, writeCertificate } from '../hop/credentials';
import { type HostUsed, tcpAddress } from '../hop/tcp-address';
import type { Consumed, ConsumerHalf, Strategy } from '../strategy';
import { checkEgressAccess } from './egress-access';
import { unseenAccounts } from './egress-callers';
import { EgressHost } from './egress-host';
import type { EgressSide } from './egress-side';
import { waysAround } from './ways-around';

/** One host per exposure, or per port or path of it, behind the gateway. */
interface Hosts extends Strategy {
  readonly facts: HopFacts;
  readonly used: HostUsed;
}

/** What the consumer's half is made with. */
export interface EgressOwn extends EgressSide {
  /** Whether the gateway says what callers may do: nothing of ours stands behind it. */
  readonly decidesAccess: boolean;
}

/** The consumer's half at its egress gateway. */
export class EgressHalf implements ConsumerHalf<Hosts> {
  private readonly hosts = new Map<string, EgressHost>();
  /** Whether an exposure is limited by the gateway. */
  private isLimited = false;

  constructor(private readonly own: EgressOwn) {}

  public consume({ chart, facts, name, used, claimHost, letDial }: Consumed<Hosts>): NextHop {
    const { egress, credential, peering, decidesAccess } = this.own;
    const { where } = peering;
    const host = this.hostOf(chart, facts, claimHost);
    const access = decidesAccess ? facts.access : undefined;
    if (access) this.limit(access);
    const address = tcpAddress({ mesh: egress.mesh, facts, used, where });
    if (credential) egress.readsSecrets();
    // in the gateway's chart, because peerings may share a key pair
    const use = { credential, namespace: egress.namespace, where };
    needClientSecrets(egress.chart, { ...use, tls: facts.tls });
    writeCertificate(egress.chart, { ...use, usage: 'client auth' });
    return host.add({ facts, access, name, address, letDial, connection: used.connection });
  }

  /** Checks what the gateway shall enforce, and says once who could go around it. */
  private limit(access: readonly AccessFacts[]): void {
    const { egress, callers, peering } = this.own;
    const { where } = peering;
    checkEgressAccess({ egress, callers, access, where });
    const isLimited = access.length === 0 || access.some(({ from, methods, paths }) => from || methods || paths);
    if (!isLimited || this.isLimited) return;
    this.isLimited = true;
    Fleet.of(egress).addCheck(() => waysAround({ egress, callers, where }));
  }

  /**
   * A host, which leads through one peering.
   *
   * @throws MESH1204 when it leads elsewhere; MESH1206 for ServiceAccounts that the application's own TLS does not show;
   * MESH1244 for all names of a domain.
   */
  private hostOf(chart: MeshChart, { host, tls }: HopFacts, claimHost: Consumed<Hosts>['claimHost']): EgressHost {
    const { egress, callers, peering } = this.own;
    const { where } = peering;
    if (tls.mode === 'application' && callers?.serviceAccounts) throw unseenAccounts(callers.serviceAccounts, where);
    if (host.startsWith('*.')) throw ofDomain(host, where);
    const known = this.hosts.get(host);
    if (known !== undefined) return known;
    claimHost(host, callers && [egress.namespace, ...callers.namespaces]);
    const made = new EgressHost(chart, this.own, host);
    this.hosts.set(host, made);
    return made;
  }
}

function ofDomain(host: string, where: string): MeshError {
  return new MeshError(
    'MESH1244',
    where,
    `host '${host}': an egress gateway leads hosts on one by one, and would send all names of the domain to one place; state one server per name, or use DirectPeering`,
  );
}
