import { ServiceMeshPeer } from '../../../imports/maistra';
import { MeshError } from '../../facts/error';
import type { FederationEnd } from '../../facts/federation';
import { attached } from '../../fleet/attached';
import { Fleet } from '../../fleet/fleet';
import { checkBelieved } from './believed';
import type { FederationGateways } from './gateways';

/** Who a peer is, as it was said first. */
interface KnownPeer {
  readonly peer: string;
  /** Its end as JSON; absent for the mesh itself. */
  readonly end?: string;
}

/**
 * Notes who a peer is, once for all peerings with it, and writes its ServiceMeshPeer where control planes talk. Both
 * directions need it: each control plane dials the other, also where calls flow one way.
 *
 * @throws MESH1270 when another peer, or the mesh itself, has its trust domain; MESH1504 when contracts disagree on it.
 */
export function meetPeer(gateways: FederationGateways, end: FederationEnd, where: string): void {
  const { mesh, peer, form } = gateways;
  const self: KnownPeer = { peer: mesh.name };
  const peers = attached(mesh, 'federation peers', () => new Map([[mesh.trustDomain, self]]));
  const known = peers.get(end.trustDomain);
  if (known !== undefined && known.end === undefined) throw shared(mesh.trustDomain, `mesh ${mesh.node.path} itself`);
  if (known !== undefined && known.peer !== peer) throw shared(end.trustDomain, `peer '${known.peer}'`);
  if (known !== undefined) {
    if (known.end === JSON.stringify(end)) return;
    throw new MeshError(
      'MESH1504',
      where,
      `peer '${peer}' is ${JSON.stringify(end)}, for another peering with it ${known.end}; one of the two contracts is old: copy both again`,
    );
  }
  peers.set(end.trustDomain, { peer, end: JSON.stringify(end) });
  if (form === 'maistra') writePeer(gateways, end);
  else checkBelieved(mesh, end, where);

  function shared(trustDomain: string, other: string): MeshError {
    return new MeshError(
      'MESH1270',
      where,
      `peer '${peer}' has trust domain '${trustDomain}', which is that of ${other}, too; give each mesh its own`,
    );
  }
}

function writePeer(gateways: FederationGateways, end: FederationEnd): void {
  const { mesh, peer, ingress, egress, node } = gateways;
  const { namespace } = mesh.controlPlane;
  // the name that istiod looks for by default; stated, because it is a demand on somebody else
  const root = `${peer}-ca-root-cert`;
  new ServiceMeshPeer(mesh.ownChart(gateways, 'chart', `federation.${peer}`), 'ServiceMeshPeer', {
    metadata: { name: peer, namespace },
    spec: {
      remote: {
        addresses: end.ingress.addresses,
        discoveryPort: end.ingress.discoveryPort,
        servicePort: end.ingress.servicePort,
      },
      gateways: { ingress: { name: ingress.service }, egress: { name: egress.service } },
      security: {
        trustDomain: end.trustDomain,
        clientID: end.egress.identity,
        certificateChain: { kind: 'ConfigMap', name: root },
      },
    },
  });
  Fleet.of(mesh).register.addSecret({
    kind: 'ConfigMap',
    cluster: mesh.cluster.name,
    namespace,
    name: root,
    keys: ['root-cert.pem'],
    ...(end.root && { trusts: end.root }),
    writtenBy: 'somebody else',
    neededBy: node.path,
  });
}
