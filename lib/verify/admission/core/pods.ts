import { Path } from '../path';
import { type Report, show } from '../problem';
import { type Container, containerRules } from './containers';
import { labelReason } from './metadata';

/** Of a pod, what is judged; its fields have the types of `Shapes`. */
interface Pod {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

interface Spec {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly template?: Template;
  readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
}

const LABELS = Path.ROOT.at('spec').at('template').at('metadata').at('labels');
const TEMPLATE = ['spec', 'template', 'spec'];

/** Where objects have the pods that they make, by group and kind. */
const PODS: Readonly<Record<string, readonly string[]>> = {
  ' Pod': ['spec'],
  'apps DaemonSet': TEMPLATE,
  'apps Deployment': TEMPLATE,
  'apps ReplicaSet': TEMPLATE,
  'apps StatefulSet': TEMPLATE,
  'batch CronJob': ['spec', 'jobTemplate', ...TEMPLATE],
  'batch Job': TEMPLATE,
};

/**
 * What users get wrong of what `ValidatePodTemplateSpec` of Kubernetes 1.35 refuses, or warns of: names, ports,
 * variables, volumes and resources of the pods that an object makes. Of a StatefulSet older API servers take it, and
 * refuse its pods.
 *
 * @param object has fields of the right types, and none that is null.
 */
export function podRules(group: string, kind: string, object: Record<string, unknown>, report: Report): void {
  const spec = (object.spec ?? {}) as Spec & Pod;
  const steps = PODS[`${group} ${kind}`];
  if (steps === undefined) return;
  if (group === 'apps') selectorRules(spec, report);
  const pod = steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object);
  const at = steps.reduce((place, step) => place.at(step), Path.ROOT);
  const claims = (spec.volumeClaimTemplates ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
  if (pod) rulesOf(pod, at, new Set(claims), report);
}

/** Pods that an object makes are those that it chooses. */
function selectorRules({ selector, template }: Spec, report: Report): void {
  const labels = template?.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    if (labels[key] === value) continue;
    const found = labels[key] === undefined ? 'is missing' : `is ${show(labels[key])}`;
    const place = LABELS.at(key);
    report.error(place, `${found}, expected ${show(value)}, which spec.selector asks of the pods`);
  }
}

/** @param claims volumes that a StatefulSet makes for each of its pods. */
function rulesOf(
  { containers = [], initContainers = [], volumes = [] }: Pod,
  at: Path,
  claims: ReadonlySet<string>,
  report: Report,
): void {
  const known = volumeRules(volumes, at.at('volumes'), report);
  for (const name of claims) known.add(name);
  const names = new Set<string>();
  const all = [
    ...containers.map((container, i) => ({ container, place: at.at('containers').at(i) })),
    ...initContainers.map((container, i) => ({ container, place: at.at('initContainers').at(i) })),
  ];
  for (const { container, place } of all) {
    nameRules(container.name, 'container', names, place.at('name'), report);
    containerRules(container, known, place, report);
  }
  hostPortRules(containers, at.at('containers'), report);
}

/** @returns the names of the volumes. */
function volumeRules(volumes: NonNullable<Pod['volumes']>, at: Path, report: Report): Set<string> {
  const names = new Set<string>();
  for (const [i, { name, ...sources }] of volumes.entries()) {
    nameRules(name, 'volume', names, at.at(i).at('name'), report);
    const found = Object.keys(sources);
    if (found.length > 1) report.error(at.at(i), `is of ${found.join(' and ')}, expected one source`);
  }
  return names;
}

function nameRules(name: string, what: string, names: Set<string>, at: Path, report: Report): void {
  const reason = labelReason(name);
  if (reason !== undefined) report.error(at, reason);
  else if (names.has(name)) report.error(at, `is ${show(name)}, the name of another ${what}`);
  names.add(name);
}

/** Ports of the node that two containers of a pod take (`checkHostPortConflicts`). */
function hostPortRules(containers: readonly Container[], at: Path, report: Report): void {
  const taken = new Set<string>();
  for (const [i, { ports = [] }] of containers.entries()) {
    for (const [j, { hostPort = 0, hostIP = '', protocol }] of ports.entries()) {
      if (hostPort === 0) continue;
      const key = `${protocol || 'TCP'} ${hostIP} ${hostPort}`;
      if (taken.has(key)) {
        report.error(at.at(i).at('ports').at(j).at('hostPort'), `is ${hostPort}, that of another port`);
      }
      taken.add(key);
    }
  }
}
