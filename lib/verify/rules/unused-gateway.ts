import { groupBy } from '../../facts/group-by';
import { objectsOf } from '../objects';
import { at, type ClusterRule } from '../rule';
import { type Labels, selects } from '../world/resource';

interface Deployment {
  readonly template?: {
    readonly metadata?: {
      readonly labels?: { readonly [key: string]: string };
      readonly annotations?: { readonly [key: string]: string };
    };
  };
}

/** A gateway that runs, and that no Gateway resource tells what to listen for. */
export const unusedGateway: ClusterRule = {
  code: 'MESH3097',
  severity: 'info',
  scope: 'cluster',
  title: 'gateway without exposures',
  why: 'its pods run, listen for nothing, and cost what pods cost',
  fix: 'expose a service through it, or remove it',
  reads: ['Deployment', 'Gateway'],
  check: (input) => {
    const resources = groupBy(
      objectsOf<{ readonly selector?: Labels }>(input, 'Gateway', 'networking.istio.io'),
      ({ cluster }) => cluster,
    );
    return objectsOf<Deployment>(input, 'Deployment', 'apps')
      .filter(({ cluster, spec }) => {
        const { labels = {}, annotations = {} } = spec.template?.metadata ?? {};
        if (annotations['inject.istio.io/templates'] !== 'gateway') return false;
        return !(resources.get(cluster) ?? []).some(({ spec: { selector } }) => selects(selector, labels));
      })
      .map(({ ref, namespace, name, cluster }) => ({
        objects: [at(ref, 'spec.template.metadata.labels')],
        message: `gateway ${namespace}/${name} of cluster ${cluster} runs, and no Gateway resource selects its pods`,
      }));
  },
};
