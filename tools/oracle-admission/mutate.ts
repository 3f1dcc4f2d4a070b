import type { StructuralSchema } from '../../imports/schema';
import type { Random } from '../random';
import { value } from './generate';
import { scalar } from './values';

/** A place in an object, and the schema of what is there. */
interface Place {
  readonly parent: Record<string | number, unknown>;
  readonly key: string | number;
  readonly schema: StructuralSchema;
  readonly name: string;
}

/** A copy of an object with a few changes, of which each alone could be somebody's mistake. */
export function mutate(
  object: Record<string, unknown>,
  schema: StructuralSchema,
  random: Random,
): Record<string, unknown> {
  const copy = structuredClone(object);
  for (let changes = random.once(3) ? 2 : 1; changes > 0; changes--) {
    const spec = schema.properties?.spec;
    if (spec === undefined) break;
    const all = places(copy, 'spec', spec, 'spec');
    change(random.pick(all), random);
  }
  if (random.once(60)) annotate(copy, random);
  return copy;
}

function change(place: Place, random: Random): void {
  const { parent, key, schema, name } = place;
  const there = parent[key];
  const depth = random.below(4);
  if (Array.isArray(there) && there.length > 0 && random.once(2)) {
    const item = random.once(2) ? structuredClone(random.pick(there)) : value(schema.items ?? {}, name, random, depth);
    if (random.once(4)) there[random.below(there.length)] = item;
    else there.push(item);
  } else if (isObject(there) && random.once(2)) {
    const [field, part] = random.pick([...fields(schema, there), ['unknownField', {}] as const]);
    if (field !== 'unknownField' || random.once(20)) there[field] = value(part, field, random, depth);
  } else if (random.once(4)) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  } else if (random.once(20)) {
    parent[key] = random.pick([null, '', 0, [], {}]);
  } else {
    parent[key] =
      isObject(there) || Array.isArray(there) ? value(schema, name, random, depth) : scalar(schema, name, random);
  }
}

function fields(schema: StructuralSchema, there: Record<string, unknown>): [string, StructuralSchema][] {
  const { properties = {}, additionalProperties } = schema;
  const known = Object.entries(properties);
  if (typeof additionalProperties !== 'object') return known;
  return [
    ...known,
    ...[...Object.keys(there), 'extra'].map((name): [string, StructuralSchema] => [name, additionalProperties]),
  ];
}

function places(
  parent: Record<string | number, unknown>,
  key: string | number,
  schema: StructuralSchema,
  name: string,
): Place[] {
  const here: Place = { parent, key, schema, name };
  const there = parent[key];
  if (Array.isArray(there)) {
    const { items = {} } = schema;
    const list = there as unknown as Record<number, unknown>;
    return [here, ...there.flatMap((_, i) => places(list, i, items, name))];
  }
  if (!isObject(there)) return [here];
  const below = Object.keys(there).flatMap((field) => {
    const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
    return places(there, field, schema.properties?.[field] ?? others, schema.properties?.[field] ? field : name);
  });
  return [here, ...below];
}

function annotate(object: Record<string, unknown>, random: Random): void {
  const metadata = { ...(object.metadata as object) } as Record<string, unknown>;
  const annotations: [string, string][] = [
    ['istio.io/dry-run', 'true'],
    ['istio.io/dry-run', 'maybe'],
    ['internal.istio.io/parents', 'x'],
  ];
  const labels: [string, string][] = [
    ['networking.istio.io/enable-autoallocate-ip', 'false'],
    ['istio.io/use-waypoint', 'w'],
  ];
  switch (random.pick(['annotations', 'labels', 'name'])) {
    case 'annotations':
      metadata.annotations = Object.fromEntries([random.pick(annotations)]);
      break;
    case 'labels':
      metadata.labels = Object.fromEntries([random.pick(labels)]);
      break;
    default:
      metadata.name = random.pick(['a.b', 'A', 'a_b', '', 'x'.repeat(64)]);
  }
  object.metadata = metadata;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
