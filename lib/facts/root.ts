/** Root certificates of one certificate authority. */
export interface RootFacts {
  readonly name: string;
  /** SHA-256 fingerprints; empty when they are not stated. */
  readonly sha256: string[];
}
