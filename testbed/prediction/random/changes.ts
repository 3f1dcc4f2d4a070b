import type { Random } from '../../../tools/random';
import type { KubeObject } from '../../kubernetes/types';
import type { BedState } from '../state';

/** A change of one object of a cluster. */
export interface Change {
  cluster: string;
  /** For people. */
  what: string;
  /** Undefined for an object that did not exist. */
  before?: KubeObject;
  /** Undefined for an object that is deleted. */
  after?: KubeObject;
}

const CHANGED = [
  ...['AuthorizationPolicy', 'DestinationRule', 'EnvoyFilter', 'Gateway', 'PeerAuthentication', 'Service'],
  ...['ServiceEntry', 'Sidecar', 'VirtualService'],
];

/** What the testbed itself stands on. */
export const KEPT = ['istiod', 'kubernetes', 'kube-dns', 'testbed-mark'];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One change that people make on purpose or by mistake: of a value, of a field, of a whole object; or one more policy. */
export function randomChange(random: Random, { clusters }: BedState): Change {
  const cluster = random.pick(Object.keys(clusters));
  const { objects } = clusters[cluster];
  const own = objects.filter(({ kind, metadata }) => CHANGED.includes(kind) && !KEPT.includes(metadata.name));
  if (own.length === 0 || random.once(6)) return addition(random, cluster, objects);
  const before = random.pick(own);
  const name = `${before.kind} ${before.metadata.namespace}/${before.metadata.name}`;
  if (random.once(5)) return { cluster, before, what: `deletes ${name}` };
  const after = structuredClone(before);
  const what = changeIn(random, after.spec as Json, 'spec', valuesByKey(own));
  return what === undefined
    ? { cluster, before, what: `deletes ${name}` }
    : { cluster, before, after, what: `${name}: ${what}` };
}

/** Changes one leaf of a tree, or leaves one field out; says what. */
function changeIn(random: Random, spec: Json, at: string, donors: ReadonlyMap<string, Json[]>): string | undefined {
  const places = placesIn(spec, at);
  if (places.length === 0) return undefined;
  const { holder, key, path } = random.pick(places);
  const container = holder as Record<string | number, Json>;
  const old = container[key];
  if (random.once(4)) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete container[key];
    return `${path} is left out`;
  }
  const name = Array.isArray(holder) ? (path.match(/(\w+)\[\d+\]$/)?.[1] ?? '') : String(key);
  const others = (donors.get(name) ?? []).filter((value) => value !== old);
  const next = others.length > 0 && !random.once(4) ? random.pick(others) : other(random, old);
  container[key] = next;
  return `${path} is ${JSON.stringify(next)}, was ${JSON.stringify(old)}`;
}

function other(random: Random, old: Json): Json {
  if (typeof old === 'number') return random.pick([old + 1, 80, 443].filter((number) => number !== old));
  if (typeof old === 'boolean') return !old;
  return typeof old === 'string' ? random.pick([`x${old}`, old.replace(/[^./]+/, 'other')]) : old;
}

interface Place {
  holder: Json[] | { [key: string]: Json };
  key: string | number;
  path: string;
}

/** Every leaf of a tree. */
function placesIn(value: Json, at: string): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, below]) => {
    const path = typeof key === 'number' ? `${at}[${key}]` : `${at}.${key}`;
    const isLeaf = typeof below !== 'object' || below === null;
    return isLeaf ? [{ holder: value, key, path }] : placesIn(below, path);
  });
}

/** Values that fields of a name have somewhere: what is taken for another looks like it. */
function valuesByKey(objects: readonly KubeObject[]): Map<string, Json[]> {
  const found = new Map<string, Json[]>();
  for (const { spec } of objects) {
    for (const { holder, key, path } of placesIn(spec as Json, 'spec')) {
      const name = Array.isArray(holder) ? (path.match(/(\w+)\[\d+\]$/)?.[1] ?? '') : String(key);
      found.set(name, [...(found.get(name) ?? []), (holder as Record<string | number, Json>)[key]]);
    }
  }
  return found;
}

function addition(random: Random, cluster: string, objects: readonly KubeObject[]): Change {
  const namespaces = objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ metadata: { namespace = '' } }) => (namespace === 'istio-system' ? [] : [namespace]));
  const all = namespaces.length > 0 ? namespaces : ['default'];
  const namespace = random.pick(all);
  const [kind, group, spec] = random.pick<[string, string, Json]>([
    ['AuthorizationPolicy', 'security', {}],
    ['AuthorizationPolicy', 'security', { rules: [{ to: [{ operation: { methods: ['GET'] } }] }] }],
    ['AuthorizationPolicy', 'security', { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/status/*'] } }] }] }],
    ['AuthorizationPolicy', 'security', { rules: [{ from: [{ source: { namespaces: [random.pick(all)] } }] }] }],
    ['PeerAuthentication', 'security', { mtls: { mode: random.pick(['STRICT', 'DISABLE', 'PERMISSIVE']) } }],
    ['Sidecar', 'networking', { egress: [{ hosts: ['./*', 'istio-system/*'] }] }],
  ]);
  const metadata = { name: 'random', namespace };
  const after = { apiVersion: `${group}.istio.io/v1`, kind, metadata, spec };
  return { cluster, after, what: `adds ${kind} ${namespace}/random ${JSON.stringify(spec)}` };
}
