import { objectsOf } from '../objects';
import type { Rule } from '../rule';

interface Deployment {
  readonly template?: {
    readonly metadata?: {
      readonly labels?: { readonly [key: string]: string };
      readonly annotations?: { readonly [key: string]: string };
    };
  };
}

/** A gateway that runs, and that no Gateway resource tells what to listen for. */
export const unusedGateway: Rule = {
  code: 'MESH3097',
  severity: 'info',
  title: 'gateway without exposures',
  why: 'its pods run, listen for nothing, and cost what pods cost',
  fix: 'expose a service through it, or remove it',
  reads: ['Deployment', 'Gateway'],
  check: (input) => {
    const resources = objectsOf<{ readonly selector?: { readonly [key: string]: string } }>(
      input,
      'Gateway',
      'networking.istio.io',
    );
    return objectsOf<Deployment>(input, 'Deployment', 'apps')
      .filter(({ cluster, spec }) => {
        const { labels = {}, annotations = {} } = spec.template?.metadata ?? {};
        if (annotations['inject.istio.io/templates'] !== 'gateway') return false;
        return !resources.some(
          ({ cluster: other, spec: { selector = {} } }) =>
            other === cluster && Object.entries(selector).every(([key, value]) => labels[key] === value),
        );
      })
      .map(({ ref, namespace, name, cluster }) => ({
        objects: [ref],
        message: `gateway ${namespace}/${name} of cluster ${cluster} runs, and no Gateway resource selects its pods`,
      }));
  },
};
