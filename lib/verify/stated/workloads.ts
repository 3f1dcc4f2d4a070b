import type { ExposureSummary, FleetDocument, MeshFacts, PeeringSummary } from '../../facts/fleet';
import type { Labels } from '../../facts/labels';
import { SelectorIndex } from '../../facts/selector-index';
import { type ClusterInput, type Found, objectsOf, type RuleInput } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import {
  callersNamedBy,
  isAboutPorts,
  isForEverybody,
  isOfSomeRequests,
  type NamedCaller,
} from '../objects/policy-callers';
import type { AuthorizationPolicySpec } from '../world/istio-types';
import { placeOfKey } from '../world/stand-ins';
import { HostCallers, identityOf } from './callers';

type Policy = Found<AuthorizationPolicySpec>;

/** Strategies that state who may call the workload itself: behind the gateways of others it is the mesh's own business. */
const STATING: ReadonlySet<string> = new Set(['FederationPeering', 'PrivateGatewayPeering', 'SharedRootPeering']);

/** Pods of an exposed service, and who is stated to call them. */
interface ExposedWorkload {
  readonly mesh: MeshFacts;
  readonly namespace: string;
  readonly labels: Labels;
  readonly keys: Set<string>;
  readonly ports: Set<number>;
  readonly callers: HostCallers;
  /** Whether workloads of other meshes call it themselves, so that a principal may be one of theirs. */
  isCalledFromOutside: boolean;
}

/** A policy that lets more callers in to an exposed workload than exposures state. */
export interface Beside {
  readonly policy: Policy;
  /** What is exposed, as messages call it. */
  readonly exposed: string;
  /** Rules that let everybody in, by path. */
  readonly everybody: readonly string[];
  /** Callers that may be of another mesh. */
  readonly foreign: readonly NamedCaller[];
  /** Callers of the own mesh. */
  readonly own: readonly NamedCaller[];
}

/** All policies that let more callers in to exposed workloads than exposures state. */
export const callersBeside = (input: RuleInput): readonly Beside[] =>
  input.kinds.once('callersBeside', () => findCallersBeside(input));

function findCallersBeside(input: RuleInput): Beside[] {
  const planes = planesOf(input);
  const index = allowsByPod(input, planes);
  return [...exposedWorkloads(input.facts).values()].flatMap((workload) => {
    const { mesh, namespace, labels } = workload;
    const places = new Set([namespace, mesh.controlPlane.namespace]);
    const policies = [...places].flatMap((place) => index.selecting(`${mesh.cluster}/${mesh.name} ${place}`, labels));
    return policies.flatMap((policy) => {
      // where no other policy limits who may call, nobody has said so
      if (!policies.some((other) => other !== policy && isLimit(other))) return [];
      return beside(policy, workload);
    });
  });
}

function allowsByPod(input: ClusterInput, planes: Planes): SelectorIndex<Policy> {
  const index = new SelectorIndex<Policy>();
  for (const policy of objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io')) {
    const { action = 'ALLOW', selector } = policy.spec;
    if (action === 'ALLOW') index.add(`${planes.of(policy)} ${policy.namespace}`, selector?.matchLabels ?? {}, policy);
  }
  return index;
}

const isLimit = ({ spec: { rules = [] } }: Policy): boolean => rules.every((rule) => !isForEverybody(rule));

/** Workloads of exposures by mesh and pod labels: what several exposures state of one adds up. */
function exposedWorkloads({ meshes, peerings }: FleetDocument): Map<string, ExposedWorkload> {
  const byName = new Map(meshes.map((mesh) => [mesh.name, mesh]));
  const found = new Map<string, ExposedWorkload>();
  for (const peering of peerings) {
    const mesh = STATING.has(peering.strategy) ? byName.get(peering.provider) : undefined;
    for (const exposure of mesh ? peering.exposures : []) {
      const { backend, key } = exposure;
      if (mesh === undefined || backend === undefined) continue;
      const { namespace } = placeOfKey(key);
      const labels = { ...backend.labels, ...backend.subset };
      const place = `${mesh.name} ${namespace} ${JSON.stringify(labels)}`;
      const known = found.get(place) ?? emptyWorkload(mesh, namespace, labels);
      found.set(place, known);
      known.keys.add(key);
      known.ports.add(backend.port);
      known.isCalledFromOutside ||= peering.strategy === 'SharedRootPeering';
      known.callers.add(statedCallers(peering, exposure, mesh).map((one) => identityOf(one, mesh)));
    }
  }
  return found;
}

const emptyWorkload = (mesh: MeshFacts, namespace: string, labels: Labels): ExposedWorkload => ({
  ...{ mesh, namespace, labels, isCalledFromOutside: false },
  keys: new Set(),
  ports: new Set(),
  callers: new HostCallers(),
});

/** The gateway at which calls arrive, or whom access rules name where callers come themselves; and `alsoFrom`. */
function statedCallers(
  { strategy }: PeeringSummary,
  { access, arrival, alsoFrom = [] }: ExposureSummary,
  { gateways }: MeshFacts,
): readonly string[] {
  const gateway = gateways.find(({ name }) => name === arrival?.gateway);
  const arriving = strategy === 'SharedRootPeering' ? [] : (gateway?.identity ?? []);
  return [...alsoFrom, ...access.flatMap(({ from = [] }) => from)].concat(arriving);
}

function beside(policy: Policy, { mesh, keys, ports, callers, isCalledFromOutside }: ExposedWorkload): Beside[] {
  const everybody: string[] = [];
  const [foreign, own]: [NamedCaller[], NamedCaller[]] = [[], []];
  for (const [index, rule] of (policy.spec.rules ?? []).entries()) {
    const path = `spec.rules[${index}]`;
    if (!isAboutPorts(rule, [...ports])) continue;
    if (isForEverybody(rule)) {
      if (!isOfSomeRequests(rule)) everybody.push(path);
      continue;
    }
    for (const one of callersNamedBy(rule, path, policy.namespace)) {
      const identity = identityOf(one.principal, mesh);
      if (callers.includes(identity)) continue;
      const isOwn = ['*', mesh.trustDomain].includes(identity.trustDomain);
      (isOwn && !isCalledFromOutside ? own : foreign).push(one);
    }
  }
  const exposed = `${[...keys].sort().join(', ')} of ${mesh.name}`;
  return everybody.length + foreign.length + own.length === 0 ? [] : [{ policy, exposed, everybody, foreign, own }];
}
