import { MeshError } from '../../facts/error';
import type { Mesh } from '../../mesh/mesh';
import { serviceSettings } from '../../mesh/service-rule';
import { outlierDetection } from '../hop/ejection';
import type { ImportLocality, LocalFailover } from './facts';

/** A local Service whose calls go over to imported endpoints. */
export interface FailingOver {
  readonly host: string;
  readonly failover: LocalFailover;
  /** Where imported services are said to be. */
  readonly to?: ImportLocality;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * Lets calls to a local Service go over to imported endpoints once its own fail: by outlier detection, without which
 * locality decides nothing, in the one DestinationRule of the Service.
 *
 * @throws MESH1255 for a malformed number; MESH1309 for a malformed duration; MESH1278 when nobody says where imported services are, or that
 * they are where the own ones are; MESH1279 when the mesh has no such Service.
 */
export function writeFailover(mesh: Mesh, { host, failover, to, where }: FailingOver): void {
  const { from, ...ejection } = failover;
  if (to === undefined || to.region === from) {
    throw new MeshError(
      'MESH1278',
      where,
      to === undefined
        ? `failover of '${host}' needs to know where imported services are; state locality: { region: … } of the peering`
        : `failover of '${host}' goes from region '${from}' to itself; state another region as locality of the peering`,
    );
  }
  if (mesh.callable.of(host) === undefined) {
    throw new MeshError(
      'MESH1279',
      where,
      `failover of '${host}' is written to the DestinationRule of a Service that ${mesh.node.path} does not state; state it with mesh.service()`,
    );
  }
  const settings = serviceSettings(mesh);
  if (settings.has(host)) {
    throw new MeshError(
      'MESH1278',
      where,
      `calls to '${host}' go over to another peer already; Istio knows one region to go to, state failover once`,
    );
  }
  settings.set(host, {
    outlierDetection: outlierDetection(ejection, where),
    loadBalancer: { localityLbSetting: { enabled: true, failover: [{ from, to: to.region }] } },
  });
  mesh.writeServiceRule(host);
}

/** @throws MESH1278 for a locality with gaps, which would be dropped as a whole. */
export function checkLocality({ region, zone, subzone }: ImportLocality, where: string): void {
  if (region !== '' && (zone !== undefined || subzone === undefined) && zone !== '' && subzone !== '') return;
  throw new MeshError(
    'MESH1278',
    where,
    `locality ${JSON.stringify({ region, zone, subzone })} has a gap, so it would be dropped; a zone needs a region, a subzone a zone`,
  );
}
