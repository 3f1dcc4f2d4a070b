import type { Construct } from 'constructs';
import { Role, RoleBinding } from '../../imports/kubernetes';

/** Who reads Secrets, and where. */
export interface SecretReader {
  /** Name of the Role and of its binding. */
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccounts: string[];
}

/**
 * The right that istiod asks for before it sends a Secret to a proxy: verb `list` on the Secrets of one namespace. It
 * asks without naming the Secret, so a Role limited by `resourceNames` would be refused; the limit is the namespace.
 */
export function writeSecretReader(scope: Construct, { name, namespace, serviceAccounts }: SecretReader): void {
  new Role(scope, 'Role', {
    metadata: { name, namespace },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
  });
  new RoleBinding(scope, 'RoleBinding', {
    metadata: { name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: serviceAccounts.map((account) => ({ kind: 'ServiceAccount', name: account, namespace })),
  });
}
