import type { MeshFacts, SecretFacts } from '../facts/fleet';
import type { Cluster } from '../fleet/cluster';
import type { Platform } from '../platform/platform';
import type { TrustBundle } from '../trust/trust-bundle';
import type { ControlPlane } from './control-plane';

/** A mesh as facts describe it. */
interface Described {
  readonly name: string;
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly controlPlane: ControlPlane;
  readonly trustDomain: string;
  readonly root?: TrustBundle<'declared'>;
  readonly namespaces: string[];
}

/** A mesh as `dist/fleet.json` holds it. */
export function meshFacts(mesh: Described): Omit<MeshFacts, 'gateways' | 'aliases'> {
  const { name, cluster, platform, trustDomain, root, controlPlane, namespaces } = mesh;
  return {
    name,
    cluster: cluster.name,
    platform: platform.name,
    istio: platform.istio,
    trustDomain,
    ...(root && { root: root.facts() }),
    controlPlane: controlPlane.facts(name),
    namespaces,
  };
}

/** istiod reads the authority that signs workload certificates from this Secret. */
export function pluggedInCa(
  mesh: Pick<Described, 'cluster' | 'controlPlane' | 'root'> & { readonly node: { readonly path: string } },
): SecretFacts {
  const { cluster, controlPlane, root, node } = mesh;
  return {
    cluster: cluster.name,
    namespace: controlPlane.namespace,
    name: 'cacerts',
    keys: ['ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'],
    ...(root && { trusts: root.facts() }),
    writtenBy: 'somebody else',
    neededBy: node.path,
  };
}
