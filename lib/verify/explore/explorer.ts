import type { FreePart } from '../run/origin';
import { type Answer, type Cell, type Listen, type Sample, textAnswers } from './cells';
import type { Domain } from './domain';
import { type TextAnswer, Texts } from './texts';

const MOST_CELLS = 4000;

const CLAIM = 'claim ';

/** Claims that are no lists (RFC 7519). */
const ONE_TEXT: readonly string[] = ['azp', 'iss', 'sub'];

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
    this.texts.renew();
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
      // nobody knows what is beside what
      if (cells.length >= MOST_CELLS) return cells.map((cell) => ({ ...cell, isApproximate: true }));
      const { answers, result, isBlurred } = this.ask(sample, run);
      cells.push({ answers, sample, result, isApproximate: isBlurred });
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
    const claims: Record<string, string | readonly string[]> = {};
    let isKnown = true;
    for (const [part, list] of textAnswers(answers)) {
      if (part.startsWith(CLAIM)) {
        const values = this.claim(part, list);
        if (values === 'none') return 'none';
        if (values === 'unknown') isKnown = false;
        else if (values.length > 0) claims[part.slice(CLAIM.length)] = values.length === 1 ? values[0] : values;
        continue;
      }
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
    return { caller, root, address, text, claims, parts: [...texts.keys()] };
  }

  /** Values of a claim with some answers: issuer and subject are one text each, others may be lists of them. */
  private claim(part: FreePart, answers: readonly TextAnswer[]): readonly string[] | 'none' | 'unknown' {
    const positive = answers.filter(({ answer }) => answer);
    const negative = answers.filter(({ answer }) => !answer);
    const isOne = ONE_TEXT.includes(part.slice(CLAIM.length));
    const wanted = isOne && positive.length > 0 ? [answers] : positive.map((one) => [one, ...negative]);
    const values: string[] = [];
    for (const list of wanted) {
      const witness = this.texts.find(part, list);
      if (typeof witness === 'string') return witness;
      values.push(witness.text ?? '');
    }
    return values;
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
