import { readFileSync } from 'node:fs';
import { MeshError } from '../../facts/error';
import type { FleetDocument, PeeringSummary } from '../../facts/fleet';
import { selects } from '../../facts/labels';
import { yaml } from '../../facts/packages';
import type { HttpBytes } from '../run/bytes';
import { withoutQuery } from '../run/http';
import type { Recorder } from '../run/origin';
import { matchesText, type TextMatch } from '../view/condition';
import type { Workload } from '../world/workloads';
import type { World } from '../world/world';
import type { Sample } from './cells';
import type { Arrived, Dialler } from './reach';

/** Calls that are meant. */
export interface ZoneRule {
  /** Servers, as `cluster/namespace/workload`; a `*` at the end stands for any rest. */
  readonly to: readonly string[];
  /** Workloads like servers, names of certificates such as `spiffe://a.example/*`, or `anyone`. */
  readonly from: readonly string[];
  /** @default every method */
  readonly methods?: readonly string[];
  /** As the server gets them. @default every path */
  readonly paths?: readonly string[];
}

/** What a peering allows. */
interface PeeringRule extends ZoneRule {
  /** Names of certificates of the callers that it names: whoever has one is such a caller, though no manifest holds it. */
  readonly identities?: readonly string[];
}

/** Who may call whom: calls inside a cluster, and those that rules name. Everything else is outside of the zone of trust. */
export class Zone {
  /** What peerings of a fleet allow. */
  public static ofFleet(fleet: FleetDocument, world: World): Zone {
    return new Zone(
      fleet.peerings.flatMap((peering) => rulesOf(peering, fleet, world)),
      world,
    );
  }

  /**
   * What a file says: `allow`, a list of {@link ZoneRule}.
   *
   * @throws MESH4050 for a file that cannot be read, or says something else.
   */
  public static ofFile(file: string, world: World): Zone {
    // people name clusters
    const placed = (name: string): string[] => {
      const [cluster, ...rest] = name.split('/');
      return rest.length === 0 ? [name] : world.places.in(cluster).map((place) => [place, ...rest].join('/'));
    };
    const rules = readRules(file).map((rule) => ({
      ...rule,
      to: rule.to.flatMap(placed),
      from: rule.from.flatMap(placed),
    }));
    return new Zone(rules, world);
  }

  constructor(
    public readonly rules: readonly PeeringRule[],
    private readonly world: World,
  ) {}

  /** Whether a call that arrives is meant. What is asked for this is noted: calls are told apart by it. */
  public allows(dialler: Dialler, sample: Sample, { reached, request }: Arrived, recorder: Recorder): boolean {
    const { server } = reached;
    const [cluster] = server.split('/');
    const own = dialler.kind === 'workload' ? dialler.workload.cluster : dialler.cluster;
    if (own === cluster) return true;
    if (dialler.kind === 'stranger' && dialler.hasCertificate && this.isWorkloadOf(cluster, sample, recorder))
      return true;
    return this.rules.some(
      ({ to, from, identities = [], methods, paths }) =>
        to.some((one) => matchesText(glob(one), server)) &&
        [...from, ...(dialler.kind === 'stranger' ? identities : [])].some((one) =>
          this.isFrom(one, dialler, sample, recorder),
        ) &&
        isOneOf(methods, 'method', request?.method, request) &&
        isOneOf(paths, 'path', request && withoutQuery(request.path), request),
    );
  }

  /** Whoever has a certificate of a mesh is in it, unless several meshes share their root. */
  private isWorkloadOf(cluster: string, { root }: Sample, recorder: Recorder): boolean {
    const own = this.world.meshes.get(cluster)?.root;
    const sharing = [...this.world.meshes.values()].filter((mesh) => mesh.root === own);
    if (own === undefined || sharing.length > 1) return false;
    recorder.note({ about: 'root', roots: [own] }, root === own);
    return root === own;
  }

  private isFrom(pattern: string, dialler: Dialler, sample: Sample, recorder: Recorder): boolean {
    if (pattern === 'anyone') return true;
    const match = glob(pattern);
    const isName = pattern.includes('://') || !pattern.includes('/');
    if (dialler.kind === 'workload') {
      const values = isName ? (sample.caller?.names.flat() ?? []) : [dialler.workload.id];
      const answer = values.some((one) => matchesText(match, one));
      recorder.note({ about: 'caller', match, ...(isName ? {} : { by: 'id' }) }, answer);
      return answer;
    }
    if (!dialler.hasCertificate) return false;
    const san = sample.text('san') ?? '';
    const names = isName ? [match] : this.identitiesOf(match).map((value): TextMatch => ({ kind: 'exact', value }));
    return names.some((one) => {
      const answer = matchesText(one, san);
      recorder.note({ about: 'san', steps: [], match: one }, answer);
      return answer;
    });
  }

  /** Names of certificates of workloads. */
  private identitiesOf(match: TextMatch): string[] {
    const found = [...this.world.meshes.values()].flatMap(({ workloads, trustDomain }) =>
      workloads
        .filter(({ id, proxy }) => proxy !== undefined && matchesText(match, id))
        .map(({ namespace, serviceAccount }) => `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`),
    );
    return [...new Set(found)].sort();
  }
}

function isOneOf(
  patterns: readonly string[] | undefined,
  about: 'method' | 'path',
  value: string | undefined,
  request: HttpBytes | undefined,
): boolean {
  if (!patterns) return true;
  // bytes of a call that nobody reads may be any request
  if (value === undefined) return false;
  return patterns.some((one) => {
    const answer = matchesText(glob(one), value);
    request?.origins?.note(about, glob(one), answer);
    return answer;
  });
}

const glob = (pattern: string): TextMatch =>
  pattern.endsWith('*') ? { kind: 'prefix', value: pattern.slice(0, -1) } : { kind: 'exact', value: pattern };

function rulesOf(peering: PeeringSummary, { meshes }: FleetDocument, world: World): PeeringRule[] {
  const clusterOf = (mesh: string) => {
    const found = meshes.find(({ name }) => name === mesh);
    return found ? world.places.of(found) : '';
  };
  const workloads = world.meshes.get(clusterOf(peering.provider))?.workloads ?? [];
  const consumers = world.meshes.get(clusterOf(peering.consumer))?.workloads ?? [];
  const callers = consumers.filter((one) => one.proxy !== 'gateway' && isCaller(one, peering)).map(({ id }) => id);
  const isOpen = !peering.client || peering.clientCertificate === 'optional';
  const hop = isOpen ? ['anyone'] : [peering.client?.subjectAltName ?? ''].filter((name) => name !== '');
  const consumer = meshes.find(({ name }) => name === peering.consumer);
  const identities = consumer ? identitiesOf(consumer.trustDomain, peering) : [];
  return peering.exposures.flatMap(({ key, backend, access }) => {
    const [namespace] = key.split('/');
    const isServer = (one: Workload) => one.namespace === namespace && selects(backend?.labels, one.labels);
    const to = backend ? workloads.filter(isServer).map(({ id }) => id) : [];
    return access.map(({ methods, paths, from }) => ({
      to,
      ...(from ? { from: from.map((one) => `spiffe://${one}`) } : { from: [...callers, ...hop], identities }),
      ...(methods ? { methods } : {}),
      ...(paths ? { paths } : {}),
    }));
  });
}

/** Names of certificates that callers of a peering have: labels stand in none. */
function identitiesOf(trustDomain: string, { callers }: PeeringSummary): string[] {
  if (!callers) return [`spiffe://${trustDomain}/*`];
  const { namespaces, serviceAccounts } = callers;
  if (!serviceAccounts) return namespaces.map((namespace) => `spiffe://${trustDomain}/ns/${namespace}/*`);
  return serviceAccounts.map((one) => `spiffe://${trustDomain}/ns/${one.replace('/', '/sa/')}`);
}

function isCaller({ namespace, labels, serviceAccount }: Workload, { callers }: PeeringSummary): boolean {
  if (!callers) return true;
  const { namespaces, labels: wanted, serviceAccounts } = callers;
  if (!namespaces.includes(namespace) || !selects(wanted, labels)) return false;
  return !serviceAccounts || serviceAccounts.includes(`${namespace}/${serviceAccount}`);
}

const FIELDS = ['to', 'from', 'methods', 'paths'];

function readRules(file: string): ZoneRule[] {
  const refuse = (message: string) =>
    new MeshError(
      'MESH4050',
      file,
      `${message}; expected 'allow', a list of rules with 'to', 'from', and maybe 'methods' and 'paths'`,
    );
  let document: unknown;
  try {
    document = yaml().parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refuse(`the file cannot be read as YAML (${(error as Error).message.split('\n')[0]})`);
  }
  const { allow, ...others } = (document ?? {}) as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refuse(`field '${unknown}' is unknown`);
  if (!Array.isArray(allow)) throw refuse(`'allow' is ${JSON.stringify(allow) ?? 'missing'}`);
  return allow.map((rule: unknown, index) => {
    const fields = (rule ?? {}) as Readonly<Record<string, unknown>>;
    for (const [field, value] of Object.entries(fields)) {
      if (!FIELDS.includes(field)) throw refuse(`field '${field}' of allow[${index}] is unknown`);
      const isList = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
      if (!isList) throw refuse(`'${field}' of allow[${index}] is ${JSON.stringify(value)}, no list of texts`);
    }
    for (const field of ['to', 'from']) if (!(field in fields)) throw refuse(`allow[${index}] has no '${field}'`);
    return fields as unknown as ZoneRule;
  });
}
