import type { Trace } from '../trace';
import { describe, type Ref, type Resource, refTo } from '../world/resource';

/** What calls had a part in, and what no call did. */
export interface Coverage {
  readonly covered: number;
  readonly all: number;
  /** Objects as a whole, and fields of objects that are otherwise covered. */
  readonly missed: readonly Ref[];
}

/** Lists of which each item decides by itself, by kind. */
const DECIDING: Readonly<Record<string, readonly string[]>> = {
  VirtualService: ['http', 'tcp', 'tls'],
  AuthorizationPolicy: ['rules'],
  Gateway: ['servers'],
  DestinationRule: ['subsets'],
  ServiceEntry: [],
  PeerAuthentication: [],
  Sidecar: [],
  EnvoyFilter: [],
};

/** Which objects of Istio, and which of their routes, rules, servers and subsets, decided in some trace. */
export function coverageOf(resources: readonly Resource[], traces: readonly Trace[]): Coverage {
  const seen = new Map<string, Set<string>>();
  for (const { ways } of traces) {
    for (const { object, field } of ways.flatMap(({ hops }) => hops.flatMap(({ refs }) => refs))) {
      const fields = seen.get(object) ?? new Set();
      seen.set(object, fields.add(field));
    }
  }
  const missed: Ref[] = [];
  let all = 0;
  for (const one of resources) {
    if (!/\.istio\.io\//.test(one.apiVersion) || !Object.hasOwn(DECIDING, one.kind)) continue;
    const fields = seen.get(describe(one));
    const items = itemsOf(one);
    all += 1 + items.length;
    if (fields === undefined) missed.push(refTo(one), ...items);
    else missed.push(...items.filter(({ field }) => ![...fields].some((other) => isWithin(other, field))));
  }
  // of an object that no call passes, its items need no mention
  const objects = new Set(missed.filter(({ field }) => field === '').map(({ object }) => object));
  const told = missed.filter(({ object, field }) => field === '' || !objects.has(object));
  return { covered: all - missed.length, all, missed: told };
}

function itemsOf(one: Resource): Ref[] {
  const spec = one.spec as Readonly<Record<string, unknown>>;
  return DECIDING[one.kind].flatMap((list) => {
    const items = spec[list];
    if (!Array.isArray(items)) return [];
    return items.map((item: { readonly name?: unknown }, index) =>
      refTo(one, `spec.${list}[${list === 'subsets' ? String(item.name) : index}]`),
    );
  });
}

const isWithin = (field: string, around: string): boolean =>
  field === around || field.startsWith(`${around}.`) || field.startsWith(`${around}[`);
