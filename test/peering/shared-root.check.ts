import {
  type Callers,
  Failover,
  type Fleet,
  type Mesh,
  Port,
  SharedRootPeering,
  type SharedRootPeeringProps,
} from '../../lib';

/** What the types of a shared root peering refuse; compiled with everything else, never run. */
export function check(fleet: Fleet, mesh: Mesh, props: SharedRootPeeringProps, callers: Callers<'workload'>): void {
  // sidecars of a workload need no Secret: mTLS is the mesh's own
  // @ts-expect-error
  new SharedRootPeering(fleet, 'p', { ...props, callers });
  // a server in no mesh has no identity of the root
  // @ts-expect-error
  new SharedRootPeering(fleet, 'p', { ...props, provider: { kind: 'externalServer' } });

  const host = { host: 'a.b.global', port: Port.http(80), locality: 'c1' };
  // it ends istiod
  // @ts-expect-error
  new Failover(mesh, 'f', { ...host, failoverPriority: ['topology.kubernetes.io/region'] });
  const tcp = mesh.service('a', { namespace: 'b', ports: [Port.tcp(80)] });
  // bytes do not answer for requests
  // @ts-expect-error
  new Failover(mesh, 'f', { ...host, local: tcp });
}
