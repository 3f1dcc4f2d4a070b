/** Colours of a terminal, or none. */
export interface Palette {
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly good: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string): string => text;
const ansi =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`;

/** For pipes and files. */
export const PLAIN: Palette = { bad: same, doubtful: same, good: same, faint: same };

/** For terminals: the eight colours that all of them have. */
export const COLOURED: Palette = { bad: ansi(31), doubtful: ansi(33), good: ansi(32), faint: ansi(2) };
