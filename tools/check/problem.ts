/** One thing that a check refuses. */
export interface Problem {
  /** File relative to the root of the repository, with `:<line>` where there is one. */
  readonly where: string;
  /** What is wrong, what is expected, and the fix. */
  readonly message: string;
}
