import { re2 } from '../../facts/packages';
import { quote, type TextMatch } from '../view/condition';

/** Where an automaton is after some characters. */
export interface State {
  readonly id: number;
  readonly accepts: boolean;
  /** Whether nothing that follows can be accepted. */
  readonly isDead: boolean;
  readonly instructions: readonly number[];
}

/** Instructions of an RE2 program (`regexp/syntax: InstOp`). */
const OP = { alt: 1, altMatch: 2, capture: 3, empty: 4, match: 6, nop: 7, rune: 8, rune1: 9 };
const EMPTY = { beginLine: 1, endLine: 2, beginText: 4, endText: 8 };

interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: ArrayLike<number>;
  matchRune(character: number): boolean;
}

/** An expression of RE2 that must match a whole text, character by character. */
export class Automaton {
  public readonly start: State;
  private readonly instructions: readonly Instruction[];
  private readonly states = new Map<string, State>();
  private readonly steps = new Map<number, State>();

  /** @throws when RE2 does not take the expression, or it looks at word boundaries. */
  constructor(match: TextMatch) {
    const RE2 = re2();
    const flags = match.ignoreCase ? RE2.CASE_INSENSITIVE : 0;
    const program = RE2.compile(`^(?s:${expressionOf(match)})$`, flags).re2().prog;
    this.instructions = program.inst;
    const anchors = EMPTY.beginLine | EMPTY.endLine | EMPTY.beginText | EMPTY.endText;
    if (this.instructions.some(({ op, arg }) => op === OP.empty && (arg & ~anchors) !== 0)) {
      throw new Error('word boundary');
    }
    this.start = this.state(this.closure([program.start], EMPTY.beginLine | EMPTY.beginText));
  }

  public next(state: State, character: number): State {
    const key = state.id * 65536 + character;
    const known = this.steps.get(key);
    if (known) return known;
    const taken = state.instructions
      .map((index) => this.instructions[index])
      .filter(({ op }) => op >= OP.rune)
      .filter((one) => one.matchRune(character));
    const made = this.state(
      this.closure(
        taken.map(({ out }) => out),
        0,
      ),
    );
    this.steps.set(key, made);
    return made;
  }

  /** Characters at which its decisions change. */
  public boundaries(): number[] {
    return this.instructions
      .filter(({ op }) => op === OP.rune || op === OP.rune1)
      .flatMap(({ runes }) => {
        const all = Array.from(runes);
        if (all.length === 1) return [...bothCases(all[0])].flatMap((one) => [one, one + 1]);
        return all.map((rune, index) => (index % 2 === 0 ? rune : rune + 1));
      });
  }

  private closure(from: readonly number[], holds: number): number[] {
    const found = new Set<number>();
    const visit = (index: number): void => {
      if (found.has(index)) return;
      found.add(index);
      const { op, out, arg } = this.instructions[index];
      if (op === OP.alt || op === OP.altMatch) {
        visit(out);
        visit(arg);
      } else if (op === OP.capture || op === OP.nop) visit(out);
      else if (op === OP.empty) {
        if ((arg & holds) === arg) visit(out);
      }
    };
    for (const index of from) visit(index);
    return [...found].sort((a, b) => a - b);
  }

  private state(instructions: number[]): State {
    const key = instructions.join();
    const known = this.states.get(key);
    if (known) return known;
    const has = (all: readonly number[], wanted: (op: number) => boolean) =>
      all.some((index) => wanted(this.instructions[index].op));
    const accepts = has(this.closure(instructions, EMPTY.endLine | EMPTY.endText), (op) => op === OP.match);
    const isDead = !accepts && !has(instructions, (op) => op >= OP.rune);
    const made: State = { id: this.states.size, accepts, isDead, instructions };
    this.states.set(key, made);
    return made;
  }
}

function expressionOf({ kind, value }: TextMatch): string {
  switch (kind) {
    case 'exact':
      return quote(value);
    case 'prefix':
      return `${quote(value)}.*`;
    case 'suffix':
      return `.*${quote(value)}`;
    case 'contains':
      return `.*${quote(value)}.*`;
    case 'present':
      return '.+';
    case 'regex':
      return `(?:${value})`;
  }
}

const bothCases = (rune: number): Set<number> => {
  const character = String.fromCharCode(rune);
  return new Set([character, character.toLowerCase(), character.toUpperCase()].map((one) => one.charCodeAt(0)));
};
