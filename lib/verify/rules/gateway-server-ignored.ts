import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { Planes } from '../objects/planes';
import { at, type ClusterRule, type Problem } from '../rule';
import { mergeGateways, type Server } from '../view/gateway-merge';
import type { GatewaySpec } from '../world/istio-types';
import { describe, type Resource, resource } from '../world/resource';

/** A server of a Gateway that istiod leaves out, because the same pods serve its port or host otherwise. */
export const gatewayServerIgnored: ClusterRule = {
  code: 'MESH3066',
  severity: 'error',
  scope: 'cluster',
  title: 'server of a Gateway that another one takes the place of',
  why: 'istiod takes the server of the oldest Gateway for a port and host of gateway pods and leaves the other out: its calls get the certificate and routes of the other, or 404',
  fix: 'give one of them another host, another port, or gateway pods of its own',
  reads: ['Gateway'],
  check: ({ facts, kinds }) => {
    const planes = new Planes(facts);
    const byPlane = new Map<string, Resource<GatewaySpec>[]>();
    for (const { cluster, manifest } of kinds.sorted('Gateway', 'networking.istio.io')) {
      const gateway = resource(cluster, manifest) as Resource<GatewaySpec>;
      push(byPlane, planes.of(gateway), gateway);
    }
    const found = new Map<string, Problem>();
    for (const gateways of byPlane.values()) {
      for (const here of gatewaysOfPods(gateways)) {
        const { skipped, groups } = mergeGateways(here, []);
        const taken = new Map<string, Server>();
        for (const server of skipped.length === 0 ? [] : groups.flatMap(({ servers }) => servers)) {
          for (const place of placesOf(server)) if (!taken.has(place)) taken.set(place, server);
        }
        for (const { server, why } of skipped) {
          const [other] = placesOf(server).flatMap((place) => taken.get(place) ?? []);
          const refs = other ? [server.ref, other.ref] : [server.ref];
          const objects = [...new Set([...refs].reverse().map(({ object }) => object))];
          const message = `of ${objects.join(' and ')} one server is left out: ${why}`;
          found.set(message, { objects: refs.map(({ object, field }) => at(object, field)), message });
        }
      }
    }
    return [...found.values()];
  },
};

/** Port and host, then the port alone. */
const placesOf = ({ port, hosts }: Server): string[] => [...hosts.map((host) => `${port} ${host}`), `${port}`];

/** Gateways that configure the same pods: those of one selector, and those that a narrower one includes. */
function gatewaysOfPods(gateways: readonly Resource<GatewaySpec>[]): Resource<GatewaySpec>[][] {
  const bySelector = new Map<string, Resource<GatewaySpec>[]>();
  for (const gateway of [...gateways].sort((a, b) => (describe(a) < describe(b) ? -1 : 1))) {
    push(bySelector, JSON.stringify(Object.entries(gateway.spec.selector ?? {}).sort()), gateway);
  }
  const groups = [...bySelector.values()];
  return groups.map((group) => {
    const labels = selectorOf(group);
    return groups.filter((other) => other === group || isBroader(selectorOf(other), labels)).flat();
  });
}

const selectorOf = ([first]: readonly Resource<GatewaySpec>[]): Labels => first.spec.selector ?? {};

const isBroader = (broad: Labels, narrow: Labels): boolean => Object.keys(broad).length > 0 && selects(broad, narrow);
