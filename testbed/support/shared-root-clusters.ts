import type { ClusterSetup, ControlPlaneSetup } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { caller, meshed, server } from './workloads';

/** A consumer's control plane: hosts resolve, and a gateway's name is known soon after it is there. */
export const consumerPlane = (mesh: Record<string, unknown> = {}): ControlPlaneSetup => ({
  root: 'shared-root',
  mesh: { dnsRefreshRate: '1s', defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } }, ...mesh },
});
export const dns = { 'gateway.c2.example': 'c2:istio-system/eastwest' };
export const sleeper = (...more: KubeObject[]) => [meshed('foo'), ...caller('foo', 'sleep'), ...more];
export const httpbin = server('bar', 'httpbin', { ports: { http: 8000 } });
export const providing = (apply: string, objects: KubeObject[], plane: ControlPlaneSetup = {}): ClusterSetup => ({
  controlPlane: { root: 'shared-root', ...plane },
  objects: [meshed('bar'), ...objects],
  apply: [`${apply}/c2`],
});
