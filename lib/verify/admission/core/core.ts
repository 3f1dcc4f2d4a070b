import { Path } from '../path';
import type { Report } from '../problem';
import { labelReason, metadataRules } from './metadata';
import { serviceRules } from './service';

/** Kinds of Kubernetes itself that belong to the whole cluster. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingWebhookConfiguration',
]);

/**
 * What the API server checks by code of an object of its own kinds, as far as the mesh knows the object by it: names,
 * labels, and the ports of Services.
 */
export function coreRules(apiVersion: string, kind: string, object: Record<string, unknown>, report: Report): void {
  const isCore = apiVersion === 'v1';
  const names = isCore && (kind === 'Namespace' || kind === 'Service') ? 'label' : 'subdomain';
  metadataRules(object.metadata, !CLUSTER_SCOPED.has(kind), names, report);
  if (isCore && kind === 'Service') {
    serviceNameRules(object.metadata, report);
    serviceRules(object.spec, report);
  }
}

/** Before Kubernetes 1.34 a Service's name begins with a letter; later, if the cluster does not relax the rule. */
function serviceNameRules(metadata: unknown, report: Report): void {
  const { name } = (metadata ?? {}) as { name?: unknown };
  if (typeof name !== 'string' || labelReason(name) !== undefined || !/^\d/.test(name)) return;
  report.error(Path.ROOT.at('metadata').at('name'), `is "${name}", expected a Service's name to begin with a letter`);
}
