import type { StructuralSchema } from '../../imports/schema';
import type { Random } from '../random';
import { key, scalar } from './values';

/** Header values are read by a parser of their own. */
const HEADER_VALUES = [
  'v',
  '%HOSTNAME%',
  '100%%',
  '%REQ(x)%',
  'a%',
  '%A',
  '%A(["b"])%',
  '%A(["b", "c"])%',
  '%A([b])%',
  '%A("b")%',
  'a\nb',
  '%A(x)y%',
  '\t',
  '',
  '%A(\\',
];

/** A value that the schema describes, in most cases. */
export function value(schema: StructuralSchema, name: string, random: Random, depth: number): unknown {
  if (schema['x-kubernetes-int-or-string']) return random.pick([80, 'http', '80%', 1.5]);
  switch (schema.type) {
    case 'object':
      return object(schema, name, random, depth);
    case 'array':
      return list(schema, name, random, depth);
    default:
      return scalar(schema, name, random);
  }
}

function object(schema: StructuralSchema, name: string, random: Random, depth: number): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const { properties = {}, additionalProperties, required = [] } = schema;
  for (const [field, part] of Object.entries(properties)) {
    const wanted = required.includes(field) ? !random.once(40) : depth > 0 && random.once(3);
    if (wanted && !excluded(schema, field, found, random)) found[field] = value(part, field, random, depth - 1);
  }
  if (typeof additionalProperties === 'object') {
    for (let i = random.below(3); i > 0; i--) {
      const isHeader = (name === 'set' || name === 'add') && !random.once(10);
      found[key(random)] = isHeader ? random.pick(HEADER_VALUES) : value(additionalProperties, name, random, depth - 1);
    }
  }
  return found;
}

/** In most cases, of fields that exclude each other only one is set. */
function excluded(schema: StructuralSchema, field: string, found: Record<string, unknown>, random: Random): boolean {
  if (random.once(60)) return false;
  return [schema, ...(schema.allOf ?? [])].some(({ oneOf = [] }) => {
    const names = oneOf.flatMap(({ required = [] }) => required);
    return names.includes(field) && names.some((other) => other in found);
  });
}

function list(schema: StructuralSchema, name: string, random: Random, depth: number): unknown[] {
  const length = random.once(12) ? 0 : 1 + (random.once(3) ? random.below(3) : 0);
  const { items = {} } = schema;
  return Array.from({ length }, () => value(items, name, random, depth - 1));
}
