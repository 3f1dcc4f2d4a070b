import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Finding } from '../../lib/facts/finding';
import type { Cluster } from '../../lib/fleet/cluster';
import { Fleet } from '../../lib/fleet/fleet';
import type { FleetProps } from '../../lib/fleet/fleet-props';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { temporaryFolder } from '../support/model';

export function newFleet(props: FleetProps = {}): Fleet {
  return new Fleet({ outdir: temporaryFolder(), ...props });
}

export function meshChart(scope: Construct, cluster: Cluster, file: string): MeshChart {
  return new MeshChart(scope, file, { cluster, mesh: 'mesh', file });
}

export function configMap(scope: Construct, name: string, more: object = {}): ApiObject {
  return new ApiObject(scope, name, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ns' },
    ...more,
  });
}

export const FINDING: Finding = {
  code: 'MESH2001',
  severity: 'error',
  objects: ['ConfigMap ns/a @c1'],
  message: 'something is wrong',
  atRuntime: 'nothing works',
  fix: 'repair it',
};
