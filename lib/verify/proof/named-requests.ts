import type { ExposureSummary, MeshFacts } from '../../facts/fleet';
import { type Labels, selects } from '../../facts/labels';
import { Memo, push } from '../../facts/memo';
import { areAbout } from '../objects/policy-hosts';
import type { ClusterObjects } from '../settled';
import type { AuthorizationPolicySpec } from '../world/istio-types';
import type { Resource } from '../world/resource';
import { placeOfKey } from '../world/stand-ins';

/** Methods, and paths with a star for any rest, as policies name them. */
export interface Named {
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

/**
 * What ALLOW policies in the way of an exposure name: a method or path that a policy of somebody else opens is one that
 * no other probe asks for.
 */
export class NamedRequests {
  private readonly byPlace = new Memo<ReadonlyMap<string, Resource[]>>();

  constructor(private readonly objects: ClusterObjects) {}

  /** Those at the gateway and the workload of a provider of ours. */
  public of(provider: MeshFacts, exposure: ExposureSummary): Named {
    const gateway = provider.gateways.find(({ name }) => name === exposure.arrival?.gateway);
    const methods = new Set<string>();
    const paths = new Set<string>();
    const collect = (namespace: string, labels: Labels) => {
      for (const place of new Set([namespace, provider.controlPlane.namespace])) {
        for (const { spec } of this.policies(provider.cluster).get(place) ?? []) {
          const { selector, rules = [] } = spec as AuthorizationPolicySpec;
          if (!selects(selector?.matchLabels, labels)) continue;
          for (const { operation = {} } of rules.flatMap(({ to = [] }) => to)) {
            const { hosts, methods: some = [], paths: more = [] } = operation;
            if (hosts && exposure.host !== undefined && !areAbout(hosts, exposure.host)) continue;
            for (const one of some) if (one !== '*') methods.add(one);
            for (const one of more) if (SOME_PATHS.test(one)) paths.add(one);
          }
        }
      }
    };
    if (gateway) collect(gateway.namespace, gateway.selector);
    const labels = { ...exposure.backend?.labels, ...exposure.backend?.subset };
    if (exposure.backend) collect(placeOfKey(exposure.key).namespace, labels);
    return { methods: [...methods].sort(), paths: [...paths].sort() };
  }

  private policies(cluster: string): ReadonlyMap<string, Resource[]> {
    return this.byPlace.get(cluster, () => {
      const found = new Map<string, Resource[]>();
      for (const one of this.objects.in(cluster)) {
        const isPolicy = one.kind === 'AuthorizationPolicy';
        if (isPolicy && ((one.spec as AuthorizationPolicySpec).action ?? 'ALLOW') === 'ALLOW') {
          push(found, one.namespace, one);
        }
      }
      return found;
    });
  }
}

/** A path, or those that begin with one: not every path, and no template of a part. */
const SOME_PATHS = /^\/(?:[^*{]*[^*{/]\/?\*?)?$/;
