/**
 * A value without fields that are null. The API server takes such a field for missing unless the schema says that null is
 * a value, and where a schema of Istio says that, istiod takes it for missing. Items of lists stay.
 *
 * @returns the same value, if there are none.
 */
export function withoutNulls(value: unknown): unknown {
  return hasNull(value) ? strip(value) : value;
}

/** Whether a field is null, anywhere inside of a value. */
export function hasNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasNull);
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const field = fields[name];
    if (field === null || (typeof field === 'object' && hasNull(field))) return true;
  }
  return false;
}

function strip(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(strip);
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, strip(field)]));
}
