import { selects } from '../../facts/labels';
import type { ProxyView } from '../view/proxy';
import { describe, type Ref, refTo } from '../world/resource';

/** Why a gateway does not listen on a port: a server that is left out, or a Gateway that selects no pod at all. */
export function whyNoListener(proxy: ProxyView, port: number): { why: string; refs: Ref[] } {
  const skipped = proxy.mergedGateways().skipped.find(({ server }) => server.port === port);
  if (skipped) {
    const { ref } = skipped.server;
    return { why: `${ref.object} ${ref.field} is left out: ${skipped.why}`, refs: [ref] };
  }
  const said = `no server listens on ${port}`;
  const { gateways, mesh } = proxy.controlPlane;
  const isIdle = (selector = {}) => !mesh.workloads.some(({ labels }) => selects(selector, labels));
  const idle = gateways.find(({ spec }) => isIdle(spec.selector));
  if (!idle) return { why: said, refs: [] };
  const labels = Object.entries(idle.spec.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  const why = `${said}; ${describe(idle)} selects ${labels.join(',')}, which no pod has`;
  return { why, refs: [refTo(idle, 'spec.selector')] };
}
