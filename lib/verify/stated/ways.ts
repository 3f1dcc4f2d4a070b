import type { GatewayFacts, MeshFacts, PeeringSummary } from '../../facts/fleet';
import { shadowHost } from '../../facts/shadow-host';
import { type Found, objectsOf, type RuleInput } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { HostIndex } from '../registry/host-index';
import { fullName, hostsMatch, isWildcard } from '../registry/hosts';
import type { DestinationRuleSpec } from '../world/istio-types';
import { egressOf } from './callers';
import { answeringHost, arrivingHost } from './exposure';

/** What is stated of one gateway: which hosts it takes calls for, and where they go. */
export interface StatedGateway {
  readonly mesh: MeshFacts;
  readonly gateway: GatewayFacts;
  /** Whether peerings have it to themselves: what else goes through it is nobody's whom they name. */
  isPrivate: boolean;
  /** Whether the facts name all its hosts; those of federations they do not. */
  knowsHosts: boolean;
  readonly ways: StatedWay[];
  /** The same by host. */
  readonly byHost: HostIndex<StatedWay>;
}

/** A host that a gateway is stated to take calls for. */
interface StatedWay {
  /** Absent where the facts do not say it. */
  readonly host?: string;
  readonly port: number;
  /** Host of the service that answers, where the facts name it. */
  readonly leadsTo?: string;
}

/** The strategy whose gateways are its own alone, and the one whose gateway decides nothing: all that it passes on is open to it. */
const PRIVATE = 'PrivateGatewayPeering';
const PASSING = 'SharedRootPeering';

/** Gateways of which peerings state what goes through, where they deny what no policy allows, or pass mTLS on. */
export function statedGateways(input: RuleInput): StatedGateway[] {
  const { meshes, peerings } = input.facts;
  const planes = planesOf(input);
  const byName = new Map(meshes.map((mesh) => [mesh.name, mesh]));
  const serverNames = egressNames(input, planes);
  const found = new Map<string, StatedGateway>();
  const add = (mesh: MeshFacts, gateway: GatewayFacts | undefined, { strategy }: PeeringSummary, way: StatedWay) => {
    if (!gateway || !(gateway.denyByDefault || strategy === PASSING)) return;
    const key = `${mesh.name} ${gateway.name}`;
    const known = found.get(key) ?? {
      mesh,
      gateway,
      isPrivate: false,
      knowsHosts: true,
      ways: [],
      byHost: new HostIndex(),
    };
    found.set(key, known);
    known.isPrivate ||= strategy === PRIVATE;
    known.knowsHosts &&= way.host !== undefined;
    known.ways.push(way);
    if (way.host !== undefined) known.byHost.add(way.host, way);
  };
  for (const peering of peerings) {
    const [consumer, provider] = [byName.get(peering.consumer), byName.get(peering.provider)];
    for (const exposure of peering.exposures) {
      const { host, arrival, nextHop, mirrorOf = [] } = exposure;
      // copies keep the host of the original, with something behind it before Istio 1.28
      const copied = mirrorOf.flatMap((one) => [one, shadowHost(one)]);
      if (provider && arrival) {
        const gateway = provider.gateways.find(({ name }) => name === arrival.gateway);
        const leadsTo = answeringHost(exposure, planes.domainOf(provider.cluster));
        for (const one of [arrivingHost(exposure), ...copied]) {
          add(provider, gateway, peering, {
            port: arrival.port,
            ...(one !== undefined && { host: one }),
            ...(leadsTo !== undefined && { leadsTo }),
          });
        }
      }
      const egress = consumer && egressOf(consumer, exposure);
      if (consumer && egress && nextHop) {
        const plane = planes.of({ cluster: consumer.cluster, namespace: egress.namespace });
        const sni = serverNames.get(`${plane} ${nextHop.host} ${nextHop.subset}`);
        const names = [host, nextHop.authority, sni].filter((one) => one !== undefined);
        for (const one of names.length > 0 ? new Set([...names, ...copied]) : [undefined]) {
          add(consumer, egress, peering, { port: nextHop.port, ...(one !== undefined && { host: one }) });
        }
      }
    }
  }
  return [...found.values()];
}

/** How messages call it. */
export const nameOf = ({ mesh, gateway }: StatedGateway): string =>
  `gateway ${gateway.namespace}/${gateway.name} of ${mesh.name}`;

/** Whether a host at a port is one that is stated, or a part of one that is. */
export const isStated = ({ byHost }: StatedGateway, host: string, port: number): boolean =>
  byHost.covering(host).some((way) => way.port === port);

/** Hosts of services that a host is stated to lead to; undefined where the facts do not say it. */
export function leadsTo(gateway: StatedGateway, host: string): ReadonlySet<string> | undefined {
  const about = waysOf(gateway, host);
  const known = about.flatMap((way) => way.leadsTo ?? []);
  return about.length === 0 || known.length < about.length ? undefined : new Set(known);
}

function waysOf({ ways, byHost, knowsHosts }: StatedGateway, host: string): readonly StatedWay[] {
  if (!knowsHosts) return ways;
  return isWildcard(host) ? ways.filter((way) => hostsMatch(way.host ?? '', host)) : byHost.covering(host);
}

/** Server names by which egress gateways tell exposures apart that have no host: subsets of their DestinationRules say them. */
function egressNames(input: RuleInput, planes: Planes): ReadonlyMap<string, string> {
  const rules: readonly Found<DestinationRuleSpec>[] = objectsOf(input, 'DestinationRule', 'networking.istio.io');
  const found = new Map<string, string>();
  for (const rule of rules) {
    const host = fullName(rule.spec.host ?? '', rule.namespace, planes.domainOf(rule.cluster));
    for (const { name, trafficPolicy } of rule.spec.subsets ?? []) {
      const all = [trafficPolicy, ...(trafficPolicy?.portLevelSettings ?? [])];
      const sni = all.find((one) => one?.tls?.sni !== undefined)?.tls?.sni;
      if (sni !== undefined) found.set(`${planes.of(rule)} ${host} ${name}`, sni);
    }
  }
  return found;
}
