import type * as kubernetes from '../../imports/kubernetes';
import { MeshError } from '../facts/error';
import { type Guards, listOf, mapOf, number, oneOf, optional, options, text } from '../facts/guard';
import { isKey, isLabelValue, isSubdomain } from './own-keys';

/** On which nodes pods run, for every kind of gateway that is deployed here. */
export interface NodePlacement {
  /**
   * Labels that a node must have.
   * @default - any node
   */
  readonly nodeSelector?: Record<string, string>;
  /**
   * Taints of nodes that keep the pods from them no more, as Kubernetes states them.
   * @default - none
   */
  readonly tolerations?: kubernetes.Toleration[];
  /**
   * PriorityClass of the pods, which must exist.
   * @default - that of the cluster
   */
  readonly priorityClassName?: string;
}

/** On which nodes pods run, and beside which others. */
export interface Placement extends NodePlacement {
  /**
   * Which nodes, and neighbours, the pods want or avoid, as Kubernetes states it.
   * @default - none
   */
  readonly affinity?: kubernetes.Affinity;
  /**
   * How the pods spread over zones or nodes, as Kubernetes states it. Where `labelSelector` is left out, the pods count
   * themselves.
   * @default - as the scheduler spreads them
   */
  readonly topologySpreadConstraints?: kubernetes.TopologySpreadConstraint[];
}

/** What `NodePlacement` may be. */
export const NODE_PLACEMENT: Guards<NodePlacement> = {
  nodeSelector: optional(mapOf(text)),
  tolerations: optional(
    listOf(
      options<kubernetes.Toleration>({
        key: optional(text),
        operator: optional(oneOf('Exists', 'Equal')),
        value: optional(text),
        effect: optional(oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute')),
        tolerationSeconds: optional(number),
      }),
    ),
  ),
  priorityClassName: optional(text),
};

const LABELS = options<kubernetes.LabelSelector>({
  matchLabels: optional(mapOf(text)),
  matchExpressions: optional(
    listOf(
      options<kubernetes.LabelSelectorRequirement>({
        key: text,
        operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
        values: optional(listOf(text)),
      }),
    ),
  ),
});

const NODE_TERM = listOf(
  options<kubernetes.NodeSelectorRequirement>({
    key: text,
    operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
    values: optional(listOf(text)),
  }),
);
const NODES = options<kubernetes.NodeSelectorTerm>({
  matchExpressions: optional(NODE_TERM),
  matchFields: optional(NODE_TERM),
});

const PODS = {
  labelSelector: optional(LABELS),
  namespaceSelector: optional(LABELS),
  namespaces: optional(listOf(text)),
  topologyKey: text,
  matchLabelKeys: optional(listOf(text)),
  mismatchLabelKeys: optional(listOf(text)),
};
const NEIGHBOURS = optional(
  options<kubernetes.PodAffinity>({
    requiredDuringSchedulingIgnoredDuringExecution: optional(listOf(options<kubernetes.PodAffinityTerm>(PODS))),
    preferredDuringSchedulingIgnoredDuringExecution: optional(
      listOf(
        options<kubernetes.WeightedPodAffinityTerm>({
          weight: number,
          podAffinityTerm: options<kubernetes.PodAffinityTerm>(PODS),
        }),
      ),
    ),
  }),
);

/** What `Placement` may be. */
export const PLACEMENT: Guards<Placement> = {
  ...NODE_PLACEMENT,
  affinity: optional(
    options<kubernetes.Affinity>({
      nodeAffinity: optional(
        options<kubernetes.NodeAffinity>({
          requiredDuringSchedulingIgnoredDuringExecution: optional(
            options<kubernetes.NodeSelector>({ nodeSelectorTerms: listOf(NODES) }),
          ),
          preferredDuringSchedulingIgnoredDuringExecution: optional(
            listOf(options<kubernetes.PreferredSchedulingTerm>({ weight: number, preference: NODES })),
          ),
        }),
      ),
      podAffinity: NEIGHBOURS,
      podAntiAffinity: NEIGHBOURS,
    }),
  ),
  topologySpreadConstraints: optional(
    listOf(
      options<kubernetes.TopologySpreadConstraint>({
        maxSkew: number,
        topologyKey: text,
        whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
        labelSelector: optional(LABELS),
        minDomains: optional(number),
        nodeAffinityPolicy: optional(oneOf('Honor', 'Ignore')),
        nodeTaintsPolicy: optional(oneOf('Honor', 'Ignore')),
        matchLabelKeys: optional(listOf(text)),
      }),
    ),
  ),
};

/**
 * Where pods run, as a pod has it.
 *
 * @param labels of the pods, which spread constraints are about where they name none.
 * @throws MESH1165 for what an API server would refuse, or what means nothing.
 */
export function podPlacement(
  placement: Placement,
  labels: Readonly<Record<string, string>>,
  where: string,
): Partial<kubernetes.PodSpec> {
  const { nodeSelector, tolerations, priorityClassName, affinity, topologySpreadConstraints } = placement;
  const refuse = (message: string) => new MeshError('MESH1165', where, message);
  for (const [what, value] of Object.entries({ nodeSelector, tolerations, affinity, topologySpreadConstraints })) {
    if (value !== undefined && Object.keys(value).length === 0) throw refuse(`${what} is empty; leave it out`);
  }
  if (priorityClassName === '') throw refuse('priorityClassName is empty; leave it out');
  if (priorityClassName !== undefined && !isSubdomain(priorityClassName)) {
    throw refuse(`priorityClassName '${priorityClassName}' is malformed; expected one such as 'high-priority'`);
  }
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    if (isKey(key) && isLabelValue(value)) continue;
    throw refuse(`nodeSelector has '${key}: ${value}', which no node has as a label; expected one such as 'disk: ssd'`);
  }
  for (const one of tolerations ?? []) checkToleration(one, refuse);
  checkSpread(topologySpreadConstraints ?? [], refuse);
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations && { tolerations }),
    ...(affinity && { affinity }),
    ...(topologySpreadConstraints && {
      topologySpreadConstraints: topologySpreadConstraints.map((one) => ({
        labelSelector: { matchLabels: labels },
        ...one,
      })),
    }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}

/** What an API server refuses of spread constraints. */
function checkSpread(
  constraints: readonly kubernetes.TopologySpreadConstraint[],
  refuse: (message: string) => MeshError,
): void {
  const stated = new Set<string>();
  for (const { maxSkew, topologyKey, whenUnsatisfiable } of constraints) {
    const named = `topologySpreadConstraints for ${topologyKey}`;
    if (!Number.isInteger(maxSkew) || maxSkew < 1) {
      throw refuse(`${named} has maxSkew ${maxSkew}; expected a whole number, 1 or more`);
    }
    const one = `${named} with ${whenUnsatisfiable}`;
    if (stated.has(one)) throw refuse(`${one} is there twice; state it once`);
    stated.add(one);
  }
}

/** What an API server refuses of a toleration. */
function checkToleration(
  { key, operator = 'Equal', value, effect, tolerationSeconds }: kubernetes.Toleration,
  refuse: (message: string) => MeshError,
): void {
  const named = key === undefined ? 'a toleration without key' : `the toleration of '${key}'`;
  if (key === undefined && operator !== 'Exists') {
    throw refuse(
      `${named} has operator ${operator}, which compares a value; state key, or operator: 'Exists' for every taint`,
    );
  }
  if (operator === 'Exists' && value !== undefined) {
    throw refuse(`${named} has operator Exists and value '${value}'; leave one of them out`);
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    throw refuse(
      `${named} has tolerationSeconds, which are for effect NoExecute, and effect is ${effect ?? 'not stated'}; leave one of them out`,
    );
  }
}
