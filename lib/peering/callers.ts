import { MeshError } from '../facts/error';
import { checkOptions, listOf, mapOf, text } from '../facts/guard';
import { requireText } from '../facts/kind-of';
import { mark } from '../facts/marks';
import { dnsLabel } from '../facts/names';

declare const brand: unique symbol;

/** How callers are told apart. */
export type CallersKind = 'namespaces' | 'serviceAccounts' | 'workload';

/** Workloads of one namespace. */
export interface WorkloadCallers {
  /** Their namespace. */
  readonly namespace: string;
  /** Labels of their pods. */
  readonly labels: Record<string, string>;
  /** ServiceAccounts that they run as. */
  readonly serviceAccounts: string[];
}

/** Which workloads of the consumer use a peering. A value. */
export class Callers<K extends CallersKind = CallersKind> {
  static {
    mark(Callers.prototype, 'Callers');
  }

  /**
   * All workloads of these namespaces.
   *
   * @throws MESH1205 for an empty list; MESH1001 for a malformed name.
   */
  public static namespaces(...names: string[]): Callers<'namespaces'> {
    if (names.length === 0) {
      throw new MeshError(
        'MESH1205',
        'Callers.namespaces',
        'the list is empty; name at least one namespace, or leave callers out',
      );
    }
    for (const name of names) dnsLabel(name, 'Callers.namespaces', 'namespace');
    return new Callers('namespaces', [...new Set(names)]);
  }

  /**
   * The workloads that run as these ServiceAccounts, each `<namespace>/<name>`: for strategies in which a gateway of the
   * consumer sees who calls.
   *
   * @throws MESH1205 for an empty list or a malformed entry; MESH1001 for a malformed name.
   */
  public static serviceAccounts(...accounts: string[]): Callers<'serviceAccounts'> {
    const where = 'Callers.serviceAccounts';
    if (accounts.length === 0) {
      throw new MeshError(
        'MESH1205',
        where,
        'the list is empty; name at least one ServiceAccount, or leave callers out',
      );
    }
    const namespaces = accounts.map((account) => {
      requireText(account, where, 'account');
      const [namespace, name, ...rest] = account.split('/');
      if (name === undefined || rest.length > 0) {
        throw new MeshError(
          'MESH1205',
          where,
          `'${account}' is malformed; expected '<namespace>/<name>' such as 'prod-travel-agency/travels'`,
        );
      }
      dnsLabel(name, where, 'service account');
      return dnsLabel(namespace, where, 'namespace');
    });
    return new Callers('serviceAccounts', [...new Set(namespaces)], undefined, [...new Set(accounts)].sort());
  }

  /**
   * The workloads of one namespace with these pod labels. Their sidecars read a Secret of that namespace, so their
   * ServiceAccounts are named, too.
   *
   * @throws MESH1205 without labels or ServiceAccounts; MESH1001 for a malformed name.
   */
  public static workload(options: WorkloadCallers): Callers<'workload'> {
    const where = 'Callers.workload';
    checkOptions<WorkloadCallers>(options, where, {
      namespace: text,
      labels: mapOf(text),
      serviceAccounts: listOf(text),
    });
    dnsLabel(options.namespace, where, 'namespace');
    if (Object.keys(options.labels).length === 0 || options.serviceAccounts.length === 0) {
      throw new MeshError(
        'MESH1205',
        where,
        'labels or serviceAccounts are empty; state the pod labels and ServiceAccounts of the calling workloads',
      );
    }
    for (const account of options.serviceAccounts) dnsLabel(account, where, 'service account');
    return new Callers('workload', [options.namespace], options.labels, [...options.serviceAccounts].sort());
  }

  declare protected readonly [brand]: K;

  private constructor(
    /** How they are told apart. */
    public readonly kind: K,
    /** Namespaces of the callers; the first is where objects of the peering are. */
    public readonly namespaces: string[],
    /** Pod labels, for a workload. */
    public readonly labels?: Record<string, string>,
    /** ServiceAccounts: names for a workload, `<namespace>/<name>` for service accounts. */
    public readonly serviceAccounts?: string[],
  ) {}

  /** `exportTo` of an object in the first namespace that all callers see; `.` for a workload, as Istio demands. */
  public get exportTo(): string[] {
    return ['.', ...this.namespaces.slice(1).sort()];
  }
}
