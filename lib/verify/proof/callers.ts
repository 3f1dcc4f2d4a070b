import type { AccessFacts } from '../../facts/access';
import type { CallersSummary, MeshFacts, PeeringSummary } from '../../facts/fleet';
import { type Labels, selects } from '../../facts/labels';
import { isGatewayPod } from '../world/injection';
import type { Resource } from '../world/resource';
import { standInPod } from '../world/stand-ins';
import { templateOf, WORKLOAD_KINDS } from '../world/workloads';

/** Who calls, as far as it matters. */
export interface Caller {
  readonly cluster: string;
  readonly namespace: string;
  /** Absent: any. */
  readonly serviceAccount?: string;
  readonly labels?: Labels;
  /** Secret that its sidecar reads as files. */
  readonly mounts?: PeeringSummary['mounts'];
}

/** A name that no program states. */
export const STRANGER = 'multimesh-stranger';

/** Where callers are of whom nothing is said. */
interface Somewhere {
  readonly mesh: MeshFacts;
  readonly namespace: string;
}

/**
 * A workload that may use a peering and is among those whom an access rule names.
 *
 * @returns undefined where nobody is both.
 */
export function allowedCaller(
  { mesh, namespace }: Somewhere,
  lists: readonly (CallersSummary | undefined)[],
  { from }: Pick<AccessFacts, 'from'>,
): Caller | undefined {
  const stated = lists.filter((list) => list !== undefined);
  const labels = Object.assign({}, ...stated.map((list) => list.labels ?? {})) as Labels;
  const accounts = stated.flatMap((list) => list.serviceAccounts ?? []);
  const named = (from ?? []).map(identityOf).filter((one) => one.trustDomain === mesh.trustDomain);
  if (from !== undefined && named.length === 0) return undefined;
  const places: Place[] = [
    ...named.flatMap(({ namespace: own, account }) => (own === undefined ? [] : [placeOf(own, account)])),
    ...accounts.map((account) => placeOf(account.split('/')[0], account.split('/')[1])),
    ...stated.flatMap((list) => list.namespaces.map((own) => ({ namespace: own }))),
    { namespace },
  ];
  const found = places.flatMap((place) =>
    place.account === undefined ? [place, ...accountsIn(place.namespace, accounts, named)] : [place],
  );
  const fitting = found.find(
    (place) =>
      stated.every((list) => list.namespaces.includes(place.namespace)) &&
      stated.every(
        (list) =>
          list.serviceAccounts === undefined || list.serviceAccounts.includes(`${place.namespace}/${place.account}`),
      ) &&
      (from === undefined || named.some((one) => covers(one, place))),
  );
  if (!fitting) return undefined;
  return {
    cluster: mesh.cluster,
    namespace: fitting.namespace,
    ...(fitting.account === undefined ? {} : { serviceAccount: fitting.account }),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
  };
}

interface Identity {
  readonly trustDomain: string;
  readonly namespace?: string;
  readonly account?: string;
}

interface Place {
  readonly namespace: string;
  readonly account?: string;
}

const placeOf = (namespace: string, account?: string): Place => ({
  namespace,
  ...(account === undefined ? {} : { account }),
});

/** `<trust domain>/ns/<namespace>/sa/<account>`, with a star for any rest. */
function identityOf(principal: string): Identity {
  const [trustDomain, , namespace, , account] = principal.split('/');
  return {
    trustDomain,
    ...(namespace === undefined ? {} : { namespace }),
    ...(account === undefined ? {} : { account }),
  };
}

const covers = ({ namespace, account }: Identity, place: Place): boolean =>
  (namespace === undefined || namespace === place.namespace) && (account === undefined || account === place.account);

function accountsIn(namespace: string, accounts: readonly string[], named: readonly Identity[]): Place[] {
  const own = accounts.filter((account) => account.startsWith(`${namespace}/`)).map((account) => account.split('/')[1]);
  const byName = named.flatMap((one) => (one.namespace === namespace && one.account ? [one.account] : []));
  return [...own, ...byName].map((account) => ({ namespace, account }));
}

/** Finds workloads that call, and makes those that the fleet does not have. */
export class CallerPods {
  /** Those that were made. */
  public readonly resources: Resource[] = [];
  private readonly made = new Map<string, string>();
  private readonly byNamespace = new Map<string, Resource[]>();
  private readonly injected: ReadonlySet<string>;

  /** @param revisions of istiods, by cluster, where they have one. */
  constructor(
    resources: readonly Resource[],
    private readonly revisions: ReadonlyMap<string, string>,
  ) {
    const kinds: readonly string[] = WORKLOAD_KINDS;
    for (const one of resources) {
      if (!kinds.includes(one.kind)) continue;
      const key = `${one.cluster}/${one.namespace}`;
      const list = this.byNamespace.get(key);
      if (list) list.push(one);
      else this.byNamespace.set(key, [one]);
    }
    const isInjected = ({ kind, labels }: Resource) =>
      kind === 'Namespace' && (labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined);
    this.injected = new Set(resources.filter(isInjected).map(({ cluster, name }) => `${cluster}/${name}`));
  }

  /** Id of a workload that is such a caller. */
  public idOf(caller: Caller): string {
    const { cluster, namespace, serviceAccount, labels = {}, mounts } = caller;
    const key = `${cluster}/${namespace}`;
    const known = this.made.get(JSON.stringify(caller));
    if (known !== undefined) return known;
    const own = (this.byNamespace.get(key) ?? []).find((one) => this.fits(one, caller));
    const account = serviceAccount ?? 'default';
    const name = own?.name ?? `caller-${this.resources.length}-as-${account}`;
    if (!own) {
      const all = { app: name, ...labels };
      this.resources.push(
        standInPod(cluster, {
          ...{ namespace, name, labels: all, serviceAccount: account, revision: this.revisions.get(cluster) },
          ...(mounts ? { mounts } : {}),
        }),
      );
    }
    this.made.set(JSON.stringify(caller), `${key}/${name}`);
    return `${key}/${name}`;
  }

  private fits(one: Resource, { cluster, namespace, serviceAccount, labels }: Caller): boolean {
    const { labels: own, annotations, pod, replicas } = templateOf(one);
    const wish = own['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
    const hasSidecar = wish === 'true' || (wish === undefined && this.injected.has(`${cluster}/${namespace}`));
    const isGateway = isGatewayPod({ annotations, pod });
    const isSame = serviceAccount === undefined || (pod.serviceAccountName ?? 'default') === serviceAccount;
    return replicas > 0 && hasSidecar && !isGateway && isSame && selects(labels, own);
  }
}
