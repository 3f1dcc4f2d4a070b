import type { AccessFacts } from '../../facts/access';
import type { NextHop } from '../../facts/destination';
import type { HopFacts, TlsFacts } from '../../facts/exposure';
import type { RootFacts } from '../../facts/fleet';
import { Fleet } from '../../fleet/fleet';
import type { MeshChart } from '../../fleet/mesh-chart';
import { copiedHosts } from '../hop/copied-hosts';
import { needClientSecrets, writeCertificate } from '../hop/credentials';
import { type HostUsed, tcpAddress } from '../hop/tcp-address';
import { throughProxy, tunnelTo } from '../hop/tunnel';
import type { Consumed, ConsumerHalf, Strategy } from '../strategy';
import { checkEgressAccess } from './egress-access';
import { unseenAccounts } from './egress-callers';
import { EgressHost } from './egress-host';
import { claimNames } from './egress-names';
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
  private needed?: { readonly mode: TlsFacts['mode']; readonly trusts: RootFacts | undefined };
  /** Whether an exposure is limited by the gateway. */
  private isLimited = false;

  constructor(private readonly own: EgressOwn) {}

  public consume({ chart, facts: agreed, name, used, claimHost, letDial }: Consumed<Hosts>): NextHop {
    const { egress, peering, decidesAccess, through: proxy } = this.own;
    const { where } = peering;
    const facts = proxy ? throughProxy({ mesh: egress.mesh, facts: agreed, proxy, where }) : agreed;
    const host = this.hostOf(chart, facts, claimHost);
    const access = decidesAccess ? facts.access : undefined;
    if (access) this.limit(access);
    const address = tcpAddress({ mesh: egress.mesh, facts, used, where, isHidden: proxy !== undefined });
    this.need(facts.tls);
    const tunnel = proxy && tunnelTo(agreed);
    return host.add({ facts, access, name, address, letDial, tunnel, connection: used.connection });
  }

  /** Notes with what the gateway connects; most exposures need what the last did. */
  private need(tls: TlsFacts): void {
    const { egress, credential, peering } = this.own;
    const trusts = 'server' in tls ? tls.server.signer : undefined;
    if (this.needed?.mode === tls.mode && this.needed.trusts === trusts) return;
    this.needed = { mode: tls.mode, trusts };
    if (credential) egress.readsSecrets();
    // in the gateway's chart, because peerings may share a key pair
    const use = { credential, namespace: egress.namespace, where: peering.where };
    needClientSecrets(egress.chart, { ...use, tls });
    writeCertificate(egress.chart, { ...use, usage: 'client auth' });
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
   * MESH1315 for copies of a host that leads there itself; MESH1317 for a name below a domain that leads there as a whole.
   */
  private hostOf(chart: MeshChart, facts: HopFacts, claimHost: Consumed<Hosts>['claimHost']): EgressHost {
    const { egress, callers, peering } = this.own;
    const { host, tls } = facts;
    const { where } = peering;
    if (tls.mode === 'application' && callers?.serviceAccounts) throw unseenAccounts(callers.serviceAccounts, where);
    const known = this.hosts.get(host);
    if (known !== undefined) return known;
    claimHost(host, callers && { seenBy: { namespaces: [egress.namespace, ...callers.namespaces] } });
    claimNames(egress, { host, copies: copiedHosts(facts), where });
    const made = new EgressHost(chart, this.own, facts);
    this.hosts.set(host, made);
    return made;
  }
}
