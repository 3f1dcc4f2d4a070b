import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bundles, definitions, type KindDefinition, type SchemaRule, schema } from '../../imports/schema';
import type { IstioVersion } from '../../lib/platform/versions';
import { REPOSITORY } from '../bed/paths';
import type { KubeObject } from './types';

/** Where CustomResourceDefinitions come from: a bundle of `imports/schema/`, or the Go module of the Gateway API. */
export type CrdSource = 'cert-manager' | 'gateway-api' | `istio-${IstioVersion}` | 'maistra' | 'openshift' | 'sail';

/** A file of CustomResourceDefinitions, relative to the repository. */
export interface CrdFile {
  readonly file: string;
}

/** What an OpenShift cluster with Service Mesh 2.6 serves; for clusters without a control plane. */
export const OSSM_2_6: readonly CrdSource[] = ['istio-1.20', 'maistra', 'openshift', 'cert-manager'];

/** What an OpenShift cluster with Service Mesh 3.0, the oldest version 3, serves; for clusters without a control plane. */
export const OSSM_3: readonly (CrdSource | CrdFile)[] = [
  'istio-1.24',
  'sail',
  'openshift',
  'cert-manager',
  { file: 'testbed/kubernetes/istio-cni.yaml' },
];

/** File among the programs that holds the CustomResourceDefinitions of the Gateway API's standard channel, as objects. */
export const GATEWAY_API = 'gateway-api.json';

/**
 * CustomResourceDefinitions by where they come from.
 *
 * @param binaries directory of the testbed's programs
 * @throws when there is no such bundle
 */
export function crdsOf(source: CrdSource | CrdFile, binaries: string): KubeObject[] {
  if (typeof source === 'object') return objectsIn(path.resolve(REPOSITORY, source.file));
  if (source !== 'gateway-api') return crdsOfBundle(source);
  return JSON.parse(readFileSync(path.join(binaries, GATEWAY_API), 'utf8'));
}

const objectsIn = (file: string): KubeObject[] =>
  parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);

/**
 * CustomResourceDefinitions of a bundle, made from its schemas: enough for an API server to admit, refuse and default the
 * same objects as with those of the project. They lack what does not: descriptions, short names, printed columns.
 *
 * @throws when there is no such bundle
 */
export function crdsOfBundle(bundle: string): KubeObject[] {
  if (!bundles().includes(bundle)) throw new Error(`no CustomResourceDefinitions '${bundle}', expected ${bundles()}`);
  const byName = new Map<string, KindDefinition[]>();
  for (const definition of definitions(bundle)) {
    const name = `${definition.plural}.${groupOf(definition)}`;
    byName.set(name, [...(byName.get(name) ?? []), definition]);
  }
  return [...byName].map(([name, versions]) => crd(bundle, name, versions));
}

function crd(bundle: string, name: string, versions: readonly KindDefinition[]): KubeObject {
  const [{ kind, plural, namespaced }] = versions;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: groupOf(versions[0]),
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((version) => ({
        name: version.apiVersion.split('/')[1],
        served: true,
        storage: version.storage,
        ...(version.status && { subresources: { status: {} } }),
        schema: { openAPIV3Schema: withRules(bundle, version) },
      })),
    },
  };
}

const groupOf = ({ apiVersion }: KindDefinition) => apiVersion.split('/')[0];

type Tree = { [keyword: string]: unknown };

/** The schema with its CEL rules in their places again. */
function withRules(bundle: string, { apiVersion, kind }: KindDefinition): Tree {
  const found = schema(bundle, apiVersion, kind);
  if (found === undefined) throw new Error(`${bundle}: no schema of ${apiVersion} ${kind}`);
  const copy = structuredClone(found.schema) as Tree;
  for (const rule of found.rules) addRule(copy, rule, `${bundle}: ${apiVersion} ${kind}`);
  return copy;
}

function addRule(root: Tree, { path, ...rule }: SchemaRule, where: string): void {
  const place = stepsOf(path).reduce<Tree | undefined>((tree, step) => tree && below(tree, step), root);
  if (place === undefined) throw new Error(`${where}: a rule is at ${path}, which the schema does not have`);
  const keyword = 'x-kubernetes-validations';
  place[keyword] = [...((place[keyword] as object[] | undefined) ?? []), rule];
}

/** `spec.http[].headers{}` as field names, `[]` for items and `{}` for the values of a map. */
const stepsOf = (path: string) => path.match(/\[\]|\{\}|[^.[\]{}]+/g) ?? [];

function below(tree: Tree, step: string): Tree | undefined {
  if (step === '[]') return tree.items as Tree | undefined;
  if (step === '{}') return tree.additionalProperties as Tree | undefined;
  return (tree.properties as Record<string, Tree> | undefined)?.[step];
}
