import type { Arguments, Syntax } from './arguments';
import type { ExitCode } from './exit-code';

/** Where a command writes, and what it may assume of it. */
export interface Io {
  /** What was asked for. */
  readonly out: (text: string) => void;
  /** What went wrong. */
  readonly err: (text: string) => void;
  /** Whether `out` is a terminal that shows colours. */
  readonly hasColour: boolean;
}

/** One command of `multimesh`. */
export interface Command extends Syntax {
  /** Paragraphs below the options. */
  readonly details: string;
  /** @throws MeshError for what it cannot understand; {@link run} makes an exit code of it. */
  run(args: Arguments, io: Io): ExitCode;
}
