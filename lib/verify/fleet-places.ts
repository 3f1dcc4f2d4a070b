import type { FleetDocument } from '../facts/fleet';
import type { Ref } from './world/resource';

/**
 * Where `fleet.json` speaks of what findings are about that no manifest holds, by how they call it: `peering premium`,
 * `mesh c1/shop`, `Service shop/web of c1/shop` of an alias or a gateway.
 */
export function fleetPlaces({ meshes, peerings }: FleetDocument, file: string): Map<string, Ref> {
  const places = new Map<string, Ref>();
  const add = (object: string, field: string) => {
    if (!places.has(object)) places.set(object, { object, field, source: { file, line: 1 } });
  };
  for (const [index, { cluster, name, aliases = [], gateways = [] }] of meshes.entries()) {
    const mesh = `meshes[${index}]`;
    add(`mesh ${cluster}/${name}`, mesh);
    for (const [place, alias] of aliases.entries()) {
      add(`Service ${alias} of ${cluster}/${name}`, `${mesh}.aliases[${place}]`);
    }
    for (const [place, { namespace, service }] of gateways.entries()) {
      add(`Service ${namespace}/${service} of ${cluster}/${name}`, `${mesh}.gateways[${place}]`);
    }
  }
  for (const [index, { path }] of peerings.entries()) add(`peering ${path}`, `peerings[${index}]`);
  return places;
}
