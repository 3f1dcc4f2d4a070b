/** Random choices that a seed repeats (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0, less than 1. */
  public fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0, less than `n`. */
  public below(n: number): number {
    return Math.floor(this.fraction() * n);
  }

  /** True once in `n` times. */
  public once(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of the items. */
  public pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}
