import type { Claims } from '../run/bytes';
import type { FreePart, Question, Recorder } from '../run/origin';
import type { TextAnswer } from './texts';

/** One of the callers that are explored together. */
export interface Caller {
  readonly id: string;
  /** Names of its certificate, in each of the worlds that are explored together. */
  readonly names: readonly (readonly string[])[];
}

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
  /** What its token says; empty: it has none. */
  readonly claims: Claims;
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
