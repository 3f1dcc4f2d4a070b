import { isRecord } from '../../../facts/record';
import { Path } from '../path';
import { noText, type Report, show } from '../problem';
import { isQualifiedName, isSubdomain, labelKeyReason, labelValueReason } from './labels';

const METADATA = Path.ROOT.at('metadata');
/** Fields of metadata; a client that validates strictly refuses others. */
const FIELDS: ReadonlySet<string> = new Set([
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const MAX_ANNOTATIONS = 256 * 1024;

/** How a kind may be named. */
export type NameRule = 'label' | 'subdomain';

/** `validation.ValidateObjectMeta` of the API server, with the decoding before it. */
export function metadataRules(metadata: unknown, namespaced: boolean, names: NameRule, report: Report): void {
  if (!isRecord(metadata)) {
    report.error(METADATA, `is ${show(metadata)}, expected an object with a name`);
    return;
  }
  for (const field in metadata) {
    if (!FIELDS.has(field)) report.error(METADATA.at(field), 'is no field of metadata');
  }
  nameRules(metadata, names, report);
  namespaceRules(metadata.namespace, namespaced, report);
  labelRules(metadata.labels, report);
  annotationRules(metadata.annotations, report);
}

/** Why a text is no DNS-1123 label. */
export function labelReason(text: string): string | undefined {
  if (text.length <= 63 && LABEL.test(text)) return undefined;
  return `is ${show(text)}, expected at most 63 lower-case letters, digits and dashes`;
}

function nameRules({ name, generateName }: Record<string, unknown>, names: NameRule, report: Report): void {
  if (name === undefined || name === null || name === '') {
    if (generateName === undefined) report.error(METADATA.at('name'), 'is required');
  } else if (typeof name !== 'string') {
    report.error(METADATA.at('name'), noText(name));
  } else if (names === 'label') {
    const reason = labelReason(name);
    if (reason !== undefined) report.error(METADATA.at('name'), reason);
  } else if (!isSubdomain(name)) {
    report.error(
      METADATA.at('name'),
      `is ${show(name)}, expected at most 253 lower-case letters, digits, dashes and dots`,
    );
  }
}

function namespaceRules(namespace: unknown, namespaced: boolean, report: Report): void {
  // Without a namespace, the client gives its own.
  if (namespace === undefined || namespace === null || namespace === '') return;
  const at = METADATA.at('namespace');
  if (!namespaced) {
    report.error(at, `is ${show(namespace)}, expected none: the kind belongs to the whole cluster`);
    return;
  }
  const reason = typeof namespace === 'string' ? labelReason(namespace) : noText(namespace);
  if (reason !== undefined) report.error(at, reason);
}

function labelRules(labels: unknown, report: Report): void {
  for (const [key, value] of entries(labels, 'labels', report)) {
    const ofKey = labelKeyReason(key);
    const ofValue = labelValueReason(value);
    if (ofKey !== undefined) report.error(METADATA.at('labels').at(key), ofKey);
    if (ofValue !== undefined) report.error(METADATA.at('labels').at(key), ofValue);
  }
}

function annotationRules(annotations: unknown, report: Report): void {
  let size = 0;
  for (const [key, value] of entries(annotations, 'annotations', report)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    if (isQualifiedName(key.toLowerCase())) continue;
    report.error(METADATA.at('annotations').at(key), `has the key ${show(key)}, expected an annotation's name`);
  }
  if (size > MAX_ANNOTATIONS)
    report.error(METADATA.at('annotations'), `has ${size} bytes, expected at most ${MAX_ANNOTATIONS}`);
}

function entries(values: unknown, field: string, report: Report): [string, string][] {
  if (values === undefined || values === null) return [];
  const at = METADATA.at(field);
  if (!isRecord(values)) {
    report.error(at, `is ${show(values)}, expected an object`);
    return [];
  }
  const found: [string, string][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === 'string') found.push([key, value]);
    else report.error(at.at(key), noText(value));
  }
  return found;
}
