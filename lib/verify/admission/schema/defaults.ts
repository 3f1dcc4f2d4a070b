import type { StructuralSchema } from '../../../../imports/schema';
import { isRecord } from '../../../facts/record';

/** Whether a schema gives a field a value that an object does not have. */
export function hasDefaults(schema: StructuralSchema): boolean {
  if (schema.default !== undefined) return true;
  const { properties = {}, items, additionalProperties } = schema;
  const below = [...Object.values(properties), items, additionalProperties];
  return below.some((part) => typeof part === 'object' && hasDefaults(part));
}

/** A value with the defaults of its schema, as the API server checks it; the given value is not changed. */
export function withDefaults(schema: StructuralSchema, value: unknown): unknown {
  const { properties = {}, items, additionalProperties } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => withDefaults(items, item));
  if (!isRecord(value)) return value;
  const full: Record<string, unknown> = {};
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  for (const [name, field] of Object.entries(value)) {
    const part = properties[name] ?? others;
    full[name] = part === undefined ? field : withDefaults(part, field);
  }
  for (const [name, part] of Object.entries(properties)) {
    const missing = full[name] === undefined || (full[name] === null && !part.nullable);
    if (missing && part.default !== undefined) full[name] = withDefaults(part, part.default);
  }
  return full;
}
