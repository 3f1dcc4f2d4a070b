import { visibleLines } from '../facts/visible';
import type { Io } from './command';

const ESCAPE = '\u001b';

/** The sequences of `verify/report/colour.ts`, which help does not load. */
const COLOURS = new RegExp(`(${ESCAPE}\\[(?:0|2|31|32|33)m)`);

/** Manifests, names of files and arguments are others' words: what a terminal would act on is shown, not sent. */
export function harmless({ out, err, hasColour }: Io): Io {
  const coloured = (text: string) => text.split(COLOURS).map((part, at) => (at % 2 === 0 ? visibleLines(part) : part));
  return {
    out: (text) => out(hasColour ? coloured(text).join('') : visibleLines(text)),
    err: (text) => err(visibleLines(text)),
    hasColour,
  };
}
