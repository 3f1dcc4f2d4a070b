import type { Step } from '../run/origin';
import type { TextMatch } from '../view/condition';
import { Automaton, type State } from './automaton';

/** A set of texts as what an automaton makes of them, character by character. */
export interface Language {
  readonly start: Reading;
  next(reading: Reading, character: number): Reading;
  /** Characters at which its decisions change. */
  readonly boundaries: readonly number[];
}

/** How far a text was read. */
export interface Reading {
  readonly key: string;
  readonly accepts: boolean;
  /** Whether nothing that follows can be accepted. */
  readonly isDead: boolean;
}

/** Texts that fit after some steps; undefined where steps cannot be undone, or the expression is none that RE2 takes. */
export function languageOf(match: TextMatch, steps: readonly Step[]): Language | undefined {
  let language = plain(match);
  for (const step of [...steps].reverse()) {
    if (step.kind === 'regex') return undefined;
    if (step.kind === 'prefix' && language) language = behindPrefix(language, step.from, step.to);
    if (step.kind === 'host' && language) language = withPort(language);
  }
  return language;
}

function plain(match: TextMatch): Language | undefined {
  try {
    const automaton = new Automaton(match);
    const reading = (state: State): Reading & { state: State } => ({
      ...{ key: String(state.id), accepts: state.accepts, isDead: state.isDead, state },
    });
    const known = new Map<State, Reading & { state: State }>();
    const of = (state: State) => {
      const found = known.get(state) ?? reading(state);
      known.set(state, found);
      return found;
    };
    return {
      start: of(automaton.start),
      next: (at, character) => of(automaton.next((at as Reading & { state: State }).state, character)),
      boundaries: automaton.boundaries(),
    };
  } catch {
    return undefined;
  }
}

/** Texts that begin with `from`, and fit once it is replaced by `to`. */
function behindPrefix(inner: Language, from: string, to: string): Language {
  let after = inner.start;
  for (const character of to) after = inner.next(after, character.charCodeAt(0));
  const dead: Reading = { key: 'dead', accepts: false, isDead: true };
  const within = (index: number): Reading =>
    ({
      ...{ key: `<${index}`, accepts: false, isDead: after.isDead },
      index,
    }) as Reading;
  const start = from === '' ? after : within(0);
  return {
    start,
    next: (at, character) => {
      const { index } = at as Reading & { index?: number };
      if (index === undefined) return at === dead ? dead : inner.next(at, character);
      if (from.charCodeAt(index) !== character) return dead;
      return index + 1 === from.length ? after : within(index + 1);
    },
    boundaries: [...inner.boundaries, ...[...from].flatMap((one) => [one.charCodeAt(0), one.charCodeAt(0) + 1])],
  };
}

interface PortReading extends Reading {
  readonly inner: Reading;
  /** What comes after the last colon, as long as it may be a port. */
  readonly port?: { readonly isHost: boolean; readonly hasDigits: boolean };
}

/** Texts that fit without the port at their end. */
function withPort(language: Language): Language {
  const reading = (inner: Reading, port?: PortReading['port']): PortReading => ({
    key: `${inner.key} ${port ? `${port.isHost} ${port.hasDigits}` : ''}`,
    accepts: port?.hasDigits ? port.isHost : inner.accepts,
    isDead: inner.isDead && !port?.isHost,
    inner,
    ...(port ? { port } : {}),
  });
  const known = new Map<string, PortReading>();
  const one = (made: PortReading): PortReading => {
    const held = known.get(made.key) ?? made;
    known.set(made.key, held);
    return held;
  };
  return {
    start: one(reading(language.start)),
    next: (at, character) => {
      const { inner, port } = at as PortReading;
      const next = language.next(inner, character);
      if (character === COLON) return one(reading(next, { isHost: inner.accepts, hasDigits: false }));
      const isDigit = character >= DIGITS.first && character <= DIGITS.last;
      return one(reading(next, port && isDigit ? { ...port, hasDigits: true } : undefined));
    },
    boundaries: [...language.boundaries, COLON, COLON + 1, DIGITS.first, DIGITS.last + 1],
  };
}

const COLON = 58;
const DIGITS = { first: 48, last: 57 };
const FIRST = 33;
const LAST = 126;
/** How many readings may still be looked at. */
export interface Budget {
  left: number;
}

/**
 * A shortest text that all of some languages have and none of others does; `none` where there is no such text, `unknown`
 * after too many tries.
 */
export function shortest(
  wanted: readonly Language[],
  unwanted: readonly Language[],
  budget: Budget,
): { readonly text: string } | 'none' | 'unknown' {
  const all = [...wanted, ...unwanted];
  const alphabet = representatives(all.flatMap(({ boundaries }) => boundaries));
  const seen = new Set<string>();
  let open: { text: string; at: readonly Reading[] }[] = [{ text: '', at: all.map(({ start }) => start) }];
  const fits = (at: readonly Reading[]) => at.every(({ accepts }, index) => accepts === index < wanted.length);
  const isHopeless = (at: readonly Reading[]) =>
    at.some((one, index) =>
      index < wanted.length ? one.isDead : one.accepts && alphabet.every((c) => all[index].next(one, c) === one),
    );
  while (open.length > 0) {
    const further: typeof open = [];
    for (const { text, at } of open) {
      const key = at.map((one) => one.key).join();
      if (seen.has(key)) continue;
      seen.add(key);
      if (fits(at)) return { text };
      if (--budget.left <= 0) return 'unknown';
      if (isHopeless(at)) continue;
      for (const character of alphabet) {
        further.push({
          text: text + String.fromCharCode(character),
          at: at.map((one, i) => all[i].next(one, character)),
        });
      }
    }
    open = further;
  }
  return 'none';
}

/** A character of every class that no boundary divides, letters first. */
function representatives(boundaries: readonly number[]): number[] {
  const inside = boundaries.filter((one) => one > FIRST && one <= LAST);
  const starts = [...new Set([FIRST, ...inside])].sort((a, b) => a - b);
  const chosen = starts.map((start, index) => {
    const end = starts[index + 1] ?? LAST + 1;
    const range = Array.from({ length: end - start }, (_, offset) => start + offset);
    return range.find(isLetter) ?? range.find((one) => one >= 48 && one <= 57) ?? range[0];
  });
  return chosen.sort((a, b) => Number(isLetter(b)) - Number(isLetter(a)) || a - b);
}

const isLetter = (character: number): boolean => character >= 97 && character <= 122;
