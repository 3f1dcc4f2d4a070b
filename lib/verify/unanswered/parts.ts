import { callerGroups } from '../explore/callers';
import { targetsOf } from '../explore/targets';
import { decisionAt } from '../proof/findings';
import { fullName } from '../registry/hosts';
import type { Way } from '../run/client';
import type { TraceCode } from '../run/codes';
import type { Engine } from '../run/engine';
import { type Trace, Tracer } from '../trace';
import type { VirtualServiceSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { World } from '../world/world';
import type { Failed } from './decided';

/** At most so many paths of one host are called. */
const MOST_PATHS = 8;

/** Hosts that callers dial, by cluster. */
type Hosts = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Calls that fail beside those of the same host that are answered: for paths for which a VirtualService has a rule of its own,
 * which nobody gets an answer of, and the share of the calls that weights lead to where nobody answers.
 *
 * @param failed calls of hosts of which nobody gets any answer: of those all is said.
 */
export function failedParts(engine: Engine, world: World, hosts: Hosts, failed: readonly Failed[]): Failed[] {
  const tracer = new Tracer(world);
  const calls = new Map<string, Failed | undefined>();
  for (const group of callerGroups(engine)) {
    const [caller] = group.workloads;
    const mesh = world.meshes.get(group.cluster);
    if (caller.proxy !== 'sidecar' || mesh === undefined) continue;
    const here = hosts.get(group.cluster) ?? new Set<string>();
    for (const { url } of targetsOf(engine, group, (host) => here.has(host))) {
      if (!url.startsWith('http')) continue;
      const host = new URL(url).hostname;
      for (const path of ['/', ...pathsOf(mesh, host)]) {
        const key = `${group.cluster} ${url}${path}`;
        if (calls.has(key) && calls.get(key) === undefined) continue;
        const trace = tracer.traceOnce({ from: caller.id, url: `${url}${path}` });
        const way = failing(trace.ways);
        // of a host as a whole it is said elsewhere
        const isPart = way && (path !== '/' || trace.ways.some(isAnswered));
        if (!isPart) calls.set(key, undefined);
        else if (!calls.has(key)) {
          const isShare = trace.ways.some(isAnswered) ? { isShare: true as const } : {};
          calls.set(key, {
            url: `${url}${path === '/' ? '' : path}`,
            trace,
            way,
            hop: decisionAt(way).hop,
            ...isShare,
          });
        }
      }
    }
  }
  const isSaid = (part: Failed) =>
    failed.some(({ url, trace }) => part.url.startsWith(url) && clusterOf(trace) === clusterOf(part.trace));
  const parts = [...calls.values()].filter((one) => one !== undefined);
  return parts.filter(
    (one) => !isSaid(one) && !MEANT.includes(codeOf(one)) && tracer.trace(one.trace.call).ambiguous === undefined,
  );
}

const clusterOf = ({ call }: Trace): string => call.from.split('/')[0];
const codeOf = ({ hop }: Failed): TraceCode | undefined => hop.failure?.code;

/** Ends that a path may mean: no route, and a policy that denies it. */
const MEANT: readonly (TraceCode | undefined)[] = ['MESH-T402', 'MESH-T301'];

const isAnswered = ({ outcome }: Way): boolean => outcome.served !== undefined;

/** A way that ends before an application; whether manifests alone decide it, whoever tells it asks. */
const failing = (ways: readonly Way[]): Way | undefined =>
  ways.find(({ outcome, hops }) => outcome.served === undefined && hops.some(({ failure }) => failure !== undefined));

/** Paths for which VirtualServices of the mesh have a rule that asks nothing else. */
function pathsOf(mesh: Mesh, host: string): string[] {
  const paths = mesh.kind<VirtualServiceSpec>('VirtualService').flatMap(({ namespace, spec }) => {
    const { hosts = [], gateways = ['mesh'], http = [] } = spec;
    const isAbout = hosts.some((one) => fullName(one, namespace, mesh.dnsDomain) === host);
    if (!isAbout || !gateways.includes('mesh')) return [];
    return http.flatMap(({ match = [] }) => match.flatMap(({ uri }) => uri?.exact ?? uri?.prefix ?? []));
  });
  return [...new Set(paths)].filter((path) => path.startsWith('/') && path !== '/').slice(0, MOST_PATHS);
}
