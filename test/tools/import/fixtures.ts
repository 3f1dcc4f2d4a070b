/** YAML of a CustomResourceDefinition. */
export function crd(options: {
  readonly kind: string;
  readonly group?: string;
  readonly scope?: 'Namespaced' | 'Cluster';
  readonly versions?: readonly string[];
  readonly notServed?: readonly string[];
  /** Schema of the spec, as flow or block YAML without its `type`. */
  readonly spec?: string;
}): string {
  const { kind, group = 'example.com', scope = 'Namespaced', versions = ['v1'], notServed = [], spec = '' } = options;
  const indented = spec
    .split('\n')
    .map((line) => `            ${line}`)
    .join('\n');
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.${group} }
spec:
  group: ${group}
  scope: ${scope}
  names: { kind: ${kind}, plural: ${kind.toLowerCase()}s }
  versions:
${versions
  .map(
    (version) => `  - name: ${version}
    served: ${!notServed.includes(version)}
    storage: ${version === versions[0]}
    subresources: { status: {} }
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            description: What is wanted.
            type: object
${indented}
          status:
            type: object
            properties: { ready: { type: boolean } }`,
  )
  .join('\n')}
`;
}
