import type { Labels } from './labels';
import { selects } from './labels';
import { push } from './memo';

/**
 * Label selectors that are asked which of them select a pod: each is kept under the one of its labels that the fewest have,
 * so that a question meets those alone that could be the answer.
 */
export class SelectorIndex<Value> {
  private readonly known = new Map<string, number>();
  private readonly byRarest = new Map<string, { readonly selector: Labels; readonly value: Value }[]>();

  /** @param scope where the selector selects: a namespace. */
  public add(scope: string, selector: Labels, value: Value): void {
    let rarest = keyOf(scope);
    let fewest = Number.POSITIVE_INFINITY;
    for (const [name, label] of Object.entries(selector)) {
      const key = keyOf(scope, name, label);
      const count = this.known.get(key) ?? 0;
      this.known.set(key, count + 1);
      if (count < fewest) [rarest, fewest] = [key, count];
    }
    push(this.byRarest, rarest, { selector, value });
  }

  /** Of what selects a pod with these labels. An empty selector selects every pod of its scope. */
  public selecting(scope: string, labels: Labels): Value[] {
    const keys = [keyOf(scope), ...Object.entries(labels).map(([name, label]) => keyOf(scope, name, label))];
    return keys
      .flatMap((key) => this.byRarest.get(key) ?? [])
      .filter(({ selector }) => selects(selector, labels))
      .map(({ value }) => value);
  }
}

const keyOf = (...parts: string[]): string => parts.join('\n');
