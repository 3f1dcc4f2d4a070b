import type { Agreement } from './agreement';

/** How many calls were foreseen. */
export class Tally {
  agree = 0;
  /** By what differs. */
  readonly differ = new Map<string, number>();
  /** By why. */
  readonly unmodelled = new Map<string, number>();

  add(agreement: Agreement): void {
    if (agreement.kind === 'agrees') this.agree += 1;
    else if (agreement.kind === 'differs') count(this.differ, agreement.by, 1);
    else count(this.unmodelled, agreement.why, 1);
  }

  addAll({ agree, differ, unmodelled }: Tally): void {
    this.agree += agree;
    for (const [by, calls] of differ) count(this.differ, by, calls);
    for (const [why, calls] of unmodelled) count(this.unmodelled, why, calls);
  }

  get calls(): number {
    return this.agree + this.differing + sum(this.unmodelled);
  }

  get differing(): number {
    return sum(this.differ);
  }

  describe(): string {
    const differ = this.differing === 0 ? '0' : `${this.differing} (${list(this.differ)})`;
    const unmodelled = sum(this.unmodelled) === 0 ? '0' : `${sum(this.unmodelled)} (${list(this.unmodelled)})`;
    return `predicted ${this.calls} calls: agree ${this.agree}, differ ${differ}, unmodelled ${unmodelled}`;
  }
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, one) => all + one, 0);

const list = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, calls]) => `${calls} ${key}`)
    .join(', ');
