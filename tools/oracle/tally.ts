import type { Item } from './compare';

/** Counts what was compared, and prints the first differences. */
export class Tally {
  private cases = 0;
  private casesWithDifference = 0;
  private refusals = 0;
  private byChance = 0;
  private readonly failures: string[] = [];
  private readonly items = new Map<string, number>();
  private readonly different = new Map<string, number>();
  private shown = 0;

  /** @param show how many differences are printed. */
  constructor(private readonly show: number) {}

  public get differs(): boolean {
    return this.different.size > 0 || this.failures.length > 0;
  }

  public refused(messages: readonly string[]): void {
    this.refusals += messages.length;
  }

  /** istiod's code ended with an error. */
  public failed(id: string, error: string): void {
    this.cases++;
    this.failures.push(`${id}: ${error}`);
    console.log(`FAILED ${id}: ${error.slice(0, 500)}`);
  }

  /** @param differing those of the items that differ however often istiod is asked. */
  public compared(id: string, items: readonly Item[], differing: readonly Item[]): void {
    this.cases++;
    for (const { kind } of items) count(this.items, kind);
    this.byChance += items.filter(({ istiod, model }) => istiod !== model).length - differing.length;
    const kinds = new Set<string>();
    for (const item of differing) {
      count(this.different, item.kind);
      if (!kinds.has(item.kind) && this.shown++ < this.show) print(id, item);
      kinds.add(item.kind);
    }
    if (kinds.size > 0) this.casesWithDifference++;
  }

  public summary(): string {
    const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
    const kinds = [...this.items].map(
      ([kind, count]) => `  ${kind}: ${count}, ${this.different.get(kind) ?? 0} different`,
    );
    return [
      `${this.cases} cases, ${this.casesWithDifference} with a difference, ${this.failures.length} failed`,
      `${this.refusals} objects refused by the webhook and left out`,
      `${sum(this.items)} items compared, ${sum(this.different)} different`,
      `${this.byChance} items that istiod answers by chance, once as the model does`,
      ...kinds,
    ].join('\n');
  }
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function print(id: string, { kind, what, istiod, model }: Item): void {
  console.log(`DIFFERENT ${kind} in ${id}: ${what}\n  istiod ${istiod}\n  model  ${model}`);
}
