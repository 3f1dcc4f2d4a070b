import type { FreePart, Question, Recorder } from '../run/origin';
import type { Caller, Domain } from './domain';
import { type TextAnswer, Texts } from './texts';

/** What was asked, and the answer. `world` tells apart worlds that are explored together. */
export interface Answer {
  readonly question: Question;
  readonly world: number;
  readonly answer: boolean;
}

/** One call that stands for all with the same answers. */
export interface Sample {
  /** Undefined where there is none with such answers. */
  readonly caller: Caller | undefined;
  readonly root: string;
  readonly address: string;
  text(part: FreePart): string | undefined;
  /** Parts that anybody asked about. */
  readonly parts: readonly FreePart[];
}

/** Calls with the same answers: they take the same ways. */
export interface Cell<T> {
  readonly answers: readonly Answer[];
  readonly sample: Sample;
  readonly result: T;
  /** Set where something was decided that no question describes, or where nobody knows whether there are further cells beside it. */
  readonly isApproximate: boolean;
}

/** Told of what is asked in one of the worlds. */
export type Listen = (world: number) => Recorder;

const MOST_CELLS = 4000;

/**
 * Divides all calls into cells, by flipping one answer after the other and looking for a call that has it (concolic
 * execution). A cell is found for every sequence of answers that a call can have: nothing is enumerated that no rule
 * tells apart.
 */
export class Explorer {
  private readonly texts = new Texts();
  /** Calls that were made. */
  public calls = 0;

  public explore<T>(domain: Domain, run: (sample: Sample, listen: Listen) => T): Cell<T>[] {
    const cells: Cell<T>[] = [];
    const open: { answers: readonly Answer[]; beside: number }[] = [{ answers: [], beside: -1 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const sample = this.sample(domain, next.answers);
      if (sample === 'none') continue;
      if (sample === 'unknown') {
        // there may be calls that differ from those of the cell beside it
        cells[next.beside] = { ...cells[next.beside], isApproximate: true };
        continue;
      }
      const isFull = cells.length + 1 >= MOST_CELLS;
      const { answers, result, isBlurred } = this.ask(sample, run);
      cells.push({ answers, sample, result, isApproximate: isBlurred || isFull });
      if (isFull) break;
      for (let index = next.answers.length; index < answers.length; index++) {
        const flipped = { ...answers[index], answer: !answers[index].answer };
        open.push({ answers: [...answers.slice(0, index), flipped], beside: cells.length - 1 });
      }
    }
    return cells;
  }

  /** A call with some answers. */
  public sample(domain: Domain, answers: readonly Answer[]): Sample | 'none' | 'unknown' {
    const caller = domain.callerWith(answers);
    if (!caller && domain.callers.length > 0) return 'none';
    const [root] = domain.rootsWith(answers);
    const address = domain.addressWith(answers);
    if (root === undefined || address === undefined) return 'none';
    const texts = new Map<FreePart, string | undefined>();
    let isKnown = true;
    for (const [part, list] of textAnswers(answers)) {
      const witness = this.texts.find(part, list);
      if (witness === 'none') return 'none';
      if (witness === 'unknown') isKnown = false;
      else texts.set(part, witness.text);
    }
    if (!isKnown) return 'unknown';
    const usual = (part: FreePart) => {
      const witness = this.texts.find(part, []);
      return typeof witness === 'string' ? undefined : witness.text;
    };
    const text = (part: FreePart) => (texts.has(part) ? texts.get(part) : usual(part));
    return { caller, root, address, text, parts: [...texts.keys()] };
  }

  private ask<T>(sample: Sample, run: (sample: Sample, listen: Listen) => T) {
    this.calls++;
    const seen = new Map<string, Answer>();
    let isBlurred = false;
    const listen: Listen = (world) => ({
      note: (question, answer) => {
        const asked = question.about === 'caller' ? world : 0;
        const key = `${asked} ${JSON.stringify(question)}`;
        if (!seen.has(key)) seen.set(key, { question, world: asked, answer });
      },
      blur: () => {
        isBlurred = true;
      },
    });
    const result = run(sample, listen);
    return { answers: [...seen.values()], result, isBlurred };
  }
}

/** Answers about texts by the part that they are about. */
export function textAnswers(answers: readonly Answer[]): Map<FreePart, TextAnswer[]> {
  const found = new Map<FreePart, TextAnswer[]>();
  for (const { question, answer } of answers) {
    if (!('match' in question) || question.about === 'caller') continue;
    const { about, steps, match } = question;
    found.set(about, [...(found.get(about) ?? []), { steps, match, answer }]);
  }
  return found;
}
