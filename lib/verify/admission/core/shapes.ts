import type { StructuralSchema } from '../../../../imports/schema';
import { Path } from '../path';
import { Report } from '../problem';
import type { Check } from '../schema/check';
import { compile } from '../schema/compile';

// The fields of Kubernetes' own kinds that verification reads, with their types: the API server knows all of them and
// refuses an object whose fields are of another type.

const text: StructuralSchema = { type: 'string' };
const texts: StructuralSchema = { type: 'array', items: text };
const number: StructuralSchema = { type: 'integer', format: 'int32' };
const flag: StructuralSchema = { type: 'boolean' };
const words: StructuralSchema = { type: 'object', additionalProperties: text };
const numberOrText: StructuralSchema = { 'x-kubernetes-int-or-string': true };

/** An object of which only some fields are looked at. */
function some(properties: Readonly<Record<string, StructuralSchema>>): StructuralSchema {
  return { type: 'object', properties, 'x-kubernetes-preserve-unknown-fields': true };
}
const list = (items: StructuralSchema): StructuralSchema => ({ type: 'array', items });
/** Lists of objects that a name, or something like it, tells apart. */
const required = (schema: StructuralSchema, ...fields: string[]): StructuralSchema => ({ ...schema, required: fields });

const container = required(
  some({
    name: text,
    image: text,
    args: texts,
    env: list(required(some({ name: text, value: text }), 'name')),
    ports: list(
      required(
        some({ name: text, containerPort: number, protocol: text, hostIP: text, hostPort: number }),
        'containerPort',
      ),
    ),
    resources: some({ limits: some({}), requests: some({}) }),
    volumeMounts: list(required(some({ name: text, mountPath: text }), 'name', 'mountPath')),
  }),
  'name',
);
const pod = some({
  serviceAccountName: text,
  hostNetwork: flag,
  restartPolicy: text,
  containers: list(container),
  initContainers: list(container),
  volumes: list(required(some({ name: text, secret: some({ secretName: text }) }), 'name')),
});
const template = some({ metadata: some({ labels: words, annotations: words }), spec: pod });
const selector = some({ matchLabels: words });
const workload = some({ spec: some({ replicas: number, selector, template }) });
const subject = required(some({ kind: text, name: text, namespace: text }), 'kind', 'name');
const role = some({ rules: list(some({ apiGroups: texts, resources: texts, verbs: texts, resourceNames: texts })) });
const binding = required(
  some({ roleRef: required(some({ kind: text, name: text }), 'kind', 'name'), subjects: list(subject) }),
  'roleRef',
);
const endpointPorts = list(some({ name: text, port: number }));
const addresses = list(required(some({ ip: text }), 'ip'));
const ingress = list(some({ ip: text, hostname: text }));

/** By group and kind, whatever the version. */
const SHAPES: Readonly<Record<string, StructuralSchema>> = {
  ' ConfigMap': some({ data: words }),
  ' Endpoints': some({ subsets: list(some({ ports: endpointPorts, addresses })) }),
  ' Pod': some({ spec: pod }),
  ' Service': some({
    spec: some({
      type: text,
      clusterIP: text,
      loadBalancerIP: text,
      externalName: text,
      selector: words,
      ports: list(
        required(
          some({ name: text, port: number, protocol: text, appProtocol: text, targetPort: numberOrText }),
          'port',
        ),
      ),
    }),
    status: some({ loadBalancer: some({ ingress }) }),
  }),
  'apps DaemonSet': workload,
  'apps Deployment': workload,
  'apps ReplicaSet': workload,
  'apps StatefulSet': workload,
  'batch CronJob': some({ spec: some({ jobTemplate: some({ spec: some({ template }) }) }) }),
  'batch Job': workload,
  'discovery.k8s.io EndpointSlice': some({
    ports: endpointPorts,
    endpoints: list(required(some({ addresses: texts }), 'addresses')),
  }),
  'gateway.networking.k8s.io Gateway': some({
    spec: some({
      gatewayClassName: text,
      addresses: list(some({ value: text })),
      listeners: list(required(some({ name: text, port: number, tls: some({ options: words }) }), 'name', 'port')),
    }),
  }),
  'rbac.authorization.k8s.io ClusterRole': role,
  'rbac.authorization.k8s.io ClusterRoleBinding': binding,
  'rbac.authorization.k8s.io Role': role,
  'rbac.authorization.k8s.io RoleBinding': binding,
};

/** Types of the fields of Kubernetes' own kinds. */
export class Shapes {
  private readonly checks = new Map<string, Check>();

  /** Tells fields that are of another type than the API server knows them. */
  public check(group: string, kind: string, object: Readonly<Record<string, unknown>>, to: Report): void {
    const key = `${group} ${kind}`;
    const shape = SHAPES[key];
    if (shape === undefined) return;
    const check = this.checks.get(key) ?? compile({ schema: shape, rules: [] });
    this.checks.set(key, check);
    check(object, Path.ROOT, undefined, { schema: to, rules: new Report('rule'), hasNulls: true });
  }
}
