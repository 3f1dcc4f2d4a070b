import { HostIndex } from '../registry/host-index';
import { fullName } from '../registry/hosts';
import { type Protocol, parseProtocol } from '../registry/protocol';
import type { ClientTlsSettings, DestinationRuleSpec, ServiceEntrySpec, TrafficPolicy } from '../world/istio-types';
import { type ClusterInput, type Found, objectsOf } from './objects';
import { planesOf } from './planes';

/** A port of a host of a ServiceEntry, and what becomes of its bytes. */
export interface HostPort {
  readonly entry: Found<ServiceEntrySpec>;
  readonly host: string;
  readonly port: number;
  /** Paths of the host and of the port in the ServiceEntry. */
  readonly fields: { readonly host: string; readonly port: string };
  readonly protocol: Protocol;
  /** Ports that are dialled in the end: of the endpoints, else the target port, else the port itself. */
  readonly reached: readonly number[];
  /** DestinationRules of the control plane that originate TLS for it, for some caller. */
  readonly encryptedBy: readonly Found<DestinationRuleSpec>[];
  /** Whether a DestinationRule sends the mTLS of the mesh there, as to a gateway of another mesh with the same root. */
  readonly isOfMesh: boolean;
}

/** All ports of all hosts of ServiceEntries. */
export const hostPorts = (input: ClusterInput): readonly HostPort[] =>
  input.kinds.once('hostPorts', () => findHostPorts(input));

function findHostPorts(input: ClusterInput): HostPort[] {
  const planes = planesOf(input);
  const rules = new Map<string, HostIndex<Found<DestinationRuleSpec>>>();
  for (const rule of objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io')) {
    const plane = planes.of(rule);
    const index = rules.get(plane) ?? new HostIndex();
    rules.set(plane, index);
    index.add(fullName(rule.spec.host ?? '', rule.namespace, planes.domainOf(rule.cluster)), rule);
  }
  return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry) =>
    (entry.spec.hosts ?? []).flatMap((host, hostIndex) => {
      const about = rules.get(planes.of(entry))?.covering(host) ?? [];
      return (entry.spec.ports ?? []).map(({ name, number, protocol, targetPort }, index) => ({
        entry,
        host,
        port: number,
        protocol: parseProtocol(protocol),
        fields: { host: `spec.hosts[${hostIndex}]`, port: `spec.ports[${index}]` },
        reached: reachedPorts(entry.spec, name, targetPort ?? number),
        encryptedBy: about.filter(({ spec }) =>
          ['SIMPLE', 'MUTUAL'].includes(tlsOf(spec.trafficPolicy, number)?.mode ?? ''),
        ),
        isOfMesh: about.some(({ spec }) => tlsOf(spec.trafficPolicy, number)?.mode === 'ISTIO_MUTUAL'),
      }));
    }),
  );
}

function reachedPorts({ endpoints = [] }: ServiceEntrySpec, name: string, otherwise: number): number[] {
  if (endpoints.length === 0) return [otherwise];
  return [...new Set(endpoints.map(({ ports }) => ports?.[name] ?? otherwise))];
}

/** Path of the TLS of a port in its DestinationRule, whether it is there or missing. */
export function tlsField(policy: TrafficPolicy | undefined, port: number): string {
  const index = policy?.portLevelSettings?.findIndex((one) => one.port?.number === port) ?? -1;
  return index < 0 ? 'spec.trafficPolicy.tls' : `spec.trafficPolicy.portLevelSettings[${index}].tls`;
}

/** The TLS of a port: its own settings replace those of the host as a whole. */
export function tlsOf(policy: TrafficPolicy | undefined, port: number): ClientTlsSettings | undefined {
  const own = policy?.portLevelSettings?.find((one) => one.port?.number === port);
  return own ? own.tls : policy?.tls;
}
