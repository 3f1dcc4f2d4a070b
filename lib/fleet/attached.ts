import type { IConstruct } from 'constructs';

/**
 * State that belongs to a construct whose class does not know of it, kept on the construct as cdk8s keeps its own
 * (`Aspects.of`): it lives as long as its owner, and every copy of this package in one program finds the same.
 *
 * @param key what the state is about; one key has one type.
 * @param make makes it when it is asked for first.
 */
export function attached<T>(owner: IConstruct, key: string, make: () => T): T {
  const symbol = Symbol.for(`cdk8s-multimesh.attached.${key}`);
  const slots = owner as unknown as Record<symbol, T | undefined>;
  const existing = slots[symbol];
  if (existing !== undefined) return existing;
  const created = make();
  Object.defineProperty(owner, symbol, { value: created });
  return created;
}
