import { serviceHost } from '../../facts/service-host';
import { objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import type { ClusterRule } from '../rule';

/** A Service without endpoints of its own, of which no VirtualService says where its calls go. */
export const aliasWithoutRouting: ClusterRule = {
  code: 'MESH3002',
  severity: 'warning',
  scope: 'cluster',
  title: 'alias that no VirtualService leads anywhere',
  why: 'calls to it find no endpoint: 503 UH',
  fix: 'lead its host somewhere by a VirtualService, or remove the Service',
  inProgram: 'add a Routing for it, or remove the alias',
  reads: ['VirtualService'],
  check: (input) => {
    const { facts } = input;
    const routed = new Set(
      objectsOf<RouteSpec>(input, 'VirtualService', 'networking.istio.io')
        .filter(({ spec }) => isOfTheMesh(spec))
        .flatMap(({ cluster, spec: { hosts = [] } }) => hosts.map((host) => `${host} @${cluster}`)),
    );
    const planes = planesOf(input);
    return facts.meshes.flatMap(({ cluster, name, aliases = [] }) =>
      aliases
        .filter((alias) => {
          const [namespace, service] = alias.split('/');
          return !routed.has(`${serviceHost(service, namespace, planes.domainOf(cluster))} @${cluster}`);
        })
        .map((alias) => ({
          objects: [`Service ${alias} of ${cluster}/${name}`],
          message: `the alias ${alias} has no VirtualService`,
          inProgram: `add a Routing with host ${alias}, or remove the alias`,
        })),
    );
  },
};

/** Without `gateways` a VirtualService is about the sidecars of the mesh. */
function isOfTheMesh({ gateways }: RouteSpec): boolean {
  return gateways?.includes('mesh') ?? true;
}

interface RouteSpec {
  readonly hosts?: string[];
  readonly gateways?: string[];
}
