import {
  Cluster,
  ControlPlane,
  FederationPeering,
  type FederationPeeringProps,
  Fleet,
  Istio,
  Mesh,
  type MeshProps,
  type MeshService,
  Ossm,
  OtherRoots,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { PARTNER_ROOT } from '../../scenarios/partner-agency-roots';
import { messageOf } from '../support/model';

/** OpenShift Service Mesh 2, or plain objects. */
export type Form = 'maistra' | 'gateways';

/** A mesh that believes the roots of others, in a cluster of its name or a given one. */
export function federated(fleet: Fleet, form: Form, id: string, more: Partial<MeshProps> & { cluster?: Cluster } = {}) {
  const { cluster = new Cluster(fleet, `${id}-cluster`), ...props } = more;
  return new Mesh(cluster, id, {
    trustDomain: `${id}.local`,
    root: TrustBundle.declared(`${id}-root`),
    ...(form === 'maistra'
      ? { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp(`${id}-system`) }
      : {
          platform: Istio.v1_31(),
          controlPlane: ControlPlane.existing(`${id}-system`, { revision: id, otherRoots: believing('a', 'b', 'c') }),
        }),
    ...props,
  });
}

/** The roots of some meshes. */
export function believing(...ids: string[]): OtherRoots {
  const { certificates } = PARTNER_ROOT;
  return OtherRoots.byGateways(...ids.map((id) => ({ root: TrustBundle.declared(`${id}-root`), certificates })));
}

/** Services by name: one of each protocol. */
export function services(mesh: Mesh): Record<'web' | 'rates' | 'database', MeshService<Protocol>> {
  return {
    web: mesh.service('web', { namespace: 'x', ports: [Port.http(80, { targetPort: 8080 })] }),
    rates: mesh.service('rates', { namespace: 'x', ports: [Port.grpc(9000)] }),
    database: mesh.service('database', { namespace: 'y', ports: [Port.tcp(5432)] }),
  };
}

/** Two meshes in one cluster, and what is wrong about them. */
export function fails(
  run: (world: { fleet: Fleet; cluster: Cluster; a: Mesh; b: Mesh } & ReturnType<typeof services>) => unknown,
  form: Form = 'maistra',
  props: Partial<MeshProps> = {},
): string {
  const fleet = new Fleet();
  const cluster = new Cluster(fleet, 'ocp');
  const a = federated(fleet, form, 'a', { cluster });
  const b = federated(fleet, form, 'b', { cluster, ...props });
  return messageOf(() => run({ fleet, cluster, a, b, ...services(b) }));
}

/** A federation of them. */
export const peer = (
  { fleet, a, b }: { fleet: Fleet; a: Mesh; b: Mesh },
  more: Partial<FederationPeeringProps> = {},
  id = 'p',
) => new FederationPeering(fleet, id, { consumer: a, provider: b, ...more });
