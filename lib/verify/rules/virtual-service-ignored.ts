import type { FindingField } from '../../facts/finding';
import { SeenBefore, viewersOf } from '../objects/exports';
import { objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { fullName } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
import type { VirtualServiceSpec } from '../world/istio-types';

/** A second VirtualService of the mesh for the requests of a host. */
export const virtualServiceIgnored: ClusterRule = {
  code: 'MESH3064',
  severity: 'error',
  scope: 'cluster',
  title: 'second VirtualService for a host of the mesh',
  why: 'sidecars route the requests of a host by one VirtualService, the oldest; all routes of the other are ignored',
  fix: 'put all routes of the host into one VirtualService',
  inProgram: 'put them into the rules of its Routing, or write one of your own instead of it',
  reads: ['VirtualService'],
  check: (input) => {
    const planes = planesOf(input);
    const seen = new Map<string, SeenBefore<FindingField>>();
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap((route): Problem[] => {
      const { hosts = [], gateways = [], http = [], exportTo } = route.spec;
      const isOfTheMesh = gateways.length === 0 || gateways.includes('mesh');
      if (!isOfTheMesh || http.length === 0) return [];
      const viewers = viewersOf(exportTo, route.namespace);
      return [...new Set(hosts)].flatMap((name) => {
        const host = fullName(name, route.namespace, planes.domainOf(route.cluster));
        const key = `${planes.of(route)} ${host}`;
        const before = seen.get(key) ?? new SeenBefore<FindingField>();
        seen.set(key, before);
        const own = at(route.ref, `spec.hosts[${hosts.indexOf(name)}]`);
        const rival = before.add(own, viewers);
        if (rival === undefined) return [];
        return [
          {
            objects: [own, rival.value],
            message: `${rival.value.object} and ${route.ref} both route requests of '${host}' for ${whom(rival.viewer)}`,
          },
        ];
      });
    });
  },
};

const whom = (viewer: string): string => (viewer === '*' ? 'all callers' : `callers of namespace '${viewer}'`);
