/** Values that are computed once per key; the owner of the values holds it. */
export class Memo<Value> {
  private readonly values = new Map<string, Value>();

  public get(key: string, make: () => Value): Value {
    if (this.values.has(key)) return this.values.get(key) as Value;
    const value = make();
    this.values.set(key, value);
    return value;
  }
}

/** Adds to the list of a key. */
export function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
