import { afterStep } from '../run/http';
import type { FreePart, Step } from '../run/origin';
import { matchesText, type TextMatch } from '../view/condition';
import { type Budget, type Language, languageOf, shortest } from './language';

/** What is known of a text: whether it fits, once some steps are taken. */
export interface TextAnswer {
  readonly steps: readonly Step[];
  readonly match: TextMatch;
  readonly answer: boolean;
}

/** A text for some answers; `none` where there is none, `unknown` where nobody knows. Absent headers fit nothing. */
export type Witness = { readonly text: string | undefined } | 'none' | 'unknown';

/** Readings of automata, for all calls of one target: about a second. */
const MOST_READINGS = 20_000;

/** Text that no rule asks for. */
const ANY = 'zz';

/** Texts that calls have, where nobody asks for others. */
const USUAL: Readonly<Record<string, readonly (string | undefined)[]>> = {
  path: ['/', `/${ANY}`],
  method: ['GET', 'POST', 'PUT', 'DELETE', ANY.toUpperCase()],
  host: [ANY, `${ANY}.${ANY}`],
  san: [`spiffe://${ANY}`, ANY],
};

/** What a part looks like. */
const SHAPES: Readonly<Record<string, TextMatch>> = {
  path: { kind: 'regex', value: '(/[!"$->@-~]*)' },
  method: { kind: 'regex', value: '[A-Za-z]+' },
  // proxies compare hosts in lower case
  host: { kind: 'regex', value: '[!-@\\[-~]+' },
  san: { kind: 'regex', value: '[!-~]+' },
};
const ANYTHING: TextMatch = { kind: 'regex', value: '[ -~]*' };

/** Whether a text is as some answers say. */
export const fitsAnswers = (text: string | undefined, answers: readonly TextAnswer[]): boolean =>
  answers.every(({ steps, match, answer }) => fits(text, steps, match) === answer);

function fits(text: string | undefined, steps: readonly Step[], match: TextMatch): boolean {
  if (text === undefined) return false;
  let read = text;
  for (const step of steps) {
    // nothing else is rewritten
    if (step.kind === 'prefix' && !read.toLowerCase().startsWith(step.from.toLowerCase())) return false;
    read = afterStep(step, read);
  }
  return matchesText(match, read);
}

/** Finds texts; what was found once is not looked for again. */
export class Texts {
  private readonly found = new Map<string, Witness>();
  private budget: Budget = { left: MOST_READINGS };
  private readonly languages = new Map<string, Language | undefined>();

  /** Allows as much looking again as for one target is worth it. */
  public renew(): void {
    this.budget = { left: MOST_READINGS };
  }

  /** A text that is as some answers say: a likely one if possible, else the shortest that automata find. */
  public find(part: FreePart, answers: readonly TextAnswer[]): Witness {
    const shape = SHAPES[part] ?? ANYTHING;
    const isGood = (text: string | undefined) =>
      (text === undefined ? !(part in SHAPES) : matchesText(shape, text)) && fitsAnswers(text, answers);
    const likely = (USUAL[part] ?? [undefined, ANY]).find(isGood);
    if (likely !== undefined || isGood(undefined)) return { text: likely };
    const positive = answers.filter(({ answer }) => answer);
    if (cannotBe(positive, answers)) return 'none';
    const close = guesses(part, positive).find(isGood);
    if (close !== undefined) return { text: close };
    const key = `${part} ${JSON.stringify(answers)}`;
    const known = this.found.get(key) ?? this.search(shape, answers, isGood);
    this.found.set(key, known);
    return known;
  }

  /** Whether answers about the text as it is read in one way are enough to say that there is none. */
  private contradicts(shape: TextMatch, answers: readonly TextAnswer[]): boolean {
    if (!isReadInSeveralWays(answers)) return true;
    const plain = answers.filter((one) => !merges(one));
    return [...new Set(plain.map(modesOf))].some((mode) => {
      const alike = plain.filter((one) => modesOf(one) === mode);
      return alike.length < answers.length && this.search(shape, alike, () => true) === 'none';
    });
  }

  private search(shape: TextMatch, answers: readonly TextAnswer[], isGood: (text: string) => boolean): Witness {
    const of = (match: TextMatch, steps: readonly Step[]): Language | undefined => {
      const key = JSON.stringify([match, steps]);
      if (!this.languages.has(key)) this.languages.set(key, languageOf(match, steps));
      return this.languages.get(key);
    };
    const sides = [true, false].map((side) =>
      answers.filter(({ answer }) => answer === side).map(({ match, steps }) => of(match, steps)),
    );
    // what has no automaton is left out: fewer answers that contradict each other are enough
    const [wanted, unwanted] = sides.map((side) => side.filter((one) => one !== undefined));
    const first = of(shape, []);
    const result = shortest(first ? [first, ...wanted] : wanted, unwanted, this.budget);
    if (result === 'unknown') return 'unknown';
    if (result === 'none') return this.contradicts(shape, answers) ? 'none' : 'unknown';
    return isGood(result.text) ? result : 'unknown';
  }
}

/** How proxies read a text before they ask about it. */
const modesOf = ({ steps }: TextAnswer): string =>
  [...new Set(steps.flatMap((one) => (one.kind === 'normalize' ? [one.mode] : [])))].sort().join();

/** Whether a prefix was replaced such that slashes may be merged after it: automata take a text for read already. */
const merges = ({ steps }: TextAnswer): boolean =>
  steps.some(
    (one, index) =>
      one.kind === 'normalize' &&
      one.mode.includes('MERGE') &&
      steps.slice(0, index).some(({ kind }) => kind === 'prefix'),
  );

const isReadInSeveralWays = (answers: readonly TextAnswer[]): boolean =>
  answers.some(merges) || new Set(answers.map(modesOf)).size > 1;

/** Whether full texts and prefixes alone say that there is no such text: the cheapest and most frequent reason. */
function cannotBe(positive: readonly TextAnswer[], answers: readonly TextAnswer[]): boolean {
  if (positive.some((one) => isRefuted(one, answers))) return true;
  if (isReadInSeveralWays(answers)) return false;
  const isDirect = ({ match: { ignoreCase }, steps }: TextAnswer) => !ignoreCase && isRead(steps);
  const direct = positive.filter(isDirect);
  const exact = direct.find(({ match }) => match.kind === 'exact');
  if (exact) return !fitsAnswers(exact.match.value, answers);
  let longest = '';
  for (const { match } of direct.filter(({ match }) => match.kind === 'prefix')) {
    const [short, long] = match.value.length < longest.length ? [match.value, longest] : [longest, match.value];
    if (!long.startsWith(short)) return true;
    longest = long;
  }
  const excludes = (one: TextAnswer) => !one.answer && one.match.kind === 'prefix' && isDirect(one);
  return answers.some((one) => excludes(one) && longest.startsWith(one.match.value));
}

/** Whether a full text, once it is known, answers a later question otherwise. */
function isRefuted({ steps, match: { kind, value, ignoreCase } }: TextAnswer, answers: readonly TextAnswer[]): boolean {
  if (kind !== 'exact' || ignoreCase) return false;
  const isLater = (others: readonly Step[]) => JSON.stringify(others.slice(0, steps.length)) === JSON.stringify(steps);
  return answers.some(
    (one) => isLater(one.steps) && fits(value, one.steps.slice(steps.length), one.match) !== one.answer,
  );
}

/** Whether steps leave likely texts as they are. */
const isRead = (steps: readonly Step[]): boolean => steps.every(({ kind }) => kind === 'normalize');

/** Texts that could fit, made of what is asked for. */
function guesses(part: FreePart, positive: readonly TextAnswer[]): string[] {
  const separator = part === 'path' ? '/' : '.';
  const ofKind = (kind: TextMatch['kind']) =>
    positive.filter(({ match }) => match.kind === kind).map(({ match, steps }) => ({ value: match.value, steps }));
  const all = [
    ...ofKind('exact'),
    ...ofKind('prefix').flatMap(({ value, steps }) =>
      [value, `${value}${ANY}`, `${value.replace(/\/$/, '')}${separator}${ANY}`].map((one) => ({ value: one, steps })),
    ),
    ...ofKind('suffix').map(({ value, steps }) => ({ value: `${part === 'path' ? '/' : ''}${ANY}${value}`, steps })),
    ...ofKind('contains').map(({ value, steps }) => ({
      value: `${part === 'path' ? '/' : ''}${ANY}${value}${ANY}`,
      steps,
    })),
    ...ofKind('prefix').flatMap(({ value, steps }) =>
      ofKind('suffix').map((end) => ({ value: `${value}${ANY}${end.value}`, steps })),
    ),
  ];
  // a second slash is merged away where proxies merge
  return all.flatMap(({ value, steps }) => [before(value, steps) ?? [], before(`/${value}`, steps) ?? []].flat());
}

/** The text that steps make another of; undefined where there is none. */
export function before(text: string, steps: readonly Step[]): string | undefined {
  let found: string | undefined = text;
  for (const step of [...steps].reverse()) {
    if (step.kind === 'regex' || found === undefined) return undefined;
    if (step.kind !== 'prefix') continue;
    found = found.startsWith(step.to) ? step.from + found.slice(step.to.length) : undefined;
  }
  return found;
}
