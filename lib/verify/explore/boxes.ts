import type { Answer } from './cells';
import type { Domain } from './domain';
import type { Explorer } from './explorer';

/** Calls with some answers. */
export type Box = readonly Answer[];

const MOST_STEPS = 20_000;

/**
 * The same calls in fewer and wider boxes: answers that decide nothing are dropped, as long as the boxes together hold
 * no other call, then boxes that others cover (as two-level minimizers do: expand, irredundant).
 */
export class Boxes {
  private steps = 0;

  constructor(
    private readonly explorer: Explorer,
    private readonly domain: Domain,
  ) {}

  public simplified(given: readonly Box[]): Box[] {
    this.steps = 0;
    let boxes = given.map((box) => this.withoutImplied(box));
    for (const index of boxes.keys()) {
      boxes = boxes.map((box, at) => (at === index ? this.expanded(box, boxes) : box));
    }
    for (const box of [...boxes].reverse()) {
      const others = boxes.filter((one) => one !== box);
      if (this.isCovered(box, others)) boxes = others;
    }
    return boxes;
  }

  /** Answers that follow from others say nothing. */
  private withoutImplied(box: Box): Box {
    let left = box;
    // positive answers say more in fewer words
    for (const answer of [...box].sort((a, b) => Number(a.answer) - Number(b.answer))) {
      const others = left.filter((one) => one !== answer);
      if (!this.isPossible([...others, opposite(answer)])) left = others;
    }
    return left;
  }

  private expanded(box: Box, all: readonly Box[]): Box {
    let wide = box;
    for (const answer of box) {
      const wider = wide.filter((one) => one !== answer);
      if (this.isCovered([...wider, opposite(answer)], all)) wide = wider;
    }
    return wide;
  }

  /** Whether all calls of a box are in some of others. Says no when it would take too long. */
  private isCovered(box: Box, by: readonly Box[]): boolean {
    if (!this.isPossible(box)) return true;
    if (this.steps > MOST_STEPS) return false;
    const [first, ...rest] = by.filter((one) => this.isPossible([...box, ...one]));
    return first?.every((answer) => this.isCovered([...box, opposite(answer)], rest)) ?? false;
  }

  private isPossible(box: Box): boolean {
    this.steps++;
    return this.explorer.sample(this.domain, box) !== 'none';
  }
}

const opposite = (answer: Answer): Answer => ({ ...answer, answer: !answer.answer });
