/** Freezes JSON. */
export function deepFreeze<T extends object>(value: T): T {
  for (const key in value) {
    const item = value[key];
    if (typeof item === 'object' && item !== null) {
      deepFreeze(item);
    }
  }
  return Object.freeze(value);
}
