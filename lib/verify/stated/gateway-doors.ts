import type { GatewayFacts, MeshFacts } from '../../facts/fleet';
import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { destinationField, destinationsOf } from '../objects/destinations';
import { type Found, objectsOf, type RuleInput } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { fullName, gatewayName } from '../registry/hosts';
import type { GatewaySpec, VirtualServiceSpec } from '../world/istio-types';
import { resource } from '../world/resource';
import { templateOf } from '../world/workloads';
import { type StatedGateway, statedGateways } from './ways';

type Route = Found<VirtualServiceSpec>;

/** A Gateway of pods through which peerings lead, whoever wrote it, and the VirtualServices that name it. */
export interface GatewayDoor {
  readonly stated: StatedGateway;
  readonly gateway: Found<GatewaySpec>;
  readonly routes: readonly Bound[];
}

/** A VirtualService at a gateway, with full names of hosts. */
export interface Bound {
  readonly route: Route;
  readonly hosts: readonly string[];
  readonly destinations: readonly { readonly host: string; readonly field: string }[];
}

/** All Gateways of pods through which peerings lead. */
export const gatewayDoors = (input: RuleInput): readonly GatewayDoor[] =>
  input.kinds.once('gatewayDoors', () => findDoors(input));

function findDoors(input: RuleInput): GatewayDoor[] {
  const all = statedGateways(input);
  if (all.length === 0) return [];
  const planes = planesOf(input);
  const gateways = byPlane(objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'), planes);
  const routes = byPlane(objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io'), planes);
  const deployed = deployedIn(input);
  const bound = new Map([...routes].map(([plane, some]) => [plane, routesBy(some, planes)]));
  return all.flatMap((stated) => {
    const plane = planes.of({ cluster: stated.mesh.cluster, namespace: stated.gateway.namespace });
    const labels = podLabels(deployed, stated.mesh, stated.gateway);
    return (gateways.get(plane) ?? [])
      .filter(({ spec }) => selects(spec.selector, labels))
      .map((gateway) => ({
        ...{ stated, gateway },
        routes: bound.get(plane)?.get(`${gateway.namespace}/${gateway.name}`) ?? [],
      }));
  });
}

/** Labels of a gateway's pods: those that the facts say, and, where its Deployment is among the manifests, what that adds. */
function podLabels(deployed: Deployed, { cluster }: MeshFacts, { namespace, selector }: GatewayFacts): Labels {
  const all = (deployed.get(`${cluster}/${namespace}`) ?? []).filter((labels) => selects(selector, labels));
  return Object.assign({}, ...all, selector);
}

/** Labels of pods of Deployments, by `<cluster>/<namespace>`. */
type Deployed = ReadonlyMap<string, readonly Labels[]>;

function deployedIn({ kinds }: RuleInput): Deployed {
  const found = new Map<string, Labels[]>();
  for (const { cluster, manifest } of kinds.sorted('Deployment', 'apps')) {
    push(found, `${cluster}/${manifest.metadata.namespace}`, templateOf(resource(cluster, manifest)).labels);
  }
  return found;
}

function byPlane<T extends { readonly cluster: string; readonly namespace: string }>(
  all: readonly T[],
  planes: Planes,
) {
  const found = new Map<string, T[]>();
  for (const one of all) push(found, planes.of(one), one);
  return found;
}

/** VirtualServices by the Gateways that they name, `<namespace>/<name>`; those to which others delegate by theirs. */
function routesBy(routes: readonly Route[], planes: Planes): Map<string, Bound[]> {
  const byName = new Map(routes.map((route) => [`${route.namespace}/${route.name}`, route]));
  const found = new Map<string, Bound[]>();
  for (const route of routes) {
    const { hosts = [], gateways = [], http = [] } = route.spec;
    const names = gateways.filter((name) => name !== 'mesh').map((name) => gatewayName(name, route.namespace));
    if (names.length === 0) continue;
    const domain = planes.domainOf(route.cluster);
    const full = hosts.map((host) => fullName(host, route.namespace, domain));
    const delegates = http.flatMap(({ delegate }) =>
      delegate ? (byName.get(`${delegate.namespace ?? route.namespace}/${delegate.name}`) ?? []) : [],
    );
    const bound = [route, ...new Set(delegates)].map((one) => ({
      ...{ route: one, hosts: full },
      destinations: placesIn(one, domain),
    }));
    for (const name of new Set(names)) for (const one of bound) push(found, name, one);
  }
  return found;
}

/** Where a VirtualService leads calls, and copies of them. */
function placesIn({ spec, namespace }: Route, domain: string): { readonly host: string; readonly field: string }[] {
  const full = (host = '') => fullName(host, namespace, domain);
  const led = destinationsOf(spec).map((one) => ({
    host: full(one.destination.host),
    field: destinationField(one, 'host'),
  }));
  const copied = (spec.http ?? []).flatMap(({ mirror, mirrors = [] }, rule) => [
    ...(mirror ? [{ host: full(mirror.host), field: `spec.http[${rule}].mirror.host` }] : []),
    ...mirrors.map(({ destination }, index) => ({
      host: full(destination.host),
      field: `spec.http[${rule}].mirrors[${index}].destination.host`,
    })),
  ]);
  return [...led, ...copied];
}
