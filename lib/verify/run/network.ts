import { refTo } from '../world/resource';
import { type Branch, ends } from './hop';
import { type NetworkVerdict, networkVerdict, type PodConnection, policiesOf } from './network-policies';
import type { Surroundings } from './stations';

/** What NetworkPolicies of both ends say, where it is known that they are enforced; else that they are there. */
export function throughNetwork(engine: Surroundings, connection: PodConnection): Branch[] | undefined {
  for (const direction of ['egress', 'ingress'] as const) {
    const end = direction === 'ingress' ? connection.to : connection.from;
    const mesh = engine.world.meshes.get(end.cluster);
    if (!mesh || mesh.kind('NetworkPolicy').length === 0) continue;
    if (mesh.fact.networkPolicies === 'ignored') continue;
    if (mesh.fact.networkPolicies === undefined) {
      // a way out that may be closed is no reason to doubt who may come in
      const closing = direction === 'ingress' ? policiesOf(mesh, end, direction) : [];
      for (const policy of closing) engine.leaveOut(refTo(policy, 'spec'));
      continue;
    }
    const verdict = networkVerdict(mesh, connection, direction, engine.world.beside(mesh));
    if (verdict.kind === 'unknown') engine.leaveOut(refTo(verdict.by, `spec.${direction}`));
    if (verdict.kind === 'refused') return refusedByNetwork(connection, verdict);
  }
  return undefined;
}

function refusedByNetwork(
  { from, to, port }: PodConnection,
  { by, direction }: Extract<NetworkVerdict, { kind: 'refused' }>,
): Branch[] {
  const names = by.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  const why = `NetworkPolicy ${names} takes no ${direction} from ${from.id} to port ${port} of ${to.id}`;
  const refs = by.map((policy) => refTo(policy, `spec.${direction}`));
  return ends({ kind: 'unreachable' }, { at: to.id, role: 'network', failure: { code: 'MESH-T109', why }, refs });
}
