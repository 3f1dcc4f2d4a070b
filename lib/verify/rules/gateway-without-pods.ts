import { groupBy } from '../../facts/group-by';
import { objectsOf } from '../objects';
import { at, type ClusterRule, type Problem } from '../rule';
import type { GatewaySpec } from '../world/istio-types';
import type { WorkloadSpec } from '../world/kube-types';
import { type Labels, selects } from '../world/resource';

/**
 * A Gateway that selects no pods, beside gateway pods that no Gateway selects: one of the two is misspelt. A Gateway alone may be
 * for pods that somebody else deploys.
 */
export const gatewayWithoutPods: ClusterRule = {
  code: 'MESH3118',
  severity: 'warning',
  scope: 'cluster',
  title: 'selector of a Gateway that no pods have',
  why: 'no proxy listens for what it says: calls of its hosts are refused, or answered with the certificate and routes of others',
  fix: 'select the labels of the gateway pods; accept the finding if its pods are deployed by somebody else',
  reads: ['DaemonSet', 'Deployment', 'Gateway'],
  check: (input) => {
    const clusterOf = ({ cluster }: { readonly cluster: string }) => cluster;
    const gateways = groupBy(objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'), clusterOf);
    const pods = groupBy(
      (['Deployment', 'DaemonSet'] as const).flatMap((kind) => [...objectsOf<WorkloadSpec>(input, kind, 'apps')]),
      clusterOf,
    );
    const stated = groupBy(input.facts.meshes, clusterOf);
    return [...gateways].flatMap(([cluster, here]): Problem[] => {
      const running = (pods.get(cluster) ?? []).filter(({ spec }) => isGateway(spec));
      const known: Labels[] = [
        ...running.map(({ spec }) => labelsOf(spec)),
        ...(stated.get(cluster) ?? []).flatMap((mesh) => mesh.gateways.map(({ selector }) => selector)),
      ];
      const idle = running.filter(({ spec }) => !here.some((one) => selects(one.spec.selector, labelsOf(spec))));
      if (idle.length === 0) return [];
      return here
        .filter(({ spec }) => !known.some((labels) => selects(spec.selector, labels)))
        .map(({ ref, spec: { selector = {} } }) => ({
          objects: [at(ref, 'spec.selector'), at(idle[0].ref, 'spec.template.metadata.labels')],
          message: `${ref} selects ${shown(selector)}, and no gateway pods have that; ${idle[0].ref}, which no Gateway selects, has ${shown(labelsOf(idle[0].spec))}`,
        }));
    });
  },
};

const labelsOf = ({ template }: WorkloadSpec): Labels => template?.metadata?.labels ?? {};

/** Whether pods are gateways: by injection, or with a router of their own. */
function isGateway({ template }: WorkloadSpec): boolean {
  const { 'inject.istio.io/templates': templates } = template?.metadata?.annotations ?? {};
  const hasRouter = template?.spec?.containers?.some(({ args }) => args?.includes('router'));
  return templates === 'gateway' || hasRouter === true;
}

const shown = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(', ');
