import type { Cluster } from './cluster';
import type { Fleet } from './fleet';
import type { MeshChart } from './mesh-chart';

// Symbols instead of `instanceof`, as in cdk8s: there may be several copies of this package in one program.
export const FLEET = Symbol.for('cdk8s-multimesh.Fleet');
export const CLUSTER = Symbol.for('cdk8s-multimesh.Cluster');
export const MESH_CHART = Symbol.for('cdk8s-multimesh.MeshChart');

export function isFleet(x: unknown): x is Fleet {
  return isBranded(x, FLEET);
}

export function isCluster(x: unknown): x is Cluster {
  return isBranded(x, CLUSTER);
}

export function isMeshChart(x: unknown): x is MeshChart {
  return isBranded(x, MESH_CHART);
}

function isBranded(x: unknown, brand: symbol): boolean {
  return typeof x === 'object' && x !== null && brand in x;
}

export function brand(x: object, symbol: symbol): void {
  Object.defineProperty(x, symbol, { value: true });
}
