import { MeshError } from '../../facts/error';
import type { RootFacts } from '../../facts/fleet';
import type { ExternalMesh } from '../../mesh/external-mesh';
import type { Mesh } from '../../mesh/mesh';
import { describeRoot, isSameRoot } from '../../trust/same-root';

/** One of two meshes whose workloads shall accept each other. */
export interface TrustedSide {
  readonly name: string;
  readonly root: RootFacts;
  /** The mesh, where it is ours. */
  readonly own?: Mesh;
}

/** What two meshes believe. */
export interface Trust {
  readonly consumer: TrustedSide & { readonly trustDomain: string };
  readonly provider: TrustedSide;
  /** Whether the roots differ, and each mesh believes that of the other. */
  readonly mergedRoots: boolean;
  /** Construct path of the peering. */
  readonly where: string;
}

/** @throws MESH1250 when a mesh states no root. */
export function rootOf(mesh: Mesh | ExternalMesh, where: string): RootFacts {
  if (mesh.root) return mesh.root.facts();
  throw new MeshError(
    'MESH1250',
    where,
    `mesh ${mesh.name} states no root, so nobody can tell whether the other mesh accepts its certificates; state root: TrustBundle.declared(…), the one of its cacerts`,
  );
}

/**
 * Whether workloads of the consumer and the provider accept each other, as far as their control planes are ours.
 *
 * @throws MESH1251 when the roots differ and are not merged, or are one and said to be merged; MESH1116 when a control
 * plane does not believe the other root or trust domain, or signs with a root that it makes itself.
 */
export function checkTrust(trust: Trust): void {
  const { consumer, provider, mergedRoots, where } = trust;
  const isOne = isSameRoot(consumer.root, provider.root);
  if (isOne === mergedRoots) {
    throw new MeshError(
      'MESH1251',
      where,
      isOne
        ? `${consumer.name} and ${provider.name} have one root, ${describeRoot(consumer.root)}, so nothing is merged; leave mergedRoots out`
        : `${consumer.name} has root ${describeRoot(consumer.root)}, ${provider.name} ${describeRoot(provider.root)}; plug intermediates of one root into both meshes, or state mergedRoots: true`,
    );
  }
  for (const [side, peer] of [
    [consumer, provider],
    [provider, consumer],
  ]) {
    if (side.own) checkAuthority(side.own, where);
    if (side.own && mergedRoots) checkOtherRoot(side.own, peer, where);
  }
  if (provider.own) checkTrustDomain(provider.own, consumer, where);
}

/** istiod signs with a root of its own unless another authority is plugged in. */
function checkAuthority(mesh: Mesh, where: string): void {
  const { kind, pluggedInCa } = mesh.controlPlane;
  if (kind === 'existing' || pluggedInCa) return;
  throw lacks(mesh, where, 'istiod signs with a root that it makes itself; state pluggedInCa: true');
}

function checkOtherRoot(mesh: Mesh, peer: TrustedSide, where: string): void {
  const { otherRoots } = mesh.controlPlane;
  const isKnown = otherRoots?.facts().roots.some((root) => isSameRoot(root, peer.root)) ?? false;
  if (isKnown && otherRoots?.reach === 'everyProxy') return;
  throw lacks(
    mesh,
    where,
    `its workloads do not believe root ${describeRoot(peer.root)} of ${peer.name} (503 UF); state otherRoots: OtherRoots.byEveryProxy({ … }) with that root`,
  );
}

/** Only the callee compares trust domains. */
function checkTrustDomain(mesh: Mesh, { name, trustDomain }: Trust['consumer'], where: string): void {
  if (mesh.controlPlane.accepts(trustDomain, mesh.trustDomain)) return;
  throw lacks(
    mesh,
    where,
    `its workloads refuse identities of '${trustDomain}', the trust domain of ${name}, whoever signed them (503 UC); state otherRoots: OtherRoots.byEveryProxy({ root, certificates, trustDomains: ['${trustDomain}'] }) with the root of ${name}, or trustDomainAliases: ['${trustDomain}']`,
  );
}

function lacks(mesh: Mesh, where: string, message: string): MeshError {
  return new MeshError('MESH1116', where, `control plane of ${mesh.node.path}: ${message}`);
}
