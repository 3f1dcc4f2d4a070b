/** What a command tells its caller; a closed list. */
export const EXIT = {
  /** Nothing is wrong. */
  clean: 0,
  /** There are errors, or calls that end otherwise than expected. */
  errors: 1,
  /** The command line or the input could not be understood: nothing was judged. */
  usage: 2,
  /** With `--strict`: nothing is wrong, but something is in the way that is not modelled. */
  unmodelled: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
