/** Says how the types of a group are called. */
export interface Naming {
  /**
   * Name of the message or enum at a place.
   *
   * @param kind kind whose spec is walked.
   * @param path place in the spec as `visit` writes it, empty for the spec itself.
   * @returns undefined when nothing is known: an enum is then written where it is used; a message must have a name.
   */
  name(kind: string, path: string): string | undefined;
  /** What the message or enum is; the CRD describes fields only. */
  doc(kind: string, path: string): string | undefined;
  /** What the field is, if more is known than the CRD's description. */
  fieldDoc(kind: string, path: string): string | undefined;
}
