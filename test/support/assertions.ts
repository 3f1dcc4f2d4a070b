import type { Fleet } from '../../lib';
import { byIdentity, synth } from './model';

/** A program: what its statements make of a fleet. */
export type Program = (fleet: Fleet) => void;

/**
 * No two objects of a cluster have one name, and nothing that a proxy tells its configuration apart by stands twice:
 * hosts of a Gateway's port, routes of a gateway's host, subsets of a host, hosts of ServiceEntries, virtual IPs.
 */
export function namesAreUnique(program: Program): void {
  for (const [cluster, of] of byCluster(program)) {
    expect({ cluster, ...repetitions(of) }).toEqual({ cluster, ...NONE });
  }
}

/**
 * Where every exposure has a host of its own, nothing that leads calls is about a host twice: routes of any gateway,
 * SNI on the way to one gateway, ServiceEntries.
 */
export function hostsLeadOneWay(program: Program): void {
  for (const [cluster, of] of byCluster(program)) {
    const routes = of('VirtualService').flatMap(({ spec: { gateways = ['mesh'], hosts = [] } }) =>
      gateways.flatMap((gateway) => hosts.map((host) => `${gateway} ${host}`)),
    );
    const hops = of('DestinationRule').flatMap(({ spec: { host, subsets = [] } }) =>
      subsets.flatMap(({ trafficPolicy }) =>
        (trafficPolicy?.portLevelSettings ?? [])
          .filter(({ tls }) => tls.mode !== 'DISABLE')
          .map(({ port, tls }) => `${host} ${tls.sni ?? `${port.number} ${tls.mode}`}`),
      ),
    );
    const entries = of('ServiceEntry').flatMap(({ spec }) => spec.hosts ?? []);
    const twice = { routes: repeated(routes), hops: repeated(hops), entries: repeated(entries) };
    expect({ cluster, ...twice }).toEqual({ cluster, routes: [], hops: [], entries: [] });
  }
}

/**
 * What is left when something is cancelled is what was, to the byte, but for what is composed from all.
 *
 * @param isComposed tells the objects that may change, by `Kind namespace/name @cluster` and JSON.
 * @param withoutComposed takes out of an object's JSON the part that may change.
 * @returns the objects that went.
 */
export function cancellingLeavesOthers(
  before: Program,
  after: Program,
  isComposed: (identity: string, json: string) => boolean = () => false,
  withoutComposed: (json: string) => string = (json) => json,
): string[] {
  const [was, is] = [byIdentity(before), byIdentity(after)];
  for (const [identity, json] of is) {
    if (isComposed(identity, json)) continue;
    expect([identity, withoutComposed(json)]).toEqual([identity, withoutComposed(was.get(identity) ?? 'is new')]);
  }
  return [...was.keys()].filter((identity) => !is.has(identity));
}

/**
 * What went when something was cancelled is what that alone would write: nothing of others goes with it.
 *
 * @param gone the objects that went, as `cancellingLeavesOthers` returns them.
 * @param alone states what was cancelled, and nothing else.
 */
export function nothingElseIsGone(gone: readonly string[], alone: Program): void {
  const own = byIdentity(alone);
  expect(gone.filter((identity) => !own.has(identity))).toEqual([]);
}

/** One arrangement, as one program states it and as two do that share nothing but contracts. */
export interface Repositories {
  readonly together: Program;
  /** Writes the contracts, from what mesh contracts of the consumer say where it is given them. */
  readonly provider: (contracts: Contracts) => Program;
  readonly consumer: (contracts: Contracts) => Program;
  /**
   * What the consumer's program is before there is a contract: it writes the mesh contract.
   * @default - the provider knows the consumer by what it types itself
   */
  readonly before?: Program;
}

/** Text of a file below `contracts/`, by its name. */
export type Contracts = (name: string) => string;

/** Two repositories write what one would: the same files, the same bytes. Returns the files by path. */
export function twoRepositoriesEqualOne({
  together,
  provider,
  consumer,
  before,
}: Repositories): Record<string, string> {
  const introduced = before ? synth(before) : {};
  const provided = synth(provider(contractsIn(introduced)));
  const consumed = synth(consumer(contractsIn(provided)));
  const one = shared(synth(together));
  expect({ ...shared(provided), ...shared(consumed) }).toEqual(one);
  return one;
}

function contractsIn(files: Record<string, string>): Contracts {
  return (name) => {
    const text = files[`contracts/${name}`];
    if (text === undefined) throw new Error(`no contract ${name}; there are ${Object.keys(files).join(', ')}`);
    return text;
  };
}

/** Files that clusters read, and contracts of peerings; a mesh contract is for another repository alone. */
function shared(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !/(^|\/)fleet\./.test(path) && !path.endsWith('.mesh.json')),
  );
}

interface Resource {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly host?: string;
    readonly hosts?: string[];
    readonly addresses?: string[];
    readonly exportTo?: string[];
    readonly gateways?: string[];
    readonly selector?: object;
    readonly servers?: { readonly port: { readonly number: number }; readonly hosts: string[] }[];
    readonly subsets?: {
      readonly name: string;
      readonly trafficPolicy?: {
        readonly portLevelSettings?: {
          readonly port: { readonly number: number };
          readonly tls: { readonly mode: string; readonly sni?: string };
        }[];
      };
    }[];
  };
}

/** The objects of a kind. */
type OfKind = (kind: string) => Resource[];

/** The objects of each cluster. */
function byCluster(program: Program): [string, OfKind][] {
  // two objects of one name throw
  const objects = byIdentity(program);
  const clusters = new Set([...objects.keys()].map((identity) => identity.split(' @')[1]));
  return [...clusters].map((cluster) => [
    cluster,
    (kind) =>
      [...objects]
        .filter(([identity]) => identity.startsWith(`${kind} `) && identity.endsWith(` @${cluster}`))
        .map(([, json]) => JSON.parse(json) as Resource),
  ]);
}

const NONE = { servers: [], routes: [], subsets: [], rules: [], hosts: [], addresses: [] };

/** What stands twice in one cluster, by what it is. */
function repetitions(of: OfKind): Record<keyof typeof NONE, string[]> {
  const rules = of('DestinationRule');
  const entries = of('ServiceEntry');
  return {
    // one gateway is one selector in one namespace, whoever writes the Gateway resource
    servers: repeated(
      of('Gateway').flatMap(({ metadata, spec }) =>
        (spec.servers ?? []).flatMap(({ port, hosts }) =>
          hosts.map((host) => `${metadata.namespace} ${JSON.stringify(spec.selector)} ${port.number} ${host}`),
        ),
      ),
    ),
    // of two VirtualServices of one host in the mesh the younger is ignored; those of a gateway add up
    routes: repeated(
      of('VirtualService')
        .filter(({ spec }) => spec.gateways?.includes('mesh') ?? true)
        .flatMap(({ metadata, spec }) => (spec.hosts ?? []).map((host) => `${seenIn(metadata, spec)} ${host}`)),
    ),
    subsets: repeated(rules.flatMap(({ spec }) => (spec.subsets ?? []).map(({ name }) => `${spec.host} ${name}`))),
    rules: repeated(
      rules
        .filter(({ spec }) => spec.subsets === undefined)
        .map(({ metadata, spec }) => `${metadata.namespace} ${spec.host}`),
    ),
    hosts: repeated(
      entries.flatMap(({ metadata, spec }) => (spec.hosts ?? []).map((host) => `${seenIn(metadata, spec)} ${host}`)),
    ),
    addresses: repeated(entries.flatMap(({ spec }) => spec.addresses ?? [])),
  };
}

/** Objects that are visible in one namespace alone do not meet those of others. */
function seenIn({ namespace }: Resource['metadata'], { exportTo }: Resource['spec']): string {
  return exportTo?.length === 1 && exportTo[0] === '.' ? (namespace ?? '') : '*';
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
