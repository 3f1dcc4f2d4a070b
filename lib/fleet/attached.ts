import type { IConstruct } from 'constructs';

const SLOTS = Symbol.for('cdk8s-multimesh.attached');

/**
 * State that belongs to a construct whose class does not know of it, kept on the construct as cdk8s keeps its own
 * (`Aspects.of`): it lives as long as its owner, and every copy of this package in one program finds the same.
 *
 * @param key what the state is about; one key has one type.
 * @param make makes it when it is asked for first.
 */
export function attached<T>(owner: IConstruct, key: string, make: () => T): T {
  const slots = slotsOf(owner as IConstruct & { readonly [SLOTS]?: Map<string, unknown> });
  const existing = slots.get(key);
  if (existing !== undefined) return existing as T;
  const created = make();
  slots.set(key, created);
  return created;
}

function slotsOf(owner: IConstruct & { readonly [SLOTS]?: Map<string, unknown> }): Map<string, unknown> {
  const existing = owner[SLOTS];
  if (existing !== undefined) return existing;
  const created = new Map<string, unknown>();
  Object.defineProperty(owner, SLOTS, { value: created });
  return created;
}
