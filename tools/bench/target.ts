/** A ratio within one run, which is what counts: times are those of the machine and of what else runs on it. */
export interface Ratio {
  readonly what: string;
  readonly ratio: number;
  readonly atMost: number;
  /** Further figures of the run, for the reader. */
  readonly beside?: string;
}

/** One line of the table. */
export function formatRatio({ what, ratio, atMost, beside = '' }: Ratio): string {
  const verdict = ratio <= atMost ? 'met' : 'missed';
  return `${what.padEnd(66)}${ratio.toFixed(3).padStart(9)}${`≤ ${atMost}`.padStart(9)}  ${verdict.padEnd(7)}${beside}`;
}
