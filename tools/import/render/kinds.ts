import type { KindModel } from '../model';
import { docComment, literalUnion, stringLiteral } from './text';

/** The class of a kind and its props. */
export function renderKind(model: KindModel): string {
  const { crd, spec } = model;
  const { kind, group, namespaced } = crd;
  const apiVersions = model.versions.map((version) => `${group}/${version}`);
  const metadata = namespaced ? 'ApiObjectMetadata' : 'ClusterScopedMetadata';
  const base = namespaced ? 'ApiObject' : 'ClusterScopedApiObject';
  const what = `${namespaced ? 'Namespaced' : 'Cluster-scoped'}.`;
  const alias = spec === `${kind}Spec` ? '' : `\n/** The spec of a ${kind}. */\nexport type ${kind}Spec = ${spec};\n`;
  return `${docComment(`Properties of ${kind}.`, 0)}export interface ${kind}Props {
  /**
   * Metadata; without a name, cdk8s generates one.
   *
   * @default - generated name, and the chart's namespace and labels
   */
  readonly metadata?: ${metadata};
  readonly spec: ${spec};
  /**
   * Served version to emit.
   *
   * @default ${stringLiteral(apiVersions[0] as string)}
   */
  readonly apiVersion?: ${literalUnion(apiVersions)};
}

${docComment(`${(model.doc ?? '').trim()}\n\n${what}`, 0)}export class ${kind} extends ${base} {
  /** The newest served version. */
  public static readonly GVK: GroupVersionKind = { apiVersion: ${stringLiteral(apiVersions[0] as string)}, kind: ${stringLiteral(kind)} };
  /** Whether objects of this kind live in a namespace. */
  public static readonly namespaced: boolean = ${namespaced};

  /** The object as plain data, for use without a construct tree. */
  public static manifest(props: ${kind}Props): Manifest<${spec}> {
    return manifest(${kind}.GVK, props);
  }

  constructor(scope: Construct, id: string, props: ${kind}Props) {
    super(scope, id, ${kind}.manifest(props));
  }
}
${alias}`;
}
