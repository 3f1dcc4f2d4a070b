/** Who came first for what: the one way in which constructs learn that something is taken. Callers say what it means. */
export class Claims {
  private readonly claimants = new Map<string, string>();

  /**
   * Claims something, unless somebody has.
   *
   * @param by construct path of the claimant.
   * @returns the first claimant, where it is somebody else.
   */
  public claim(what: string, by: string): string | undefined {
    const first = this.claimants.get(what);
    if (first === undefined) this.claimants.set(what, by);
    return first;
  }

  /** The claimant of something, if any. */
  public of(what: string): string | undefined {
    return this.claimants.get(what);
  }
}
