import type { NextHop } from '../../facts/destination';
import type { Mesh } from '../../mesh/mesh';
import type { Callers } from '../callers';
import { refuseConnection } from '../hop/connection';
import type { Consumed, ConsumerHalf, PeeringName } from '../strategy';
import type { SharedRoot } from './options';
import { RemoteHost } from './remote-host';

/** The consumer's half at its sidecars. */
export class RemoteHostHalf implements ConsumerHalf<SharedRoot> {
  private readonly hosts = new Map<string, RemoteHost>();

  constructor(
    private readonly mesh: Mesh,
    private readonly callers: Callers<'namespaces'> | undefined,
    private readonly peering: PeeringName,
  ) {}

  public consume({ chart, facts, used, claimHost, letDial }: Consumed<SharedRoot>): NextHop {
    const { failover, virtualIp, connection } = used;
    const { mesh, callers, peering, hosts } = this;
    if (failover) {
      refuseConnection(connection, {
        key: facts.key,
        where: peering.where,
        because: 'several providers answer for the host, and the Failover says how it connects: by its ejection',
      });
      return failover.join(facts, { mesh, virtualIp, where: peering.where });
    }
    const { host, port } = facts;
    const namespace = callers?.namespaces[0] ?? mesh.controlPlane.namespace;
    letDial({ host, port, namespace, exportTo: callers?.exportTo ?? ['*'] });
    if (!hosts.has(host)) claimHost(host);
    const remote = hosts.get(host) ?? new RemoteHost({ mesh, chart, callers, peering }, facts, virtualIp);
    hosts.set(host, remote);
    return remote.add(facts, { virtualIp, connection });
  }
}
